package replication

import (
	"context"
	"fmt"

	"cloudconcepts/internal/par"
	"cloudconcepts/internal/stats"
)

// Estimate is a mean over runs with the interval that holds the true one with 95 % confidence (Student's t) and its
// standard error: Mean, Low, High, StandardError.
type Estimate = stats.Estimate

// Series is a curve of points X[i], Y[i], with the methods of gonum/plot's plotter.XYer.
type Series = stats.Series

// Summary is what independent runs of one Config have in common.
type Summary struct {
	Runs             int      `json:"runs"`
	LostAcked        Estimate `json:"lost_acked_writes"`
	LosslessFraction float64  `json:"lossless"` // of the runs, that lost no acknowledged write
	InDoubt          Estimate `json:"in_doubt"`
	RTO              Estimate `json:"rto_s"`
	RPO              Estimate `json:"rpo_s"`
	CommitMean       Estimate `json:"commit_mean_s"`
	LagMean          Estimate `json:"lag_mean_s"`
	StaleFraction    Estimate `json:"stale_read_fraction"`
	Results          []Result `json:"results"` // in order
}

// mostRuns of Replicate.
const mostRuns = 1_000_000

// Replicate makes n runs, n in [1, 1e6], side by side: c with Run, Run + 1, ... Each Result's Config repeats its run, and
// the summary does not depend on how many run at once.
func Replicate(ctx context.Context, c Config, n int) (Summary, error) {
	if n < 1 || n > mostRuns {
		return Summary{}, fmt.Errorf("%w: n = %d, want in [1, %d]", ErrInvalidConfig, n, mostRuns)
	}
	if err := c.Validate(); err != nil {
		return Summary{}, err
	}
	results, err := par.Map(ctx, n, func(_ context.Context, i int) (Result, error) {
		one := c
		one.Run += uint64(i)
		return Simulate(one)
	})
	if err != nil {
		return Summary{}, err
	}
	s := Summary{
		Runs:          n,
		LostAcked:     stats.Mean(results, func(r Result) float64 { return float64(r.LostAcked) }),
		InDoubt:       stats.Mean(results, func(r Result) float64 { return float64(r.InDoubt) }),
		RTO:           stats.Mean(results, func(r Result) float64 { return r.RTO }),
		RPO:           stats.Mean(results, func(r Result) float64 { return r.RPO }),
		CommitMean:    stats.Mean(results, func(r Result) float64 { return r.CommitMean }),
		LagMean:       stats.Mean(results, func(r Result) float64 { return r.LagMean }),
		StaleFraction: stats.Mean(results, func(r Result) float64 { return r.StaleFraction }),
		Results:       results,
	}
	for i := range results {
		if results[i].LostAcked == 0 {
			s.LosslessFraction += 1 / float64(n)
		}
	}
	return s, nil
}

// String is the summary in one line, with the intervals in brackets.
func (s Summary) String() string {
	noun := "runs"
	if s.Runs == 1 {
		noun = "run"
	}
	return fmt.Sprintf("%d %s: commit %s s mean; lag %s s mean; %s %% of reads stale; %s acknowledged writes lost, none in %.4g %% of the runs; %s s without a primary",
		s.Runs, noun, interval(s.CommitMean, 1), interval(s.LagMean, 1), interval(s.StaleFraction, 100), interval(s.LostAcked, 1),
		100*s.LosslessFraction, interval(s.RTO, 1))
}

// interval is an estimate times a factor, with its interval if that can be seen in four digits.
func interval(e Estimate, factor float64) string {
	low, high := fmt.Sprintf("%.4g", factor*e.Low), fmt.Sprintf("%.4g", factor*e.High)
	text := fmt.Sprintf("%.4g", factor*e.Mean)
	if low == high {
		return text
	}
	return text + " (" + low + " to " + high + ")"
}
