package main

import (
	library "github.com/bits-and-blooms/bloom/v3"
	holiman "github.com/holiman/bloomfilter/v2"
	boom "github.com/tylertreat/BoomFilters"

	"cloudconcepts/bloom"
	own "cloudconcepts/bloom/filter"
)

const falsePositives = 0.01

// keys are the same in both forms: as numbers and as their bytes.
type keys struct {
	numbers []uint64
	bytes   [][8]byte
}

// A filter is an empty one, and what it does with many keys. The loops stand in each filter: those of other libraries are called
// directly, ours by their interface.
type filter struct {
	bits uint64
	add  func(keys)
	has  func(keys) int // how many
}

// A maker makes filters for a number of keys at one false positive in a hundred.
type maker struct {
	name string
	make func(n int) (filter, error)
}

// makers has the filter that the others are compared with first.
func makers() []maker {
	return []maker{
		{"bits-and-blooms", bitsAndBlooms},
		{"holiman", holimans},
		{"BoomFilters", boomFilter},
		{"classic", classic},
		{"blocked", blocked},
		{"split-block", splitBlock},
	}
}

func bitsAndBlooms(n int) (filter, error) {
	f := library.NewWithEstimates(uint(n), falsePositives)
	return filter{uint64(f.Cap()), func(k keys) {
		for i := range k.bytes {
			f.Add(k.bytes[i][:])
		}
	}, func(k keys) (found int) {
		for i := range k.bytes {
			if f.Test(k.bytes[i][:]) {
				found++
			}
		}
		return found
	}}, nil
}

// holimans takes hashes: those that the filters of this module take.
func holimans(n int) (filter, error) {
	f, err := holiman.NewOptimal(uint64(n), falsePositives)
	if err != nil {
		return filter{}, err
	}
	return filter{f.M(), func(k keys) {
		for _, x := range k.numbers {
			f.AddHash(own.Hash64(x))
		}
	}, func(k keys) (found int) {
		for _, x := range k.numbers {
			if f.ContainsHash(own.Hash64(x)) {
				found++
			}
		}
		return found
	}}, nil
}

func boomFilter(n int) (filter, error) {
	f := boom.NewBloomFilter(uint(n), falsePositives)
	return filter{uint64(f.Capacity()), func(k keys) {
		for i := range k.bytes {
			f.Add(k.bytes[i][:])
		}
	}, func(k keys) (found int) {
		for i := range k.bytes {
			if f.Test(k.bytes[i][:]) {
				found++
			}
		}
		return found
	}}, nil
}

func classic(n int) (filter, error) {
	p, _, err := bloom.Optimal(uint64(n), falsePositives, bloom.RoundGuarantee)
	if err != nil {
		return filter{}, err
	}
	return ours(own.Config{Layout: own.Classic, Bits: p.Bits, Hashes: p.Hashes, Scheme: own.Enhanced})
}

func blocked(n int) (filter, error) {
	const hashes = 6
	bits := bitsFor(n, func(perKey float64) float64 { return bloom.Blocked(perKey, bloom.LineBits, hashes, bloom.InnerExact) })
	return ours(own.Config{Layout: own.Blocked, Bits: bits, Hashes: hashes, Scheme: own.Independent})
}

func splitBlock(n int) (filter, error) {
	return ours(own.Config{Layout: own.SplitBlock, Bits: bitsFor(n, bloom.SplitBlock), Hashes: 8, Scheme: own.Salted})
}

func ours(c own.Config) (filter, error) {
	f, err := own.New(c)
	return filter{c.Bits, func(k keys) {
		for _, x := range k.numbers {
			f.Add(own.Hash64(x))
		}
	}, func(k keys) (found int) {
		for _, x := range k.numbers {
			if f.Has(own.Hash64(x)) {
				found++
			}
		}
		return found
	}}, err
}

// bitsFor are the bits at which a rate that falls with the bits per key comes down to the wanted one.
func bitsFor(n int, rate func(perKey float64) float64) uint64 {
	low, high := 1.0, 50.0
	for high-low > 1e-4 {
		middle := (low + high) / 2
		if rate(middle) <= falsePositives {
			high = middle
		} else {
			low = middle
		}
	}
	return uint64(high*float64(n)) + 1
}
