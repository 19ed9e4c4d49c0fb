package bloom

import (
	"math"
	"math/big"
)

// precise does the alternating sum with enough bits for its cancellation.
func (c cover) precise() float64 {
	if c.keys == 0 {
		return 0
	}
	k := c.hashes
	prec := c.precision()
	one := newBig(prec, 1)
	misses := make([]*big.Float, k+1) // chance that no key covers r given positions
	for r := range misses {
		misses[r] = c.miss(r, prec)
	}
	weights := c.bigWeights(prec)
	row := make([]*big.Float, k+1)
	for r := range row {
		row[r] = newBig(prec, 0)
	}
	row[0] = one
	total, sum, term := newBig(prec, 0), newBig(prec, 0), newBig(prec, 0)
	for j := 1; j <= k; j++ {
		for r := j; r >= 1; r-- {
			row[r].Add(row[r], row[r-1])
		}
		if weights[j].Sign() == 0 {
			continue
		}
		sum.SetInt64(0)
		for r := 0; r <= j; r++ {
			term.Mul(row[r], misses[r])
			if r%2 == 0 {
				sum.Add(sum, term)
			} else {
				sum.Sub(sum, term)
			}
		}
		total.Add(total, term.Mul(weights[j], sum))
	}
	rate, _ := total.Float64()
	return min(max(rate, 0), 1)
}

// precision is the number of bits after which 100 or so are left: the sum is
// no smaller than (fill/e)^k, its terms are no larger than 2^k, and a power
// with exponent N loses log2(N) < 64 bits.
func (c cover) precision() uint {
	k := float64(c.hashes)
	fill := -math.Expm1(-c.draws() * float64(c.group()) / float64(c.bits))
	return uint(256 + k*(4-math.Log2(fill)))
}

// miss is (prod_{i<r} (m-g-i)/(m-i))^N.
func (c cover) miss(r int, prec uint) *big.Float {
	m, g := c.bits, uint64(c.group())
	base := newBig(prec, 1)
	for i := uint64(0); i < uint64(r); i++ {
		if i >= m || m-i <= g {
			return newBig(prec, 0)
		}
		base.Mul(base, newBig(prec, m-i-g))
		base.Quo(base, newBig(prec, m-i))
	}
	power := bigPower(base, c.keys)
	if c.replace {
		power = bigPower(power, uint64(c.hashes))
	}
	return power
}

func (c cover) bigWeights(prec uint) []*big.Float {
	k := c.hashes
	weights := make([]*big.Float, k+1)
	for j := range weights {
		weights[j] = newBig(prec, 0)
	}
	if !c.replace {
		weights[k].SetInt64(1)
		return weights
	}
	weights[0].SetInt64(1)
	m := newBig(prec, c.bits)
	stay, step := newBig(prec, 0), newBig(prec, 0)
	for t := range k {
		for j := t + 1; j >= 1; j-- {
			stay.Mul(weights[j], newBig(prec, uint64(j)))
			fresh := newBig(prec, 0)
			if uint64(j-1) < c.bits {
				fresh.SetUint64(c.bits - uint64(j-1))
			}
			step.Mul(weights[j-1], fresh)
			weights[j].Quo(stay.Add(stay, step), m)
		}
		weights[0].SetInt64(0)
	}
	return weights
}

// bigPower is x^n by squaring.
func bigPower(x *big.Float, n uint64) *big.Float {
	result := newBig(x.Prec(), 1)
	square := newBig(x.Prec(), 0).Set(x)
	for ; n > 0; n >>= 1 {
		if n&1 == 1 {
			result.Mul(result, square)
		}
		square.Mul(square, square)
	}
	return result
}

func newBig(prec uint, value uint64) *big.Float {
	return new(big.Float).SetPrec(prec).SetUint64(value)
}
