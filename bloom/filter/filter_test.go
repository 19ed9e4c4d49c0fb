package filter

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestConstructorsRefuse(t *testing.T) {
	for l := Layout(-1); l <= SplitBlock+1; l++ {
		for _, bits := range []uint64{0, 1 << 35, math.MaxUint64} {
			f, err := New(Config{Bits: bits, Hashes: 8, Layout: l})
			assert.ErrorIs(t, err, ErrInvalidConfig)
			assert.Nil(t, f)
		}
	}
	_, err := NewCounting(1<<33, 3, Double)
	assert.ErrorContains(t, err, "2 GiB")
}

func TestFilterNames(t *testing.T) {
	for l := Classic; l <= SplitBlock; l++ {
		var back Layout
		require.NoError(t, back.UnmarshalText([]byte(l.String())))
		assert.Equal(t, l, back)
	}
	for s := Independent; s <= Salted; s++ {
		var back Scheme
		require.NoError(t, back.UnmarshalText([]byte(s.String())))
		assert.Equal(t, s, back)
	}
	var l Layout
	err := l.UnmarshalText([]byte("no"))
	assert.ErrorIs(t, err, ErrInvalidConfig)
	assert.EqualError(t, err, `filter: invalid config: layout "no", want one of classic, partitioned, blocked, splitblock`)
	assert.Equal(t, "invalid", Layout(9).String())
	assert.Equal(t, "invalid", Scheme(-1).String())
}
