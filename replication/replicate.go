package replication

import (
	"context"
	"fmt"

	"cloudconcepts/internal/par"
	"cloudconcepts/internal/stats"
)

// Summary is what independent runs of one Config gave.
type Summary struct {
	Runs      int           `json:"runs"`
	LostAcked stats.Moments `json:"-"`
	InDoubt   stats.Moments `json:"-"`
	RTO       stats.Moments `json:"-"`
	RPO       stats.Moments `json:"-"`
	Commit    stats.Moments `json:"-"`        // mean commit latency of each run, seconds
	Lag       stats.Moments `json:"-"`        // mean lag of each run, seconds
	Stale     stats.Moments `json:"-"`        // stale share of each run
	Lossless  float64       `json:"lossless"` // share of runs that lost no acknowledged write
	Results   []Result      `json:"results"`
}

// mostRuns of Replicate.
const mostRuns = 1_000_000

// Replicate simulates n independent runs, n in [1, 1e6], side by side; the results are those of seeds (Seed, 0..n-1) in
// their order and do not depend on the number of processors.
func Replicate(ctx context.Context, c Config, n int) (Summary, error) {
	if n < 1 || n > mostRuns {
		return Summary{}, fmt.Errorf("%w: n = %d, want in [1, %d]", ErrInvalidConfig, n, mostRuns)
	}
	if err := c.Validate(); err != nil {
		return Summary{}, err
	}
	results, err := par.Map(ctx, n, func(_ context.Context, i int) (Result, error) { return simulate(c, uint64(i)) })
	if err != nil {
		return Summary{}, err
	}
	s := Summary{Runs: n, Results: results}
	for i := range results {
		r := &results[i]
		s.LostAcked.Add(float64(r.LostAcked))
		s.InDoubt.Add(float64(r.InDoubt))
		s.RTO.Add(r.RTO)
		s.RPO.Add(r.RPO)
		s.Commit.Add(r.CommitMean)
		s.Lag.Add(r.LagMean)
		s.Stale.Add(r.StaleFraction)
		if r.LostAcked == 0 {
			s.Lossless += 1 / float64(n)
		}
	}
	return s, nil
}
