package bloom

import (
	"fmt"

	"cloudconcepts/internal/enum"
)

// AbsentKeys is which keys the lookups of absent keys ask for.
type AbsentKeys int

// The kinds.
const (
	Fresh       AbsentKeys = iota // never the same key twice
	Repeated                      // Distinct keys, by Zipf's law: a false positive comes again and again
	Overlapping                   // a wrong test: some of the keys were added
)

// String is the name, as a flag takes it.
func (a AbsentKeys) String() string { return enum.Name(a, absentNames()) }

// MarshalText writes the name.
func (a AbsentKeys) MarshalText() ([]byte, error) { return []byte(a.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (a *AbsentKeys) UnmarshalText(text []byte) error {
	return parse(a, text, "absent keys", absentNames())
}

func absentNames() []string { return []string{"fresh", "repeated", "overlapping"} }

// Rounding is how a target rate becomes whole bits and whole hashes.
//
// Sources: bits-and-blooms/bloom v3.7.1. LevelDB util/bloom.cc. RocksDB util/bloom_impl.h,
// util/bloom_test.cc, table/block_based/filter_policy.cc, include/rocksdb/filter_policy.h, pull
// requests 5762, 6007 and 6317. Pebble bloom/bloom.go. Cassandra BloomCalculations.java and
// FilterFactory.java. ScyllaDB utils/bloom_calculations.cc and utils/bloom_filter.cc, issue 31204.
// HBase BloomFilterUtil.java and BloomFilterChunk.java. Parquet BloomFilter.md and the C++ library's
// bloom_filter.h.
//
// Deviations: RocksDB documents 1.138 % for its legacy filter at 10 bits per key; the law of its
// probes gives 1.163 %, and Pebble, which has the same filter, was measured at 1.160 %. At 14 and 16
// bits per key its figures are met. The probes of its format version 5 inside a line are products of
// one 32-bit hash, taken here as independent: 0.966 % at 10 bits per key where its own measurements
// say 0.955 to 0.957 %, between distinct and independent positions.
type Rounding int

// The roundings: two that keep the promise, and what real systems do.
const (
	RoundGuarantee     Rounding = iota // the textbook's hashes, and bits until the exact rate is at most the target
	RoundBest                          // the fewest bits at which any number of hashes reaches the target
	RoundBitsAndBlooms                 // github.com/bits-and-blooms/bloom/v3
	RoundLevelDB                       // whole bits per key, 69 % of them hashes, rounded down
	RoundRocksDB5                      // RocksDB format_version >= 5: 512-bit lines, hashes from a table
	RoundRocksDBLegacy                 // RocksDB before: whole bits per key, an odd number of lines
	RoundPebble                        // Pebble: RocksDB's legacy format
	RoundCassandra                     // Cassandra: a table of 2 to 20 bits per key
	RoundScylla                        // ScyllaDB: Cassandra's table, word for word
	RoundHBase                         // HBase: chunks of 128 KiB, the last one folded
	RoundParquet                       // Parquet (C++): split-block filter, bytes a power of two
)

// Roundings are all of them, in order.
func Roundings() []Rounding {
	all := make([]Rounding, len(roundingNames()))
	for i := range all {
		all[i] = Rounding(i)
	}
	return all
}

// String is the name, as a flag takes it.
func (r Rounding) String() string { return enum.Name(r, roundingNames()) }

// MarshalText writes the name.
func (r Rounding) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (r *Rounding) UnmarshalText(text []byte) error {
	return parse(r, text, "rounding", roundingNames())
}

func roundingNames() []string {
	return []string{
		"guarantee", "best", "bitsandblooms", "leveldb", "rocksdb5", "rocksdb-legacy", "pebble",
		"cassandra", "scylladb", "hbase", "parquet",
	}
}

// Inner is the rate that a blocked filter's theory uses inside one block.
type Inner int

// The three inner rates.
const (
	InnerClassical Inner = iota // (1 - e^(-ki/B))^k, what RocksDB's comments compute
	InnerExact                  // independent positions in the block, see Exact
	InnerDistinct               // k different positions in the block, see ExactDistinct
)

// String is the name, as in JSON.
func (i Inner) String() string { return enum.Name(i, innerNames()) }

// MarshalText writes the name.
func (i Inner) MarshalText() ([]byte, error) { return []byte(i.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (i *Inner) UnmarshalText(text []byte) error {
	return parse(i, text, "inner rate", innerNames())
}

func innerNames() []string { return []string{"classical", "exact", "distinct"} }

// Structure is a filter by the bits per key that it needs.
type Structure int

// The structures, in the order of their bits at low rates.
const (
	InformationLimit Structure = iota // log2(1/p): no filter for unknown keys needs less
	BinaryFuse4                       // binary fuse, arity 4: 1.075 log2(1/p) (Graf and Lemire, 2022: "within 8 %")
	Ribbon                            // one documented point of RocksDB's: 7 bits at 0.95 % (include/rocksdb/filter_policy.h), so 1.042 log2(1/p)
	BinaryFuse3                       // binary fuse, arity 3: 1.125 log2(1/p) (Graf and Lemire, 2022: "within 13 %")
	Xor                               // 1.23 log2(1/p) (Graf and Lemire, 2022: "within 23 %")
	SemiSortedCuckoo                  // standard formula (log2(1/p) + 2) / 0.95
	Cuckoo                            // standard formula (log2(1/p) + 3) / 0.95
	IdealBloom                        // log2(1/p) / ln 2, hashes not rounded
)

// String is the name, as in JSON.
func (s Structure) String() string { return enum.Name(s, structureNames()) }

// MarshalText writes the name.
func (s Structure) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (s *Structure) UnmarshalText(text []byte) error {
	return parse(s, text, "structure", structureNames())
}

func structureNames() []string {
	return []string{
		"information limit", "binary fuse 4", "ribbon", "binary fuse 3", "xor",
		"semi-sorted cuckoo", "cuckoo", "Bloom",
	}
}

// parse is enum.Parse with this package's error.
func parse[T enum.Whole](i *T, text []byte, what string, names []string) error {
	if err := enum.Parse(i, text, what, names); err != nil {
		return fmt.Errorf("%w: %w", ErrInvalidConfig, err)
	}
	return nil
}
