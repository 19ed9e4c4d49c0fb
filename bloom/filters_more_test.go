package bloom

import (
	"context"
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestCountingRemoves(t *testing.T) {
	f := must(NewCounting(2000, 5, Enhanced))
	keys := keysOf(1, 0, nil)
	for i := range uint64(200) {
		f.Add(keys.present(i))
	}
	ones := f.Ones()
	for i := range uint64(100) {
		f.Add(keys.absent(i))
	}
	for i := range uint64(100) {
		require.True(t, f.Remove(keys.absent(i)))
	}
	require.Zero(t, f.Saturated())
	assert.Equal(t, ones, f.Ones())
	for i := range uint64(200) {
		require.True(t, f.Has(keys.present(i)))
		require.True(t, f.Remove(keys.present(i)))
	}
	assert.Zero(t, f.Ones())
	assert.False(t, f.Remove(1))
}

// A counting filter answers as the classic filter of the same keys does, and
// has its fill.
func TestCountingIsClassic(t *testing.T) {
	for _, s := range []Scheme{Independent, Double, Enhanced, BitsAndBlooms} {
		f, g := must(NewCounting(1003, 7, s)), must(NewClassic(1003, 7, s))
		keys := keysOf(1, 0, nil)
		for i := range uint64(100) {
			f.Add(keys.present(i))
			g.Add(keys.present(i))
		}
		assert.Equal(t, g.Ones(), f.Ones())
		for i := range uint64(3000) {
			require.Equal(t, g.Has(keys.absent(i)), f.Has(keys.absent(i)))
		}
	}
}

// A full counter stays full, is reported, and keeps the other keys in. Taking
// out a key that was never in, a false positive, makes false negatives.
func TestCountingTraps(t *testing.T) {
	f := must(NewCounting(100, 1, Independent))
	for range 14 {
		f.Add(7)
	}
	assert.Zero(t, f.Saturated())
	for range 6 {
		f.Add(7)
	}
	assert.Equal(t, uint64(1), f.Saturated())
	for range 30 {
		f.Remove(7)
	}
	assert.True(t, f.Has(7))
	f.Reset()
	assert.Zero(t, f.Saturated())

	g := must(NewCounting(60, 3, Independent))
	keys := keysOf(2, 0, nil)
	for i := range uint64(20) {
		g.Add(keys.present(i))
	}
	for i := range uint64(1000) {
		g.Remove(keys.absent(i))
	}
	lost := 0
	for i := range uint64(20) {
		if !g.Has(keys.present(i)) {
			lost++
		}
	}
	assert.Positive(t, lost)
}

// The compound rate of a scalable filter (Almeida et al., 2007): slices at 1 %,
// 0.5 %, 0.25 % make 1.74 %, below the bound of 2 %.
func TestScalableFilter(t *testing.T) {
	f := must(NewScalable(Growth{Keys: 10000, FPR: 0.01, Factor: 2, Tightening: 0.5}, Independent))
	keys := keysOf(1, 0, nil)
	for i := range uint64(70000) {
		require.NoError(t, f.Add(keys.present(i)))
	}
	assert.Equal(t, 3, f.Slices())
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
	for i, s := range f.slices {
		p := Exact(s.Bits(), 10000<<i, s.Hashes())
		none *= 1 - p
	}
	want := 1 - none
	built := theory("compound rate of a scalable filter that grew", "1 - product of (1 - P r^i) with the exact rate of each slice's whole hashes (Almeida et al. 2007)", "")
	near(t, built, "70,000 keys in 3 slices from 10,000 keys and 1 %, tightening 0.5, built and asked", want, found/asked, math.Sqrt(want/asked))
	theory("effect of whole hashes on the compound rate of a scalable filter", "1 - product of (1 - P r^i) (Almeida et al. 2007)", "").
		Relative(t, "3 slices from 1 %, tightening 0.5", 0.0174126, want, 0.01)
}

func TestScalableEnds(t *testing.T) {
	for _, g := range []Growth{
		{},
		{Keys: 1, FPR: 0, Factor: 2, Tightening: 0.5},
		{Keys: 1, FPR: 1, Factor: 2, Tightening: 0.5},
		{Keys: 1, FPR: math.NaN(), Factor: 2, Tightening: 0.5},
		{Keys: 1, FPR: 0.1, Factor: math.Inf(1), Tightening: 0.5},
		{Keys: 1, FPR: 0.1, Factor: 2, Tightening: math.NaN()},
		{Keys: math.MaxUint64, FPR: 0.1, Factor: 2, Tightening: 0.5},
		{Keys: 1e9, FPR: 1e-17, Factor: 2, Tightening: 0.5},
	} {
		_, err := NewScalable(g, Independent)
		assert.ErrorIs(t, err, ErrInvalidConfig, "%+v", g)
	}
	_, err := NewScalable(Growth{Keys: 1, FPR: 0.1, Factor: 2, Tightening: 0.5}, Salted)
	assert.ErrorIs(t, err, ErrInvalidConfig)
	f := must(NewScalable(Growth{Keys: 1, FPR: 0.5, Factor: 1, Tightening: 1}, Independent))
	for i := range uint64(maxSlices) {
		require.NoError(t, f.Add(i))
	}
	assert.ErrorIs(t, f.Add(99), ErrInvalidConfig)
	assert.Equal(t, maxSlices, f.Slices())
}

// The library's traps are errors, and nothing hangs or takes memory first.
func TestLibraryTraps(t *testing.T) {
	for _, c := range []struct {
		keys uint64
		fpr  float64
	}{
		{0, 0.01},
		{10, 0},
		{10, 1},
		{10, -1},
		{10, 2},
		{10, math.NaN()},
		{10, math.Inf(1)},
		{1e10, 0.01},
		{math.MaxUint64, 0.01},
		{10, 1e-300},
		{1 << 62, 0.5},
		{10, 1e-21},
	} {
		_, err := NewLibraryFor(c.keys, c.fpr)
		assert.ErrorIs(t, err, ErrInvalidConfig, "%+v", c)
	}
	for _, c := range []struct {
		bits   uint64
		hashes int
	}{{0, 1}, {10, 0}, {10, -1}, {10, 11}, {1 << 40, 3}, {math.MaxUint64, 3}, {1000, 65}, {1000, math.MaxInt}} {
		_, err := NewLibrary(c.bits, c.hashes)
		assert.ErrorIs(t, err, ErrInvalidConfig, "%+v", c)
	}
	f := must(NewLibraryFor(1000, 0.01))
	assert.Equal(t, uint64(9586), f.Bits())
	assert.Equal(t, 7, f.Hashes())
	for i := range uint64(1000) {
		f.AddBytes(fmt.Appendf(nil, "key %d", i))
	}
	assert.True(t, f.HasBytes([]byte("key 77")))
	n, err := f.Keys()
	require.NoError(t, err)
	assert.InEpsilon(t, 1000, n, 0.05)
	f.Reset()
	assert.Zero(t, f.Ones())

	full := must(NewLibrary(8, 4))
	for i := range uint64(100) {
		full.Add(i)
	}
	n, err = full.Keys()
	assert.ErrorIs(t, err, ErrInvalidConfig)
	assert.True(t, math.IsInf(n, 1))
}

// All wrong fields are told in one error, before anything is allocated.
func TestConfigErrors(t *testing.T) {
	good := Config{Bits: 1000, Keys: 100, Hashes: 7, Filters: 1, Queries: 10}
	require.NoError(t, good.Validate())
	err := Config{Filters: -1, Queries: math.MinInt}.Validate()
	require.ErrorIs(t, err, ErrInvalidConfig)
	for _, field := range []string{"Bits = 0", "Keys = 0", "Hashes = 0", "Filters = -1", "Queries = -9"} {
		assert.ErrorContains(t, err, field)
	}
	for want, change := range map[string]func(*Config){
		"limit is 2 GiB":      func(c *Config) { c.Bits = 1 << 35 },
		"at most Bits = 5":    func(c *Config) { c.Bits = 5 },
		"Hashes = 65":         func(c *Config) { c.Hashes = 65 },
		"want 8":              func(c *Config) { c.Layout = SplitBlockLayout },
		"Layout = 9":          func(c *Config) { c.Layout = 9 },
		"Scheme = -1":         func(c *Config) { c.Scheme = -1 },
		"only the split":      func(c *Config) { c.Scheme = Salted },
		"Keys = 184467440737": func(c *Config) { c.Keys = math.MaxUint64 },
		"Queries = 922337203": func(c *Config) { c.Queries = math.MaxInt },
		"probes, want":        func(c *Config) { c.Filters, c.Queries = 1e6, 1e10 },
		"Distinct = 0":        func(c *Config) { c.Absent, c.Zipf = Repeated, 2 },
		"Zipf = NaN":          func(c *Config) { c.Absent, c.Distinct, c.Zipf = Repeated, 3, math.NaN() },
		"Zipf = 1.0000":       func(c *Config) { c.Absent, c.Distinct, c.Zipf = Repeated, 3, 1.0000000000000002 },
		"Overlap = +Inf":      func(c *Config) { c.Absent, c.Overlap = Overlapping, math.Inf(1) },
		"Absent = 7":          func(c *Config) { c.Absent = 7 },
	} {
		c := good
		change(&c)
		err := c.Validate()
		assert.ErrorIs(t, err, ErrInvalidConfig)
		assert.ErrorContains(t, err, want)
		_, again := Measure(context.Background(), c)
		assert.Equal(t, err, again)
	}
}

func TestConstructorsRefuse(t *testing.T) {
	for l := Layout(-1); l <= SplitBlockLayout+1; l++ {
		for _, bits := range []uint64{0, 1 << 35, math.MaxUint64} {
			f, err := NewFilter(l, bits, 8, Independent)
			assert.ErrorIs(t, err, ErrInvalidConfig)
			assert.Nil(t, f)
		}
	}
	_, err := NewCounting(1<<33, 3, Double)
	assert.ErrorContains(t, err, "2 GiB")
}

func TestFilterNames(t *testing.T) {
	for l := ClassicLayout; l <= SplitBlockLayout; l++ {
		var back Layout
		require.NoError(t, back.UnmarshalText([]byte(l.String())))
		assert.Equal(t, l, back)
	}
	for s := Independent; s <= Salted; s++ {
		var back Scheme
		require.NoError(t, back.UnmarshalText([]byte(s.String())))
		assert.Equal(t, s, back)
	}
	var a AbsentKeys
	require.NoError(t, a.UnmarshalText([]byte("overlapping")))
	assert.Equal(t, Overlapping, a)
	assert.ErrorIs(t, a.UnmarshalText([]byte("no")), ErrInvalidConfig)
	assert.Equal(t, "invalid", Layout(9).String())
	assert.Equal(t, "invalid", Scheme(-1).String())
}
