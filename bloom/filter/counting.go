package filter

import "fmt"

// Counting has a counter of four bits in the place of every bit, so that
// keys can be taken out again, for four times the memory. A counter that has
// reached 15 stays there: it can no longer be trusted to go down.
type Counting struct {
	counters  []uint64 // sixteen to a word
	bits      uint64
	hashes    int
	scheme    Scheme
	saturated uint64
}

const (
	maxCount    = 15
	maxCounters = maxFilterBits / 4
)

// NewCounting returns an empty filter of that many counters, [1, 2^32] (2
// GiB), and hashes, [1, 64] and no more than counters.
func NewCounting(counters uint64, hashes int, scheme Scheme) (*Counting, error) {
	c := Config{Bits: counters, Hashes: hashes, Scheme: scheme}
	if err := c.Validate(); err != nil {
		return nil, err
	}
	if counters > maxCounters {
		return nil, fmt.Errorf("%w: Counters = %d, want at most %d: four bits each, and the limit is 2 GiB",
			ErrInvalidConfig, counters, uint64(maxCounters))
	}
	return &Counting{counters: make([]uint64, (counters+15)/16), bits: counters, hashes: hashes, scheme: scheme}, nil
}

// Add puts a key in.
func (f *Counting) Add(hash uint64) {
	p := newProbes(f.scheme, hash, f.bits)
	for range f.hashes {
		f.up(p.next())
	}
}

func (f *Counting) up(at uint64) {
	shift := at % 16 * 4
	switch f.counters[at/16] >> shift & maxCount {
	case maxCount:
		return
	case maxCount - 1:
		f.saturated++
	}
	f.counters[at/16] += 1 << shift
}

// Remove takes a key out that was added, and says whether it was there. If the
// filter answers yes for a key that never was added, a false positive, taking
// it out takes bits from other keys: they become false negatives.
func (f *Counting) Remove(hash uint64) bool {
	if !f.Has(hash) {
		return false
	}
	p := newProbes(f.scheme, hash, f.bits)
	for range f.hashes {
		f.down(p.next())
	}
	return true
}

func (f *Counting) down(at uint64) {
	shift := at % 16 * 4
	count := f.counters[at/16] >> shift & maxCount
	if count > 0 && count < maxCount {
		f.counters[at/16] -= 1 << shift
	}
}

// Has says whether all the key's counters are above zero.
func (f *Counting) Has(hash uint64) bool {
	_, present := f.Probe(hash)
	return present
}

// Probe is Has with the number of counters tested.
func (f *Counting) Probe(hash uint64) (tested int, present bool) {
	p := newProbes(f.scheme, hash, f.bits)
	for i := range f.hashes {
		at := p.next()
		if f.counters[at/16]>>(at%16*4)&maxCount == 0 {
			return i + 1, false
		}
	}
	return f.hashes, true
}

// Bits is the number of counters. They take four bits each.
func (f *Counting) Bits() uint64 { return f.bits }

// Ones is how many counters are above zero.
func (f *Counting) Ones() uint64 {
	n := uint64(0)
	for _, w := range f.counters {
		w |= w >> 2
		w |= w >> 1
		n += onesIn([]uint64{w & 0x1111111111111111})
	}
	return n
}

// Saturated is how many counters have reached 15 and stay there.
func (f *Counting) Saturated() uint64 { return f.saturated }

// Hashes is the number of counters raised for a key.
func (f *Counting) Hashes() int { return f.hashes }

// Reset empties the filter.
func (f *Counting) Reset() {
	clear(f.counters)
	f.saturated = 0
}
