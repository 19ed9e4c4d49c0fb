package bloom

import (
	"errors"
	"fmt"
	"math"
)

// Config is one measurement: filters of one shape, filled with keys and asked
// for keys that were not added. It is a plain value.
type Config struct {
	Bits    uint64 `json:"bits"`    // m, of each filter, [1, 2^34] (2 GiB); rounded up to whole slices, lines or blocks
	Keys    uint64 `json:"keys"`    // n, different keys in each filter, [1, 1e10]
	Hashes  int    `json:"hashes"`  // k, bits set for a key, [1, 64] and at most Bits; 8 for SplitBlockLayout
	Layout  Layout `json:"layout"`  // how the bits are arranged
	Scheme  Scheme `json:"scheme"`  // how positions are drawn from a hash
	Filters int    `json:"filters"` // filters built, each with keys of its own, [1, 1e6]
	Queries int    `json:"queries"` // lookups of absent keys in each filter, [1, 1e10]
	Seed    uint64 `json:"seed"`    // of keys and lookups

	Absent AbsentKeys `json:"absent"` // which absent keys are asked for
	// Distinct is the number of different absent keys if Absent is Repeated,
	// [1, 2^27]; it is not looked at otherwise.
	Distinct int `json:"distinct_absent_keys"`
	// Zipf is the exponent of the law by which they are chosen if Absent is Repeated,
	// [1.01, 10]; it is not looked at otherwise.
	Zipf float64 `json:"zipf_exponent"`
	// Overlap is the share of the lookups that ask for a key that is present
	// after all if Absent is Overlapping, [0, 1]; it is not looked at otherwise.
	Overlap float64 `json:"overlap_fraction"`
}

// AbsentKeys is which keys the lookups of absent keys ask for.
type AbsentKeys int

// The kinds.
const (
	Fresh       AbsentKeys = iota // never the same key twice
	Repeated                      // Distinct keys, by Zipf's law: a false positive comes again and again
	Overlapping                   // a wrong test: some of the keys were added
)

// String is the kind's name on the command line.
func (a AbsentKeys) String() string { return nameOf(int(a), absentNames()) }

// MarshalText implements encoding.TextMarshaler.
func (a AbsentKeys) MarshalText() ([]byte, error) { return []byte(a.String()), nil }

// UnmarshalText implements encoding.TextUnmarshaler.
func (a *AbsentKeys) UnmarshalText(text []byte) error {
	i, err := indexOf("absent", string(text), absentNames())
	*a = AbsentKeys(i)
	return err
}

func absentNames() []string { return []string{"fresh", "repeated", "overlapping"} }

const (
	maxKeys     = 1e10
	maxFilters  = 1e6
	maxQueries  = 1e10
	maxLookups  = 1e12    // filters x (keys + queries) x hashes
	maxDistinct = 1 << 27 // of the repeated absent keys
)

// Validate reports every field that is out of range, all in one error that
// wraps ErrInvalidConfig. It changes nothing.
func (c Config) Validate() error {
	errs := shapeErrors(c.Layout, c.Bits, c.Hashes, c.Scheme)
	add := func(bad bool, format string, args ...any) {
		if bad {
			errs = append(errs, fmt.Errorf("%w: "+format, append([]any{ErrInvalidConfig}, args...)...))
		}
	}
	add(c.Keys < 1 || c.Keys > maxKeys, "Keys = %d, want in [1, %.0f]", c.Keys, maxKeys)
	add(c.Filters < 1 || c.Filters > maxFilters, "Filters = %d, want in [1, %.0f]", c.Filters, maxFilters)
	add(c.Queries < 1 || c.Queries > maxQueries, "Queries = %d, want in [1, %.0f]", c.Queries, maxQueries)
	switch c.Absent {
	case Fresh:
	case Repeated:
		add(c.Distinct < 1 || c.Distinct > maxDistinct, "Distinct = %d, want in [1, %d]", c.Distinct, maxDistinct)
		add(!(c.Zipf >= 1.01 && c.Zipf <= 10), "Zipf = %g, want in [1.01, 10]", c.Zipf)
	case Overlapping:
		add(!(c.Overlap >= 0 && c.Overlap <= 1), "Overlap = %g, want in [0, 1]", c.Overlap)
	default:
		add(true, "Absent = %d, want fresh, repeated or overlapping", int(c.Absent))
	}
	add(math.IsNaN(c.Zipf) || math.IsInf(c.Zipf, 0), "Zipf = %g, want a number", c.Zipf)
	add(math.IsNaN(c.Overlap) || math.IsInf(c.Overlap, 0), "Overlap = %g, want a number", c.Overlap)
	if len(errs) == 0 {
		work := float64(c.Filters) * (float64(c.Keys) + float64(c.Queries)) * float64(c.Hashes)
		add(work > maxLookups, "Filters x (Keys + Queries) x Hashes = %.3g probes, want at most %.0g", work, maxLookups)
	}
	return errors.Join(errs...)
}
