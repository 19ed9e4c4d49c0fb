package bloom

import "math"

// Exact is the expected false positive rate of a filter whose every key sets k
// independent positions, drawn with replacement: E[(X/m)^k] for X set bits.
// Bose et al. (2008) print it as a sum over m; conditioned on the number j of
// distinct positions among the query's own k it becomes
//
//	sum_j (m)_j S(k,j)/m^k  sum_r (-1)^r C(j,r) (1 - r/m)^(kn)
//
// which takes O(k^2) steps whatever m and n are. S are Stirling numbers of the
// second kind. Christensen, Roginsky and Jimeno (Inf. Process. Lett.
// 110(21):944-949, 2010) have the same law by balls and bins, and that it is
// always above the classical formula.
//
// The relative error is below 1e-11 (2e-10 is proved): where the alternating sum
// cancels in float64, it is done again with as many bits as it takes. It is NaN for parameters that [Params.Validate] refuses.
func Exact(bits, keys uint64, hashes int) float64 {
	return exactOf(bits, keys, hashes, true)
}

// ExactDistinct is the same for keys whose k positions are all different (a
// "committee"): sum_r (-1)^r C(k,r) [C(m-r,k)/C(m,k)]^n. It is NaN where [Exact]
// is.
func ExactDistinct(bits, keys uint64, hashes int) float64 {
	return exactOf(bits, keys, hashes, false)
}

// tolerance is the bound of the relative error up to which a float64 sum is
// believed. The bound is pessimistic: the error is some hundred times less.
const tolerance = 2e-10

func exactOf(bits, keys uint64, hashes int, replace bool) float64 {
	if (Params{bits, keys, hashes}).Validate() != nil {
		return math.NaN()
	}
	c := cover{bits: bits, keys: keys, hashes: hashes, replace: replace}
	rate, abs := c.quick()
	if abs <= tolerance*rate {
		return rate
	}
	return c.precise()
}

// cover is the question of whether keys cover the positions of one more key.
// Keys times trials draws are made, each of group distinct positions:
// with replacement every position is a draw of its own (group 1, k draws a
// key), without it a key is one draw of k.
type cover struct {
	bits, keys uint64
	hashes     int
	replace    bool
}

func (c cover) group() int {
	if c.replace {
		return 1
	}
	return c.hashes
}

func (c cover) draws() float64 {
	if c.replace {
		return float64(c.keys) * float64(c.hashes)
	}
	return float64(c.keys)
}

// quick is the rate in float64 and a bound of its absolute error.
//
// The chance to miss r given positions is written as a^r s_r with
// a = (1 - g/m)^N and s_r = prod_{i<r} (1 - i g/((m-i)(m-g)))^N, near 1. So
// the sum over r is (1-a)^j, known to full precision, less a correction in
// 1 - s_r; only the correction, which is small for large m, cancels.
func (c cover) quick() (rate, abs float64) {
	if c.keys == 0 {
		return 0, 0
	}
	m, g, n := float64(c.bits), float64(c.group()), c.draws()
	if m <= g {
		return 1, 0
	}
	logA := n * math.Log1p(-g/m)
	a, fill := math.Exp(logA), -math.Expm1(logA)

	var missing [MaxHashes + 1]float64 // a^r (1 - s_r)
	power, logS := 1.0, 0.0
	for r := 1; r <= c.hashes; r++ {
		i := float64(r - 1)
		power *= a
		logS += n * math.Log1p(-min(i*g/((m-i)*(m-g)), 1))
		missing[r] = power * -math.Expm1(logS)
	}

	var weights [MaxHashes + 1]float64
	c.weights(&weights)
	const eps = 0x1p-53
	slack := 8 * eps * (2 + math.Abs(logA)) // relative error of one missing[r], per r
	var row [MaxHashes + 1]float64
	row[0] = 1
	power = 1
	for j := 1; j <= c.hashes; j++ {
		power *= fill
		nextBinomials(&row, j)
		if weights[j] == 0 {
			continue
		}
		lost, size := correction(&row, &missing, j)
		rate += weights[j] * (power - lost)
		abs += weights[j] * (size*slack + 4*eps*float64(j)*power)
	}
	return min(max(rate, 0), 1), abs
}

// correction is sum_r (-1)^r C(j,r) missing[r], by compensated summation
// (Neumaier), and the sum of r |C(j,r) missing[r]|, for the error bound.
func correction(row, missing *[MaxHashes + 1]float64, j int) (sum, size float64) {
	carry := 0.0
	for r := 1; r <= j; r++ {
		term := row[r] * missing[r]
		size += term * (1 + float64(r)/8)
		if r%2 == 1 {
			term = -term
		}
		t := sum + term
		if math.Abs(sum) >= math.Abs(term) {
			carry += (sum - t) + term
		} else {
			carry += (term - t) + sum
		}
		sum = t
	}
	return sum + carry, size
}

// weights[j] is the chance that the query's positions are j distinct ones.
func (c cover) weights(weights *[MaxHashes + 1]float64) {
	k := c.hashes
	if !c.replace {
		weights[k] = 1
		return
	}
	// One position after the other: an old one with probability j/m.
	m := float64(c.bits)
	weights[0] = 1
	for t := range k {
		for j := t + 1; j >= 1; j-- {
			weights[j] = weights[j]*(float64(j)/m) + weights[j-1]*((m-float64(j-1))/m)
		}
		weights[0] = 0
	}
}

// nextBinomials turns row j-1 of Pascal's triangle into row j.
func nextBinomials(row *[MaxHashes + 1]float64, j int) {
	for r := j; r >= 1; r-- {
		row[r] += row[r-1]
	}
}
