package bloom

import (
	"math"

	"cloudconcepts/bloom/filter"
)

// Layout is the layout of the filters that the rounding sizes.
func (r Rounding) Layout() filter.Layout {
	switch r {
	case RoundRocksDB5, RoundRocksDBLegacy, RoundPebble:
		return filter.Blocked
	case RoundParquet:
		return filter.SplitBlock
	}
	return filter.Classic
}

// Bounds of what Optimal takes.
const (
	minSizedRate = 1e-18
	maxSizedKeys = 1 << 44
)

// Optimal is a filter for keys (in [1, 2^44]) and a target rate (in
// [1e-18, 1)), and the rate that it really gets: the exact one of its
// layout with independent hashes, but for Pebble and RocksDB's legacy filters,
// whose probes are an arithmetic progression. The 32-bit hashes of these two and
// of LevelDB are reckoned in. [RoundGuarantee] and [RoundBest] never exceed the
// target; the others do as their system does. Systems that are told bits per key
// and not a rate (LevelDB, RocksDB, Pebble) get the textbook's log2(1/fpr)/ln 2,
// rounded up to what their option takes.
func Optimal(keys uint64, fpr float64, r Rounding) (Params, float64, error) {
	if err := validTarget(keys, fpr); err != nil {
		return Params{}, 0, err
	}
	textbook := IdealBits(fpr)
	switch r {
	case RoundGuarantee:
		p, rate := guarantee(keys, fpr, OptimalHashes(textbook))
		return p, rate, nil
	case RoundBest:
		p, rate := fewest(keys, fpr)
		return p, rate, nil
	case RoundBitsAndBlooms:
		return bitsAndBlooms(keys, fpr)
	case RoundLevelDB, RoundRocksDBLegacy, RoundPebble:
		return AtBitsPerKey(keys, math.Ceil(textbook), r)
	case RoundRocksDB5:
		return AtBitsPerKey(keys, math.Ceil(textbook*1000)/1000, r)
	case RoundCassandra, RoundScylla:
		return cassandra(keys, fpr)
	case RoundHBase:
		return hbase(keys, fpr)
	case RoundParquet:
		return parquet(keys, fpr)
	}
	return Params{}, 0, invalid("Rounding", int(r), "one of the constants")
}

// AtBitsPerKey is a filter of the given bits per key ([0.5, 100]) as the system
// builds it, and its exact rate. The systems whose option is a rate (Cassandra,
// ScyllaDB, HBase, Parquet, bits-and-blooms) refuse it; the guarantee and the
// best have floor(n b) bits and the hashes with the least exact rate.
func AtBitsPerKey(keys uint64, bitsPerKey float64, r Rounding) (Params, float64, error) {
	if keys < 1 || keys > maxSizedKeys {
		return Params{}, 0, invalid("Keys", keys, "in [1, 2^44]")
	}
	if !(bitsPerKey >= 0.5 && bitsPerKey <= 100) {
		return Params{}, 0, invalid("BitsPerKey", bitsPerKey, "in [0.5, 100]")
	}
	switch r {
	case RoundGuarantee, RoundBest:
		p, rate := bestHashes(keys, max(uint64(float64(keys)*bitsPerKey), 1))
		return p, rate, nil
	case RoundLevelDB:
		return levelDB(keys, bitsPerKey)
	case RoundRocksDB5:
		return rocksDB5(keys, bitsPerKey)
	case RoundRocksDBLegacy, RoundPebble:
		return oddLines(keys, bitsPerKey)
	}
	return Params{}, 0, invalid("Rounding", r, "one that is told bits per key")
}

func validTarget(keys uint64, fpr float64) error {
	if keys < 1 || keys > maxSizedKeys {
		return invalid("Keys", keys, "in [1, 2^44]")
	}
	if !(fpr >= minSizedRate && fpr < 1) {
		return invalid("FPR", fpr, "in [1e-18, 1)")
	}
	return nil
}

// guarantee is the fewest bits at which that many hashes reach the target.
func guarantee(keys uint64, fpr float64, hashes int) (Params, float64) {
	least := uint64(hashes)
	classical := float64(keys) * float64(hashes) / -math.Log1p(-math.Pow(fpr, 1/float64(hashes)))
	high := max(uint64(classical), least)
	low := high // a filter of low bits misses the target, of high bits reaches it
	rate := Exact(high, keys, hashes)
	for step := uint64(1); rate > fpr; step *= 2 {
		low = high
		high += step
		rate = Exact(high, keys, hashes)
	}
	for step := uint64(1); low == high && low > least; step *= 2 {
		low = max(low-min(step, low), least)
		if reached := Exact(low, keys, hashes); reached <= fpr {
			high, rate = low, reached
		}
	}
	for high-low > 1 {
		middle := low + (high-low)/2
		if reached := Exact(middle, keys, hashes); reached <= fpr {
			high, rate = middle, reached
		} else {
			low = middle
		}
	}
	return Params{Bits: high, Keys: keys, Hashes: hashes}, rate
}

// fewest is the guarantee with the number of hashes that makes it cheapest:
// the textbook's, or fewer (small filters), or more.
func fewest(keys uint64, fpr float64) (Params, float64) {
	start := OptimalHashes(IdealBits(fpr))
	best, rate := guarantee(keys, fpr, start)
	for _, step := range []int{-1, 1} {
		for hashes := start + step; hashes >= 1 && hashes <= MaxHashes; hashes += step {
			p, reached := guarantee(keys, fpr, hashes)
			if p.Bits > best.Bits || p.Bits == best.Bits && reached >= rate {
				break
			}
			best, rate = p, reached
		}
	}
	return best, rate
}

// bestHashes is the number of hashes with the least exact rate.
func bestHashes(keys, bits uint64) (Params, float64) {
	start := min(max(OptimalHashes(float64(bits)/float64(keys)), 1), int(min(bits, MaxHashes)))
	best := Params{Bits: bits, Keys: keys, Hashes: start}
	rate := Exact(bits, keys, start)
	for hashes := start - 1; hashes >= 1; hashes-- {
		reached := Exact(bits, keys, hashes)
		if reached >= rate {
			break
		}
		best.Hashes, rate = hashes, reached
	}
	return best, rate
}
