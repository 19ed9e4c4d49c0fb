package bloom

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

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
func TestReadsAllocateConditions(t *testing.T) {
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
func TestReadsAllocateOptimal(t *testing.T) {
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
func TestReadsDistributions(t *testing.T) {
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

// The progression law is a probability, falls with bits per key, has the classes of 512
// (1/512 of the keys test one bit, 1/512 two, 2/512 four), and a line without keys
// passes nothing.
func TestReadsProgressionLaw(t *testing.T) {
	p, err := NewProgression(512, 6)
	require.NoError(t, err)
	classes, err := p.Classes([]float64{10})
	require.NoError(t, err)
	require.Len(t, classes, 10)
	var shares []float64
	for _, c := range classes {
		shares = append(shares, c.Weight*512)
	}
	strides := theory("keys of 512 by how many positions their stride has", "half of the rest at each power of two", "")
	for i, want := range []float64{256, 128, 64, 32, 16, 8, 4, 2, 1, 1} {
		strides.Within(t, fmt.Sprintf("period of the stride: %d", 512>>i), want, shares[i], 0)
	}
	// A stride of 0 tests one bit: the fill of a line whose keys set as many bits
	// as their stride has positions.
	var set float64
	for i, positions := range []float64{6, 6, 6, 6, 6, 6, 6, 4, 2, 1} {
		set += shares[i] / 512 * positions / 512
	}
	theory("pass rate of a stride of 0", "fill of a line whose keys set as many bits as their stride has positions", "").
		Relative(t, "line of 512 bits, 10 bits per key, 6 probes", -math.Expm1(-51.2*set), classes[9].Rates[0], 1e-12)
	last := 1.0
	for b := 0.5; b < 40; b += 0.5 {
		rate, err := p.Rate(b)
		require.NoError(t, err)
		assert.Less(t, rate, last)
		last = rate
	}
	classes, err = p.Classes([]float64{0, 10})
	require.NoError(t, err)
	for _, c := range classes {
		assert.Equal(t, 1.0, c.Rates[0])
	}
	for k := 1; k <= 9; k++ {
		p, err := NewProgression(336, k)
		require.NoError(t, err)
		empty, err := p.RateOf(0)
		require.NoError(t, err)
		assert.InDelta(t, 0, empty, 1e-15)
		full, err := p.RateOf(1e6)
		require.NoError(t, err)
		assert.InDelta(t, 1, full, 1e-12)
	}
}

// Latency rises with the rates and with quantiles, its mean is that of its parts, and
// exponential and fixed times have the same mean.
func TestReadsLatencyLaws(t *testing.T) {
	for _, law := range []ServiceLaw{FixedTime, ExponentialTime, LognormalTime} {
		medium := Medium{Mean: NVMe().Mean, Law: law, Sigma: 1}
		last := -1.0
		for b := 20.0; b >= 1; b-- {
			l := readsLatency(t, readsEqual(Ideal(b), 5), medium)
			assert.Greater(t, l.Mean(), last)
			last = l.Mean()
			assert.InEpsilon(t, 5*Ideal(b)*1e-4, l.Mean(), 1e-9)
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
func TestReadsSplitOptimal(t *testing.T) {
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
func TestReadsFilterGain(t *testing.T) {
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
