package bloom

import (
	"math"
	"testing"

	"cloudconcepts/internal/rng"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
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
	stream := rng.New(1, 100)
	for range 300 {
		bits, keys := 1+stream.Uint64N(256), stream.Uint64N(65)
		hashes := 1 + stream.IntN(int(min(bits, 14)))
		exact, err := Exact(bits, keys, hashes)
		require.NoError(t, err)
		within(t, meanPower(chain(bits, keys, hashes), hashes), exact, 1e-11, "(%d, %d, %d)", bits, keys, hashes)
	}
	for _, p := range []Params{{4096, 3, 14}, {1024, 50, 14}, {2048, 10, 30}, {300, 1, 64}, {64, 100, 64}, {1, 3, 1}, {2, 1, 2}, {2, 0, 1}} {
		exact, err := Exact(p.Bits, p.Keys, p.Hashes)
		require.NoError(t, err)
		within(t, meanPower(chain(p.Bits, p.Keys, p.Hashes), p.Hashes), exact, 1e-10, "%+v", p)
	}
}

// float64 against as many bits as it takes, over all magnitudes: whatever the
// guard lets through is right to 1e-11.
func TestTheoryExactGuard(t *testing.T) {
	stream := rng.New(1, 101)
	quick := 0
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
		within(t, c.precise(), rate, 1e-11, "%+v", c)
	}
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
	rate, err := ExactDistinct(bits, 2, hashes)
	require.NoError(t, err)
	within(t, float64(hits)/float64(total), rate, 1e-14)
}

func ones(s int) (n int) {
	for ; s > 0; s &= s - 1 {
		n++
	}
	return n
}

// The distribution: sums to 1, has the closed form's moments, and gives Exact.
func TestTheoryFillDistribution(t *testing.T) {
	for _, p := range []Params{{1, 1, 1}, {7, 0, 3}, {64, 6, 7}, {1000, 100, 7}, {10000, 1000, 7}, {5000, 5, 2}} {
		law, err := FillDistribution(p.Bits, p.Keys, p.Hashes)
		require.NoError(t, err)
		require.Len(t, law, int(p.Bits)+1)
		sum, mean, square := 0.0, 0.0, 0.0
		for i, x := range law {
			sum += x
			mean += x * float64(i)
		}
		for i, x := range law {
			square += x * (float64(i) - mean) * (float64(i) - mean)
		}
		wantMean, wantSD := FillMoments(p.Bits, p.Keys, p.Hashes)
		assert.InDelta(t, 1, sum, 1e-12)
		assert.InDelta(t, wantMean, mean, 1e-9, "%+v", p)
		assert.InDelta(t, wantSD, math.Sqrt(square), 1e-6*(1+wantSD), "%+v", p)
		exact, err := Exact(p.Bits, p.Keys, p.Hashes)
		require.NoError(t, err)
		within(t, exact, meanPower(law, p.Hashes), 1e-10)
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
	assert.InDelta(t, mean, fill, 4*sd/math.Sqrt(filters))
	assert.InDelta(t, sd, math.Sqrt(square-fill*fill), 4*sdError)

	guess, err := EstimateKeys(bits, uint64(math.Round(mean)), hashes)
	require.NoError(t, err)
	within(t, keys, guess.Keys, 0.005)
	assert.InDelta(t, keys, estimate, 0.05, "the estimate is biased upwards, by less than 0.1 %")
	within(t, guess.Sigma, math.Sqrt(deviation), 0.03, "the estimate's sigma")

	exact, err := Exact(bits, keys, hashes)
	require.NoError(t, err)
	slope := hashes * exact / (mean / bits) // d rate / d fill
	assert.InDelta(t, exact, rate, 4*slope*sd/bits/math.Sqrt(filters))
	assert.Less(t, slope*sd/bits/math.Sqrt(filters), 0.005*exact)
}

// A saturated filter says so; an empty one holds nothing.
func TestTheoryEstimateEdges(t *testing.T) {
	full, err := EstimateKeys(100, 100, 3)
	require.NoError(t, err)
	assert.True(t, full.Saturated)
	assert.Equal(t, math.Inf(1), full.Keys)
	assert.Equal(t, math.Inf(1), full.Sigma)
	empty, err := EstimateKeys(100, 0, 3)
	require.NoError(t, err)
	assert.Equal(t, KeyEstimate{}, empty)
	_, err = EstimateKeys(100, 101, 3)
	assert.ErrorIs(t, err, ErrInvalidConfig)
	assert.True(t, EstimateIntersection(full, empty, full).Saturated)
	half := KeyEstimate{Keys: 50, Sigma: 3}
	both := EstimateIntersection(half, half, KeyEstimate{Keys: 80, Sigma: 4})
	assert.Equal(t, 20.0, both.Keys)
	within(t, math.Sqrt(34), both.Sigma, 1e-12)
}

// The rate of an AND of two filters, against balls.
func TestTheoryCombinedRates(t *testing.T) {
	const bits, keysA, keysB, common, hashes = 2000, 150, 200, 60, 4
	rates, err := CombinedRates(bits, keysA, keysB, common, hashes)
	require.NoError(t, err)
	union, err := Exact(bits, 290, hashes)
	require.NoError(t, err)
	assert.Equal(t, union, rates.Union)
	assert.Greater(t, rates.And, rates.Common)

	stream := rng.New(3, 103)
	var sum, square float64
	const filters = 4000
	for range filters {
		var a, b [bits]bool
		for i := range (keysA + keysB - common) * hashes {
			at := stream.IntN(bits)
			a[at] = a[at] || i < keysA*hashes
			b[at] = b[at] || i < common*hashes || i >= keysA*hashes
		}
		n := 0.0
		for i := range bits {
			if a[i] && b[i] {
				n++
			}
		}
		and := math.Pow(n/bits, hashes)
		sum += and
		square += and * and
	}
	mean := sum / filters
	sigma := math.Sqrt((square/filters - mean*mean) / filters)
	assert.InDelta(t, rates.And, mean, 4*sigma+0.01*mean, "classical, so up to 1 % below at 2000 bits")
}

// One block is the plain filter, and blocks of a large filter are Poisson.
func TestTheoryBlockedLimits(t *testing.T) {
	for inner, plain := range map[Inner]func(bits, keys uint64, hashes int) (float64, error){
		InnerExact: Exact, InnerDistinct: ExactDistinct,
	} {
		want, err := plain(512, 50, 6)
		require.NoError(t, err)
		got, err := BlockedExact(512, 50, 512, 6, inner)
		require.NoError(t, err)
		within(t, want, got, 1e-12)
		poisson, err := Blocked(10, 512, 6, inner)
		require.NoError(t, err)
		large, err := BlockedExact(512*1e7, 512*1e6, 512, 6, inner)
		require.NoError(t, err)
		within(t, poisson, large, 1e-6)
	}
	poisson, err := SplitBlock(10)
	require.NoError(t, err)
	large, err := SplitBlockExact(256*1e8, 256*1e7)
	require.NoError(t, err)
	within(t, poisson, large, 1e-6)
	one, err := SplitBlockExact(256, 20)
	require.NoError(t, err)
	within(t, math.Pow(1-math.Pow(31.0/32, 20), 8), one, 1e-12)
}
