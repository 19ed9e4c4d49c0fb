package bloom

import (
	"math"
	"strings"

	"cloudconcepts/bloom/filter"
	"cloudconcepts/internal/check"
)

// Config is one measurement: filters of one shape, filled with keys and asked
// for keys that were not added. It is a plain value.
type Config struct {
	Bits    uint64        `json:"bits"`    // m, of each filter, [1, 2^34] (2 GiB); rounded up to whole slices, lines or blocks
	Keys    uint64        `json:"keys"`    // n, different keys in each filter, [1, 1e10]
	Hashes  int           `json:"hashes"`  // k, bits set for a key, [1, 64] and at most Bits; 8 for SplitBlock
	Layout  filter.Layout `json:"layout"`  // how the bits are arranged
	Scheme  filter.Scheme `json:"scheme"`  // how positions are drawn from a hash
	Filters int           `json:"filters"` // filters built, each with keys of its own, [1, 1e6]
	Queries int           `json:"queries"` // lookups of absent keys in each filter, [1, 1e10]
	Seed    uint64        `json:"seed"`    // of keys and lookups

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

const (
	maxKeys     = 1e10
	maxFilters  = 1e6
	maxQueries  = 1e10
	maxLookups  = 1e12    // filters x (keys + queries) x hashes
	maxDistinct = 1 << 27 // of the repeated absent keys
)

// Validate says all that is wrong with c at once; every error wraps ErrInvalidConfig.
func (c Config) Validate() error {
	v := check.Of(ErrInvalidConfig)
	if err := c.shape().Validate(); err != nil {
		for problem := range strings.SplitSeq(err.Error(), "\n") {
			v.Add("%s", strings.TrimPrefix(problem, filter.ErrInvalidConfig.Error()+": "))
		}
	}
	check.Count(&v, "Keys", c.Keys, 1, maxKeys)
	check.Count(&v, "Filters", c.Filters, 1, maxFilters)
	check.Count(&v, "Queries", c.Queries, 1, maxQueries)
	switch c.Absent {
	case Fresh:
	case Repeated:
		check.Count(&v, "Distinct", c.Distinct, 1, maxDistinct)
		v.Between("Zipf", c.Zipf, 1.01, 10, "")
	case Overlapping:
		v.Between("Overlap", c.Overlap, 0, 1, "")
	default:
		v.Add("Absent = %d, want fresh, repeated or overlapping", int(c.Absent))
	}
	if math.IsNaN(c.Zipf) || math.IsInf(c.Zipf, 0) {
		v.Add("Zipf = %g, want a number", c.Zipf)
	}
	if math.IsNaN(c.Overlap) || math.IsInf(c.Overlap, 0) {
		v.Add("Overlap = %g, want a number", c.Overlap)
	}
	work := float64(c.Filters) * (float64(c.Keys) + float64(c.Queries)) * float64(c.Hashes)
	if v.OK() && work > maxLookups {
		v.Add("Filters x (Keys + Queries) x Hashes = %.3g probes, want at most %.0g", work, maxLookups)
	}
	return v.Err()
}

// shape is that of each filter.
func (c Config) shape() filter.Config {
	return filter.Config{Bits: c.Bits, Hashes: c.Hashes, Layout: c.Layout, Scheme: c.Scheme}
}
