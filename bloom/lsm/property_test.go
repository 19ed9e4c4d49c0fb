package lsm

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"cloudconcepts/bloom"
	"cloudconcepts/bloom/filter"
	"cloudconcepts/internal/rng"
)

func readsRandomRuns(r *rand.Rand) []Run {
	runs := make([]Run, 1+r.IntN(12))
	for i := range runs {
		runs[i] = Run{
			Keys: math.Exp(30*r.Float64() - 5), Rate: math.Exp(10*r.Float64() - 5), CacheHit: r.Float64(),
			ReadSeconds: math.Exp(-10 * r.Float64()), NoFilter: r.IntN(10) == 0,
		}
		if r.IntN(10) == 0 {
			runs[i].CacheHit = 1
		}
	}
	return runs
}

// Every allocation spends the budget to 1e-9 and meets the Karush-Kuhn-Tucker conditions:
// w p/Keys is the water level where p < 1 and at most it where p = 1. No shift
// of bits between two runs makes it cheaper.
func TestAllocateConditions(t *testing.T) {
	r := rng.New(11)
	for range 2000 {
		runs := readsRandomRuns(r)
		budget := filteredKeys(runs) * 30 * r.Float64()
		for _, by := range []Sharing{MonkeyBits, WeightedBits} {
			a, err := Allocate(runs, budget, by)
			require.NoError(t, err)
			checkAllocation(t, runs, a, budget, by)
		}
	}
}

func checkAllocation(t *testing.T, runs []Run, a Allocation, budget float64, by Sharing) {
	t.Helper()
	served := false
	for i, run := range runs {
		w := run.weight()
		if by == MonkeyBits {
			w = 1
		}
		p, b := a.Rates[i], a.BitsPerKey[i]
		assert.False(t, math.IsNaN(b) || math.IsInf(b, 0) || b < 0 || p > 1 || p < 0)
		if run.NoFilter || w == 0 {
			assert.Zero(t, b)
			continue
		}
		served = true
		if b > 0 && min(p, p*w/run.Keys, a.Level) > 0x1p-1022 { // below that, numbers have fewer digits
			assert.InDelta(t, math.Log(a.Level), math.Log(p*w/run.Keys), 1e-9*max(1, b))
		} else if p == 1 {
			assert.LessOrEqual(t, w/run.Keys, a.Level*(1+1e-9))
		}
	}
	if served {
		assert.InDelta(t, budget, a.Bits, max(1e-9*budget, 1e-300))
	} else {
		assert.Zero(t, a.Bits)
	}
}

// The weighted allocation costs no more than any other, its cost falls with the
// budget, and scaling all weights or (with the budget) all keys changes no rate.
func TestAllocateOptimal(t *testing.T) {
	r := rng.New(12)
	cost := func(runs []Run, a Allocation) float64 {
		var sum float64
		for i, run := range runs {
			if !run.NoFilter {
				sum += run.weight() * a.Rates[i]
			}
		}
		return sum
	}
	for range 500 {
		runs := readsRandomRuns(r)
		budget := filteredKeys(runs) * 20 * r.Float64()
		best, err := Allocate(runs, budget, WeightedBits)
		require.NoError(t, err)
		for _, by := range []Sharing{EqualBits, MonkeyBits} {
			other, err := Allocate(runs, budget, by)
			require.NoError(t, err)
			assert.LessOrEqual(t, cost(runs, best), cost(runs, other)*(1+1e-9))
		}
		more, err := Allocate(runs, budget*1.1, WeightedBits)
		require.NoError(t, err)
		assert.LessOrEqual(t, cost(runs, more), cost(runs, best)*(1+1e-12))

		scaled := make([]Run, len(runs))
		for i, run := range runs {
			run.Rate *= 7
			run.Keys *= 3
			scaled[i] = run
		}
		again, err := Allocate(scaled, budget*3, WeightedBits)
		require.NoError(t, err)
		for i := range runs {
			assert.InDelta(t, best.BitsPerKey[i], again.BitsPerKey[i], 1e-9*max(1, best.BitsPerKey[i]))
		}
	}
}

// Distributions add to 1, have the mean that the rates add to, and do not depend on
// the order of the runs; one class is the Poisson-binomial law; a shared hash keeps
// the mean and never thins the tail of equal runs.
func TestDistributions(t *testing.T) {
	r := rng.New(13)
	for range 500 {
		rates := make([]float64, 1+r.IntN(20))
		for i := range rates {
			rates[i] = r.Float64() * r.Float64()
		}
		d, err := IndependentRuns(rates)
		require.NoError(t, err)
		assert.InDelta(t, 1, total(d), 1e-12)
		assert.InDelta(t, AbsentReads(rates), d.Mean(), 1e-12*float64(len(rates)))
		r.Shuffle(len(rates), func(i, j int) { rates[i], rates[j] = rates[j], rates[i] })
		again, err := IndependentRuns(rates)
		require.NoError(t, err)
		assert.InDeltaSlice(t, []float64(d), []float64(again), 1e-12)
		last := 0
		for _, q := range []float64{0, .5, .9, .99, .999, 1} {
			assert.GreaterOrEqual(t, d.Quantile(q), last)
			last = d.Quantile(q)
		}
	}
	for _, b := range []float64{2, 5, 10, 14} {
		rate, err := Pebble().Rate(b)
		require.NoError(t, err)
		for runs := 1; runs < 8; runs++ {
			shared := readsPebble(t, runs, b)
			apart, err := IndependentRuns(readsEqual(rate, runs))
			require.NoError(t, err)
			assert.InEpsilon(t, apart.Mean(), shared.Mean(), 1e-9)
			assert.GreaterOrEqual(t, shared[runs]*(1+1e-9), apart[runs])
			assert.GreaterOrEqual(t, shared[0]*(1+1e-9), apart[0])
		}
	}
}

// Latency rises with the rates and with quantiles, its mean is that of its parts, and
// exponential and fixed times have the same mean.
func TestLatencyLaws(t *testing.T) {
	for _, law := range []ServiceLaw{FixedTime, ExponentialTime, LognormalTime} {
		medium := Medium{Mean: NVMe().Mean, Law: law, Sigma: 1}
		last := -1.0
		for b := 20.0; b >= 1; b-- {
			l := readsLatency(t, readsEqual(bloom.Ideal(b), 5), medium)
			assert.Greater(t, l.Mean(), last)
			last = l.Mean()
			assert.InEpsilon(t, 5*bloom.Ideal(b)*1e-4, l.Mean(), 1e-9)
			before := int64(-1)
			for _, q := range []float64{0, .5, .9, .99, .999, .999999} {
				d, err := l.Quantile(q)
				require.NoError(t, err)
				assert.GreaterOrEqual(t, int64(d), before, "%v %g %g", law, b, q)
				before = int64(d)
			}
		}
	}
}

// The search finds no more than any point of a fine grid, for every curve.
func TestSplitOptimal(t *testing.T) {
	for _, h := range []HitCurve{UniformHits{}, PowerLawHits{.5}, PowerLawHits{.95}, TableHits{{.01, .3}, {.1, .4}, {.2, .9}}} {
		for _, mu := range []float64{0, 1, 10, 100, 3000, 1e5} {
			m := MemorySplit{Total: mu, EntryBytes: 200, Runs: 6, Absent: .3, Present: .7, Hits: h}
			b, cost, err := m.Optimum()
			require.NoError(t, err)
			assert.True(t, b >= 0 && b <= mu)
			for i := range 5001 {
				at, err := m.Cost(min(mu, 1000) * float64(i) / 5000)
				require.NoError(t, err)
				assert.LessOrEqual(t, cost, at+1e-9)
			}
		}
	}
}

// A filter pays or not.
func TestFilterGain(t *testing.T) {
	gain := FilterGain(0.5, 0.01, 1e-4, 1e-7, 0)
	gained := theory("time that a filter saves", "absent share (1 - p) read - probe", "s")
	gained.Within(t, "half absent, rate 0.01, read 100 us, probe 0.1 us", 0.5*0.99*1e-4-1e-7, gain, 1e-15)
	even := FilterBreakEven(0.01, 1e-4, 1e-7, 0)
	gain = FilterGain(even, 0.01, 1e-4, 1e-7, 0)
	gained.Within(t, "at the break-even share", 0, gain, 1e-18)
	cpu := ColdFilters()
	absent, err := cpu.FilterSeconds(7, 0.5, 0)
	require.NoError(t, err)
	asked := theory("time to ask a filter", "one cache miss of 100 ns and 2 ns for each bit read", "s")
	asked.Within(t, "absent key, 7 hashes, half full", 1.984375*2e-9+100e-9, absent, 1e-15)
	present, err := cpu.FilterSeconds(7, 0.5, 1)
	require.NoError(t, err)
	asked.Within(t, "present key, 7 hashes", 7*2e-9+100e-9, present, 1e-15)
}

// Presets are complete, and their number of hashes is what their rule says.
func TestEngines(t *testing.T) {
	for _, e := range Engines() {
		t.Run(e.Name, func(t *testing.T) {
			assert.NotEmpty(t, e.Source)
			rate, err := e.Rate(e.BitsPerKey)
			require.NoError(t, err)
			assert.True(t, rate > 0.005 && rate < 0.02, "%g", rate)
			for _, b := range []float64{0, -1, math.NaN(), math.Inf(1), 1e300} {
				_, err := e.Rate(b)
				if b != 0 {
					require.ErrorIs(t, err, ErrInvalidConfig)
				}
			}
			_, err = json.Marshal(e)
			require.NoError(t, err)
		})
	}
	hashes := published("hashes of the engine presets", "RocksDB, util/bloom_impl.h; Pebble v2.1.7, bloom/bloom.go: 0.69 b", "")
	for _, c := range []struct {
		engine  Engine
		b, want int
	}{{RocksDB(), 10, 6}, {RocksDB(), 14, 8}, {RocksDB(), 16, 9}, {RocksDB(), 20, 11}, {Pebble(), 20, 13}} {
		hashes.Within(t, fmt.Sprintf("%s, %d bits per key", c.engine.Name, c.b), float64(c.want), float64(c.engine.HashesAt(float64(c.b))), 0)
	}
	assert.False(t, Pebble().LastLevelFilters)
	blockedExact.Relative(t, "the RocksDB preset, 16 bits per key", 0.000844, readsRate(t, RocksDB(), 16), 0.002) // RocksDB: 0.0843 %
}

func readsRate(t *testing.T, e Engine, b float64) float64 {
	t.Helper()
	rate, err := e.Rate(b)
	require.NoError(t, err)
	return rate
}

// Counts add up, equal configurations give equal results, seeds differ, a run without
// filter is always read, and a cancelled context ends it.
func TestSimulationConserves(t *testing.T) {
	c := Config{Layout: filter.Blocked, Lookups: 70_000, Seed: 5, Runs: []RunFilter{{2000, 6, 4}, {3000, 0, 0}, {9000, 3, 2}}}
	for _, present := range []bool{false, true} {
		c.Present = present
		r, err := Measure(context.Background(), c)
		require.NoError(t, err)
		var lookups, reads, passes int64
		for j, n := range r.Reads {
			lookups += n
			reads += int64(j) * n
		}
		for _, n := range r.Passes {
			passes += n
		}
		assert.EqualValues(t, c.Lookups, lookups)
		assert.Equal(t, reads, passes)
		assert.EqualValues(t, c.Lookups, r.Passes[1])
		assert.Zero(t, r.FalseNegatives)
		if present {
			assert.EqualValues(t, c.Lookups, r.Passes[2])
		}
		again, err := Measure(context.Background(), c)
		require.NoError(t, err)
		assert.Equal(t, r, again)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := Measure(ctx, c)
	require.ErrorIs(t, err, context.Canceled)
}

// Bad input: every field is named, all at once.
func TestBadInput(t *testing.T) {
	err := Tree{SizeRatio: math.NaN(), Levels: -1, Keys: math.Inf(1), Policy: 9}.Validate()
	require.ErrorIs(t, err, ErrInvalidConfig)
	for _, field := range []string{"SizeRatio", "Levels", "Keys", "Policy"} {
		assert.ErrorContains(t, err, "Tree."+field)
	}
	_, err = Measure(context.Background(), Config{Runs: []RunFilter{{1e8, 1000, 7}}, Lookups: 1})
	require.ErrorIs(t, err, ErrInvalidConfig)
	assert.ErrorContains(t, err, "bits of all filters")
	for i, x := range []float64{0, math.NaN(), math.Inf(1), -1, 1e300, 5e-324, math.MaxInt64} {
		name := fmt.Sprintf("value %d", i)
		_, err := (MemorySplit{Total: x, EntryBytes: x, Runs: int(int32(i - 3)), Absent: x, Present: x}).Cost(x)
		require.ErrorIs(t, err, ErrInvalidConfig, name)
		_, err = Allocate([]Run{{Keys: 1, Rate: 1, ReadSeconds: 1}}, x+2000, MonkeyBits)
		require.ErrorIs(t, err, ErrInvalidConfig, name)
		_, err = IndependentRuns([]float64{x - 2})
		require.ErrorIs(t, err, ErrInvalidConfig, name)
		_, err = LatencyModel{Fill: x}.Solve()
		require.ErrorIs(t, err, ErrInvalidConfig, name)
	}
	nowhere(t, CliffRate(0, .99), CliffRate(5, 1), CliffBits(0, 1, .99), CliffBits(5, -.1, .99), CliffBits(5, 1.1, .99), CliffBits(5, 0, 0), MonkeyThreshold(1), MonkeyRate(1.9, 8, Levelling), MonkeyRate(4, -1, Levelling), MonkeyRate(4, 8, LazyLevelling),
		PresentReads(nil, nil), PresentReads([]float64{.1}, []float64{1, 1}), PresentReads([]float64{1.1}, []float64{1}), PresentReads([]float64{.1}, []float64{0}),
		FilterGain(1.1, .01, 1, 0, 0), FilterGain(.5, -.01, 1, 0, 0), FilterGain(.5, .01, 1, math.NaN(), 0), FilterBreakEven(.01, 2e6, 0, 0), FilterBreakEven(.01, 1, 0, -1))
	assert.Zero(t, TreeLevels(0, 1, 1, 2))
	assert.Zero(t, TreeLevels(1, 1, 0, 2))
	assert.Zero(t, TreeLevels(1, 1, 1, math.NaN()))
}

// Runs of different numbers of hashes share their classes of strides.
func TestMixedHashes(t *testing.T) {
	classes, err := Pebble().Classes([]float64{10, 0, 14})
	require.NoError(t, err)
	for i, b := range map[int]float64{0: 10, 2: 14} {
		alone, err := Pebble().Classes([]float64{b})
		require.NoError(t, err)
		for j := range classes {
			assert.Equal(t, alone[j].Rates[0], classes[j].Rates[i])
			assert.Equal(t, 1.0, classes[j].Rates[1])
		}
	}
}

// Names go to JSON and back.
func TestNames(t *testing.T) {
	type names struct {
		Policy  Policy
		Sharing Sharing
		Rule    HashRule
		Law     ServiceLaw
	}
	for i, want := range []string{
		`{"Policy":"levelling","Sharing":"uniform","Rule":"nearest","Law":"fixed"}`,
		`{"Policy":"tiering","Sharing":"monkey","Rule":"leveldb","Law":"exponential"}`,
		`{"Policy":"lazy","Sharing":"weighted","Rule":"rocksdb","Law":"lognormal"}`,
	} {
		all := names{Policy(i), Sharing(i), HashRule(i), ServiceLaw(i)}
		text, err := json.Marshal(all)
		require.NoError(t, err)
		assert.JSONEq(t, want, string(text))
		var back names
		require.NoError(t, json.Unmarshal(text, &back))
		assert.Equal(t, all, back)
	}
	assert.Equal(t, "eight", RuleEight.String())
	assert.Equal(t, "invalid", Policy(3).String())
	var p Policy
	err := p.UnmarshalText([]byte("no"))
	assert.ErrorIs(t, err, ErrInvalidConfig)
	assert.EqualError(t, err, `lsm: invalid config: policy "no", want one of levelling, tiering, lazy`)
}
