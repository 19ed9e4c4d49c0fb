package replication

import (
	"context"
	"fmt"
	"strings"

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
	text := fmt.Sprintf("%d runs: commit %s s mean, lag %s s mean", s.Runs, interval(s.CommitMean), interval(s.LagMean))
	if s.Runs == 1 {
		text = strings.Replace(text, "runs", "run", 1)
	}
	return text + fmt.Sprintf("; %s of the reads stale; %s acknowledged writes lost, none in %.4g %% of the runs; %s s without a primary",
		interval(s.StaleFraction), interval(s.LostAcked), 100*s.LosslessFraction, interval(s.RTO))
}

// interval is an estimate with its interval, if it has one.
func interval(e Estimate) string {
	if e.Low == e.High {
		return fmt.Sprintf("%.4g", e.Mean)
	}
	return fmt.Sprintf("%.4g (%.4g to %.4g)", e.Mean, e.Low, e.High)
}
