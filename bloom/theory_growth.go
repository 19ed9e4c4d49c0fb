package bloom

import "math"

// Scalable is the rate of a filter that grows by slices of its own, slice i
// sized for fpr * tightening^i (Almeida et al., 2007): a lookup asks all of
// them, so the compound is 1 - prod(1 - fpr r^i). The bound fpr/(1-r) holds for
// any number of slices; it can pass 1, and is +Inf for r = 1. Both are NaN unless
// fpr is in (0, 1), tightening in (0, 1] and slices in [1, 1e6].
func Scalable(fpr, tightening float64, slices int) (compound, bound float64) {
	if !(fpr > 0 && fpr < 1) || !(tightening > 0 && tightening <= 1) || slices < 1 || slices > 1e6 {
		return math.NaN(), math.NaN()
	}
	logMiss, rate := 0.0, fpr
	for range slices {
		logMiss += math.Log1p(-rate)
		rate *= tightening
	}
	return -math.Expm1(logMiss), fpr / (1 - tightening)
}

// CountingOverflow bounds the chance that any of m counters of a counting
// filter passes its top value: m (e k n / (m 2^w))^(2^w) for counters of w bits
// (Fan et al., 2000), at best 1: a union bound, not a probability. With 4 bits at half fill it is 1.37e-15 m.
// It is NaN for parameters that [Params.Validate] refuses and unless counterBits
// is in [1, 16].
func CountingOverflow(counters, keys uint64, hashes, counterBits int) float64 {
	if (Params{counters, keys, hashes}).Validate() != nil || counterBits < 1 || counterBits > 16 {
		return math.NaN()
	}
	if keys == 0 {
		return 0
	}
	m, top := float64(counters), math.Exp2(float64(counterBits))
	load := float64(keys) / m * float64(hashes)
	return min(math.Exp(math.Log(m)+top*(1+math.Log(load/top))), 1)
}
