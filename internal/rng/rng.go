// Package rng makes streams of random numbers that do not disturb one another.
//
// A stream is named by a seed and any number of further words, by custom the replication and the purpose:
//
//	arrivals := rng.New(cfg.Seed, replication, purposeArrivals)
//	services := rng.New(cfg.Seed, replication, purposeServices)
//
// The words are hashed with splitmix64 into the 128 bits of a PCG generator, so that neighbouring seeds and
// replications give unrelated streams, and one purpose can draw more or fewer numbers without moving another one
// (common random numbers: a changed policy meets the same arrivals). The same words give the same numbers for ever:
// tests pin them.
package rng

import "math/rand/v2"

// New returns the stream of a seed and its further words. Streams of different words, or of a different number of
// words, are independent. A stream is not safe for concurrent use: give every goroutine its own.
func New(seed uint64, stream ...uint64) *rand.Rand {
	return rand.New(rand.NewPCG(words(seed, stream)))
}

// Seed derives a seed of its own from a seed and further words, for handing to something that is seeded by one word.
func Seed(seed uint64, stream ...uint64) uint64 {
	hi, _ := words(seed, stream)
	return hi
}

// words hashes a seed and its stream into the two words that seed a PCG.
func words(seed uint64, stream []uint64) (hi, lo uint64) {
	h := mix(seed + golden)
	for _, w := range stream {
		h = mix((h + golden) ^ mix(w+golden2))
	}
	h = mix(h + uint64(len(stream)))
	return mix(h + golden), mix(h + golden2)
}

// golden is 2^64 divided by the golden ratio, the step of splitmix64.
// golden2 is two such steps, modulo 2^64.
const (
	golden  = 0x9E3779B97F4A7C15
	golden2 = golden << 1 & (1<<64 - 1)
)

// mix is the finalizer of splitmix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014).
func mix(z uint64) uint64 {
	z = (z ^ z>>30) * 0xBF58476D1CE4E5B9
	z = (z ^ z>>27) * 0x94D049BB133111EB
	return z ^ z>>31
}
