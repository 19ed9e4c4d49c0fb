package bloom

// PartitionedFilter gives every hash a slice of the bits for itself. Its rate
// has an exact closed form, Partitioned.
type PartitionedFilter struct {
	words  []uint64
	slice  uint64 // bits of one slice
	hashes int
	scheme Scheme
}

// NewPartitioned returns an empty filter of the given number of bits, [1,
// 2^34], rounded up to equal slices, one for each of the hashes, [1, 64].
func NewPartitioned(bits uint64, hashes int, scheme Scheme) (*PartitionedFilter, error) {
	if err := checkShape(PartitionedLayout, bits, hashes, scheme); err != nil {
		return nil, err
	}
	all := builtBits(PartitionedLayout, bits, hashes)
	return &PartitionedFilter{make([]uint64, (all+63)/64), all / uint64(hashes), hashes, scheme}, nil
}

// Add puts a key in.
func (f *PartitionedFilter) Add(hash uint64) {
	p := newProbes(f.scheme, hash, f.slice)
	for i := range f.hashes {
		at := uint64(i)*f.slice + p.next()
		f.words[at/64] |= 1 << (at % 64)
	}
}

// Has says whether all the key's bits are set.
func (f *PartitionedFilter) Has(hash uint64) bool {
	_, present := f.Probe(hash)
	return present
}

// Probe is Has with the number of bits tested.
func (f *PartitionedFilter) Probe(hash uint64) (tested int, present bool) {
	p := newProbes(f.scheme, hash, f.slice)
	for i := range f.hashes {
		at := uint64(i)*f.slice + p.next()
		if f.words[at/64]>>(at%64)&1 == 0 {
			return i + 1, false
		}
	}
	return f.hashes, true
}

// Bits is the size in bits.
func (f *PartitionedFilter) Bits() uint64 { return f.slice * uint64(f.hashes) }

// Ones is how many bits are set.
func (f *PartitionedFilter) Ones() uint64 { return onesIn(f.words) }

// Hashes is the number of bits set for a key.
func (f *PartitionedFilter) Hashes() int { return f.hashes }

// Reset empties the filter.
func (f *PartitionedFilter) Reset() { clear(f.words) }
