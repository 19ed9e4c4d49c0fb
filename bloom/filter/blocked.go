package filter

// blocked keeps all the bits of a key in one line of 512 bits, a cache
// line: one miss a lookup, at the price of uneven lines (Putze, Sanders and
// Singler, 2007; RocksDB since format version 5).
type blocked struct {
	lines  [][8]uint64
	hashes int
	scheme Scheme
}

// fieldsPerWord is how many positions of nine bits one 64-bit word holds.
const fieldsPerWord = 7

// newBlocked takes whole lines of bits.
func newBlocked(bits uint64, hashes int, scheme Scheme) *blocked {
	return &blocked{make([][8]uint64, bits/lineBits), hashes, scheme}
}

func (f *blocked) line(hash uint64) *[8]uint64 {
	return &f.lines[reduce(hash, uint64(len(f.lines)))]
}

// Add puts a key in.
func (f *blocked) Add(hash uint64) {
	line := f.line(hash)
	if f.scheme == Independent {
		addFields(line, hash, f.hashes)
		return
	}
	p := newProbes(f.scheme, Hash64(hash), lineBits)
	for range f.hashes {
		at := p.next()
		line[at/64%8] |= 1 << (at % 64)
	}
}

// addFields sets the bits of the Independent scheme: fields of nine bits, from
// the top, of a word drawn from the hash, and of further words if there are
// more than seven.
func addFields(line *[8]uint64, hash uint64, hashes int) {
	word := hash * golden
	for field := range hashes {
		if field > 0 && field%fieldsPerWord == 0 {
			word = nextWord(hash, field)
		}
		line[word>>61] |= 1 << (word >> 55 & 63)
		word <<= 9
	}
}

// nextWord is the word from which fields are taken when one is used up.
func nextWord(hash uint64, field int) uint64 { return Hash64(hash + uint64(field)*golden) }

// Has says whether all the key's bits are set. In the Independent scheme it
// tests all of them without a branch between: the line is in the cache after
// the first, and a branch that cannot be foreseen costs more than the rest.
func (f *blocked) Has(hash uint64) bool {
	if f.scheme != Independent {
		_, present := f.Probe(hash)
		return present
	}
	line := f.line(hash)
	word := hash * golden
	all := uint64(1)
	for range min(f.hashes, fieldsPerWord) {
		all &= line[word>>61] >> (word >> 55 & 63)
		word <<= 9
	}
	if f.hashes > fieldsPerWord && all != 0 {
		_, present := f.Probe(hash)
		return present
	}
	return all != 0
}

// Probe is Has with the number of bits tested.
func (f *blocked) Probe(hash uint64) (tested int, present bool) {
	line := f.line(hash)
	if f.scheme == Independent {
		return probeFields(line, hash, f.hashes)
	}
	p := newProbes(f.scheme, Hash64(hash), lineBits)
	for i := range f.hashes {
		at := p.next()
		if line[at/64%8]>>(at%64)&1 == 0 {
			return i + 1, false
		}
	}
	return f.hashes, true
}

func probeFields(line *[8]uint64, hash uint64, hashes int) (int, bool) {
	word := hash * golden
	for field := range hashes {
		if field > 0 && field%fieldsPerWord == 0 {
			word = nextWord(hash, field)
		}
		if line[word>>61]>>(word>>55&63)&1 == 0 {
			return field + 1, false
		}
		word <<= 9
	}
	return hashes, true
}

// Bits is the size in bits.
func (f *blocked) Bits() uint64 { return uint64(len(f.lines)) * lineBits }

// Ones is how many bits are set.
func (f *blocked) Ones() uint64 {
	n := uint64(0)
	for i := range f.lines {
		n += onesIn(f.lines[i][:])
	}
	return n
}

// Hashes is the number of bits set for a key.
func (f *blocked) Hashes() int { return f.hashes }

// Reset empties the filter.
func (f *blocked) Reset() { clear(f.lines) }
