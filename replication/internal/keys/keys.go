// Package keys chooses keys by popularity in constant time.
package keys

import (
	"math"
	"math/bits"
	"math/rand/v2"
)

// Zipf is the popularity of n keys, of which the i-th is chosen with a probability proportional to i^-exponent: 0 is uniform.
func Zipf(n int, exponent float64) []float64 {
	shares := make([]float64, n)
	var sum float64
	for i := range shares {
		shares[i] = math.Exp(-exponent * math.Log(float64(i+1)))
		sum += shares[i]
	}
	for i := range shares {
		shares[i] /= sum
	}
	return shares
}

// Picker draws keys by their shares: Walker's alias method, one random word a draw.
type Picker struct{ columns []column }

// A column is key i with probability own/2^64, and another key else.
type column struct {
	own   uint64
	other int32
}

// NewPicker makes the table; shares are positive and add up to 1.
func NewPicker(shares []float64) Picker {
	n := len(shares)
	p := Picker{make([]column, n)}
	if n == 1 {
		return p
	}
	left := make([]float64, n)
	var poor, rich []int32
	for i, share := range shares {
		left[i] = share * float64(n)
		if left[i] < 1 {
			poor = append(poor, int32(i))
		} else {
			rich = append(rich, int32(i))
		}
	}
	for i := range p.columns {
		p.columns[i] = column{math.MaxUint64, int32(i)}
	}
	for len(poor) > 0 && len(rich) > 0 {
		a, b := poor[len(poor)-1], rich[len(rich)-1]
		p.columns[a] = column{uint64(math.Ldexp(left[a], 64)), b}
		poor = poor[:len(poor)-1]
		if left[b] -= 1 - left[a]; left[b] < 1 {
			rich, poor = rich[:len(rich)-1], append(poor, b)
		}
	}
	return p
}

// Next draws a key.
func (p *Picker) Next(r *rand.Rand) int32 {
	if len(p.columns) == 1 {
		return 0
	}
	at, rest := bits.Mul64(r.Uint64(), uint64(len(p.columns)))
	if c := &p.columns[at]; rest >= c.own {
		return c.other
	}
	return int32(at)
}
