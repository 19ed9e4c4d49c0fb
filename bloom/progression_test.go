package bloom

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The progression law is a probability, falls with bits per key, has the classes of 512
// (1/512 of the keys test one bit, 1/512 two, 2/512 four), and a line without keys
// passes nothing.
func TestProgressionLaw(t *testing.T) {
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

// Progression against brute force: all strides and starts of small lines, all
// pairs of keys.
func TestProgressionEnumerated(t *testing.T) {
	counted := theory("pass rate of probes in progression through a line of two keys", "all strides, starts and pairs of keys counted", "")
	for _, c := range [][2]int{{8, 3}, {12, 4}, {16, 5}, {15, 3}} {
		m, k := c[0], c[1]
		line := func(start, stride int) uint64 {
			var x uint64
			for i := range k {
				x |= 1 << ((start + i*stride) % m)
			}
			return x
		}
		var keys []uint64
		for i := range m * m {
			keys = append(keys, line(i/m, i%m))
		}
		passed := 0
		for _, a := range keys {
			for _, b := range keys {
				for q := range m { // starts at 0 by symmetry
					if probe := line(0, q); probe&^(a|b) == 0 {
						passed++
					}
				}
			}
		}
		p, err := NewProgression(m, k)
		require.NoError(t, err)
		got, err := p.RateOf(2)
		require.NoError(t, err)
		counted.Relative(t, fmt.Sprintf("line of %d bits, %d probes", m, k), float64(passed)/float64(m*m*m*m*m), got, 1e-12)
	}
}
