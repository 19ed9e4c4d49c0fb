package bloom

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"cloudconcepts/bloom/filter"
	"cloudconcepts/internal/rng"
)

// chain is the law of the set bits, ball by ball and untrimmed: O(m k n), all
// terms positive, the oracle of the closed form.
func chain(bits, keys uint64, hashes int) []float64 {
	m := float64(bits)
	law := make([]float64, bits+1)
	law[0] = 1
	for range keys * uint64(hashes) {
		for i := len(law) - 1; i > 0; i-- {
			law[i] = law[i]*(float64(i)/m) + law[i-1]*(1-float64(i-1)/m)
		}
		law[0] = 0
	}
	return law
}

func meanPower(law []float64, power int) float64 {
	sum, m := 0.0, float64(len(law)-1)
	for i, p := range law {
		sum += p * math.Pow(float64(i)/m, float64(power))
	}
	return sum
}

// The O(k^2) closed form against the chain over random parameters, also where
// float64 cancels (tiny fills, many hashes).
func TestTheoryExactAgainstChain(t *testing.T) {
	balls := theory("exact false positive rate against balls thrown one by one",
		"E[(X/m)^k] over the law of the set bits, P(i bits after a ball) = P(i) i/m + P(i-1) (1 - (i-1)/m)", "")
	stream := rng.New(1, 100)
	worst := 0.0
	for range 300 {
		bits, keys := 1+stream.Uint64N(256), stream.Uint64N(65)
		hashes := 1 + stream.IntN(int(min(bits, 14)))
		exact := Exact(bits, keys, hashes)
		worst = max(worst, off(meanPower(chain(bits, keys, hashes), hashes), exact))
	}
	balls.Within(t, "largest relative difference, 300 random filters", 0, worst, 1e-11)
	for _, p := range []Params{{4096, 3, 14}, {1024, 50, 14}, {2048, 10, 30}, {300, 1, 64}, {64, 100, 64}, {1, 3, 1}, {2, 1, 2}, {2, 0, 1}} {
		exact := Exact(p.Bits, p.Keys, p.Hashes)
		balls.Relative(t, filterOf(p.Bits, p.Keys, p.Hashes), meanPower(chain(p.Bits, p.Keys, p.Hashes), p.Hashes), exact, 1e-10)
	}
}

// off is the relative difference of two numbers.
func off(want, got float64) float64 {
	if got == want {
		return 0
	}
	return math.Abs(got/want - 1)
}

// float64 against as many bits as it takes, over all magnitudes: whatever the
// guard lets through is right to 1e-11.
func TestTheoryExactGuard(t *testing.T) {
	stream := rng.New(1, 101)
	quick, worst := 0, 0.0
	for range 400 {
		c := cover{
			bits: uint64(math.Exp2(6 + 34*stream.Float64())), hashes: 1 + stream.IntN(24),
			replace: stream.IntN(2) == 0,
		}
		c.keys = uint64(float64(c.bits) / (1 + 40*stream.Float64()))
		rate, abs := c.quick()
		if abs > tolerance*rate {
			continue
		}
		quick++
		worst = max(worst, off(c.precise(), rate))
	}
	digits := theory("exact false positive rate in float64 against as many bits as it takes", "the same closed form in big numbers", "")
	digits.Within(t, "largest relative difference, 400 random filters of 2^6 to 2^40 bits", 0, worst, 1e-11)
	assert.Greater(t, quick, 250, "most filters of practical shape need no big numbers")
	for hashes := 1; hashes <= 14; hashes++ { // the promise of speed: half full, 14 hashes
		for _, bits := range []uint64{1 << 10, 1 << 14, 1 << 20, 1 << 40} {
			c := cover{bits: bits, hashes: hashes, replace: true}
			c.keys = uint64(float64(bits) / float64(hashes) * math.Ln2)
			rate, abs := c.quick()
			assert.LessOrEqual(t, abs, tolerance*rate, "%+v", c)
		}
	}
}

// Positions that are all different, against inclusion and exclusion by counting
// every subset of a tiny filter.
func TestTheoryDistinctByEnumeration(t *testing.T) {
	const bits, hashes = 6, 3
	var keys []int // all 20 keys
	for s := range 1 << bits {
		if ones(s) == hashes {
			keys = append(keys, s)
		}
	}
	hits, total := 0, 0
	for _, a := range keys {
		for _, b := range keys {
			for _, query := range keys {
				total++
				if query&^(a|b) == 0 {
					hits++
				}
			}
		}
	}
	rate := ExactDistinct(bits, 2, hashes)
	differentPositions.Relative(t, "6 bits, 2 keys, 3 hashes, all 8000 cases counted", float64(hits)/float64(total), rate, 1e-14)
}

func ones(s int) (n int) {
	for ; s > 0; s &= s - 1 {
		n++
	}
	return n
}

// The distribution: sums to 1, has the closed form's moments, and gives Exact.
func TestTheoryFillDistribution(t *testing.T) {
	sumOfLaw := theory("sum of the law of the set bits", "1", "")
	mean := theory("mean of the law of the set bits", "m (1 - a) with a = (1 - 1/m)^(kn)", "bits")
	sd := theory("standard deviation of the law of the set bits", "sqrt(m (m-1) c + m a - m^2 a^2) with a = (1 - 1/m)^(kn), c = (1 - 2/m)^(kn)", "bits")
	power := theory("k-th moment of the law of the set bits", "the exact false positive rate", "")
	for _, p := range []Params{{1, 1, 1}, {7, 0, 3}, {64, 6, 7}, {1000, 100, 7}, {10000, 1000, 7}, {5000, 5, 2}} {
		law, err := FillDistribution(p.Bits, p.Keys, p.Hashes)
		require.NoError(t, err)
		require.Len(t, law, int(p.Bits)+1)
		sum, first, square := 0.0, 0.0, 0.0
		for i, x := range law {
			sum += x
			first += x * float64(i)
		}
		for i, x := range law {
			square += x * (float64(i) - first) * (float64(i) - first)
		}
		wantMean, wantSD := FillMoments(p.Bits, p.Keys, p.Hashes)
		cell := filterOf(p.Bits, p.Keys, p.Hashes)
		sumOfLaw.Within(t, cell, 1, sum, 1e-12)
		mean.Within(t, cell, wantMean, first, 1e-9)
		sd.Within(t, cell, wantSD, math.Sqrt(square), 1e-6*(1+wantSD))
		exact := Exact(p.Bits, p.Keys, p.Hashes)
		power.Relative(t, cell, exact, meanPower(law, p.Hashes), 1e-10)
	}
}

// Balls thrown at random: mean and spread of the set bits, the estimate of the
// keys and its sigma, and the exact rate, each within 4 standard errors.
func TestTheoryAgainstBalls(t *testing.T) {
	const bits, keys, hashes, filters = 512, 50, 5, 20000
	stream := rng.New(7, 102)
	var fill, square, estimate, deviation, rate float64
	set := make([]bool, bits)
	for range filters {
		clear(set)
		n := uint64(0)
		for range keys * hashes {
			if i := stream.IntN(bits); !set[i] {
				set[i] = true
				n++
			}
		}
		fill += float64(n) / filters
		square += float64(n*n) / filters
		guess, err := EstimateKeys(bits, n, hashes)
		require.NoError(t, err)
		estimate += guess.Keys / filters
		deviation += (guess.Keys - keys) * (guess.Keys - keys) / filters
		rate += math.Pow(float64(n)/bits, hashes) / filters
	}
	mean, sd := FillMoments(bits, keys, hashes)
	sdError := sd / math.Sqrt(2*filters)
	cell := filterOf(bits, keys, hashes) + ", 20,000 simulated"
	fillMean.Within(t, cell, mean, fill, 4*sd/math.Sqrt(filters))
	fillSD.Within(t, cell, sd, math.Sqrt(square-fill*fill), 4*sdError)

	guess, err := EstimateKeys(bits, uint64(math.Round(mean)), hashes)
	require.NoError(t, err)
	estimated := theory("number of keys estimated from the set bits", "ln(1 - X/m) / (k ln(1 - 1/m))", "")
	estimated.Relative(t, filterOf(bits, keys, hashes)+", at the mean fill", keys, guess.Keys, 0.005)
	estimated.Within(t, cell+", biased upwards by less than 0.1 %", keys, estimate, 0.05)
	sigma := theory("standard deviation of the estimated number of keys", "that of the set bits over the slope of their mean", "")
	sigma.Relative(t, cell, guess.StandardError, math.Sqrt(deviation), 0.03)

	exact := Exact(bits, keys, hashes)
	slope := hashes * exact / (mean / bits) // d rate / d fill
	exactRate.Within(t, cell, exact, rate, 4*slope*sd/bits/math.Sqrt(filters))
	assert.Less(t, slope*sd/bits/math.Sqrt(filters), 0.005*exact)
}

// A saturated filter says so; an empty one holds nothing.
func TestTheoryEstimateEdges(t *testing.T) {
	full, err := EstimateKeys(100, 100, 3)
	require.NoError(t, err)
	assert.True(t, full.Saturated)
	assert.Equal(t, math.Inf(1), full.Keys)
	assert.Equal(t, math.Inf(1), full.StandardError)
	empty, err := EstimateKeys(100, 0, 3)
	require.NoError(t, err)
	assert.Equal(t, KeyEstimate{}, empty)
	_, err = EstimateKeys(100, 101, 3)
	assert.ErrorIs(t, err, ErrInvalidConfig)
	assert.True(t, EstimateIntersection(full, empty, full).Saturated)
	half := KeyEstimate{Keys: 50, StandardError: 3}
	both := EstimateIntersection(half, half, KeyEstimate{Keys: 80, StandardError: 4})
	common := theory("estimated number of keys that two filters share", "A + B less the union", "")
	common.Within(t, "50 + 50 - 80", 20, both.Keys, 0)
	sigma := theory("standard deviation of the estimated number of keys that two filters share", "square root of the sum of the three variances", "")
	sigma.Relative(t, "standard deviations 3, 3 and 4", math.Sqrt(34), both.StandardError, 1e-12)
}

// One block is the plain filter, and blocks of a large filter are Poisson.
func TestTheoryBlockedLimits(t *testing.T) {
	one := theory("rate of a blocked filter of one block", "that of an unblocked filter of its size", "")
	many := theory("rate of a blocked filter of 10 million blocks", "the Poisson mixture", "")
	for _, c := range []struct {
		inner Inner
		name  string
		plain func(bits, keys uint64, hashes int) float64
	}{{InnerExact, "independent positions", Exact}, {InnerDistinct, "different positions", ExactDistinct}} {
		want := c.plain(512, 50, 6)
		got := BlockedExact(512, 50, 512, 6, c.inner)
		one.Relative(t, fmt.Sprintf("%s, %s", filterOf(512, 50, 6), c.name), want, got, 1e-12)
		poisson := Blocked(10, 512, 6, c.inner)
		large := BlockedExact(512*1e7, 512*1e6, 512, 6, c.inner)
		many.Relative(t, "10 bits per key, 6 hashes, "+c.name, poisson, large, 1e-6)
	}
	poisson := SplitBlock(10)
	large := SplitBlockExact(256*1e8, 256*1e7)
	theory("rate of a split-block filter of 100 million blocks", "the Poisson mixture", "").Relative(t, "10 bits per key", poisson, large, 1e-6)
	single := SplitBlockExact(256, 20)
	theory("rate of a split-block filter of one block", "(1 - (31/32)^n)^8", "").
		Relative(t, "20 keys", math.Pow(1-math.Pow(31.0/32, 20), 8), single, 1e-12)
}

// The compound rate of a scalable filter (Almeida et al., 2007): slices at 1 %,
// 0.5 %, 0.25 % make 1.74 %, below the bound of 2 %.
func TestScalableFilter(t *testing.T) {
	f, err := filter.NewScalable(filter.Growth{Keys: 10000, FPR: 0.01, Factor: 2, Tightening: 0.5}, filter.Independent)
	require.NoError(t, err)
	keys := keysOf(1, 0, nil)
	for i := range uint64(70000) {
		require.NoError(t, f.Add(keys.present(i)))
	}
	slices := f.Slices()
	require.Len(t, slices, 3)
	for i := range uint64(70000) {
		require.True(t, f.Has(keys.present(i)))
	}
	const asked = 400000
	found := 0.0
	for i := range uint64(asked) {
		if f.Has(keys.absent(i)) {
			found++
		}
	}
	// Whole hashes move each slice a little: the exact rates of the slices.
	none := 1.0
	for i, s := range slices {
		none *= 1 - Exact(s.Bits, 10000<<i, s.Hashes)
	}
	want := 1 - none
	built := theory("compound rate of a scalable filter that grew", "1 - product of (1 - P r^i) with the exact rate of each slice's whole hashes (Almeida et al. 2007)", "")
	near(t, built, "70,000 keys in 3 slices from 10,000 keys and 1 %, tightening 0.5, built and asked", want, found/asked, math.Sqrt(want/asked))
	theory("effect of whole hashes on the compound rate of a scalable filter", "1 - product of (1 - P r^i) (Almeida et al. 2007)", "").
		Relative(t, "3 slices from 1 %, tightening 0.5", 0.0174126, want, 0.01)
}

// A key costs one line in blocks, and elsewhere one for each bit that is read.
func TestLinesRead(t *testing.T) {
	for _, layout := range []filter.Layout{filter.Blocked, filter.SplitBlock} {
		assert.Equal(t, 1.0, LinesRead(layout, 0.5, 8, true))
		assert.Equal(t, 1.0, LinesRead(layout, 0.5, 8, false))
	}
	for _, layout := range []filter.Layout{filter.Classic, filter.Partitioned} {
		assert.Equal(t, 1.875, LinesRead(layout, 0.5, 4, true))
		assert.Equal(t, 4.0, LinesRead(layout, 0.5, 4, false))
	}
	nowhere(t, LinesRead(filter.Blocked, -0.1, 4, true), LinesRead(filter.Classic, 0.5, 0, false))
}
