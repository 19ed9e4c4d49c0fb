package stats

import "math/bits"

// Sum is a sum of whole numbers, of 128 bits in two's complement: it is exact and does not overflow. The zero value is 0.
type Sum struct{ high, low uint64 }

// Add adds v >= 0.
func (s *Sum) Add(v int64) {
	var carry uint64
	s.low, carry = bits.Add64(s.low, uint64(v), 0)
	s.high += carry
}

// AddProduct adds n x v, both >= 0.
func (s *Sum) AddProduct(n, v int64) {
	high, low := bits.Mul64(uint64(n), uint64(v))
	var carry uint64
	s.low, carry = bits.Add64(s.low, low, 0)
	s.high += high + carry
}

// Plus is s + t.
func (s Sum) Plus(t Sum) Sum {
	low, carry := bits.Add64(s.low, t.low, 0)
	high, _ := bits.Add64(s.high, t.high, carry)
	return Sum{high, low}
}

// Minus is s - t.
func (s Sum) Minus(t Sum) Sum {
	low, borrow := bits.Sub64(s.low, t.low, 0)
	high, _ := bits.Sub64(s.high, t.high, borrow)
	return Sum{high, low}
}

// Float is the sum, which must not be negative, as the nearest float64 but for the last digit.
func (s Sum) Float() float64 { return float64(s.high)*0x1p64 + float64(s.low) }
