package studies

import (
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"cloudconcepts/internal/par"
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
			cells := 512
			if env.Quick {
				cells = 128
			}
			phase := migrationplot.Phase{Rounds: rounds, Drain: drain, MaxLambda: math.Max(3, 1.2*g.lambda())}
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
					"dots: the smallest limit that ends in the simulation. Try `--working-set 256MiB`: a small working set fits any limit.",
				Sources: []string{"QEMU 10.2, migration/migration.c", "Xen, tools/libs/guest/xg_sr_save.c", "theory: go doc ./livemigration UniformPlateau, DrainPlateau"},
				Config:  cfg, Result: phase,
			}, nil
		},
	}
}

// phaseDiagram is the total time of pre-copy by rounds in seconds, for dirty
// rates up to most times the bandwidth (columns) and downtime limits up to the
// time that the working set takes (rows); NaN = never.
func phaseDiagram(ctx context.Context, cfg lm.Config, most float64, cells int, progress func(done, total int)) ([][]float64, error) {
	set := cfg.VM.Workload.(lm.Uniform).WorkingSet
	whole := float64(set) / cfg.Link.Bandwidth
	return par.Map(ctx, cells, func(_ context.Context, j int) ([]float64, error) {
		c, row := cfg, make([]float64, cells)
		c.Method.Limit = lm.FixedLimit(math.Ceil(migrationplot.Cell(j, cells) * whole * 1e9))
		for i := range row {
			c.VM.Workload = lm.Uniform{Rate: most * migrationplot.Cell(i, cells) * cfg.Link.Bandwidth, WorkingSet: set}
			r, err := lm.Simulate(c)
			if err != nil {
				return nil, err
			}
			row[i] = r.Total
			if r.Outcome == lm.Diverged {
				row[i] = math.NaN()
			}
		}
		if progress != nil {
			progress(j+1, cells)
		}
		return row, nil
	})
}

// boundary is the share of the working set that the limit must hold, by theory
// and by simulation.
func boundary(ctx context.Context, cfg lm.Config, lambda, most float64) ([]migrationplot.Border, error) {
	lambdas := []float64{1.05, 1.1, 1.2, 1.35, 1.5, 1.75, 2, 2.5, 3}
	if lambda > 1 && !slices.Contains(lambdas, lambda) {
		lambdas = append(lambdas, lambda)
		slices.Sort(lambdas)
	}
	u := cfg.VM.Workload.(lm.Uniform)
	whole := float64(u.WorkingSet) / cfg.Link.Bandwidth
	return par.Map(ctx, len(lambdas), func(ctx context.Context, i int) (migrationplot.Border, error) {
		b := migrationplot.Border{Lambda: lambdas[i]}
		b.RoundsTheory = lm.UniformPlateau(b.Lambda)
		b.DrainTheory = migrationplot.DrainTheory(b.Lambda, whole)
		c := cfg
		c.VM.Workload = lm.Uniform{Rate: b.Lambda * cfg.Link.Bandwidth, WorkingSet: u.WorkingSet}
		var err error
		if b.RoundsSimulated, err = smallestShare(ctx, c, lm.RoundBased, whole); err != nil {
			return b, err
		}
		b.DrainSimulated, err = smallestShare(ctx, c, lm.Drain, whole)
		b.RoundsLimit, b.DrainLimit = b.RoundsSimulated*whole, b.DrainSimulated*whole
		return b, err
	})
}

// smallestShare is the smallest downtime limit that ends, as a share of the
// time that the whole working set takes, by bisection.
func smallestShare(ctx context.Context, c lm.Config, s lm.SwitchOver, whole float64) (float64, error) {
	c.Method.SwitchOver = s
	low, high := 0.0, 1.0
	for range 22 {
		if ctx.Err() != nil {
			return 0, ctx.Err()
		}
		mid := low + 0.4871*(high-low) // no power of two: what is left would be exactly the limit
		c.Method.Limit = lm.FixedLimit(math.Ceil(mid * whole * 1e9))
		r, err := lm.Simulate(c)
		if err != nil {
			return 0, err
		}
		if r.Outcome == lm.Diverged {
			low = mid
		} else {
			high = mid
		}
	}
	return high, nil
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
