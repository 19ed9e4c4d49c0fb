package studies

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"cloudconcepts/internal/par"
	"cloudconcepts/internal/study"
	"cloudconcepts/internal/units"
	lm "cloudconcepts/livemigration"
	"cloudconcepts/livemigration/migrationplot"
	"cloudconcepts/livemigration/theory"
)

// Parallel evacuates a host, some guests at a time.
func Parallel() study.Study {
	g := newGuest()
	g.bandwidth = 125 * lm.MB
	guests, at, rates := 8, []int{1, 2, 4, 8}, []float64{5 * lm.MB, 30 * lm.MB}
	return study.Study{
		Name:     "parallel",
		Question: "A host has to be emptied: move its guests one after the other, or several at a time?",
		Next:     "How many at a time pay with a link of 10 Gbit/s? What does a longer limit, `--downtime-limit 5s`, change?",
		Examples: []string{"--guests 12 --parallel 1,2,3,4,6", "--bandwidth 10Gbit/s --dirty-rate 100MB/s,400MB/s", "--downtime-limit 5s"},
		Flags: func(f *study.Flags) {
			g.set = f.Changed
			f.Int(&guests, "guests", "guests to move")
			f.IntList(&at, "parallel", "guests that move at a time")
			f.Bytes(&g.memory, "memory", "memory of each guest")
			f.RateList(&rates, "dirty-rate", "memory written a second by each guest, a curve for each (constant, over all its memory)")
			f.Rate(&g.bandwidth, "bandwidth", "bandwidth of the link that they share")
			f.Duration(&g.limit, "downtime-limit", "longest pause that pre-copy aims at")
		},
		Run: func(ctx context.Context, _ study.Env) (study.Report, error) {
			slices.Sort(at)
			slices.Sort(rates)
			if at, rates = slices.Compact(at), slices.Compact(rates); len(at) == 0 || len(rates) == 0 || len(rates) > 6 || at[0] < 1 || at[len(at)-1] > guests {
				return study.Report{}, fmt.Errorf("%w: --parallel %v, want numbers from 1 to --guests %d; --dirty-rate: want 1 to 6 rates", lm.ErrInvalidConfig, at, guests)
			}
			var fleets []migrationplot.Fleet
			var rows []fleetRow
			for _, rate := range rates {
				cfg := g.config(lm.Plain(g.limit))
				cfg.VM.Workload = lm.ConstantRate{Rate: rate, WorkingSet: g.memory}
				runs, err := par.Map(ctx, len(at), func(_ context.Context, i int) (lm.Evacuation, error) { return lm.Evacuate(cfg, guests, at[i]) })
				if err != nil {
					return study.Report{}, err
				}
				fleets = append(fleets, migrationplot.Fleet{Name: units.FormatRate(rate), Guests: guests, Rate: rate, Runs: runs})
				for _, e := range runs {
					rows = append(rows, newFleetRow(rate, e))
				}
			}
			return study.Report{
				Answer: howMany(fleets),
				Table: study.Rows(rows).Head("dirty_rate_bytes_per_s", "each writes").Head("lambda_fraction", "written/sent").Head("amplification", "sent/memory").
					Head("each_s", "one guest").Head("theory_s", "theory").Head("makespan_s", "all guests").
					Show("dirty_rate_bytes_per_s", "parallel", "lambda_fraction", "rounds", "each_s", "theory_s", "makespan_s", "downtime_s", "amplification"),
				Figure: migrationplot.Parallel(fleets),
				Reading: "Guests that move at a time share the link, but none of them writes less: k at a time send at 1/k of the bandwidth, so what is " +
					"dirtied for each byte sent is k times as much. Every round leaves more for the next, and from the dashed line on it never ends. " +
					"One by one is fastest by every measure, as long as one migration can fill the link; several at a time only pay where it cannot. " +
					"Real guests dirty fewer new pages the longer it takes, so they suffer less than these.",
				Sources: []string{"theory: go doc ./livemigration/theory GeometricSeries"},
				Config:  g.config(lm.Plain(g.limit)), Result: rows,
			}, nil
		},
	}
}

// fleetRow is the evacuation with so many guests at a time; what never ends
// has no times.
type fleetRow struct {
	Rate          float64  `json:"dirty_rate_bytes_per_s"`
	Parallel      int      `json:"parallel"`
	Lambda        float64  `json:"lambda_fraction"`
	Rounds        *int     `json:"rounds"`
	Each          *float64 `json:"each_s"`   // one of those that move at a time
	Theory        *float64 `json:"theory_s"` // the same by the geometric series
	Makespan      *float64 `json:"makespan_s"`
	Downtime      *float64 `json:"downtime_s"`
	Amplification *float64 `json:"amplification"`
}

func newFleetRow(rate float64, e lm.Evacuation) fleetRow {
	c := e.Each.Config
	share := c.Link.Bandwidth / float64(c.Link.Share)
	row := fleetRow{Rate: rate, Parallel: e.Parallel, Lambda: rate / share}
	if g, ok := theory.GeometricSeries(float64(c.VM.Memory), share, rate, c.Method.Limit.Highest().Seconds()); ok {
		row.Theory = &g.Total
	}
	if !math.IsInf(e.Makespan, 1) {
		r := e.Each
		row.Rounds, row.Each, row.Makespan, row.Downtime, row.Amplification = &r.Rounds, &r.Total, &e.Makespan, &e.Downtime, &r.Amplification
	}
	return row
}

// howMany compares the numbers at a time, for each workload.
func howMany(fleets []migrationplot.Fleet) string {
	var words []string
	serial, never, worst := true, true, 1.0
	for _, f := range fleets {
		first := f.Runs[0].Makespan
		for _, e := range f.Runs {
			serial = serial && e.Makespan >= first
			if never = never && math.IsInf(e.Makespan, 1); !math.IsInf(first, 1) {
				worst = max(worst, e.Makespan/first)
			}
		}
		words = append(words, fmt.Sprintf("%s if each writes %s", takes(f), units.FormatRate(f.Rate)))
	}
	start := "One after the other"
	switch {
	case never:
		start = "None of that ends"
	case worst < 1.01:
		start = "It makes no difference"
	case !serial:
		start = "Here several at a time"
	case fleets[0].Runs[0].Parallel > 1:
		start = "The fewer at a time the better"
	}
	subject := plural(fleets[0].Guests, "guest") + " take "
	if fleets[0].Guests == 1 {
		subject = "1 guest takes "
	}
	return start + ": " + subject + strings.Join(words, "; ") + "."
}

// takes is how long an evacuation takes, for each number at a time.
func takes(f migrationplot.Fleet) string {
	var each []string
	never := true
	for _, e := range f.Runs {
		how := "one by one"
		if e.Parallel > 1 {
			how = fmt.Sprintf("%d at a time", e.Parallel)
		}
		took := "for ever"
		if !math.IsInf(e.Makespan, 1) {
			never, took = false, units.FormatSeconds(e.Makespan)
		}
		each = append(each, took+" "+how)
	}
	if never {
		return "for ever, however few at a time,"
	}
	return strings.Join(each, ", ")
}
