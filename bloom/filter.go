package bloom

import (
	"errors"
	"fmt"
	"strings"
)

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

// Layout is how a filter's bits are arranged.
type Layout int

// The layouts.
const (
	ClassicLayout     Layout = iota // one array, every probe anywhere in it
	PartitionedLayout               // one slice of the array for each probe
	BlockedLayout                   // all probes in one line of 512 bits (Putze, Sanders and Singler; RocksDB)
	SplitBlockLayout                // eight probes, one in each 32-bit word of a 256-bit block (Parquet)
)

// String is the layout's name on the command line.
func (l Layout) String() string { return nameOf(int(l), layoutNames()) }

// MarshalText implements encoding.TextMarshaler.
func (l Layout) MarshalText() ([]byte, error) { return []byte(l.String()), nil }

// UnmarshalText implements encoding.TextUnmarshaler.
func (l *Layout) UnmarshalText(text []byte) error {
	i, err := indexOf("layout", string(text), layoutNames())
	*l = Layout(i)
	return err
}

func layoutNames() []string { return []string{"classic", "partitioned", "blocked", "splitblock"} }

// Scheme is how the positions of a key's bits are drawn from its hash.
type Scheme int

// The schemes. Positions of the first four are drawn in [0, range): the whole
// filter, a slice, a line or a word, as the layout has it.
const (
	// Independent draws every position anew from a generator seeded with the
	// hash: what the exact formulas assume.
	Independent Scheme = iota
	// Double is textbook double hashing, (a + i b) mod range (Kirsch and
	// Mitzenmacher, 2006): right for large filters only.
	Double
	// Enhanced adds (i^3 - i)/6 to it (Dillinger and Manolios, 2004).
	Enhanced
	// BitsAndBlooms takes the positions of github.com/bits-and-blooms/bloom/v3
	// for the hash's eight little-endian bytes.
	BitsAndBlooms
	// Salted multiplies 32 bits of the hash with eight odd numbers: Parquet's
	// split-block filter, and no other layout.
	Salted
)

// String is the scheme's name on the command line.
func (s Scheme) String() string { return nameOf(int(s), schemeNames()) }

// MarshalText implements encoding.TextMarshaler.
func (s Scheme) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText implements encoding.TextUnmarshaler.
func (s *Scheme) UnmarshalText(text []byte) error {
	i, err := indexOf("scheme", string(text), schemeNames())
	*s = Scheme(i)
	return err
}

func schemeNames() []string {
	return []string{"independent", "double", "enhanced", "bitsandblooms", "salted"}
}

func nameOf(i int, names []string) string {
	if i < 0 || i >= len(names) {
		return "invalid"
	}
	return names[i]
}

func indexOf(what, text string, names []string) (int, error) {
	for i, name := range names {
		if name == text {
			return i, nil
		}
	}
	return 0, fmt.Errorf("%w: %s %q, want one of %s", ErrInvalidConfig, what, text, strings.Join(names, ", "))
}

const (
	maxFilterBits   = 1 << 34 // 2 GiB
	maxFilterHashes = 64
	lineBits        = 512 // of a blocked filter
	blockBits       = 256 // of a split-block filter
	laneBits        = 32
	lanes           = 8
)

// NewFilter builds an empty filter of a layout. Bits are rounded up to whole
// slices, lines or blocks.
func NewFilter(layout Layout, bits uint64, hashes int, scheme Scheme) (Filter, error) {
	switch layout {
	case ClassicLayout:
		return asFilter(NewClassic(bits, hashes, scheme))
	case PartitionedLayout:
		return asFilter(NewPartitioned(bits, hashes, scheme))
	case BlockedLayout:
		return asFilter(NewBlocked(bits, hashes, scheme))
	}
	if err := checkShape(layout, bits, hashes, scheme); err != nil {
		return nil, err
	}
	return asFilter(NewSplitBlock(bits, scheme))
}

// asFilter keeps a nil pointer out of the interface.
func asFilter[F Filter](f F, err error) (Filter, error) {
	if err != nil {
		return nil, err
	}
	return f, nil
}

// builtBits is the size of a filter that is asked for with a number of bits.
func builtBits(layout Layout, bits uint64, hashes int) uint64 {
	switch layout {
	case PartitionedLayout:
		return roundUp(bits, uint64(hashes))
	case BlockedLayout:
		return roundUp(bits, lineBits)
	case SplitBlockLayout:
		return roundUp(bits, blockBits)
	}
	return bits
}

func roundUp(bits, unit uint64) uint64 { return (bits + unit - 1) / unit * unit }

// checkShape is what every constructor asks first.
func checkShape(layout Layout, bits uint64, hashes int, scheme Scheme) error {
	return errors.Join(shapeErrors(layout, bits, hashes, scheme)...)
}

func shapeErrors(layout Layout, bits uint64, hashes int, scheme Scheme) []error {
	var errs []error
	add := func(bad bool, format string, args ...any) {
		if bad {
			errs = append(errs, fmt.Errorf("%w: "+format, append([]any{ErrInvalidConfig}, args...)...))
		}
	}
	add(bits < 1, "Bits = 0, want in [1, %d]", uint64(maxFilterBits))
	add(bits > maxFilterBits, "Bits = %d, want at most %d: the filter alone would take %.3g GiB, and the limit is 2 GiB",
		bits, uint64(maxFilterBits), float64(bits)/8/(1<<30))
	add(layout < ClassicLayout || layout > SplitBlockLayout, "Layout = %d, want one of %v", int(layout), layoutNames())
	add(scheme < Independent || scheme > Salted, "Scheme = %d, want one of %v", int(scheme), schemeNames())
	add(hashes < 1 || hashes > maxFilterHashes, "Hashes = %d, want in [1, %d]", hashes, maxFilterHashes)
	add(hashes > 0 && hashes <= maxFilterHashes && uint64(hashes) > bits, "Hashes = %d, want at most Bits = %d", hashes, bits)
	add(layout == SplitBlockLayout && hashes != lanes, "Hashes = %d, want 8: a split-block filter sets one bit in each of eight words", hashes)
	add(scheme == Salted && layout != SplitBlockLayout, "Scheme = salted, want another one: only the split-block layout has it")
	return errs
}
