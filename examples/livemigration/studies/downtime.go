package studies

import (
	"context"
	"fmt"
	"slices"
	"time"

	"cloudconcepts/internal/par"
	"cloudconcepts/internal/study"
	"cloudconcepts/internal/units"
	lm "cloudconcepts/livemigration"
	"cloudconcepts/livemigration/migrationplot"
)

// Downtime sweeps the downtime limit under both switch-over semantics.
func Downtime() study.Study {
	g := newGuest()
	g.rate = 1.2 * g.bandwidth
	lowest, highest := 50*time.Millisecond, 5*time.Second
	return study.Study{
		Name:     "downtime",
		Question: "What does a longer downtime limit buy?",
		Next:     "Below the bandwidth every limit ends: try `--dirty-rate 1GB/s`. How long must the limit be far above it?",
		Examples: []string{"--dirty-rate 1GB/s", "--dirty-rate 2.5GB/s", "--working-set 8GiB --highest-limit 10s"},
		Flags: func(f *study.Flags) {
			g.flags(f)
			f.Duration(&lowest, "lowest-limit", "shortest downtime limit of the picture")
			f.Duration(&highest, "highest-limit", "longest downtime limit of the picture")
		},
		Run: func(ctx context.Context, env study.Env) (study.Report, error) {
			if lowest <= 0 || highest <= lowest {
				return study.Report{}, fmt.Errorf("%w: --lowest-limit %v, want more than 0 and less than --highest-limit %v", lm.ErrInvalidConfig, lowest, highest)
			}
			g.outrun(1.2)
			steps := 600
			if env.Quick {
				steps = 150
			}
			sweeps := make([]migrationplot.LimitSweep, 2)
			for i, method := range []func(time.Duration) lm.Method{lm.Plain, drained} {
				limits := logDurations(lowest, highest, steps)
				results, err := par.Map(ctx, len(limits), func(_ context.Context, k int) (lm.Result, error) {
					return lm.Simulate(g.config(method(limits[k])))
				})
				if err != nil {
					return study.Report{}, err
				}
				sweeps[i] = migrationplot.LimitSweep{Name: []string{"rounds", "QEMU's drain"}[i], Results: results}
				for _, l := range limits {
					sweeps[i].Limits = append(sweeps[i].Limits, l.Seconds())
				}
			}
			rows, err := limitRows(g)
			return study.Report{
				Answer: whatBuys(sweeps),
				Table: study.Rows(rows).Head("rounds_total_s", "rounds: total").Head("rounds_downtime_s", "downtime").Head("rounds_amplification", "sent/memory").
					Head("drain_total_s", "QEMU: total").Head("drain_downtime_s", "downtime").Head("drain_amplification", "sent/memory").
					Show("limit_s", "rounds_outcome", "rounds_total_s", "rounds_downtime_s", "drain_outcome", "drain_total_s", "drain_downtime_s").
					Head("rounds_outcome", "rounds").Head("drain_outcome", "QEMU"),
				Figure: migrationplot.Downtime(sweeps),
				Reading: "A limit is a size: what the link sends in that time. Rounds leave what they leave, so the pause lies anywhere below the limit " +
					"and total time falls in steps, one for each round saved. QEMU sends until the rest is just below the limit before it looks, so its pause " +
					"hugs the limit, and it ends with shorter limits than rounds do.",
				Sources: []string{"QEMU 10.2, migration/migration.c", "theory: go doc ./livemigration/theory UniformConverges"},
				Config:  g.config(lm.Plain(g.limit)), Result: rows,
			}, err
		},
	}
}

func whatBuys(sweeps []migrationplot.LimitSweep) string {
	words, start := make([]string, len(sweeps)), "Only a shorter migration, since it ends with every one of these limits: "
	for i, s := range sweeps {
		at := slices.IndexFunc(s.Results, func(r lm.Result) bool { return r.Outcome == lm.Converged })
		n := len(s.Results) - 1
		if at < 0 {
			words[i] = fmt.Sprintf("%s never ends, up to a limit of %s", s.Name, units.FormatSeconds(s.Limits[n]))
			start = "First that it ends at all, then a shorter migration: "
			continue
		}
		if at > 0 {
			start = "First that it ends at all, then a shorter migration: "
		}
		first, last := s.Results[at], s.Results[n]
		words[i] = fmt.Sprintf("%s from %s on, in %s, falling to %s at %s (%s of pause)", s.Name, units.FormatSeconds(s.Limits[at]),
			units.FormatSeconds(first.Total), units.FormatSeconds(last.Total), units.FormatSeconds(s.Limits[n]), units.FormatSeconds(last.Downtime))
	}
	return start + words[0] + "; " + words[1] + "."
}
