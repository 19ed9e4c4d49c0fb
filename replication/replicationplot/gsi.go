package replicationplot

import (
	"fmt"
	"math"

	"cloudconcepts/internal/chart"
	"cloudconcepts/internal/units"
	"cloudconcepts/replication/index"
)

// IndexPoint is an index under one load. Times are in s; Theory fields are -1 where there is none.
type IndexPoint struct {
	Zipf            float64 `json:"zipf_exponent"`
	Rate            float64 `json:"writes_per_s"`
	LagMean         float64 `json:"lag_mean_s"`
	LagP99          float64 `json:"lag_p99_s"`
	LagTheory       float64 `json:"lag_theory_s"` // mean, below the threshold
	Throttled       float64 `json:"throttled_fraction"`
	ThrottledTheory float64 `json:"throttled_theory_fraction"`
	Stale           float64 `json:"stale_fraction"`
	MaxShare        float64 `json:"max_share"`
	Threshold       float64 `json:"threshold_writes_per_s"`
}

// IndexSweep is an index by popularity of its keys and by load.
type IndexSweep struct {
	Points []IndexPoint // popularity by popularity, rates rising
	Config index.Config
}

// SecondaryIndex draws the lag of an index and the writes that its table refuses, by the rate of writes.
func SecondaryIndex(s IndexSweep) Figure {
	c := s.Config
	slowest, end := 0.0, 0.0
	for _, p := range s.Points {
		slowest, end = max(slowest, p.LagP99), max(end, p.Rate)
	}
	lag := chart.Panel{
		Name: "lag of the index, 99th percentile (mean: thin)", X: chart.Axis{Name: "writes/s to the table", Format: chart.Thousands, Max: end},
		Y: chart.Axis{Log: true, Format: chart.Seconds, Max: 1.4 * slowest},
	}
	refused := chart.Panel{
		Name: "writes that the table refuses", X: lag.X, Y: chart.Axis{Format: chart.Percent, Zero: true},
	}
	for i, zipf := range s.popularities() {
		color := chart.Palette(i)
		p99, mean := chart.Line{Label: keysTitle(zipf), Color: color, Dots: true}, chart.Line{Color: color, Dash: chart.Dashed, Width: 1.2}
		throttled, theory := chart.Dots{Color: color}, chart.Line{Label: keysTitle(zipf), Color: color, Dash: chart.Dashed, Width: 1.4}
		threshold := 0.0
		for _, p := range s.Points {
			if p.Zipf != zipf {
				continue
			}
			threshold = p.Threshold
			p99.X, p99.Y = append(p99.X, p.Rate), append(p99.Y, p.LagP99)
			mean.X, mean.Y = append(mean.X, p.Rate), append(mean.Y, p.LagMean)
			throttled.X, throttled.Y = append(throttled.X, p.Rate), append(throttled.Y, p.Throttled)
			if p.ThrottledTheory >= 0 {
				theory.X, theory.Y = append(theory.X, p.Rate), append(theory.Y, p.ThrottledTheory)
			}
		}
		lag.Marks = append(lag.Marks, mean, p99)
		if len(theory.X) == 0 {
			throttled.Label = theory.Label
		}
		refused.Marks = append(refused.Marks, theory, throttled)
		if n := len(p99.X); n > 0 && threshold < p99.X[n-1] {
			lag.Marks = append([]chart.Mark{chart.VLine{At: threshold, Color: color, Dash: chart.Dotted}}, lag.Marks...)
			refused.Marks = append([]chart.Mark{chart.VLine{At: threshold, Text: units.FormatCount(math.Round(threshold)) + "/s", Color: color, Dash: chart.Dotted}}, refused.Marks...)
		}
	}
	return Figure{
		Title: s.title(),
		Subtitle: fmt.Sprintf("an index of %d partitions that each take %s, %s keys; %s on the way; at most %s writes wait for a partition\ndotted: the rate that the busiest partition can follow; right: dashed theory, dots simulated",
			c.Partitions, units.FormatFrequency(1/c.Service.Mean()), units.FormatCount(float64(c.Keys)), units.FormatSeconds(c.Propagation.Mean()), units.FormatCount(float64(c.MaxBacklog))),
		Caption: fmt.Sprintf("%s/index · %s of writes a point · seed %d", caption, units.FormatSeconds(c.Duration.Seconds()), c.Seed),
		Columns: 2, Width: 1100, Height: 500, Panels: []chart.Panel{lag, refused},
	}
}

func (s IndexSweep) popularities() []float64 {
	var all []float64
	for _, p := range s.Points {
		if len(all) == 0 || all[len(all)-1] != p.Zipf {
			all = append(all, p.Zipf)
		}
	}
	return all
}

func keysTitle(zipf float64) string {
	if zipf == 0 {
		return "even keys"
	}
	return fmt.Sprintf("Zipf %g", zipf)
}

func (s IndexSweep) title() string {
	if len(s.Points) == 0 {
		return "How far an index lags"
	}
	low, high := s.Points[0], s.Points[0]
	for _, p := range s.Points {
		if p.Threshold < low.Threshold {
			low = p
		}
		if p.Threshold > high.Threshold {
			high = p
		}
	}
	capacity := float64(s.Config.Partitions) / s.Config.Service.Mean()
	if low.Zipf == high.Zipf {
		return fmt.Sprintf("An index with room for %s writes/s follows %s: its busiest partition takes %s of them",
			units.FormatCount(math.Round(capacity)), units.FormatCount(math.Round(low.Threshold)), units.FormatPercent(low.MaxShare))
	}
	return fmt.Sprintf("An index with room for %s writes/s follows %s of hot keys, and %s of even ones",
		units.FormatCount(math.Round(capacity)), units.FormatCount(math.Round(low.Threshold)), units.FormatCount(math.Round(high.Threshold)))
}
