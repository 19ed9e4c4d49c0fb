package lsm

import (
	"math"

	"cloudconcepts/bloom"
)

// AbsentReads is R, the expected reads of an absent key: the sum of the rates
// (Equation 3 of Monkey). It holds whether or not the runs share a hash.
func AbsentReads(rates []float64) float64 {
	var sum float64
	for _, p := range rates {
		sum += p
	}
	return sum
}

// PresentReads is V, the expected reads of a key that is in run i with
// probability target[i] (at least one positive; they are taken relative to
// their sum): 1 plus the rates of the runs before it. With all weight on the
// last run it is Equation 9 of Monkey, R - p_L + 1. It is NaN unless there is a
// weight in [0, 1e15] for each rate in [0, 1].
func PresentReads(rates, target []float64) float64 {
	if len(rates) != len(target) {
		return math.NaN()
	}
	var sum, newer, reads float64
	for i, w := range target {
		if !(rates[i] >= 0 && rates[i] <= 1) || !(w >= 0 && w <= 1e15) {
			return math.NaN()
		}
		reads += w * (1 + newer)
		newer += rates[i]
		sum += w
	}
	return reads / sum
}

// CliffRate is the largest false-positive rate of L independent runs at which
// a share q of all absent lookups reads nothing: 1 - q^(1/L). Its bloom.IdealBits is
// where the latency quantile q falls off a cliff. q in (0, 1), runs >= 1; others
// give NaN.
func CliffRate(runs int, q float64) float64 {
	if runs < 1 || !(q > 0 && q < 1) {
		return math.NaN()
	}
	return -math.Expm1(math.Log(q) / float64(runs))
}

// CliffBits is the bits per key of ideal filters from which on the quantile q of the uncached reads of
// an absent key over independent runs is 0, if a share hit of the reads is cached: at least 0. It is NaN
// unless hit is in [0, 1] and where [CliffRate] is.
func CliffBits(runs int, hit, q float64) float64 {
	rate := CliffRate(runs, q)
	if math.IsNaN(rate) || !(hit >= 0 && hit <= 1) {
		return math.NaN()
	}
	if hit == 1 {
		return 0
	}
	return bloom.IdealBits(math.Min(rate/(1-hit), 1))
}

// MonkeyRate is the closed form of a Monkey-allocated tree with infinitely many
// levels: the expected false positives of an absent key,
// T^(T/(T-1))/(T-1) e^(-bQ) for levelling and T-1 times that for tiering
// (github.com/BU-DiSC/endure, cost_function.py). It holds from
// MonkeyThreshold on; with fewer bits per key the last level has no filter. It is
// NaN unless sizeRatio is in [2, 1000], bitsPerKey in [0, 1000] and the policy
// one of these two.
func MonkeyRate(sizeRatio, bitsPerKey float64, policy Policy) float64 {
	if !(sizeRatio >= 2 && sizeRatio <= 1000) || !(bitsPerKey >= 0 && bitsPerKey <= maxBitsPerKey) || policy != Levelling && policy != Tiering {
		return math.NaN()
	}
	r := math.Exp(sizeRatio/(sizeRatio-1)*math.Log(sizeRatio) - bitsPerKey*bloom.Ln2Squared)
	if policy == Levelling {
		r /= sizeRatio - 1
	}
	return r
}

// MonkeyThreshold is the bits per key below which Monkey leaves the largest
// level of an infinite tree without a filter: ln T/((T-1) Q). It is NaN unless
// sizeRatio is finite and > 1.
func MonkeyThreshold(sizeRatio float64) float64 {
	if !(sizeRatio > 1) || math.IsInf(sizeRatio, 0) {
		return math.NaN()
	}
	return math.Log(sizeRatio) / ((sizeRatio - 1) * bloom.Ln2Squared)
}

// TreeLevels is the number of levels of a tree whose level 0 is a memory
// buffer: ceil(log_T(N E / M (T-1)/T + 1/T)), at least 1. It is Equation 1 of
// Dayan, Athanassoulis and Idreos (Monkey, SIGMOD 2017) with the +1/T that
// makes it exact (github.com/IntersectMBO/lsm-tree, src-monkey/Monkey.hs).
// It is 0 unless keys and entryBytes are in [1, 1e15], bufferBytes in (0, 1e18] and
// sizeRatio in [2, 1000].
func TreeLevels(keys, entryBytes, bufferBytes, sizeRatio float64) int {
	if !(keys >= 1 && keys <= 1e15) || !(entryBytes >= 1 && entryBytes <= 1e15) || !(bufferBytes > 0 && bufferBytes <= 1e18) ||
		!(sizeRatio >= 2 && sizeRatio <= 1000) {
		return 0
	}
	full := keys*entryBytes/bufferBytes*(sizeRatio-1)/sizeRatio + 1/sizeRatio
	levels := math.Log(full) / math.Log(sizeRatio)
	return max(1, int(math.Ceil(levels-1e-12)))
}

// FilterGain is what a filter on one run saves per lookup that reaches the run,
// in seconds: absent (1-fpr) read - ask - rent. absent is the share of these
// lookups whose key the run does not hold and fpr the filter's rate, [0, 1]; read
// is the mean time of the read that it spares, ask the time to ask the filter,
// rent what else its memory could have saved (see [MemorySplit]); all in [0, 1e6] s. A
// negative gain says: no filter, as RocksDB's optimize_filters_for_hits does on
// the last level. It is NaN outside these ranges.
func FilterGain(absent, fpr, read, ask, rent float64) float64 {
	if !validGain(absent, fpr, read, ask, rent) {
		return math.NaN()
	}
	return absent*(1-fpr)*read - ask - rent
}

// FilterBreakEven is the share of absent keys from which on a filter pays,
// (ask+rent)/((1-fpr) read). Over 1, +Inf included, it never does. It is NaN where
// [FilterGain] is.
func FilterBreakEven(fpr, read, ask, rent float64) float64 {
	if !validGain(0, fpr, read, ask, rent) {
		return math.NaN()
	}
	if ask+rent == 0 {
		return 0
	}
	return (ask + rent) / ((1 - fpr) * read)
}

func validGain(absent, fpr, read, ask, rent float64) bool {
	within := func(x, most float64) bool { return x >= 0 && x <= most }
	return within(absent, 1) && within(fpr, 1) && within(read, 1e6) && within(ask, 1e6) && within(rent, 1e6)
}
