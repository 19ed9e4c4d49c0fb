package lsm

import (
	"context"

	"cloudconcepts/bloom/filter"
	"cloudconcepts/internal/par"
	"cloudconcepts/internal/rng"
)

// lookupsPerPiece is one piece of parallel work.
const lookupsPerPiece = 1 << 16

// Measure builds the filters, looks keys up and counts the runs that each lookup has to read. The keys
// of the runs and the absent keys are disjoint by construction. The same Config gives the same Result,
// on any number of processors.
func Measure(ctx context.Context, c Config) (Result, error) {
	if err := c.Validate(); err != nil {
		return Result{}, err
	}
	s := simulation{config: c, seeds: make([]uint64, len(c.Runs))}
	for i := range s.seeds {
		if c.SharedHash {
			s.seeds[i] = rng.Seed(c.Seed, 0)
		} else {
			s.seeds[i] = rng.Seed(c.Seed, 1, uint64(i))
		}
	}
	var err error
	if s.filters, err = par.Map(ctx, len(c.Runs), s.build); err != nil {
		return Result{}, err
	}
	pieces := (c.Lookups + lookupsPerPiece - 1) / lookupsPerPiece
	parts, err := par.Map(ctx, pieces, s.look)
	if err != nil {
		return Result{}, err
	}
	return c.merge(parts), nil
}

func (c Config) merge(parts []Result) Result {
	sum := newResult(c)
	for _, p := range parts {
		for i := range p.Reads {
			sum.Reads[i] += p.Reads[i]
		}
		for i := range p.Passes {
			sum.Passes[i] += p.Passes[i]
			sum.Visits[i] += p.Visits[i]
		}
		sum.FalseNegatives += p.FalseNegatives
	}
	return sum
}

func newResult(c Config) Result {
	n := len(c.Runs)
	return Result{Config: c, Reads: make([]int64, n+1), Passes: make([]int64, n), Visits: make([]int64, n)}
}

// simulation is the state of one simulation: read-only once built.
type simulation struct {
	config  Config
	seeds   []uint64
	filters []filter.Filter // nil where a run has none
}

// Keys are counted within a run, and runs are apart by their high bits; absent
// keys stand above all runs.
func runKey(run, i int) uint64 { return uint64(run)<<40 | uint64(i) }

func (s *simulation) hash(run int, key uint64) uint64 { return filter.Hash64(key ^ s.seeds[run]) }

func (s *simulation) build(ctx context.Context, run int) (filter.Filter, error) {
	r := s.config.Runs[run]
	if r.BitsPerKey == 0 {
		return nil, nil
	}
	f, err := filter.New(s.config.shape(run))
	if err != nil {
		return nil, err
	}
	for i := range r.Keys {
		if i%lookupsPerPiece == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		f.Add(s.hash(run, runKey(run, i)))
	}
	return f, nil
}

// look does one piece of the lookups.
func (s *simulation) look(ctx context.Context, piece int) (Result, error) {
	result := newResult(s.config)
	last := len(s.config.Runs) - 1
	draw := rng.New(s.config.Seed, 2, uint64(piece))
	from := piece * lookupsPerPiece
	for i := from; i < min(from+lookupsPerPiece, s.config.Lookups); i++ {
		if i%1024 == 0 && ctx.Err() != nil {
			return Result{}, ctx.Err()
		}
		key := runKey(maxRuns, i)
		if s.config.Present {
			key = runKey(last, draw.IntN(s.config.Runs[last].Keys))
		}
		reads := s.lookup(key, &result)
		result.Reads[reads]++
	}
	return result, nil
}

// lookup visits the runs from the newest to the oldest. A present key lies in the
// last one, so that nothing is left to skip.
func (s *simulation) lookup(key uint64, result *Result) int {
	reads := 0
	for run, f := range s.filters {
		result.Visits[run]++
		if f == nil || f.Has(s.hash(run, key)) {
			result.Passes[run]++
			reads++
		} else if s.config.Present && run == len(s.filters)-1 {
			result.FalseNegatives++
		}
	}
	return reads
}
