package bloom

import (
	"errors"
	"fmt"
	"math"

	"cloudconcepts/bloom/filter"
)

// Ln2Squared is (ln 2)^2: an ideal Bloom filter with b bits per key and a real
// number of hashes has the false positive rate e^(-b Ln2Squared).
const Ln2Squared = math.Ln2 * math.Ln2

// Bounds of what the closed forms accept.
const (
	MaxHashes = 64      // hashes per key
	MaxBits   = 1 << 56 // bits of one filter
	MaxKeys   = 1 << 56 // keys of one filter
)

// Params are the three numbers that describe a Bloom filter.
type Params struct {
	Bits   uint64 `json:"bits"`   // m, [1, MaxBits]
	Keys   uint64 `json:"keys"`   // n, distinct keys added, [0, MaxKeys]
	Hashes int    `json:"hashes"` // k, positions per key, [1, min(MaxHashes, Bits)]
}

// String is p in words: 9595 bits, 1000 keys, 7 hashes.
func (p Params) String() string {
	return fmt.Sprintf("%d bits, %d keys, %d hashes", p.Bits, p.Keys, p.Hashes)
}

// Validate says all that is wrong with p at once; every error wraps ErrInvalidConfig.
func (p Params) Validate() error {
	var errs []error
	if p.Bits < 1 || p.Bits > MaxBits {
		errs = append(errs, fmt.Errorf("%w: Bits = %d, want in [1, %d]", ErrInvalidConfig, p.Bits, uint64(MaxBits)))
	}
	if p.Keys > MaxKeys {
		errs = append(errs, fmt.Errorf("%w: Keys = %d, want in [0, %d]", ErrInvalidConfig, p.Keys, uint64(MaxKeys)))
	}
	if p.Hashes < 1 || p.Hashes > MaxHashes || uint64(p.Hashes) > max(p.Bits, 1) {
		errs = append(errs, fmt.Errorf("%w: Hashes = %d, want in [1, %d] and at most Bits = %d",
			ErrInvalidConfig, p.Hashes, MaxHashes, p.Bits))
	}
	return errors.Join(errs...)
}

// BitsPerKey is m/n, +Inf without keys.
func (p Params) BitsPerKey() float64 { return float64(p.Bits) / float64(p.Keys) }

// Classical is the formula of every textbook, (1 - e^(-kn/m))^k. It treats the
// share of set bits as fixed and so is below the exact rate, visibly so for
// small filters; see [Exact]. It is NaN unless bits > 0, keys >= 0 (both
// finite) and hashes >= 1.
func Classical(bits, keys float64, hashes int) float64 {
	if !(bits > 0) || !(keys >= 0) || math.IsInf(bits, 0) || math.IsInf(keys, 0) || hashes < 1 {
		return math.NaN()
	}
	k := float64(hashes)
	return math.Pow(-math.Expm1(-k*(keys/bits)), k)
}

// Ideal is the rate of a Bloom filter whose number of hashes need not be whole,
// e^(-b (ln 2)^2), at best 1. It is NaN unless bitsPerKey is finite and >= 0.
func Ideal(bitsPerKey float64) float64 {
	if !(bitsPerKey >= 0) || math.IsInf(bitsPerKey, 0) {
		return math.NaN()
	}
	return math.Exp(-bitsPerKey * Ln2Squared)
}

// IdealBits is the inverse of Ideal; fpr in (0, 1]; others give NaN.
func IdealBits(fpr float64) float64 {
	if !(fpr > 0 && fpr <= 1) {
		return math.NaN()
	}
	return math.Abs(math.Log(fpr) / Ln2Squared)
}

// OptimalHashes is the whole number of hashes in [1, MaxHashes] with the least
// classical rate: the better neighbour of b ln 2. It is 0 unless bitsPerKey is
// finite and > 0.
func OptimalHashes(bitsPerKey float64) int {
	if !(bitsPerKey > 0) || math.IsInf(bitsPerKey, 0) {
		return 0
	}
	k := bitsPerKey * math.Ln2
	if k >= MaxHashes {
		return MaxHashes
	}
	low := max(int(k), 1)
	if Classical(bitsPerKey, 1, low+1) < Classical(bitsPerKey, 1, low) {
		return min(low+1, MaxHashes)
	}
	return low
}

// Partitioned is the rate of a filter cut into k slices of floor(m/k) bits, one
// hash each: (1 - (1-1/s)^n)^k. It is exact, and NaN for parameters that
// [Params.Validate] refuses.
func Partitioned(bits, keys uint64, hashes int) float64 {
	if (Params{bits, keys, hashes}).Validate() != nil {
		return math.NaN()
	}
	if keys == 0 {
		return 0
	}
	slice := float64(bits / uint64(hashes))
	fill := -math.Expm1(float64(keys) * math.Log1p(-1/slice))
	return math.Pow(fill, float64(hashes))
}

// ProbesAbsent is the expected number of bits that a lookup of an absent key
// reads if it stops at the first zero: (1 - fill^k)/(1 - fill). The lookup of a
// present key reads all k. It is NaN unless fill is in [0, 1] and hashes >= 1.
func ProbesAbsent(fill float64, hashes int) float64 {
	if !(fill >= 0 && fill <= 1) || hashes < 1 {
		return math.NaN()
	}
	if fill == 1 {
		return float64(hashes)
	}
	return -math.Expm1(float64(hashes)*math.Log(fill)) / (1 - fill)
}

// LinesRead are the cache lines that a lookup reads: all of a key's in a classic or
// partitioned filter, until the first bit that is not set if the key is absent;
// one in a blocked filter. The filter is taken to be much larger than a line. It is NaN where
// [ProbesAbsent] is.
func LinesRead(layout filter.Layout, fill float64, hashes int, absent bool) float64 {
	probes := ProbesAbsent(fill, hashes)
	switch {
	case math.IsNaN(probes):
		return probes
	case layout == filter.Blocked || layout == filter.SplitBlock:
		return 1
	case absent:
		return probes
	}
	return float64(hashes)
}

// invalid makes the error of one value out of range.
func invalid(name string, value any, want string) error {
	return fmt.Errorf("%w: %s = %v, want %s", ErrInvalidConfig, name, value, want)
}
