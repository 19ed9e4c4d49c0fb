package studies

import (
	"context"
	"math"
	"slices"

	"cloudconcepts/internal/par"
	lm "cloudconcepts/livemigration"
	"cloudconcepts/livemigration/migrationplot"
	"cloudconcepts/livemigration/theory"
)

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

// drainSlice is how long QEMU sends between two looks, in seconds.
const drainSlice = 0.05

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
		b.RoundsTheory = theory.UniformPlateau(b.Lambda)
		b.DrainTheory = theory.DrainPlateau(b.Lambda, drainSlice/whole)
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
