package bloom

import (
	"context"
	"fmt"
	"math"

	"cloudconcepts/internal/check"
	"cloudconcepts/internal/par"
	"cloudconcepts/internal/rng"
)

// RunFilter is a run of the simulation and its filter.
type RunFilter struct {
	Keys       int     `json:"keys"`         // [1, 1e8], 1e8 in all runs together
	BitsPerKey float64 `json:"bits_per_key"` // [0, 1000]; 0 = no filter
	Hashes     int     `json:"hashes"`       // [1, 64], ignored without a filter
}

// ReadConfig describes lookups in runs with real filters.
type ReadConfig struct {
	Runs   []RunFilter `json:"runs"` // newest first, at most 4096
	Layout Layout      `json:"layout"`
	Scheme Scheme      `json:"scheme"`
	// SharedHash asks all filters with one hash of the key; else each run has a
	// seed of its own. BlockedLayout with the Double scheme and SharedHash is
	// Pebble.
	SharedHash bool `json:"shared_hash"`
	// Present looks up keys of the last run; else all keys are absent.
	Present bool   `json:"present"`
	Lookups int    `json:"lookups"` // [1, 1e9]
	Seed    uint64 `json:"seed"`
}

// ReadResult is what the lookups did.
type ReadResult struct {
	Config ReadConfig `json:"config"`
	Reads  []int64    `json:"reads"`  // lookups by their number of runs read, from 0
	Passes []int64    `json:"passes"` // lookups that each run's filter let through
	Visits []int64    `json:"visits"` // lookups that reached each run
	// FalseNegatives are present keys that their own filter refused: 0.
	FalseNegatives int64 `json:"false_negatives"`
}

// Distribution is the measured distribution of reads.
func (r ReadResult) Distribution() IODistribution {
	d := make(IODistribution, len(r.Reads))
	for j, n := range r.Reads {
		d[j] = float64(n) / float64(r.Config.Lookups)
	}
	return d
}

const maxSimBits = 1 << 33 // 1 GiB of filters

// Validate reports every field that is out of range.
func (c ReadConfig) Validate() error {
	v := check.Of(ErrInvalidConfig)
	v.Between("ReadConfig.Runs", float64(len(c.Runs)), 1, maxRuns, "")
	if !v.OK() {
		return v.Err()
	}
	var keys, size float64
	for i, r := range c.Runs {
		name := fmt.Sprintf("ReadConfig.Runs[%d]", i)
		v.Between(name+".Keys", float64(r.Keys), 1, 1e8, "")
		v.Between(name+".BitsPerKey", r.BitsPerKey, 0, maxBitsPerKey, "")
		if r.BitsPerKey > 0 {
			v.Between(name+".Hashes", float64(r.Hashes), 1, MaxHashes, "")
		}
		keys += float64(r.Keys)
		size += float64(r.Keys) * r.BitsPerKey
	}
	v.Between("ReadConfig.Lookups", float64(c.Lookups), 1, 1e9, "")
	if v.OK() {
		v.Between("sum of ReadConfig.Runs.Keys", keys, 1, 1e8, "")
		v.Between("bits of all filters", size, 0, maxSimBits, "")
	}
	for i, r := range c.Runs {
		if !v.OK() || r.BitsPerKey == 0 {
			continue
		}
		if err := checkShape(c.Layout, c.bitsOf(i), r.Hashes, c.Scheme); err != nil {
			v.Add("ReadConfig.Runs[%d]: %w", i, err)
		}
	}
	return v.Err()
}

func (c ReadConfig) bitsOf(run int) uint64 {
	r := c.Runs[run]
	return max(1, uint64(math.Round(r.BitsPerKey*float64(r.Keys))))
}

// lookupsPerPiece is one piece of parallel work.
const lookupsPerPiece = 1 << 16

// SimulateReads builds the filters, looks keys up and counts the runs that each
// lookup has to read. The keys of the runs and the absent keys are disjoint by
// construction. It gives the same numbers on any number of processors.
func SimulateReads(ctx context.Context, c ReadConfig) (ReadResult, error) {
	if err := c.Validate(); err != nil {
		return ReadResult{}, err
	}
	s := readSim{config: c, seeds: make([]uint64, len(c.Runs))}
	for i := range s.seeds {
		if c.SharedHash {
			s.seeds[i] = rng.Seed(c.Seed, 0)
		} else {
			s.seeds[i] = rng.Seed(c.Seed, 1, uint64(i))
		}
	}
	var err error
	if s.filters, err = par.Map(ctx, len(c.Runs), s.build); err != nil {
		return ReadResult{}, err
	}
	pieces := (c.Lookups + lookupsPerPiece - 1) / lookupsPerPiece
	parts, err := par.Map(ctx, pieces, s.look)
	if err != nil {
		return ReadResult{}, err
	}
	return c.merge(parts), nil
}

func (c ReadConfig) merge(parts []ReadResult) ReadResult {
	sum := newReadResult(c)
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

func newReadResult(c ReadConfig) ReadResult {
	n := len(c.Runs)
	return ReadResult{Config: c, Reads: make([]int64, n+1), Passes: make([]int64, n), Visits: make([]int64, n)}
}

// readSim is the state of one simulation: read-only once built.
type readSim struct {
	config  ReadConfig
	seeds   []uint64
	filters []Filter // nil where a run has none
}

// Keys are counted within a run, and runs are apart by their high bits; absent
// keys stand above all runs.
func runKey(run, i int) uint64 { return uint64(run)<<40 | uint64(i) }

func (s *readSim) hash(run int, key uint64) uint64 { return Hash64(key ^ s.seeds[run]) }

func (s *readSim) build(ctx context.Context, run int) (Filter, error) {
	r := s.config.Runs[run]
	if r.BitsPerKey == 0 {
		return nil, nil
	}
	f, err := NewFilter(s.config.Layout, s.config.bitsOf(run), r.Hashes, s.config.Scheme)
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
func (s *readSim) look(ctx context.Context, piece int) (ReadResult, error) {
	result := newReadResult(s.config)
	last := len(s.config.Runs) - 1
	draw := rng.New(s.config.Seed, 2, uint64(piece))
	from := piece * lookupsPerPiece
	for i := from; i < min(from+lookupsPerPiece, s.config.Lookups); i++ {
		if i%1024 == 0 && ctx.Err() != nil {
			return ReadResult{}, ctx.Err()
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
func (s *readSim) lookup(key uint64, result *ReadResult) int {
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
