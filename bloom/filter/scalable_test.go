package filter

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

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
	assert.Len(t, f.Slices(), maxSlices)
}
