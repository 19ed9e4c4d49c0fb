package filter

import (
	"encoding/binary"
	"math/bits"
)

// Multipliers of MurmurHash3 x64-128 (Appleby, public domain).
const (
	murmurC1 = 0x87C37B91114253D5
	murmurC2 = 0x4CF5AD432745937F
)

// HashBytes hashes a key of any length: the first half of MurmurHash3 x64-128
// with seed 0.
func HashBytes(key []byte) uint64 {
	h, _ := murmur128(key)
	return h
}

// murmur128 is MurmurHash3 x64-128 with seed 0.
func murmur128(key []byte) (uint64, uint64) {
	var h1, h2 uint64
	length := uint64(len(key))
	for ; len(key) >= 16; key = key[16:] {
		h1 ^= scramble1(binary.LittleEndian.Uint64(key))
		h1 = (bits.RotateLeft64(h1, 27)+h2)*5 + 0x52DCE729
		h2 ^= scramble2(binary.LittleEndian.Uint64(key[8:]))
		h2 = (bits.RotateLeft64(h2, 31)+h1)*5 + 0x38495AB5
	}
	var tail [16]byte
	copy(tail[:], key)
	h1 ^= scramble1(binary.LittleEndian.Uint64(tail[:8]))
	h2 ^= scramble2(binary.LittleEndian.Uint64(tail[8:]))
	return murmurEnd(h1, h2, length)
}

// murmur256 is what bits-and-blooms hashes a key to, here the eight
// little-endian bytes of a word: murmur128 of the key, and of the key with a
// byte 1 behind it.
func murmur256(word uint64) [4]uint64 {
	h := scramble1(word)
	a, b := murmurEnd(h, 0, 8)
	c, d := murmurEnd(h, scramble2(1), 9)
	return [4]uint64{a, b, c, d}
}

// location is the i-th position of bits-and-blooms before it is reduced: one
// of the first two words plus i times one of the other two, in the order
// 0 2, 1 3, 0 3, 1 2.
func location(h [4]uint64, i uint64) uint64 {
	return h[i%2] + i*h[2+(i+i%2)%4/2]
}

func scramble1(k uint64) uint64 { return bits.RotateLeft64(k*murmurC1, 31) * murmurC2 }
func scramble2(k uint64) uint64 { return bits.RotateLeft64(k*murmurC2, 33) * murmurC1 }

func murmurEnd(h1, h2, length uint64) (uint64, uint64) {
	h1 ^= length
	h2 ^= length
	h1 += h2
	h2 += h1
	h1 = murmurMix(h1)
	h2 = murmurMix(h2)
	h1 += h2
	return h1, h2 + h1
}

func murmurMix(k uint64) uint64 {
	k = (k ^ k>>33) * 0xFF51AFD7ED558CCD
	k = (k ^ k>>33) * 0xC4CEB9FE1A85EC53
	return k ^ k>>33
}
