package bloom

import "math"

// line is the structure's bits per key as a + b log2(1/p).
func (s Structure) line() (a, b float64, ok bool) {
	switch s {
	case InformationLimit:
		return 0, 1, true
	case BinaryFuse4:
		return 0, 1.075, true
	case Ribbon:
		return 0, 7 / math.Log2(1/0.0095), true
	case BinaryFuse3:
		return 0, 1.125, true
	case Xor:
		return 0, 1.23, true
	case SemiSortedCuckoo:
		return 2 / 0.95, 1 / 0.95, true
	case Cuckoo:
		return 3 / 0.95, 1 / 0.95, true
	case IdealBloom:
		return 0, 1 / math.Ln2, true
	}
	return 0, 0, false
}

// BitsPerKey is what the structure needs for a false positive rate in (0, 1), NaN
// for others.
// Xor, fuse and ribbon filters reach only the rates 2^-w of whole fingerprints
// (ribbon mixes two of them), small sets need more, and all but Bloom and
// cuckoo have to know the keys in advance: read the curve as their asymptote.
func (s Structure) BitsPerKey(rate float64) float64 {
	a, b, ok := s.line()
	if !ok || !(rate > 0 && rate < 1) {
		return math.NaN()
	}
	return a + b*-math.Log2(rate)
}

// Rate is the inverse: the false positive rate at that many bits per key, at
// best 1. It is NaN unless bitsPerKey is finite and >= 0.
func (s Structure) Rate(bitsPerKey float64) float64 {
	a, b, ok := s.line()
	if !ok || !(bitsPerKey >= 0) || math.IsInf(bitsPerKey, 0) {
		return math.NaN()
	}
	return min(math.Exp2((a-bitsPerKey)/b), 1)
}

// Fingerprint is the chance 1 - e^(-n/2^w) that an absent key has the hash of
// one of the n present ones, w bits wide: a floor of the false positive rate of
// every filter that sees only the hash. It is NaN unless hashBits is in [1, 128].
func Fingerprint(keys uint64, hashBits int) float64 {
	if hashBits < 1 || hashBits > 128 {
		return math.NaN()
	}
	return -math.Expm1(-math.Ldexp(float64(keys), -hashBits))
}

// either is the chance p + q - pq of either of two independent events: a
// filter's own rate and that of its hash, see [Fingerprint].
func either(p, q float64) float64 { return p + q - p*q }
