package filter

import "cloudconcepts/internal/check"

// Config is the shape of a filter: a plain value.
type Config struct {
	Bits   uint64 `json:"bits"`   // [1, 2^34] (2 GiB), rounded up to whole slices, lines or blocks
	Hashes int    `json:"hashes"` // bits set for a key, [1, 64] and at most Bits; 8 for SplitBlock
	Layout Layout `json:"layout"`
	Scheme Scheme `json:"scheme"`
}

// Validate says all that is wrong with c at once; every error wraps ErrInvalidConfig.
func (c Config) Validate() error {
	v := check.Of(ErrInvalidConfig)
	if c.Bits < 1 {
		v.Add("Bits = 0, want in [1, %d]", uint64(maxFilterBits))
	}
	if c.Bits > maxFilterBits {
		v.Add("Bits = %d, want at most %d: the filter alone would take %.3g GiB, and the limit is 2 GiB",
			c.Bits, uint64(maxFilterBits), float64(c.Bits)/8/(1<<30))
	}
	if c.Layout < Classic || c.Layout > SplitBlock {
		v.Add("Layout = %d, want one of %v", int(c.Layout), layoutNames())
	}
	if c.Scheme < Independent || c.Scheme > Salted {
		v.Add("Scheme = %d, want one of %v", int(c.Scheme), schemeNames())
	}
	check.Count(&v, "Hashes", c.Hashes, 1, maxFilterHashes)
	if c.Hashes > 0 && c.Hashes <= maxFilterHashes && uint64(c.Hashes) > c.Bits {
		v.Add("Hashes = %d, want at most Bits = %d", c.Hashes, c.Bits)
	}
	if c.Layout == SplitBlock && c.Hashes != lanes {
		v.Add("Hashes = %d, want 8: a split-block filter sets one bit in each of eight words", c.Hashes)
	}
	if c.Scheme == Salted && c.Layout != SplitBlock {
		v.Add("Scheme = salted, want another one: only the split-block layout has it")
	}
	return v.Err()
}

// BuiltBits is the size of the filter that New builds.
func (c Config) BuiltBits() uint64 {
	switch c.Layout {
	case Partitioned:
		return roundUp(c.Bits, uint64(max(c.Hashes, 1)))
	case Blocked:
		return roundUp(c.Bits, lineBits)
	case SplitBlock:
		return roundUp(c.Bits, blockBits)
	}
	return c.Bits
}

func roundUp(bits, unit uint64) uint64 { return (bits + unit - 1) / unit * unit }
