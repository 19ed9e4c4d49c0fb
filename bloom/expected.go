package bloom

import (
	"math"

	"cloudconcepts/bloom/filter"
)

// predict is the theory of a measurement, for the filter as it is built.
func predict(c Config) Result {
	m := c.shape().BuiltBits()
	r := Result{Config: c, FilterBits: m, FPRClassical: Classical(float64(m), float64(c.Keys), c.Hashes)}
	r.FPRExact = exactIn(c.Layout, m, c.Keys, c.Hashes)
	mean, sd := fillOf(c.Layout, m, c.Keys, c.Hashes)
	r.FillExpected, r.FillSDExpected = mean/float64(m), sd/float64(m)
	k := float64(c.Hashes)
	if c.Layout == filter.Classic || c.Layout == filter.Partitioned {
		r.FPRSDExpected = k * math.Pow(r.FillExpected, k-1) * r.FillSDExpected
	}
	r.ProbesAbsentExpected = probesOf(c.Layout, m, c.Keys, c.Hashes, r.FillExpected)
	if c.Absent == Overlapping {
		r.ProbesAbsentExpected += c.Overlap * (k - r.ProbesAbsentExpected)
	}
	return r
}

// exactIn is the exact rate of a filter of that layout.
func exactIn(layout filter.Layout, bits, keys uint64, hashes int) float64 {
	switch layout {
	case filter.Partitioned:
		return Partitioned(bits, keys, hashes)
	case filter.Blocked:
		return BlockedExact(bits, keys, LineBits, hashes, InnerExact)
	case filter.SplitBlock:
		return SplitBlockExact(bits, keys)
	}
	return Exact(bits, keys, hashes)
}

// fillOf is the mean and the standard deviation of the number of set bits.
func fillOf(layout filter.Layout, m, keys uint64, hashes int) (mean, sd float64) {
	switch layout {
	case filter.Classic:
		return FillMoments(m, keys, hashes)
	case filter.Partitioned:
		k := float64(hashes)
		mean, sd = FillMoments(m/uint64(hashes), keys, 1)
		return k * mean, math.Sqrt(k) * sd
	case filter.Blocked:
		return blockFill{block: LineBits, group: LineBits, draws: float64(hashes)}.moments(float64(m), float64(keys))
	}
	return blockFill{block: splitBlockBits, group: laneBits, draws: 1}.moments(float64(m), float64(keys))
}

// blockFill is the filling of a filter of blocks: a key chooses a block, and in
// every group of its bits draws positions with replacement.
type blockFill struct{ block, group, draws float64 }

// moments come from the chance that one bit, and that two bits, are left
// alone by a key. Two bits are in the same group, in two groups of one block,
// or in two blocks.
func (b blockFill) moments(m, n float64) (mean, sd float64) {
	q := b.block / m
	one := math.Pow(1-1/b.group, b.draws)
	zero := chance(q*(1-one), n)
	same := chance(q*(1-math.Pow(1-2/b.group, b.draws)), n)
	near := chance(q*(1-one*one), n)
	// Each covariance is taken from its own difference, not from large sums.
	variance := m * (zero - zero*zero)
	variance += m * (b.group - 1) * (same - zero*zero)
	variance += m * (b.block - b.group) * (near - zero*zero)
	if m > b.block {
		step := q * (1 - one)
		// (1-2s)^n - (1-s)^(2n) = (1-s)^(2n) (e^(n ln(1 - s^2/(1-s)^2)) - 1)
		ratio := step / (1 - step)
		variance += m * (m - b.block) * zero * zero * math.Expm1(n*math.Log1p(-ratio*ratio))
	}
	return m * (1 - zero), math.Sqrt(max(variance, 0))
}

// chance that n keys all miss what one key hits with probability p.
func chance(p, n float64) float64 {
	if p >= 1 {
		return 0
	}
	return math.Exp(n * math.Log1p(-p))
}

// probesOf is the mean number of bits that a lookup of an absent key tests.
func probesOf(layout filter.Layout, m, keys uint64, hashes int, fill float64) float64 {
	block, perKey := 0.0, 0.0 // bits; chance that one key sets a given bit of its block
	switch layout {
	case filter.Blocked:
		block = LineBits
		perKey = -math.Expm1(float64(hashes) * math.Log1p(-1.0/LineBits))
	case filter.SplitBlock:
		block, perKey = splitBlockBits, 1.0/laneBits
	default:
		return ProbesAbsent(fill, hashes)
	}
	return blockedProbes(float64(keys), block/float64(m), perKey, hashes)
}

// blockedProbes is the mean of ProbesAbsent over the number of keys in a block,
// which is binomial. (The block's fill is taken at its mean.)
func blockedProbes(n, q, perKey float64, hashes int) float64 {
	scale := float64(hashes)
	return scale * mixture(binomial(n, q), func(i float64) (float64, float64) {
		fill := -math.Expm1(i * math.Log1p(-perKey))
		return ProbesAbsent(fill, hashes) / scale, 0
	})
}
