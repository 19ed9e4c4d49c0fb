// Package bloom is the truth about the false positives of Bloom filters, and
// what they cost a database.
//
// # The question
//
// A database asks a small filter before it reads a run from disk. How often does
// the filter say "maybe" to a key that is not there? The textbook has a formula;
// real filters have whole hashes, finite size, cache lines, cheap hash schemes,
// 32-bit hashes and rounded sizes, each of which makes it worse, by a thousandth
// or fourfold. And what does a filter's memory buy: how many reads, how much
// latency, and when is it better spent on a cache?
//
// # The model
//
// Theory: [Classical] is the textbook's rate. [Exact] is the true one of
// independent positions, [ExactDistinct] that of k different ones,
// [Partitioned] that of k slices; [Blocked] and [SplitBlock] are those of
// filters that keep a key in one cache line, as a mixture over the number of
// keys in a line, and [BlockedExact] and [SplitBlockExact] those of one given
// filter. [FillMoments] and [FillDistribution] tell of the set bits,
// [EstimateKeys] goes back from them to the keys, [CombinedRates] covers unions
// and intersections, [Scalable] and [CountingOverflow] filters that grow or
// count, [Fingerprint] the width of the hash, and [Structure] the bits that
// other structures need.
//
// Sizing: [Optimal] turns a target into bits and hashes as [RoundGuarantee],
// [RoundBest] or a real system does, and returns the rate that one really gets.
// [AtBitsPerKey] does so for systems that are told bits per key.
//
// Filters: [NewFilter] and [Measure] build real filters, with each hash scheme
// of real libraries, and measure their rate with an interval. Reads: [Tree],
// [Allocate], [IndependentRuns] and [SharedHashRuns] (with [Progression]) give
// the reads of an LSM tree, and [SimulateReads] confirms them with real filters.
//
// # Symbols
//
//	m    Params.Bits         bits of the filter
//	n    Params.Keys         distinct keys added
//	k    Params.Hashes       positions per key
//	b    m/n                 bits per key
//	p    fpr                 P(an absent key is reported as present): FP/(FP+TN)
//	X    set bits; fill = X/m
//	B    bits of a block (512 a cache line); Q = (ln 2)^2
//
// # Formulas
//
//	classical     (1 - e^(-kn/m))^k, at best e^(-bQ) with k = b ln 2
//	exact         sum_j (m)_j S(k,j)/m^k sum_r (-1)^r C(j,r) (1-r/m)^(kn) = E[(X/m)^k]
//	distinct      sum_r (-1)^r C(k,r) [C(m-r,k)/C(m,k)]^n
//	partitioned   (1 - (1-k/m)^n)^k
//	blocked       sum_i Poisson(i; B/b) inner(B, i, k)
//	split block   sum_i Poisson(i; 256/b) (1 - (31/32)^i)^8
//	fill          E X = m(1-a), Var X = m(m-1)c + ma - m^2 a^2, a = (1-1/m)^(kn), c = (1-2/m)^(kn)
//	keys          n = ln(1-X/m) / (k ln(1-1/m))
//	probes        (1 - fill^k)/(1 - fill) bits read for an absent key, k for a present one
//	hash of w     p + q - pq with q = 1 - e^(-n/2^w)
//	limit         log2(1/p) bits per key
//
// Exact does the inner sum as (1-a)^j less a correction that is small for large
// filters, bounds its rounding error, and repeats it with enough bits where the
// bound is not good enough: tiny fills with many hashes.
//
// # Sources
//
// LevelDB util/bloom.cc. RocksDB util/bloom_impl.h, util/bloom_test.cc,
// table/block_based/filter_policy.cc, include/rocksdb/filter_policy.h, pull
// requests 5762, 6007 and 6317. Pebble bloom/bloom.go. Cassandra
// BloomCalculations.java and FilterFactory.java. ScyllaDB
// utils/bloom_calculations.cc and utils/bloom_filter.cc, issue 31204. HBase
// BloomFilterUtil.java and BloomFilterChunk.java. Parquet BloomFilter.md and the
// C++ library's bloom_filter.h. bits-and-blooms/bloom v3.7.1. Christensen,
// Roginsky and Jimeno, Inf. Process. Lett. 110(21):944-949, 2010 (abstract: the
// same law by balls and bins, and that it is always above the classical
// formula). T. M. Graf and D. Lemire, Binary Fuse Filters, J. Exp. Algorithmics
// 27, 2022 (abstract). Names without a place stand for formulas that are
// standard; each was derived again and checked here: Bose et al. 2008; Putze,
// Sanders and Singler 2007; Fan et al. 2000; Almeida et al. 2007. The cuckoo
// filter's bits per key are the standard formula.
//
// # Deviations
//
//   - Exact rates are those of ideal hashing. Double hashing adds to them: nothing
//     that one sees from some 10,000 bits on, 3.8 times at 64 bits. [Measure] shows
//     it for every scheme; [Optimal] includes it for Pebble's and RocksDB's
//     legacy filters alone, where it never fades.
//   - RocksDB documents 1.138 % for its legacy filter at 10 bits per key; the law
//     of its probes gives 1.163 %, and Pebble, which has the same filter, was
//     measured at 1.160 %. At 14 and 16 bits per key its figures are met.
//   - RocksDB's probes inside a line are products of one 32-bit hash, taken here
//     as independent: 0.966 % at 10 bits per key where its own measurements say
//     0.955 to 0.957 %, between distinct and independent positions.
//   - Hash and rounding limits of whole systems (blocks above 4 GiB, 32-bit sizes)
//     are left out, and so are the bytes of a filter's metadata.
//   - The overflow of a counting filter is a union bound, not a probability.
//   - The ribbon curve goes through one documented point, 7 bits at 0.95 %.
//   - The sigma of an intersection takes three dependent errors for independent.
package bloom
