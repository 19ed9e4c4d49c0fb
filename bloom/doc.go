// Package bloom is the truth about the false positives of Bloom filters.
//
// # The question
//
// A database asks a small filter before it reads a file. How often does the filter say "maybe" to a
// key that is not there? The textbook has a formula; real filters have whole hashes, finite size,
// cache lines, cheap hash schemes, 32-bit hashes and rounded sizes, each of which makes it worse, by
// a thousandth or fourfold.
//
// # The model
//
// Closed forms give the rate of each layout. [Optimal] and [AtBitsPerKey] turn a target into bits
// and hashes as real systems do, and return the rate that one really gets. [Measure] builds the
// filters of a Config (package filter has them) and asks them for absent keys; its interval is that
// between Config.Filters filters, so that there is no Replicate. Package lsm says what false
// positives cost the reads of a database.
//
// # Symbols
//
//	m    Params.Bits      bits of the filter
//	n    Params.Keys      distinct keys added; b = m/n bits per key
//	k    Params.Hashes    positions per key
//	p    fpr              P(an absent key is reported as present): FP/(FP+TN)
//	X    set bits         fill = X/m
//	B    bits of a block  512 a cache line
//
// # Formulas
//
// Each function's comment has its own. The rates:
//
//	classical     (1 - e^(-kn/m))^k, at best e^(-b (ln 2)^2) with k = b ln 2
//	exact         sum_j (m)_j S(k,j)/m^k sum_r (-1)^r C(j,r) (1-r/m)^(kn) = E[(X/m)^k]
//	distinct      sum_r (-1)^r C(k,r) [C(m-r,k)/C(m,k)]^n
//	partitioned   (1 - (1-k/m)^n)^k
//	blocked       sum_i Poisson(i; B/b) inner(B, i, k)
//	split block   sum_i Poisson(i; 256/b) (1 - (31/32)^i)^8
//
// # Sources
//
// Bose et al., On the false-positive rate of Bloom filters, 2008. Christensen, Roginsky and Jimeno,
// A new analysis of the false positive rate of a Bloom filter, 2010. Putze, Sanders and Singler,
// Cache-, hash- and space-efficient Bloom filters, 2007. Fan et al., Summary cache, 2000. Almeida et
// al., Scalable Bloom filters, 2007. Graf and Lemire, Binary fuse filters, 2022. All formulas were
// derived again and checked here; of Christensen and of Graf only the abstracts were read. For real
// systems see [Rounding].
//
// # Deviations
//
//   - Exact rates are those of ideal hashing. Double hashing adds to them: nothing that one sees from
//     some 10,000 bits on, 3.8 times at 64 bits. [Measure] shows it for every scheme; [Optimal]
//     includes it for Pebble's and RocksDB's legacy filters alone, where it never fades.
//   - Hash and rounding limits of whole systems (blocks above 4 GiB, 32-bit sizes) are left out, and
//     so are the bytes of a filter's metadata.
package bloom
