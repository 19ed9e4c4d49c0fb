package filter

import "math/bits"

// classic is Bloom's filter of 1970: one array of bits, every probe
// anywhere in it.
type classic struct {
	words  []uint64
	bits   uint64
	hashes int
	scheme Scheme
}

func newClassic(bits uint64, hashes int, scheme Scheme) *classic {
	return &classic{make([]uint64, (bits+63)/64), bits, hashes, scheme}
}

// Add puts a key in.
func (f *classic) Add(hash uint64) {
	if f.scheme == Enhanced {
		f.addEnhanced(hash)
		return
	}
	p := newProbes(f.scheme, hash, f.bits)
	for range f.hashes {
		at := p.next()
		f.words[at/64] |= 1 << (at % 64)
	}
}

// addEnhanced is Add without a choice in the loop.
func (f *classic) addEnhanced(hash uint64) {
	m := f.bits
	a, b := reduce(hash, m), reduce(hash*golden, m)
	for i := 1; i <= f.hashes; i++ {
		f.words[a/64] |= 1 << (a % 64)
		a = addMod(a, b, m)
		b = addMod(b, uint64(i)%m, m)
	}
}

// Has says whether all the key's bits are set.
func (f *classic) Has(hash uint64) bool {
	if f.scheme == Enhanced {
		return f.hasEnhanced(hash)
	}
	_, present := f.Probe(hash)
	return present
}

// hasEnhanced is Has without a choice in the loop.
func (f *classic) hasEnhanced(hash uint64) bool {
	m, words := f.bits, f.words
	a, b := reduce(hash, m), reduce(hash*golden, m)
	for i := uint64(1); ; i++ {
		if words[a/64]>>(a%64)&1 == 0 {
			return false
		}
		if i >= uint64(f.hashes) {
			return true
		}
		a = addMod(a, b, m)
		b = addMod(b, i, m) // i < hashes <= m
	}
}

// Probe is Has with the number of bits tested.
func (f *classic) Probe(hash uint64) (tested int, present bool) {
	p := newProbes(f.scheme, hash, f.bits)
	for i := range f.hashes {
		at := p.next()
		if f.words[at/64]>>(at%64)&1 == 0 {
			return i + 1, false
		}
	}
	return f.hashes, true
}

// Bits is the size in bits.
func (f *classic) Bits() uint64 { return f.bits }

// Ones is how many bits are set.
func (f *classic) Ones() uint64 { return onesIn(f.words) }

// Hashes is the number of bits set for a key.
func (f *classic) Hashes() int { return f.hashes }

// Reset empties the filter.
func (f *classic) Reset() { clear(f.words) }

func onesIn(words []uint64) uint64 {
	n := 0
	for _, w := range words {
		n += bits.OnesCount64(w)
	}
	return uint64(n)
}
