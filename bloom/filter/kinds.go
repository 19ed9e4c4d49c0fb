package filter

import (
	"fmt"

	"cloudconcepts/internal/enum"
)

// Layout is how a filter's bits are arranged.
type Layout int

// The layouts.
const (
	Classic     Layout = iota // one array, every probe anywhere in it
	Partitioned               // one slice of the array for each probe
	Blocked                   // all probes in one line of 512 bits (Putze, Sanders and Singler; RocksDB)
	SplitBlock                // eight probes, one in each 32-bit word of a 256-bit block (Parquet)
)

// String is the name, as a flag takes it.
func (l Layout) String() string { return enum.Name(l, layoutNames()) }

// MarshalText writes the name.
func (l Layout) MarshalText() ([]byte, error) { return []byte(l.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (l *Layout) UnmarshalText(text []byte) error {
	return parse(l, text, "layout", layoutNames())
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

// String is the name, as a flag takes it.
func (s Scheme) String() string { return enum.Name(s, schemeNames()) }

// MarshalText writes the name.
func (s Scheme) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (s *Scheme) UnmarshalText(text []byte) error {
	return parse(s, text, "scheme", schemeNames())
}

func schemeNames() []string {
	return []string{"independent", "double", "enhanced", "bitsandblooms", "salted"}
}

// parse is enum.Parse with this package's error.
func parse[T enum.Whole](i *T, text []byte, what string, names []string) error {
	if err := enum.Parse(i, text, what, names); err != nil {
		return fmt.Errorf("%w: %w", ErrInvalidConfig, err)
	}
	return nil
}
