package studies

import (
	"math"
	"slices"
	"time"

	lm "cloudconcepts/livemigration"
)

// limitRow is both methods with one limit; what has no end has no total.
type limitRow struct {
	Limit         float64    `json:"limit_s"`
	RoundsOutcome lm.Outcome `json:"rounds_outcome"`
	RoundsTotal   *float64   `json:"rounds_total_s"`
	RoundsPause   *float64   `json:"rounds_downtime_s"`
	RoundsAmp     *float64   `json:"rounds_amplification"`
	DrainOutcome  lm.Outcome `json:"drain_outcome"`
	DrainTotal    *float64   `json:"drain_total_s"`
	DrainPause    *float64   `json:"drain_downtime_s"`
	DrainAmp      *float64   `json:"drain_amplification"`
}

// limitRows are round limits and the user's own.
func limitRows(g *guest) ([]limitRow, error) {
	var rows []limitRow
	limits := []time.Duration{30, 100, 300, 500, 1000, 2000, 5000}
	for i := range limits {
		limits[i] *= time.Millisecond
	}
	if !slices.Contains(limits, g.limit) {
		limits = append(limits, g.limit)
		slices.Sort(limits)
	}
	for _, limit := range limits {
		r, err := lm.Simulate(g.config(lm.Plain(limit)))
		if err != nil {
			return nil, err
		}
		d, err := lm.Simulate(g.config(drained(limit)))
		if err != nil {
			return nil, err
		}
		row := limitRow{Limit: limit.Seconds(), RoundsOutcome: r.Outcome, DrainOutcome: d.Outcome}
		if r.Outcome == lm.Converged {
			row.RoundsTotal, row.RoundsPause, row.RoundsAmp = &r.Total, &r.Downtime, &r.Amplification
		}
		if d.Outcome == lm.Converged {
			row.DrainTotal, row.DrainPause, row.DrainAmp = &d.Total, &d.Downtime, &d.Amplification
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// logDurations is steps+1 times from low to high, evenly in the logarithm.
func logDurations(low, high time.Duration, steps int) []time.Duration {
	out := make([]time.Duration, steps+1)
	for i := range out {
		out[i] = time.Duration(float64(low) * math.Pow(float64(high)/float64(low), float64(i)/float64(steps)))
	}
	return out
}
