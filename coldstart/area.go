package coldstart

import "math/bits"

// area is a whole number of environments x ns, of 128 bits in two's complement: sums of it are exact and do not overflow.
type area struct{ high, low uint64 }

// add counts v >= 0.
func (a *area) add(v int64) {
	var carry uint64
	a.low, carry = bits.Add64(a.low, uint64(v), 0)
	a.high += carry
}

func (a area) plus(b area) area {
	low, carry := bits.Add64(a.low, b.low, 0)
	high, _ := bits.Add64(a.high, b.high, carry)
	return area{high, low}
}

// addProduct counts n x t, both >= 0.
func (a *area) addProduct(n, t int64) {
	high, low := bits.Mul64(uint64(n), uint64(t))
	var carry uint64
	a.low, carry = bits.Add64(a.low, low, 0)
	a.high += high + carry
}

func (a area) minus(b area) area {
	low, borrow := bits.Sub64(a.low, b.low, 0)
	high, _ := bits.Sub64(a.high, b.high, borrow)
	return area{high, low}
}

// float is the area, which must not be negative.
func (a area) float() float64 { return float64(a.high)*0x1p64 + float64(a.low) }
