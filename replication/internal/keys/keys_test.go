package keys

import (
	"math"
	"testing"

	"cloudconcepts/internal/rng"

	"github.com/stretchr/testify/assert"
)

// Counts of a million draws lie within 4.5 standard deviations of their shares.
func TestPickerFollowsItsShares(t *testing.T) {
	for _, shares := range [][]float64{{1}, {0.5, 0.5}, Zipf(7, 1), Zipf(100, 0), Zipf(50, 2.5), {1e-9, 1 - 1e-9}} {
		const n = 1_000_000
		p := NewPicker(shares)
		counts := make([]int, len(shares))
		r := rng.New(1, uint64(len(shares)))
		for range n {
			counts[p.Next(r)]++
		}
		for i, share := range shares {
			assert.InDelta(t, share*n, float64(counts[i]), 4.5*math.Sqrt(n*share*(1-share))+0.5)
		}
	}
}

func TestZipf(t *testing.T) {
	assert.InDeltaSlice(t, []float64{6. / 11, 3. / 11, 2. / 11}, Zipf(3, 1), 1e-15)
	assert.InDeltaSlice(t, []float64{.25, .25, .25, .25}, Zipf(4, 0), 1e-15)
}
