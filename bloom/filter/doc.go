// Package filter has real Bloom filters: those that package bloom measures and that package lsm asks.
//
// # The question
//
// The same bits for the same keys: what do the layout and the way that positions are drawn from a
// hash change?
//
// # The model
//
// [New] builds a filter of a [Config]: one of four layouts, with one of five schemes. [Counting] can
// forget keys, [Scalable] grows with them, and [Library] is the filter of bits-and-blooms. All take a
// key's hash, 64 well mixed bits: [Hash64] of a number, [HashBytes] of text. They draw nothing, so
// there is no Replicate; bloom.Measure builds as many as you like with keys of their own.
//
// # Formulas
//
// Package bloom has them: Exact for the classic layout, Partitioned, BlockedExact, SplitBlockExact.
//
// # Sources
//
// B. Bloom, Space/time trade-offs in hash coding with allowable errors, 1970. Kirsch and
// Mitzenmacher, Less hashing, same performance, 2006. Dillinger and Manolios, Bloom filters in
// probabilistic verification, 2004. Putze, Sanders and Singler, Cache-, hash- and space-efficient
// Bloom filters, 2007. Apache Parquet's format, BloomFilter.md. bits-and-blooms/bloom v3.7.1.
//
// # Deviations
//
//   - Two filters have the bits of a real one: Salted split blocks those of Parquet, and classic
//     ones with BitsAndBlooms those of that library. The others draw positions of their own.
//   - A filter takes at most 2 GiB.
package filter
