package filter

import "math/bits"

// splitBlock is the split-block filter of Apache Parquet: a key sets one
// bit in each of the eight 32-bit words of one 256-bit block. With the Salted
// scheme and XXH64 hashes its bits are those of a Parquet file.
type splitBlock struct {
	blocks [][lanes]uint32
	scheme Scheme
}

// The multipliers of Parquet's format (apache/parquet-format, BloomFilter.md).
const (
	salt0 uint32 = 0x47B6137B
	salt1 uint32 = 0x44974D91
	salt2 uint32 = 0x8824AD5B
	salt3 uint32 = 0xA2B7289D
	salt4 uint32 = 0x705495C7
	salt5 uint32 = 0x2DF1424B
	salt6 uint32 = 0x9EFC4947
	salt7 uint32 = 0x5C6BFB31
)

// newSplitBlock takes whole blocks of bits.
func newSplitBlock(bits uint64, scheme Scheme) *splitBlock {
	return &splitBlock{make([][lanes]uint32, bits/blockBits), scheme}
}

// block is Parquet's choice of the block: the high half of the hash.
func (f *splitBlock) block(hash uint64) *[lanes]uint32 {
	return &f.blocks[hash>>32*uint64(len(f.blocks))>>32]
}

// positions are the bits of a key in the words of its block.
func (f *splitBlock) positions(hash uint64) (at [lanes]uint32) {
	if f.scheme == Salted {
		h := uint32(hash)
		return [lanes]uint32{
			h * salt0 >> 27, h * salt1 >> 27, h * salt2 >> 27, h * salt3 >> 27,
			h * salt4 >> 27, h * salt5 >> 27, h * salt6 >> 27, h * salt7 >> 27,
		}
	}
	p := newProbes(f.scheme, Hash64(hash), laneBits)
	for i := range at {
		at[i] = uint32(p.next())
	}
	return at
}

// Add puts a key in.
func (f *splitBlock) Add(hash uint64) {
	block, at := f.block(hash), f.positions(hash)
	for i := range block {
		block[i] |= 1 << (at[i] & 31)
	}
}

// Has says whether all the key's bits are set. In the Salted scheme it tests
// all eight without a branch.
func (f *splitBlock) Has(hash uint64) bool {
	if f.scheme != Salted {
		_, present := f.Probe(hash)
		return present
	}
	b, h := f.block(hash), uint32(hash)
	all := b[0] >> (h * salt0 >> 27 & 31) & (b[1] >> (h * salt1 >> 27 & 31)) &
		(b[2] >> (h * salt2 >> 27 & 31)) & (b[3] >> (h * salt3 >> 27 & 31)) &
		(b[4] >> (h * salt4 >> 27 & 31)) & (b[5] >> (h * salt5 >> 27 & 31)) &
		(b[6] >> (h * salt6 >> 27 & 31)) & (b[7] >> (h * salt7 >> 27 & 31))
	return all&1 != 0
}

// Probe is Has with the number of bits tested.
func (f *splitBlock) Probe(hash uint64) (tested int, present bool) {
	block, at := f.block(hash), f.positions(hash)
	for i := range block {
		if block[i]>>(at[i]&31)&1 == 0 {
			return i + 1, false
		}
	}
	return lanes, true
}

// Bits is the size in bits.
func (f *splitBlock) Bits() uint64 { return uint64(len(f.blocks)) * blockBits }

// Ones is how many bits are set.
func (f *splitBlock) Ones() uint64 {
	n := 0
	for i := range f.blocks {
		for _, w := range f.blocks[i] {
			n += bits.OnesCount32(w)
		}
	}
	return uint64(n)
}

// Hashes is eight.
func (f *splitBlock) Hashes() int { return lanes }

// Reset empties the filter.
func (f *splitBlock) Reset() { clear(f.blocks) }
