package filter

// partitioned gives every hash a slice of the bits for itself. Its rate
// has an exact closed form, Partitioned.
type partitioned struct {
	words  []uint64
	slice  uint64 // bits of one slice
	hashes int
	scheme Scheme
}

// newPartitioned takes a number of bits that the hashes divide.
func newPartitioned(bits uint64, hashes int, scheme Scheme) *partitioned {
	return &partitioned{make([]uint64, (bits+63)/64), bits / uint64(hashes), hashes, scheme}
}

// Add puts a key in.
func (f *partitioned) Add(hash uint64) {
	p := newProbes(f.scheme, hash, f.slice)
	for i := range f.hashes {
		at := uint64(i)*f.slice + p.next()
		f.words[at/64] |= 1 << (at % 64)
	}
}

// Has says whether all the key's bits are set.
func (f *partitioned) Has(hash uint64) bool {
	_, present := f.Probe(hash)
	return present
}

// Probe is Has with the number of bits tested.
func (f *partitioned) Probe(hash uint64) (tested int, present bool) {
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
func (f *partitioned) Bits() uint64 { return f.slice * uint64(f.hashes) }

// Ones is how many bits are set.
func (f *partitioned) Ones() uint64 { return onesIn(f.words) }

// Hashes is the number of bits set for a key.
func (f *partitioned) Hashes() int { return f.hashes }

// Reset empties the filter.
func (f *partitioned) Reset() { clear(f.words) }
