package bloom

import (
	"errors"
	"math"

	"cloudconcepts/internal/check"
)

// Engine is how one storage engine builds and asks its filters. BitsPerKey and
// Hashes are what it does unless told otherwise.
type Engine struct {
	Name       string  `json:"name"`
	BitsPerKey float64 `json:"bits_per_key"`
	Hashes     int     `json:"hashes"` // at BitsPerKey; see HashesAt for others
	Layout     Layout  `json:"layout"`
	// SharedHash says that every filter is asked with the same hash of the key.
	SharedHash bool `json:"shared_hash"`
	// Progression says that the probes of a key in a 512-bit line are an arithmetic
	// progression: with SharedHash, a key that passes one run passes others.
	// It has no effect on other layouts.
	Progression bool `json:"progression"`
	// KeysPerFilter is the keys of one filter where an engine keeps one for each
	// data block, [1, 1e6]; 0 = one large filter for a whole run.
	KeysPerFilter int `json:"keys_per_filter"`
	// LastLevelFilters says that a lookup asks the filters of the last level.
	LastLevelFilters bool     `json:"last_level_filters"`
	Rule             HashRule `json:"hash_rule"`
	Source           string   `json:"source"`
}

// HashRule is how an engine gets the number of hashes from the bits per key.
type HashRule int

// The four rules.
const (
	RuleNearest HashRule = iota // the best whole number
	RuleLevelDB                 // LevelDBHashes of the whole bits per key
	RuleRocksDB                 // RocksDBHashes
	RuleEight                   // always 8
)

// LevelDB has one filter for each 2 KiB range of block starts, in practice each
// data block; KeysPerFilter is that of 4 KiB blocks with 120-byte entries. Its Rate
// is that of independent probes. The engine's own, double hashing modulo 2^32 and
// then the filter, is higher: 1.11 times at 5 bits per key, 1.17 at 8, 1.96 at 14
// (measured on goleveldb).
func LevelDB() Engine {
	return Engine{
		Name: "LevelDB", BitsPerKey: 10, Hashes: 6, Layout: ClassicLayout, SharedHash: true,
		KeysPerFilter: 33, LastLevelFilters: true, Rule: RuleLevelDB,
		Source: "google/leveldb util/bloom.cc: k = 0.69 b in [1, 30], 32-bit hash, double hashing, at least 64 bits",
	}
}

// RocksDB is format_version 5 and later: 512-bit lines, 64-bit hash.
func RocksDB() Engine {
	return Engine{
		Name: "RocksDB", BitsPerKey: 10, Hashes: 6, Layout: BlockedLayout, SharedHash: true,
		LastLevelFilters: true, Rule: RuleRocksDB,
		Source: "rocksdb util/bloom_impl.h (FastLocalBloomImpl), include/rocksdb/filter_policy.h; optimize_filters_for_hits is off by default (advanced_options.h)",
	}
}

// RocksDBLegacy is format_version 4 and before: double hashing within the
// 512-bit line, 32-bit hash.
func RocksDBLegacy() Engine {
	return Engine{
		Name: "RocksDB legacy", BitsPerKey: 10, Hashes: 6, Layout: BlockedLayout, SharedHash: true, Progression: true,
		LastLevelFilters: true, Rule: RuleLevelDB,
		Source: "rocksdb util/bloom_impl.h (LegacyLocalityBloomImpl), util/bloom_test.cc",
	}
}

// Cassandra is a table with any compaction but levelled: fp_chance 0.01.
func Cassandra() Engine {
	return Engine{
		Name: "Cassandra", BitsPerKey: 10, Hashes: 5, Layout: ClassicLayout, SharedHash: true, LastLevelFilters: true,
		Source: "cassandra utils/BloomCalculations.java: 10 buckets and 5 hashes for fp_chance 0.01, 5 and 3 for 0.1",
	}
}

// ScyllaDB takes Cassandra's table.
func ScyllaDB() Engine {
	e := Cassandra()
	e.Name = "ScyllaDB"
	e.Source = "scylladb utils/bloom_calculations: Cassandra's table; issue 31204 for fp_chance >= 0.393"
	return e
}

// HBase is io.storefile.bloom.error.rate 0.01 with row filters.
func HBase() Engine {
	return Engine{
		Name: "HBase", BitsPerKey: 9.5851, Hashes: 7, Layout: ClassicLayout, SharedHash: true, LastLevelFilters: true,
		Source: "hbase BloomFilterFactory.java: error rate 0.01; bits and hashes are the ideal ones for it",
	}
}

// Parquet is a split-block filter sized for 1 %. A file has no levels: its runs
// are row groups.
func Parquet() Engine {
	return Engine{
		Name: "Parquet", BitsPerKey: 10.5, Hashes: 8, Layout: SplitBlockLayout, SharedHash: true, LastLevelFilters: true,
		Rule: RuleEight, Source: "parquet-format BloomFilter.md: 8 hashes; bits per key from SplitBlock for 1 %",
	}
}

// Pebble keeps RocksDB's legacy filter; its Get skips the filters of the last
// level (measured: 1.008 data reads for each absent key of a compacted store).
func Pebble() Engine {
	return Engine{
		Name: "Pebble", BitsPerKey: 10, Hashes: 6, Layout: BlockedLayout, SharedHash: true, Progression: true,
		Rule: RuleLevelDB, Source: "cockroachdb/pebble v2.1.7 bloom/bloom.go: k = 0.69 b, 512-bit lines, 32-bit hash; testdata/pebble.csv",
	}
}

// Engines lists the presets.
func Engines() []Engine {
	return []Engine{LevelDB(), RocksDB(), RocksDBLegacy(), Cassandra(), ScyllaDB(), HBase(), Parquet(), Pebble()}
}

func (e Engine) validate(bitsPerKey float64) error {
	v := check.Of(ErrInvalidConfig)
	v.Above("Engine.BitsPerKey", e.BitsPerKey, 0, maxBitsPerKey, "")
	v.Between("Engine.Hashes", float64(e.Hashes), 1, MaxHashes, "")
	v.Between("Engine.KeysPerFilter", float64(e.KeysPerFilter), 0, 1e6, "")
	v.Above("BitsPerKey", bitsPerKey, 0, maxBitsPerKey, "")
	if e.Layout < ClassicLayout || e.Layout > SplitBlockLayout {
		v.Add("Engine.Layout = %d, want classic, partitioned, blocked or splitblock", e.Layout)
	}
	if e.Rule < RuleNearest || e.Rule > RuleEight {
		v.Add("Engine.Rule = %d, want one of the four rules", e.Rule)
	}
	return v.Err()
}

// HashesAt is the number of hashes that the engine uses with so many bits per
// key, (0, 1000]: Hashes at BitsPerKey, else by its rule. Others give 0.
func (e Engine) HashesAt(bitsPerKey float64) int {
	if !(bitsPerKey > 0 && bitsPerKey <= maxBitsPerKey) {
		return 0
	}
	if bitsPerKey == e.BitsPerKey {
		return e.Hashes
	}
	switch e.Rule {
	case RuleLevelDB:
		return LevelDBHashes(int(bitsPerKey))
	case RuleRocksDB:
		return RocksDBHashes(bitsPerKey)
	case RuleEight:
		return 8
	}
	return OptimalHashes(bitsPerKey)
}

// Rate is the false-positive rate of the engine's filters with so many bits per
// key, [0, 1000]: its layout, its whole number of hashes, its probing. Without bits
// it is 1.
func (e Engine) Rate(bitsPerKey float64) (float64, error) {
	classes, err := e.Classes([]float64{bitsPerKey})
	return meanRate(classes), err
}

// Classes gives SharedHashRuns and NewLatency the pass rates of runs with so many
// bits per key each, newest first; 0 is a run without filter, which every lookup
// reads. It is one class where the runs err independently, and one for each kind
// of stride where they share a progression. Set the last run to 0 yourself where
// LastLevelFilters is false.
func (e Engine) Classes(bitsPerKey []float64) ([]KeyClass, error) {
	v := check.Of(ErrInvalidConfig)
	v.Between("Runs", float64(len(bitsPerKey)), 1, maxRuns, "")
	errs := []error{v.Err()}
	for _, b := range bitsPerKey {
		if b != 0 {
			errs = append(errs, e.validate(b))
		}
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	if e.Progression && e.Layout == BlockedLayout {
		classes, err := e.strideClasses(bitsPerKey)
		return e.shared(classes), err
	}
	one := KeyClass{Weight: 1, Rates: make([]float64, len(bitsPerKey))}
	for i, b := range bitsPerKey {
		if b == 0 {
			one.Rates[i] = 1
			continue
		}
		one.Rates[i] = e.plainRate(b)
	}
	return []KeyClass{one}, nil
}

// strideClasses puts the runs' progressions side by side: the classes are the
// divisors of the line, whatever the number of hashes.
func (e Engine) strideClasses(bitsPerKey []float64) ([]KeyClass, error) {
	laws := map[int]Progression{}
	var classes []KeyClass
	for i, b := range bitsPerKey {
		k := max(e.HashesAt(b), 1)
		law, known := laws[k]
		if !known {
			var err error
			if law, err = NewProgression(LineBits, k); err != nil {
				return nil, err
			}
			laws[k] = law
		}
		if classes == nil {
			for _, c := range law.classes {
				classes = append(classes, KeyClass{Weight: c.share, Rates: make([]float64, len(bitsPerKey))})
			}
		}
		for j, c := range law.classes {
			classes[j].Rates[i] = c.poisson(LineBits / math.Abs(b)) // Abs: -0 is no filter too
		}
	}
	return classes, nil
}

// shared merges the classes of runs that do not share a hash.
func (e Engine) shared(classes []KeyClass) []KeyClass {
	if e.SharedHash || len(classes) == 0 {
		return classes
	}
	one := KeyClass{Weight: 1, Rates: make([]float64, len(classes[0].Rates))}
	for _, c := range classes {
		for i, p := range c.Rates {
			one.Rates[i] += c.Weight * p
		}
	}
	return []KeyClass{one}
}

// plainRate is the rate of one filter whose strides do not matter to others.
func (e Engine) plainRate(b float64) float64 {
	k := e.HashesAt(b)
	switch {
	case e.KeysPerFilter > 0:
		return smallRate(b, e.KeysPerFilter, k)
	case e.Layout == BlockedLayout:
		return Blocked(b, LineBits, k, InnerExact)
	case e.Layout == SplitBlockLayout:
		return SplitBlock(b)
	}
	return Classical(b, 1, k)
}

// smallRate is the rate of a filter of a few keys: whole bytes, at least 64 bits.
func smallRate(b float64, keys, hashes int) float64 {
	bits := max(64, uint64(math.Ceil(b*float64(keys)/8))*8)
	return Exact(bits, uint64(keys), min(hashes, int(bits)))
}
