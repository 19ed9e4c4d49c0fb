package lsm

import (
	"context"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"cloudconcepts/bloom"
	"cloudconcepts/bloom/filter"
)

// FuzzReads turns numbers into runs, a latency model and a simulation: refused
// with ErrInvalidConfig, or all invariants hold.
func FuzzReads(f *testing.F) {
	for _, x := range []float64{0, math.Copysign(0, -1), 1, 10, 1e15, 1e300, math.NaN(), math.Inf(1), math.Inf(-1), 5e-324, math.MaxInt64} {
		for kind := range byte(6) {
			f.Add(x, 10.0, 5.0, 1.0, 3, 100, kind)
			f.Add(4.0, x, 5.0, .5, 4, 1000, kind)
			f.Add(4.0, 1e6, x, x, 5, math.MaxInt64, kind)
		}
	}
	f.Add(29.0, 1.8571428571428572, 1784.0, .5, 12, 931, byte('M')) // rates below the smallest normal number
	f.Fuzz(func(t *testing.T, ratio, keys, budget, hit float64, levels, lookups int, kind byte) {
		runs, err := Tree{SizeRatio: ratio, Levels: levels, Keys: keys, Policy: Policy(kind % 4)}.Runs()
		if err != nil {
			require.ErrorIs(t, err, ErrInvalidConfig)
			return
		}
		for i := range runs {
			runs[i].CacheHit = hit * float64(i%3)
		}
		a, err := Allocate(runs, budget, Sharing(kind%3))
		if err != nil {
			require.ErrorIs(t, err, ErrInvalidConfig)
			return
		}
		if Sharing(kind%3) != EqualBits {
			checkAllocation(t, runs, a, budget, Sharing(kind%3))
		}
		fuzzTimes(t, runs, a, kind)
		fuzzLookups(t, runs, a, lookups, kind)
	})
}

func fuzzTimes(t *testing.T, runs []Run, a Allocation, kind byte) {
	if len(runs) > 40 {
		return
	}
	hits := make([]float64, len(runs))
	for i, r := range runs {
		hits[i] = r.CacheHit
	}
	m := LatencyModel{Classes: []bloom.KeyClass{{Weight: 1, Rates: a.Rates}}, CacheHit: hits, Medium: Media()[int(kind)%5], CPU: CPU{Hash: 10, Probe: 2, Block: time.Microsecond, Blocked: true}, Hashes: int(kind), Fill: .5}
	m.Present = kind&1 == 0
	l, err := m.Solve()
	require.NoError(t, err)
	median, err := l.Quantile(.5)
	require.NoError(t, err)
	tail, err := l.Quantile(.999)
	require.NoError(t, err)
	assert.True(t, median >= 0 && tail >= median && tail < 10*time.Hour)
	assert.False(t, math.IsNaN(l.Mean()))
}

func fuzzLookups(t *testing.T, runs []Run, a Allocation, lookups int, kind byte) {
	c := Config{Layout: filter.Layout(kind % 5), Scheme: filter.Scheme(kind % 6), SharedHash: kind&2 == 0, Present: kind&4 == 0, Lookups: lookups}
	var size float64
	for i, r := range runs {
		c.Runs = append(c.Runs, RunFilter{Keys: int(min(r.Keys, 1e9)), BitsPerKey: a.BitsPerKey[i], Hashes: max(bloom.OptimalHashes(a.BitsPerKey[i]), 1)})
		size += r.Keys
	}
	if size > 1e5 || lookups > 1e4 { // valid, but no work for a fuzzer
		_ = c.Validate()
		return
	}
	r, err := Measure(context.Background(), c)
	if err != nil {
		require.ErrorIs(t, err, ErrInvalidConfig)
		return
	}
	assert.Zero(t, r.FalseNegatives)
	assert.InDelta(t, 1, total(r.Distribution()), 1e-9)
}

// FuzzMemorySplit asks for the optimum of any split and any probing.
func FuzzMemorySplit(f *testing.F) {
	for _, x := range []float64{0, math.Copysign(0, -1), 1, 1e9, 1e300, math.NaN(), math.Inf(1), math.Inf(-1), 5e-324} {
		for kind := range byte(4) {
			f.Add(x, 1024.0, .5, .5, 5, kind)
			f.Add(64.0, x, x, .5, 1, kind)
			f.Add(1e9, 1.0, .5, x, math.MaxInt64, kind)
		}
	}
	f.Fuzz(func(t *testing.T, mu, entry, absent, present float64, runs int, kind byte) {
		curves := []HitCurve{nil, UniformHits{}, PowerLawHits{Zipf: absent}, TableHits{{absent, present}}}
		m := MemorySplit{Total: mu, EntryBytes: entry, Runs: runs, Absent: absent, Present: present, Hits: curves[kind%4]}
		b, cost, err := m.Optimum()
		if err != nil {
			require.ErrorIs(t, err, ErrInvalidConfig)
		} else {
			assert.True(t, b >= 0 && b <= mu && cost >= 0 && !math.IsInf(cost, 0), "%g %g", b, cost)
		}
		if rate, err := Pebble().Rate(min(mu, 15)); err == nil {
			assert.True(t, rate >= 0 && rate <= 1)
		} else {
			require.ErrorIs(t, err, ErrInvalidConfig)
		}
	})
}
