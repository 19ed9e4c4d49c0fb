package lsm

import "cloudconcepts/bloom/filter"

// LevelDB has one filter for each 2 KiB range of block starts, in practice each
// data block; KeysPerFilter is that of 4 KiB blocks with 120-byte entries. Its Rate
// is that of independent probes. The engine's own, double hashing modulo 2^32 and
// then the filter, is higher: 1.11 times at 5 bits per key, 1.17 at 8, 1.96 at 14
// (measured on goleveldb).
func LevelDB() Engine {
	return Engine{
		Name: "LevelDB", BitsPerKey: 10, Hashes: 6, Layout: filter.Classic, SharedHash: true,
		KeysPerFilter: 33, LastLevelFilters: true, Rule: RuleLevelDB,
		Source: "google/leveldb util/bloom.cc: k = 0.69 b in [1, 30], 32-bit hash, double hashing, at least 64 bits",
	}
}

// RocksDB is format_version 5 and later: 512-bit lines, 64-bit hash.
func RocksDB() Engine {
	return Engine{
		Name: "RocksDB", BitsPerKey: 10, Hashes: 6, Layout: filter.Blocked, SharedHash: true,
		LastLevelFilters: true, Rule: RuleRocksDB,
		Source: "rocksdb util/bloom_impl.h (FastLocalBloomImpl), include/rocksdb/filter_policy.h; optimize_filters_for_hits is off by default (advanced_options.h)",
	}
}

// RocksDBLegacy is format_version 4 and before: double hashing within the
// 512-bit line, 32-bit hash.
func RocksDBLegacy() Engine {
	return Engine{
		Name: "RocksDB legacy", BitsPerKey: 10, Hashes: 6, Layout: filter.Blocked, SharedHash: true, Progression: true,
		LastLevelFilters: true, Rule: RuleLevelDB,
		Source: "rocksdb util/bloom_impl.h (LegacyLocalityBloomImpl), util/bloom_test.cc",
	}
}

// Cassandra is a table with any compaction but levelled: fp_chance 0.01.
func Cassandra() Engine {
	return Engine{
		Name: "Cassandra", BitsPerKey: 10, Hashes: 5, Layout: filter.Classic, SharedHash: true, LastLevelFilters: true,
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
		Name: "HBase", BitsPerKey: 9.5851, Hashes: 7, Layout: filter.Classic, SharedHash: true, LastLevelFilters: true,
		Source: "hbase BloomFilterFactory.java: error rate 0.01; bits and hashes are the ideal ones for it",
	}
}

// Parquet is a split-block filter sized for 1 %. A file has no levels: its runs
// are row groups.
func Parquet() Engine {
	return Engine{
		Name: "Parquet", BitsPerKey: 10.5, Hashes: 8, Layout: filter.SplitBlock, SharedHash: true, LastLevelFilters: true,
		Rule: RuleEight, Source: "parquet-format BloomFilter.md: 8 hashes; bits per key from SplitBlock for 1 %",
	}
}

// Pebble keeps RocksDB's legacy filter; its Get skips the filters of the last
// level (measured: 1.008 data reads for each absent key of a compacted store).
func Pebble() Engine {
	return Engine{
		Name: "Pebble", BitsPerKey: 10, Hashes: 6, Layout: filter.Blocked, SharedHash: true, Progression: true,
		Rule: RuleLevelDB, Source: "cockroachdb/pebble v2.1.7 bloom/bloom.go: k = 0.69 b, 512-bit lines, 32-bit hash; testdata/pebble.csv",
	}
}

// Engines lists the presets.
func Engines() []Engine {
	return []Engine{LevelDB(), RocksDB(), RocksDBLegacy(), Cassandra(), ScyllaDB(), HBase(), Parquet(), Pebble()}
}
