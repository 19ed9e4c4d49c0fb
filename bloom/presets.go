package bloom

import (
	"math"

	"cloudconcepts/bloom/filter"
)

// LevelDBHashes is floor(0.69 b) in [1, 30], for whole bits per key: LevelDB
// (util/bloom.cc), RocksDB's legacy filters and Pebble (bloom/bloom.go).
func LevelDBHashes(bitsPerKey int) int {
	if bitsPerKey > 1000 {
		return 30
	}
	return min(max(int(float64(bitsPerKey)*0.69), 1), 30)
}

// RocksDBHashes is the table of RocksDB's format_version 5 filters, by
// thousandths of a bit per key (FastLocalBloomImpl::ChooseNumProbes in
// util/bloom_impl.h): the best number for 512-bit lines, 6 at 10 bits per key
// and 9 at 16.
func RocksDBHashes(bitsPerKey float64) int {
	thousandths := millibits(bitsPerKey)
	if thousandths > 50000 {
		return 24
	}
	for i, last := range [...]int{2080, 3580, 5100, 6640, 8300, 10070, 11720, 14001, 16050, 18300, 22001, 25501} {
		if thousandths <= last {
			return i + 1
		}
	}
	return (thousandths-1)/2000 - 1
}

// millibits is RocksDB's option in thousandths, in [1000, 100000]
// (BloomLikeFilterPolicy in table/block_based/filter_policy.cc).
func millibits(bitsPerKey float64) int {
	if !(bitsPerKey < 100) {
		return 100000
	}
	return int(math.Max(bitsPerKey, 1)*1000 + 0.500001)
}

// levelDB builds LevelDB's filter (util/bloom.cc): at least 64 bits, whole
// bytes, a 32-bit hash.
func levelDB(keys uint64, bitsPerKey float64) (Params, float64, error) {
	whole := int(bitsPerKey)
	if whole < 1 {
		return Params{}, 0, invalid("BitsPerKey", bitsPerKey, "at least 1: LevelDB's option is a whole number")
	}
	bits := roundUp(max(keys*uint64(whole), 64), 8)
	p, rate, err := sized(Params{Bits: bits, Keys: keys, Hashes: LevelDBHashes(whole)}, filter.Classic)
	return p, withHash32(rate, keys), err
}

// withHash32 adds the keys that share their 32-bit hash with a present one.
func withHash32(rate float64, keys uint64) float64 {
	return either(rate, -math.Expm1(-math.Ldexp(float64(keys), -32)))
}

// rocksDB5 builds whole 512-bit lines (FastLocalBloomBitsBuilder).
func rocksDB5(keys uint64, bitsPerKey float64) (Params, float64, error) {
	bytes := roundUp((keys*uint64(millibits(bitsPerKey))+7999)/8000, 64)
	return sized(Params{Bits: bytes * 8, Keys: keys, Hashes: RocksDBHashes(bitsPerKey)}, filter.Blocked)
}

// oddLines builds an odd number of 512-bit lines, so that the remainder of the
// hash takes all its bits in (Pebble, bloom/bloom.go). Fractions of a bit per
// key are rounded to the nearest, as RocksDB does. Its rate is that of probes in
// arithmetic progression and of a 32-bit hash, see [Progression].
func oddLines(keys uint64, bitsPerKey float64) (Params, float64, error) {
	whole := (millibits(bitsPerKey) + 500) / 1000
	lines := (keys*uint64(whole)+LineBits-1)/LineBits | 1
	p := Params{Bits: lines * LineBits, Keys: keys, Hashes: LevelDBHashes(whole)}
	law, err := NewProgression(LineBits, p.Hashes)
	if err != nil {
		return Params{}, 0, err
	}
	var rate float64
	if lines == 1 {
		rate, err = law.RateOf(int(keys))
	} else {
		rate, err = law.Rate(p.BitsPerKey())
	}
	return p, withHash32(rate, keys), err
}

// bitsAndBlooms is EstimateParameters of bits-and-blooms/bloom/v3: both the
// bits and the hashes are rounded up, and the hashes often too far.
func bitsAndBlooms(keys uint64, fpr float64) (Params, float64, error) {
	bits := math.Ceil(-float64(keys) * math.Log(fpr) / Ln2Squared)
	hashes := int(math.Ceil(math.Ln2 * bits / float64(keys)))
	p := Params{Bits: uint64(bits), Keys: keys, Hashes: min(hashes, MaxHashes, int(min(bits, MaxHashes)))}
	return sized(p, filter.Classic)
}

// cassandraRates is the table of Cassandra's BloomCalculations.java (and
// ScyllaDB's utils/bloom_calculations.cc): rates by bits per key, 2 to 20, and
// hashes, from 1. All agree with (1 - e^(-k/b))^k within 0.6 %.
func cassandraRates(bitsPerKey int) []float64 {
	return [...][]float64{
		{0.393, 0.4},
		{0.283, 0.237, 0.253},
		{0.221, 0.155, 0.147, 0.16},
		{0.181, 0.109, 0.092, 0.092, 0.101},
		{0.154, 0.0804, 0.0609, 0.0561, 0.0578, 0.0638},
		{0.133, 0.0618, 0.0423, 0.0359, 0.0347, 0.0364},
		{0.118, 0.0489, 0.0306, 0.024, 0.0217, 0.0216, 0.0229},
		{0.105, 0.0397, 0.0228, 0.0166, 0.0141, 0.0133, 0.0135, 0.0145},
		{0.0952, 0.0329, 0.0174, 0.0118, 0.00943, 0.00844, 0.00819, 0.00846},
		{0.0869, 0.0276, 0.0136, 0.00864, 0.0065, 0.00552, 0.00513, 0.00509},
		{0.08, 0.0236, 0.0108, 0.00646, 0.00459, 0.00371, 0.00329, 0.00314},
		{0.074, 0.0203, 0.00875, 0.00492, 0.00332, 0.00255, 0.00217, 0.00199, 0.00194},
		{0.0689, 0.0177, 0.00718, 0.00381, 0.00244, 0.00179, 0.00146, 0.00129, 0.00121, 0.0012},
		{0.0645, 0.0156, 0.00596, 0.003, 0.00183, 0.00128, 0.001, 0.000852, 0.000775, 0.000744},
		{0.0606, 0.0138, 0.005, 0.00239, 0.00139, 0.000935, 0.000702, 0.000574, 0.000505, 0.00047, 0.000459},
		{0.0571, 0.0123, 0.00423, 0.00193, 0.00107, 0.000692, 0.000499, 0.000394, 0.000335, 0.000302, 0.000287, 0.000284},
		{0.054, 0.0111, 0.00362, 0.00158, 0.000839, 0.000519, 0.00036, 0.000275, 0.000226, 0.000198, 0.000183, 0.000176},
		{0.0513, 0.00998, 0.00312, 0.0013, 0.000663, 0.000394, 0.000264, 0.000194, 0.000155, 0.000132, 0.000118, 0.000111, 0.000109},
		{0.0488, 0.00906, 0.0027, 0.00108, 0.00053, 0.000303, 0.000196, 0.00014, 0.000108, 8.89e-05, 7.77e-05, 7.12e-05, 6.79e-05, 6.71e-05},
	}[bitsPerKey-2]
}

// cassandra is BloomCalculations.computeBloomSpec and FilterFactory: the fewest
// bits per key whose best entry reaches the target, then the fewest hashes that
// still do; 20 bits more, in whole words of 64. At a target of 0.393 and above
// the two numbers are handed over in the wrong order: 1 bit per key and 2
// hashes, whose rate is 0.7476 (scylladb issue 31204).
func cassandra(keys uint64, fpr float64) (Params, float64, error) {
	bitsPerKey, hashes := 1, 2
	if fpr < cassandraRates(2)[0] {
		var err error
		if bitsPerKey, hashes, err = cassandraSpec(fpr); err != nil {
			return Params{}, 0, err
		}
	}
	bits := roundUp(keys*uint64(bitsPerKey)+20, 64)
	return sized(Params{Bits: bits, Keys: keys, Hashes: hashes}, filter.Classic)
}

func cassandraSpec(fpr float64) (bitsPerKey, hashes int, err error) {
	for bitsPerKey = 2; bitsPerKey <= 20; bitsPerKey++ {
		row := cassandraRates(bitsPerKey)
		best := 0
		for i, rate := range row {
			if rate < row[best] {
				best = i
			}
		}
		if row[best] > fpr {
			continue
		}
		for best > 0 && row[best-1] <= fpr {
			best--
		}
		return bitsPerKey, best + 1, nil
	}
	return 0, 0, invalid("FPR", fpr, "at least 6.71e-05: Cassandra's table ends at 20 bits per key")
}

// hbase is BloomFilterUtil.createBySize and BloomFilterChunk.compactBloom:
// chunks of 128 KiB that take a fixed number of keys each; the last one is
// halved as long as its keys need less than half of it. Each key range has its
// own chunk, so the rate is the mean over the chunks, by keys.
func hbase(keys uint64, fpr float64) (Params, float64, error) {
	const chunk = 1 << 20 // bits
	ideal := math.Floor(chunk * (Ln2Squared / -math.Log(fpr)))
	if ideal < 1 {
		return Params{}, 0, invalid("FPR", fpr, "larger: a chunk would hold no key")
	}
	whole := uint64(chunk) / uint64(ideal) // the quotient is an integer in HBase too
	hashes := min(max(int(math.Ceil(math.Ln2*float64(whole))), 1), MaxHashes)
	k := float64(hashes)
	capacity := uint64(-chunk / k * math.Log(1-math.Exp(math.Log(fpr)/k)))
	if capacity < 1 {
		return Params{}, 0, invalid("FPR", fpr, "larger: a chunk would hold no key")
	}
	full, rest := keys/capacity, keys%capacity
	p := Params{Bits: full * chunk, Keys: keys, Hashes: hashes}
	sum := 0.0
	if full > 0 {
		sum = Exact(chunk, capacity, hashes) * float64(full*capacity)
	}
	if rest == 0 {
		return p, sum / float64(keys), nil
	}
	last := uint64(chunk)
	for most := capacity; last%16 == 0 && most > 2*rest; most /= 2 {
		last /= 2
	}
	p.Bits += last
	return p, (sum + Exact(last, rest, hashes)*float64(rest)) / float64(keys), nil
}

// parquet is OptimalNumOfBits of Parquet's C++ library: -8 n / ln(1 - p^(1/8))
// bits, which is too few for split blocks, then up to a power of two in
// [32 bytes, 128 MiB].
func parquet(keys uint64, fpr float64) (Params, float64, error) {
	const least, most = 32 * 8, 128 << 20 * 8
	wanted := NaiveSplitBlockBits(fpr) * float64(keys)
	bits := uint64(least)
	for bits < most && float64(bits) < math.Floor(wanted) {
		bits *= 2
	}
	return sized(Params{Bits: bits, Keys: keys, Hashes: 8}, filter.SplitBlock)
}

// NaiveSplitBlockBits is -8 / ln(1 - p^(1/8)), the bits per key that Parquet's
// older specification and its libraries compute for a rate p: as if the eight
// lanes were one unblocked filter. The true rate at them is [SplitBlock], 1.46 %
// for a target of 1 %.
func NaiveSplitBlockBits(fpr float64) float64 {
	if !(fpr > 0 && fpr < 1) {
		return math.NaN()
	}
	return -8 / math.Log1p(-math.Pow(fpr, 1.0/8))
}

// sized adds the exact rate of a filter of that layout.
func sized(p Params, layout filter.Layout) (Params, float64, error) {
	return p, exactIn(layout, p.Bits, p.Keys, p.Hashes), nil
}

func roundUp(bits, unit uint64) uint64 { return (bits + unit - 1) / unit * unit }
