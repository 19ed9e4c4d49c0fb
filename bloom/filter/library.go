package filter

import (
	"encoding/binary"
	"fmt"
	"math"

	library "github.com/bits-and-blooms/bloom/v3"
)

// Library is github.com/bits-and-blooms/bloom/v3 without its traps: for
// n = 0 it would build a filter of 2^63 hashes whose first Add does not end, a
// rate of 0 or 1 gives a filter without sense, and a filter with every bit set
// says that it holds no key.
type Library struct {
	filter *library.BloomFilter
}

// NewLibrary returns an empty filter of that many bits, [1, 2^34], and hashes,
// [1, 64] and no more than bits.
func NewLibrary(bits uint64, hashes int) (*Library, error) {
	c := Config{Bits: bits, Hashes: hashes, Scheme: BitsAndBlooms}
	if err := c.Validate(); err != nil {
		return nil, err
	}
	return &Library{library.New(uint(bits), uint(hashes))}, nil
}

// NewLibraryFor returns an empty filter of the size that the library finds
// right for a number of keys, [1, 1e10], at a rate, (0, 1). The rate that one
// gets may be a little above it: compare bloom.Exact.
func NewLibraryFor(keys uint64, fpr float64) (*Library, error) {
	if keys < 1 || keys > maxLibraryKeys {
		return nil, fmt.Errorf("%w: Keys = %d, want in [1, %.0f]", ErrInvalidConfig, keys, maxLibraryKeys)
	}
	if !(fpr > 0 && fpr < 1) {
		return nil, fmt.Errorf("%w: FPR = %g, want in (0, 1)", ErrInvalidConfig, fpr)
	}
	if bits := -float64(keys) * math.Log(fpr) / (math.Ln2 * math.Ln2); bits > maxFilterBits {
		return nil, fmt.Errorf("%w: %d keys at a rate of %g need %.3g GiB, and the limit is 2 GiB",
			ErrInvalidConfig, keys, fpr, bits/8/(1<<30))
	}
	bits, hashes := library.EstimateParameters(uint(keys), fpr)
	if hashes > maxFilterHashes {
		return nil, fmt.Errorf("%w: a rate of %g needs %d hashes, want at most %d", ErrInvalidConfig, fpr, hashes, maxFilterHashes)
	}
	return &Library{library.New(bits, hashes)}, nil
}

// maxLibraryKeys bounds what the library is asked to size.
const maxLibraryKeys = 1e10

// AddBytes puts a key in.
func (f *Library) AddBytes(key []byte) { f.filter.Add(key) }

// HasBytes says whether all the key's bits are set.
func (f *Library) HasBytes(key []byte) bool { return f.filter.Test(key) }

// Add puts a key in: the hash's eight bytes, little-endian.
func (f *Library) Add(hash uint64) {
	var key [8]byte
	binary.LittleEndian.PutUint64(key[:], hash)
	f.filter.Add(key[:])
}

// Has says whether all the key's bits are set.
func (f *Library) Has(hash uint64) bool {
	var key [8]byte
	binary.LittleEndian.PutUint64(key[:], hash)
	return f.filter.Test(key[:])
}

// Probe is Has with the number of bits tested.
func (f *Library) Probe(hash uint64) (tested int, present bool) {
	p := newProbes(BitsAndBlooms, hash, f.Bits())
	for i := range f.Hashes() {
		if !f.filter.BitSet().Test(uint(p.next())) {
			return i + 1, false
		}
	}
	return f.Hashes(), true
}

// Bits is the size in bits.
func (f *Library) Bits() uint64 { return uint64(f.filter.Cap()) }

// Ones is how many bits are set.
func (f *Library) Ones() uint64 { return uint64(f.filter.BitSet().Count()) }

// Hashes is the number of bits set for a key.
func (f *Library) Hashes() int { return int(f.filter.K()) }

// Reset empties the filter.
func (f *Library) Reset() { f.filter.ClearAll() }

// Keys estimates how many different keys were added, from the bits set. A
// filter with every bit set could hold any number: an error.
func (f *Library) Keys() (float64, error) {
	m, x := float64(f.Bits()), float64(f.Ones())
	if x >= m {
		return math.Inf(1), fmt.Errorf("%w: all %.0f bits are set: the filter may hold any number of keys", ErrInvalidConfig, m)
	}
	return -m / float64(f.Hashes()) * math.Log1p(-x/m), nil
}
