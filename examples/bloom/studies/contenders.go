package studies

import (
	"fmt"
	"math"
	"slices"

	"cloudconcepts/bloom"
	"cloudconcepts/bloom/bloomplot"
)

// contenders are the filters that are compared, with the bits that each needs.
func contenders(target float64) []bloomplot.Contender {
	kinds := []bloomplot.Contender{
		{Name: "classic", Rate: func(b float64) float64 { return bloom.Classical(b, 1, bloom.OptimalHashes(b)) }},
		{Name: "blocked, 512 bits", Rate: func(b float64) float64 {
			return bloom.Blocked(b, bloom.LineBits, blockedHashes(b), bloom.InnerExact)
		}},
		{Name: "split-block", Rate: bloom.SplitBlock},
	}
	for i := range kinds {
		kinds[i].Bits = bitsFor(target, kinds[i].Rate)
	}
	return kinds
}

// bitsFor is the bits per key at which a falling rate meets the target.
func bitsFor(target float64, rate func(float64) float64) float64 {
	low, high := 0.5, 200.0
	if !(rate(high) <= target) {
		return math.NaN()
	}
	for high-low > 1e-5 {
		if mid := (low + high) / 2; rate(mid) > target {
			low = mid
		} else {
			high = mid
		}
	}
	return high
}

// smallFilters warns where the lines of large filters do not fit the dots.
func smallFilters(c bloom.Config) []string {
	if c.Keys >= 1000 {
		return nil
	}
	return []string{fmt.Sprintf("The lines are for large filters; with %s in a filter the exact rates of the table differ, and blocks are rounded up.", plural(int(c.Keys), "key"))}
}

// sensible refuses targets and lists that no chart can show.
func sensible(target float64, bits []float64) error {
	if !(target >= 1e-6 && target <= 0.5) {
		return fmt.Errorf("%w: --fpr = %v, want in [0.000001, 0.5]", bloom.ErrInvalidConfig, target)
	}
	return severalBits(bits)
}

func severalBits(bits []float64) error {
	if len(bits) < 2 || !(slices.Min(bits) >= 1) || !(slices.Max(bits) <= 100) || slices.Min(bits) == slices.Max(bits) {
		return fmt.Errorf("%w: --bits-per-key = %v, want two or more different numbers in [1, 100]", bloom.ErrInvalidConfig, bits)
	}
	return nil
}

// blockedHashes is the best number of hashes of a blocked filter. The classical
// rate inside a line, which is quick, finds it to within one too many.
func blockedHashes(b float64) int {
	k := bloom.OptimalBlockedHashes(b, bloom.LineBits, bloom.InnerClassical)
	rate := func(k int) float64 { return bloom.Blocked(b, bloom.LineBits, k, bloom.InnerExact) }
	if k > 1 && rate(k-1) <= rate(k) {
		return k - 1
	}
	return k
}
