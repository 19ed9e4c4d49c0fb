package filter

// Filter is a Bloom filter of 64-bit hashes. Equal keys must come with equal
// hashes and the hashes must be well mixed: Hash64 and HashBytes are. Adding
// is not safe beside other calls; looking up is safe beside looking up.
type Filter interface {
	// Add puts a key in.
	Add(hash uint64)
	// Has says whether all the key's bits are set: true for every key that was
	// added, and for some that were not.
	Has(hash uint64) bool
	// Probe is Has, and how many bits a lookup tests that stops at the first
	// one that is not set.
	Probe(hash uint64) (tested int, present bool)
	// Bits is the size, in bits, as built: up to a line more than asked for.
	Bits() uint64
	// Ones is how many of them are set.
	Ones() uint64
	// Hashes is the number of bits set for a key.
	Hashes() int
	// Reset empties the filter.
	Reset()
}

const (
	maxFilterBits   = 1 << 34 // 2 GiB
	maxFilterHashes = 64
	lineBits        = 512 // of a blocked filter
	blockBits       = 256 // of a split-block filter
	laneBits        = 32
	lanes           = 8
)

// New builds an empty filter. Bits are rounded up to whole slices, lines or blocks.
func New(c Config) (Filter, error) {
	if err := c.Validate(); err != nil {
		return nil, err
	}
	switch bits := c.BuiltBits(); c.Layout {
	case Partitioned:
		return newPartitioned(bits, c.Hashes, c.Scheme), nil
	case Blocked:
		return newBlocked(bits, c.Hashes, c.Scheme), nil
	case SplitBlock:
		return newSplitBlock(bits, c.Scheme), nil
	}
	return newClassic(c.Bits, c.Hashes, c.Scheme), nil
}
