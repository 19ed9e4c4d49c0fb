package queue

import (
	"context"
	"fmt"

	"cloudconcepts/internal/par"
	"cloudconcepts/internal/rng"
	"cloudconcepts/internal/stats"
)

// Estimate is a mean over runs: Mean, the interval from Low to High that holds the true one with 95 % confidence, and
// StandardError.
type Estimate = stats.Estimate

// Summary is what independent runs of one configuration have in common.
type Summary struct {
	Runs            int      `json:"runs"`
	WaitMean        Estimate `json:"wait_mean_s"`
	WaitP50         Estimate `json:"wait_p50_s"`
	WaitP99         Estimate `json:"wait_p99_s"`
	SojournMean     Estimate `json:"sojourn_mean_s"`
	SojournP99      Estimate `json:"sojourn_p99_s"`
	WaitProbability Estimate `json:"wait_probability"`
	LossFraction    Estimate `json:"loss_fraction"`
	Utilization     Estimate `json:"utilization"`
	Throughput      Estimate `json:"throughput_per_s"`
	Goodput         Estimate `json:"goodput_per_s"`
	QueueMean       Estimate `json:"queue_mean"`
	Results         []Result `json:"-"` // in order
}

// String is the summary in one line, with the intervals of 95 % confidence.
func (s Summary) String() string {
	return fmt.Sprintf("%d runs: wait %s s mean, %s s p99; %s %% lost; %s %% busy",
		s.Runs, between(s.WaitMean, 1), between(s.WaitP99, 1), between(s.LossFraction, 100), between(s.Utilization, 100))
}

// between writes a mean and its interval, both times a factor.
func between(e Estimate, factor float64) string {
	return fmt.Sprintf("%.4g (%.4g to %.4g)", factor*e.Mean, factor*e.Low, factor*e.High)
}

const mostRuns = 100_000

// Replicate makes n runs, n in [1, 1e5], whose seeds are derived from Config.Seed and the number of the run, side by
// side. The summary does not depend on how many run at once.
func Replicate(ctx context.Context, c Config, n int) (Summary, error) {
	if err := c.Validate(); err != nil {
		return Summary{}, err
	}
	if n < 1 || n > mostRuns {
		return Summary{}, fmt.Errorf("%w: runs = %d, want in [1, %d]", ErrInvalidConfig, n, mostRuns)
	}
	results, err := par.Map(ctx, n, func(_ context.Context, i int) (Result, error) {
		one := c
		one.Seed = rng.Seed(c.Seed, uint64(i))
		return Simulate(one)
	})
	if err != nil {
		return Summary{}, err
	}
	return summarize(results), nil
}

func summarize(results []Result) Summary {
	estimate := func(of func(Result) float64) Estimate { return stats.Mean(results, of) }
	return Summary{
		Runs:            len(results),
		WaitMean:        estimate(func(r Result) float64 { return r.WaitMean }),
		WaitP50:         estimate(func(r Result) float64 { return r.WaitP50 }),
		WaitP99:         estimate(func(r Result) float64 { return r.WaitP99 }),
		SojournMean:     estimate(func(r Result) float64 { return r.SojournMean }),
		SojournP99:      estimate(func(r Result) float64 { return r.SojournP99 }),
		WaitProbability: estimate(func(r Result) float64 { return r.WaitProbability }),
		LossFraction:    estimate(func(r Result) float64 { return r.LossFraction }),
		Utilization:     estimate(func(r Result) float64 { return r.Utilization }),
		Throughput:      estimate(func(r Result) float64 { return r.Throughput }),
		Goodput:         estimate(func(r Result) float64 { return r.Goodput }),
		QueueMean:       estimate(func(r Result) float64 { return r.QueueMean }),
		Results:         results,
	}
}
