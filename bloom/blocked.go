package bloom

import "math"

const (
	maxBlockBits = 1 << 16 // bits of one block
	fullLoad     = 800     // positions set per bit: e^-800 is 0, the block is full
)

// Blocked is the rate of a filter whose every key lives in one block of
// blockBits bits (512 for a cache line): the number of keys in a block is
// Poisson with mean blockBits/bitsPerKey, and the rate is the mean over it of
// the inner rate (Putze, Sanders and Singler, 2007). It is NaN unless bitsPerKey
// is finite and > 0, blockBits in [8, 65536] and hashes in [1, MaxHashes] and at
// most blockBits.
func Blocked(bitsPerKey float64, blockBits, hashes int, inner Inner) float64 {
	if !validBlock(blockBits, hashes, inner) {
		return math.NaN()
	}
	load, ok := blockLoad(bitsPerKey, blockBits)
	if !ok {
		return math.NaN()
	}
	if load*float64(hashes) > fullLoad*float64(blockBits) {
		return 1
	}
	return mixture(poisson(load), blockRate(blockBits, hashes, inner))
}

// BlockedExact is the same for a given filter: the keys in a block are binomial
// with n trials of probability blockBits/bits. Bits is a multiple of blockBits.
func BlockedExact(bits, keys uint64, blockBits, hashes int, inner Inner) float64 {
	if !validBlock(blockBits, hashes, inner) {
		return math.NaN()
	}
	load, law, ok := blockKeys(bits, keys, blockBits)
	if !ok {
		return math.NaN()
	}
	if load*float64(hashes) > fullLoad*float64(blockBits) {
		return 1
	}
	return mixture(law, blockRate(blockBits, hashes, inner))
}

// SplitBlock is the rate of Parquet's split-block filter: blocks of 256 bits,
// eight lanes of 32 bits, one position per lane. The inner rate
// (1 - (31/32)^i)^8 is exact; the number i of keys in a block is Poisson. It is
// NaN unless bitsPerKey is finite and > 0.
func SplitBlock(bitsPerKey float64) float64 {
	load, ok := blockLoad(bitsPerKey, splitBlockBits)
	if !ok {
		return math.NaN()
	}
	if load > fullLoad*32 {
		return 1
	}
	return mixture(poisson(load), laneRate)
}

// SplitBlockExact is the same for a given filter: i is binomial. It is NaN unless
// bits is a multiple of 256 in [1, MaxBits] and keys at most MaxKeys.
func SplitBlockExact(bits, keys uint64) float64 {
	load, law, ok := blockKeys(bits, keys, splitBlockBits)
	if !ok {
		return math.NaN()
	}
	if load > fullLoad*32 {
		return 1
	}
	return mixture(law, laneRate)
}

// OptimalBlockedHashes is the number of hashes with the least rate in a blocked
// filter, near b/2 at many bits per key, where an unblocked filter wants b ln 2.
// It is 0 where [Blocked] is NaN.
func OptimalBlockedHashes(bitsPerKey float64, blockBits int, inner Inner) int {
	best, least := 0, math.Inf(1)
	for hashes := 1; hashes <= min(MaxHashes, max(blockBits, 1)); hashes++ {
		rate := Blocked(bitsPerKey, blockBits, hashes, inner)
		if !(rate < least) {
			break // NaN, or one valley: the rate only grows from here
		}
		best, least = hashes, rate
	}
	return best
}

// A split block: its bits, and those of each of its eight lanes.
const (
	splitBlockBits = 256
	laneBits       = 32
)

// laneRate is the rate of a split block that holds i keys.
func laneRate(i float64) (rate, abs float64) {
	fill := -math.Expm1(i * math.Log1p(-1.0/32))
	square := fill * fill
	return square * square * square * square, 0
}

// blockRate is the rate of a block that holds i keys, and a bound of its error.
func blockRate(blockBits, hashes int, inner Inner) func(i float64) (rate, abs float64) {
	if inner == InnerClassical {
		return func(i float64) (float64, float64) { return Classical(float64(blockBits), i, hashes), 0 }
	}
	return func(i float64) (float64, float64) {
		c := cover{bits: uint64(blockBits), keys: uint64(i), hashes: hashes, replace: inner == InnerExact}
		rate, abs := c.quick()
		if abs <= tolerance*rate {
			return rate, 0
		}
		if rate+abs < 1e-40 {
			return 0, 0 // a near-empty block: nothing to any mixture
		}
		return c.precise(), 0
	}
}

func validBlock(blockBits, hashes int, inner Inner) bool {
	return blockBits >= 8 && blockBits <= maxBlockBits && hashes >= 1 && hashes <= min(MaxHashes, blockBits) &&
		inner >= InnerClassical && inner <= InnerDistinct
}

// blockLoad is the mean number of keys in a block, if the bits per key are finite and > 0.
func blockLoad(bitsPerKey float64, blockBits int) (load float64, ok bool) {
	return float64(blockBits) / bitsPerKey, bitsPerKey > 0 && !math.IsInf(bitsPerKey, 0)
}

// blockKeys is the law of the number of keys in a block, and its mean, if the filter is made of whole blocks.
func blockKeys(bits, keys uint64, blockBits int) (load float64, law weights, ok bool) {
	if bits < 1 || bits > MaxBits || bits%uint64(blockBits) != 0 || keys > MaxKeys {
		return 0, law, false
	}
	blocks := float64(bits / uint64(blockBits))
	return float64(keys) / blocks, binomial(float64(keys), 1/blocks), true
}
