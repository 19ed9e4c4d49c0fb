package filter

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

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
