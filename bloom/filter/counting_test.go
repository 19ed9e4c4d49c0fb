package filter

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestCountingRemoves(t *testing.T) {
	f := must(NewCounting(2000, 5, Enhanced))
	keys := keysOf(1, 0)
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
		f, g := must(NewCounting(1003, 7, s)), newClassic(1003, 7, s)
		keys := keysOf(1, 0)
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
	keys := keysOf(2, 0)
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
