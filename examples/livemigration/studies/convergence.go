package studies

import (
	"context"
	"fmt"
	"math"
	"time"

	"cloudconcepts/internal/study"
	"cloudconcepts/internal/units"
	lm "cloudconcepts/livemigration"
	"cloudconcepts/livemigration/migrationplot"
)

// Convergence is the plane of dirty rate and downtime limit, with the region in
// which pre-copy never ends.
func Convergence() study.Study {
	g := newGuest()
	g.rate, g.limit = 2*g.bandwidth, time.Second // the rate follows the bandwidth
	return study.Study{
		Name:     "convergence",
		Question: "When does a live migration never finish?",
		Next:     "A small working set fits any limit: try `--working-set 256MiB`. By which factor may the guest outrun the link if the limit is 1 s?",
		Examples: []string{"--dirty-rate 2.5GB/s --downtime-limit 1s", "--working-set 256MiB", "--bandwidth 1Gbit/s --dirty-rate 100MB/s"},
		Flags:    g.flags,
		Run: func(ctx context.Context, env study.Env) (study.Report, error) {
			g.outrun(2)
			cfg := g.config(lm.Plain(g.limit))
			rounds, err := lm.Simulate(cfg)
			if err != nil {
				return study.Report{}, err
			}
			drain, err := lm.Simulate(g.config(drained(g.limit)))
			if err != nil {
				return study.Report{}, err
			}
			if whole := float64(g.workingSet) / g.bandwidth; whole > 2000 {
				return study.Report{}, fmt.Errorf("%w: --working-set takes %s to send, want at most 33 min 20 s, the longest downtime limit",
					lm.ErrInvalidConfig, units.FormatSeconds(whole))
			}
			cells := 512
			if env.Quick {
				cells = 128
			}
			phase := migrationplot.Phase{Rounds: rounds, Drain: drain, Slice: drainSlice, MaxLambda: math.Max(3, 1.2*g.lambda())}
			phase.Seconds, err = phaseDiagram(ctx, cfg, phase.MaxLambda, cells, env.Progress)
			if err != nil {
				return study.Report{}, err
			}
			phase.Boundary, err = boundary(ctx, cfg, g.lambda(), phase.MaxLambda)
			if err != nil {
				return study.Report{}, err
			}
			return study.Report{
				Answer: whenNever(g, phase),
				Table: study.Rows(phase.Boundary).Head("lambda", "dirty rate/bandwidth").
					Head("rounds_theory_fraction", "rounds: stays dirty").Head("rounds_simulated_fraction", "simulated").Head("rounds_limit_s", "limit needed").
					Head("drain_theory_fraction", "QEMU: stays dirty").Head("drain_simulated_fraction", "simulated").Head("drain_limit_s", "limit needed"),
				Figure: migrationplot.Convergence(phase),
				Reading: "Left of 1× the link outruns the guest, and every migration ends. To the right, a part of the working set is dirty again " +
					"whenever it has been sent; if that part does not fit the downtime limit, it never will. By rounds that part is the v with " +
					"v = 1 − e^(−λv), by QEMU's way (look only when the rest fits) it is 1 − 1/λ, which is less. Lines: these formulas; " +
					"dots: the smallest limit that ends in the simulation.",
				Sources: []string{"QEMU 10.2, migration/migration.c", "Xen, tools/libs/guest/xg_sr_save.c", "theory: go doc ./livemigration/theory UniformPlateau; go doc ./livemigration/theory DrainPlateau"},
				Config:  cfg, Result: phase,
			}, nil
		},
	}
}

func whenNever(g *guest, p migrationplot.Phase) string {
	lambda := g.lambda()
	if lambda <= 1 {
		return fmt.Sprintf("Only if the guest dirties faster than the link sends; this one dirties at %s of the bandwidth, so it ends: after %s by rounds, after %s by QEMU's rule.",
			units.FormatPercent(lambda), units.FormatSeconds(p.Rounds.Total), units.FormatSeconds(p.Drain.Total))
	}
	b, _ := p.Guest()
	return fmt.Sprintf("If the guest dirties faster than the link sends and what stays dirty does not fit the downtime limit: at %s times the bandwidth that is %s of the working set by rounds (a limit of %s) and %s by QEMU's rule (%s), so with %s rounds %s and QEMU %s.",
		units.FormatNumber(lambda), units.FormatPercent(b.RoundsSimulated), units.FormatSeconds(b.RoundsLimit),
		units.FormatPercent(b.DrainSimulated), units.FormatSeconds(b.DrainLimit), units.FormatDuration(g.limit),
		ends(p.Rounds, "end"), ends(p.Drain, "ends"))
}

func ends(r lm.Result, verb string) string {
	if r.Outcome == lm.Diverged {
		return "never " + verb
	}
	return verb + " after " + units.FormatSeconds(r.Total)
}
