package coldstart

import (
	"context"
	"fmt"

	"cloudconcepts/internal/par"
	"cloudconcepts/internal/rng"
	"cloudconcepts/internal/stats"
)

// Summary is what independent runs of one configuration have in common.
type Summary struct {
	Runs              int      `json:"runs"`
	ColdProbability   Estimate `json:"cold_probability"`
	ThrottledFraction Estimate `json:"throttled_fraction"`
	SpilledFraction   Estimate `json:"spilled_fraction"`
	InstancesMean     Estimate `json:"instances_mean"`
	RunningMean       Estimate `json:"running_mean"`
	IdleMean          Estimate `json:"idle_mean"`
	LatencyMean       Estimate `json:"latency_mean_s"`
	LatencyP50        Estimate `json:"latency_p50_s"`
	LatencyP99        Estimate `json:"latency_p99_s"`
	WastedGBSeconds   Estimate `json:"wasted_gb_s"`
	Cost              Estimate `json:"cost_usd"`
	Results           []Result `json:"-"` // in order
}

// String is the summary in one line, with the intervals of 95 % confidence.
func (s Summary) String() string {
	return fmt.Sprintf("%d runs: %s %% of the requests cold; %s environments, %s of them busy; latency %s s mean, %s s p99; $%s",
		s.Runs, between(s.ColdProbability, 100), between(s.InstancesMean, 1), between(s.RunningMean, 1),
		between(s.LatencyMean, 1), between(s.LatencyP99, 1), between(s.Cost, 1))
}

// between writes a mean and its interval, both times a factor.
func between(e Estimate, factor float64) string {
	return fmt.Sprintf("%.4g (%.4g to %.4g)", factor*e.Mean, factor*e.Low, factor*e.High)
}

const mostRuns = 100_000

// Replicate makes n runs, n in [1, 1e5], whose seeds are derived from Config.Seed and the number of the run, side by
// side. The summary does not depend on how many run at once; the Config of each Result reproduces it.
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
	mean := func(of func(Result) float64) Estimate { return stats.Mean(results, of) }
	return Summary{
		Runs:              len(results),
		ColdProbability:   mean(func(r Result) float64 { return r.ColdProbability }),
		ThrottledFraction: mean(func(r Result) float64 { return r.ThrottledFraction }),
		SpilledFraction:   mean(func(r Result) float64 { return r.SpilledFraction }),
		InstancesMean:     mean(func(r Result) float64 { return r.InstancesMean }),
		RunningMean:       mean(func(r Result) float64 { return r.RunningMean }),
		IdleMean:          mean(func(r Result) float64 { return r.IdleMean }),
		LatencyMean:       mean(func(r Result) float64 { return r.LatencyMean }),
		LatencyP50:        mean(func(r Result) float64 { return r.LatencyP50 }),
		LatencyP99:        mean(func(r Result) float64 { return r.LatencyP99 }),
		WastedGBSeconds:   mean(func(r Result) float64 { return r.WastedGBSeconds }),
		Cost:              mean(func(r Result) float64 { return r.Cost }),
		Results:           results,
	}
}
