package bloom

import (
	"encoding/json"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"cloudconcepts/bloom/filter"
	"cloudconcepts/internal/rng"
)

// Orders that are proved: exact above classical, distinct between them or equal,
// more bits never worse, more keys never better.
func TestPropertyTheoryOrder(t *testing.T) {
	stream := rng.New(5, 110)
	for range 500 {
		bits := 2 + uint64(math.Exp2(20*stream.Float64()))
		keys := 1 + stream.Uint64N(bits)
		hashes := 1 + stream.IntN(int(min(bits, 16)))
		exact := Exact(bits, keys, hashes)
		distinct := ExactDistinct(bits, keys, hashes)
		assert.GreaterOrEqual(t, exact*(1+1e-12), Classical(float64(bits), float64(keys), hashes))
		if hashes == 1 {
			within(t, exact, distinct, 1e-12)
		}
		larger := Exact(bits+1, keys, hashes)
		assert.LessOrEqual(t, larger, exact*(1+1e-10))
		fuller := Exact(bits, keys+1, hashes)
		assert.GreaterOrEqual(t, fuller, exact*(1-1e-10))
		for _, rate := range []float64{exact, distinct} {
			assert.True(t, rate >= 0 && rate <= 1)
		}
		mean, sd := FillMoments(bits, keys, hashes)
		assert.True(t, mean > 0 && mean <= float64(bits) && sd >= 0)
		guess, err := EstimateKeys(bits, min(uint64(mean), bits-1), hashes)
		require.NoError(t, err)
		assert.True(t, guess.Keys >= 0 && guess.StandardError >= 0 && !math.IsInf(guess.Keys, 0))
	}
}

// The two roundings that promise keep it with no bit to spare; the best is never
// larger than the guarantee, and as good as trying every number of hashes.
func TestPropertyTheoryOptimal(t *testing.T) {
	stream := rng.New(6, 111)
	for range 60 {
		keys := uint64(math.Exp2(20 * stream.Float64()))
		target := math.Pow(10, -0.05-5*stream.Float64())
		p, rate, err := Optimal(keys, target, RoundGuarantee)
		require.NoError(t, err)
		assert.LessOrEqual(t, rate, target)
		if p.Bits > uint64(p.Hashes) {
			less := Exact(p.Bits-1, keys, p.Hashes)
			assert.Greater(t, less, target, "%+v at %g", p, target)
		}
		best, rate, err := Optimal(keys, target, RoundBest)
		require.NoError(t, err)
		assert.LessOrEqual(t, rate, target)
		assert.LessOrEqual(t, best.Bits, p.Bits)
		for hashes := 1; hashes <= 24; hashes++ {
			other, _ := guarantee(keys, target, hashes)
			assert.GreaterOrEqual(t, other.Bits, best.Bits, "%d keys at %g: %d hashes", keys, target, hashes)
		}
	}
}

// Every rounding's parameters are valid, built as its layout builds them, and
// its rate is that of the layout, at least of ideal hashes.
func TestPropertyTheoryRoundings(t *testing.T) {
	stream := rng.New(6, 112)
	runs := 40
	if testing.Short() {
		runs = 4
	}
	for range runs {
		keys := uint64(math.Exp2(30 * stream.Float64()))
		target := math.Pow(10, -0.01-4*stream.Float64())
		for _, r := range Roundings() {
			p, rate, err := Optimal(keys, target, r)
			require.NoError(t, err, "%v %d %g", r, keys, target)
			assert.NoError(t, p.Validate())
			assert.Equal(t, keys, p.Keys)
			assert.True(t, rate > 0 && rate <= 1, "%v %d %g: %g", r, keys, target, rate)
			assert.Equal(t, p.Bits, filter.Config{Bits: p.Bits, Hashes: p.Hashes, Layout: r.Layout()}.BuiltBits())
			if r == RoundHBase {
				continue // of many chunks
			}
			_, ideal, err := sized(p, r.Layout())
			require.NoError(t, err)
			assert.GreaterOrEqual(t, rate, ideal*(1-1e-6), "%v %d %g", r, keys, target)
		}
	}
}

// Scaling: a filter ten times the size at the same bits per key differs from the
// classical rate a tenth as much.
func TestPropertyTheoryScaling(t *testing.T) {
	for _, k := range []int{3, 5, 7} {
		excess := func(m float64) float64 {
			exact := Exact(uint64(m), uint64(m/10), k)
			return exact/Classical(m, m/10, k) - 1
		}
		for m := 1e4; m <= 1e8; m *= 10 {
			within(t, 10, excess(m)/excess(10*m), 0.01, "k=%d m=%g", k, m)
		}
	}
}

// Bad values are errors of one sentinel, each field named; good extremes work.
func TestPropertyTheoryBadInput(t *testing.T) {
	err := Params{0, math.MaxUint64, -1}.Validate()
	require.ErrorIs(t, err, ErrInvalidConfig)
	for _, field := range []string{"Bits = 0", "Keys = 18446744073709551615", "Hashes = -1"} {
		assert.ErrorContains(t, err, field)
	}
	for _, bad := range []float64{0, math.Copysign(0, -1), 1, -1, 1.5, math.NaN(), math.Inf(1), math.Inf(-1), 1e300, 5e-324} {
		for _, r := range append(Roundings(), -1, 99) {
			_, _, err := Optimal(100, bad, r)
			assert.ErrorIs(t, err, ErrInvalidConfig, "%v %g", r, bad)
		}
		if bad != 5e-324 {
			compound, bound := Scalable(bad, 0.5, 3)
			nowhere(t, compound, bound, Xor.BitsPerKey(bad))
		}
	}
	for _, bad := range []float64{0, -1, math.NaN(), math.Inf(1), math.Inf(-1)} {
		nowhere(t, Blocked(bad, 512, 6, InnerExact), SplitBlock(bad), Classical(bad, 1, 3))
		assert.Zero(t, OptimalHashes(bad))
		_, _, err = AtBitsPerKey(10, bad, RoundLevelDB)
		assert.ErrorIs(t, err, ErrInvalidConfig)
	}
	nowhere(t,
		Exact(8, 1, 9), Exact(8, 1, 0), ExactDistinct(math.MaxUint64, 1, 1), Partitioned(3, 1, 4),
		BlockedExact(1000, 1, 512, 6, InnerExact), BlockedExact(512, 1, 512, 6, 3), Blocked(10, 4, 1, 0), Blocked(10, 512, 65, 0),
		SplitBlockExact(100, 1), SplitBlockExact(256, math.MaxUint64), Fingerprint(1, 0), Structure(99).Rate(1),
		CountingOverflow(10, 1, 1, 17), CountingOverflow(10, 1, 11, 4))
	assert.Zero(t, OptimalBlockedHashes(0, 512, 0))
	for _, err := range []error{second(FillDistribution(1<<30, 1, 1)), second(FillDistribution(1<<20, 1<<40, 9)), second(EstimateKeys(0, 0, 1))} {
		assert.ErrorIs(t, err, ErrInvalidConfig)
	}
	for _, modulus := range []int{math.MinInt, -1, 0, 1, 1025, math.MaxInt} {
		_, err = NewProgression(modulus, 6)
		require.ErrorIs(t, err, ErrInvalidConfig, "modulus %d", modulus)
	}
	_, _, err = AtBitsPerKey(10, 10, RoundCassandra)
	assert.ErrorIs(t, err, ErrInvalidConfig)
}

// nowhere wants values from outside of a formula's domain: not a number.
func nowhere(t *testing.T, values ...float64) {
	t.Helper()
	for i, x := range values {
		assert.True(t, math.IsNaN(x), "value %d is %g", i, x)
	}
}

func second[T any](_ T, err error) error { return err }

// Saturated and astronomical filters have answers, at once.
func TestPropertyTheoryExtremes(t *testing.T) {
	for _, p := range []Params{{1, MaxKeys, 1}, {MaxBits, 1, 64}, {MaxBits, MaxKeys, 64}, {64, MaxKeys, 64}} {
		for _, rate := range []func(bits, keys uint64, hashes int) float64{Exact, ExactDistinct, Partitioned} {
			got := rate(p.Bits, p.Keys, p.Hashes)
			assert.True(t, got >= 0 && got <= 1)
		}
	}
	for _, b := range []float64{1e-300, 1e-5, 0.01, 1e300} {
		for _, blockBits := range []int{64, 512, 65536} {
			got := Blocked(b, blockBits, 8, InnerExact)
			assert.True(t, got >= 0 && got <= 1, "b=%g B=%d: %g", b, blockBits, got)
		}
		got := SplitBlock(b)
		assert.True(t, got >= 0 && got <= 1)
	}
}

// Names go to JSON and back.
func TestPropertyTheoryNames(t *testing.T) {
	for _, r := range Roundings() {
		text, err := json.Marshal(r)
		require.NoError(t, err)
		var back Rounding
		require.NoError(t, json.Unmarshal(text, &back))
		assert.Equal(t, r, back)
		_ = r.Layout()
	}
	var r Rounding
	assert.Error(t, r.UnmarshalText([]byte("nobody")))
	assert.Equal(t, "invalid", Rounding(99).String())
	assert.Equal(t, "invalid", Structure(99).String())
	assert.Equal(t, "invalid", Inner(9).String())
	for s := InformationLimit; s <= IdealBloom; s++ {
		var back Structure
		require.NoError(t, back.UnmarshalText([]byte(s.String())))
		assert.Equal(t, s, back)
	}
	for i := InnerClassical; i <= InnerDistinct; i++ {
		var back Inner
		require.NoError(t, back.UnmarshalText([]byte(i.String())))
		assert.Equal(t, i, back)
	}
	text, err := json.Marshal(Params{960, 100, 7})
	require.NoError(t, err)
	assert.JSONEq(t, `{"bits":960,"keys":100,"hashes":7}`, string(text))
}

// within asserts a relative tolerance.
func within(t *testing.T, want, got, relative float64, note ...any) {
	t.Helper()
	assert.InDelta(t, want, got, math.Abs(want)*relative, note...)
}
