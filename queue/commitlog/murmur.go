package commitlog

import (
	"math"
	"strconv"
)

// Murmur2 is the hash of a key in Kafka's producer (apache/kafka,
// org.apache.kafka.common.utils.Utils.murmur2).
func Murmur2(key []byte) int32 {
	const m = 0x5bd1e995
	h := 0x9747b28c ^ uint32(len(key))
	for ; len(key) >= 4; key = key[4:] {
		k := uint32(key[0]) | uint32(key[1])<<8 | uint32(key[2])<<16 | uint32(key[3])<<24
		k *= m
		k ^= k >> 24
		h = h*m ^ k*m
	}
	for i := len(key) - 1; i >= 0; i-- {
		h ^= uint32(key[i]) << (8 * i)
	}
	if len(key) > 0 {
		h *= m
	}
	h ^= h >> 13
	h *= m
	return int32(h ^ h>>15)
}

// PartitionOf is the partition of the key "key-i" out of n: its positive
// Murmur2 hash modulo n. It is 0 for n < 1.
func PartitionOf(i, n int) int {
	if n < 1 {
		return 0
	}
	var buffer [32]byte
	key := strconv.AppendInt(append(buffer[:0], "key-"...), int64(i), 10)
	return int(Murmur2(key)&math.MaxInt32) % n
}

// PartitionFractions is the expected share of the records that each of n
// partitions gets when the i-th of the keys "key-0", "key-1", ... is chosen in
// proportion to 1/(i+1)^skew and put by [PartitionOf]. It is nil for
// keys outside [1, 1e6] or n outside [1, 100000].
func PartitionFractions(keys int, skew float64, n int) []float64 {
	if keys < 1 || keys > 1_000_000 || n < 1 || n > 100_000 || !(skew >= 0 && skew <= 4) {
		return nil
	}
	shares := make([]float64, n)
	for i, w := range zipf(keys, skew) {
		shares[PartitionOf(i, n)] += w
	}
	return shares
}

// zipf are the probabilities of n keys in proportion to 1/i^skew.
func zipf(n int, skew float64) []float64 {
	w := make([]float64, n)
	sum := 0.0
	for i := range w {
		w[i] = math.Pow(float64(i+1), -skew)
		sum += w[i]
	}
	for i := range w {
		w[i] /= sum
	}
	return w
}
