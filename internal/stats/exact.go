package stats

import (
	"fmt"
	"math"
	"math/big"
)

// exactBits hold the sum of 2^64 squares of float64 without rounding: a square has its bits from 2^-2148 to 2^2048.
const exactBits = 2148 + 2048 + 64

// Exact is a sum of finite numbers without rounding, so that it does not depend on their order, nor on how they are
// split over several sums that are added later. The zero value is 0. It is written as text, 0x.8p+1, the shortest there is.
type Exact struct{ sum big.Float }

// Add adds x.
func (e *Exact) Add(x float64) { e.add(new(big.Float).SetFloat64(x)) }

// AddSquare adds the square of x.
func (e *Exact) AddSquare(x float64) {
	b := new(big.Float).SetFloat64(x)
	e.add(new(big.Float).SetPrec(2*53).Mul(b, b))
}

// Merge adds another sum.
func (e *Exact) Merge(other *Exact) { e.add(&other.sum) }

func (e *Exact) add(x *big.Float) {
	if e.sum.Prec() == 0 {
		e.sum.SetPrec(exactBits)
	}
	e.sum.Add(&e.sum, x)
}

// Float is the sum, rounded once.
func (e *Exact) Float() float64 {
	x, _ := e.sum.Float64()
	return x + 0 // a sum of -0 is 0
}

// MarshalText implements encoding.TextMarshaler.
func (e Exact) MarshalText() ([]byte, error) {
	if e.sum.Sign() == 0 {
		return []byte("0"), nil
	}
	return e.sum.Append(nil, 'p', 0), nil
}

// UnmarshalText reads what MarshalText wrote.
func (e *Exact) UnmarshalText(text []byte) error {
	e.sum = *new(big.Float).SetPrec(exactBits)
	if _, _, err := e.sum.Parse(string(text), 0); err != nil || e.sum.IsInf() {
		return fmt.Errorf("stats: %q is no exact sum", text)
	}
	return nil
}

// ExactMoments are the mean and variance of n numbers of which the sum and the sum of squares are exact, rounded only at
// the end; the variance is the unbiased one, 0 for fewer than two numbers, the mean NaN for none.
func ExactMoments(n uint64, sum, squares *Exact) (mean, variance float64) {
	if n == 0 {
		return math.NaN(), 0
	}
	count := new(big.Float).SetPrec(exactBits).SetUint64(n)
	quotient := new(big.Float).SetPrec(exactBits).Quo(&sum.sum, count)
	mean, _ = quotient.Float64()
	if n < 2 {
		return mean + 0, 0
	}
	// (squares - sum^2/n) / (n-1); the product has more bits than it is kept with, which is rounded far below the result.
	spread := new(big.Float).SetPrec(2*exactBits).Mul(&sum.sum, quotient)
	spread.Sub(&squares.sum, spread)
	variance, _ = spread.Quo(spread, count.SetUint64(n-1)).Float64()
	return mean + 0, max(variance, 0)
}
