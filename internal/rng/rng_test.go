package rng_test

import (
	"math"
	"math/bits"
	"testing"

	"cloudconcepts/internal/rng"

	"github.com/stretchr/testify/assert"
)

// The numbers are pinned: the same seed gives the same results in every later version.
func TestStreamsArePinned(t *testing.T) {
	assert.Equal(t, uint64(0x24f7fda39c486d10), rng.New(1).Uint64())
	assert.Equal(t, uint64(0xdd473273cd9909f5), rng.New(1, 0).Uint64())
	assert.Equal(t, uint64(0xb2d6f3ae645dfa40), rng.New(1, 2, 3).Uint64())
	assert.Equal(t, uint64(0x94a732a816f49f69), rng.Seed(1, 2, 3))
}

func TestEveryNameGivesAStreamOfItsOwn(t *testing.T) {
	seen := map[uint64]bool{}
	for seed := range uint64(20) {
		seen[rng.New(seed).Uint64()] = true
		for replication := range uint64(20) {
			seen[rng.New(seed, replication).Uint64()] = true
			for purpose := range uint64(5) {
				seen[rng.New(seed, replication, purpose).Uint64()] = true
			}
		}
	}
	assert.Len(t, seen, 20+20*20+20*20*5)
	assert.NotEqual(t, rng.New(1, 2, 3).Uint64(), rng.New(1, 3, 2).Uint64())
	assert.NotEqual(t, rng.New(math.MaxUint64).Uint64(), rng.New(0).Uint64())
}

// A change of one bit in any word changes half of the bits that come out: 64 bits of mean 32, over 192 changes, so the
// standard error of the mean is 4/sqrt(192) = 0.29.
func TestNeighbouringNamesGiveUnrelatedStreams(t *testing.T) {
	sum := 0
	for word := range 3 {
		for bit := range 64 {
			a, b := [3]uint64{1, 2, 3}, [3]uint64{1, 2, 3}
			b[word] ^= 1 << bit
			sum += bits.OnesCount64(rng.New(a[0], a[1], a[2]).Uint64() ^ rng.New(b[0], b[1], b[2]).Uint64())
		}
	}
	assert.InDelta(t, 32, float64(sum)/192, 4*0.29)
}

// The correlation of two neighbouring streams of n numbers has a standard error of 1/sqrt(n).
func TestNeighbouringStreamsAreNotCorrelated(t *testing.T) {
	const n = 100_000
	for _, pair := range [][2][]uint64{{{1, 0}, {1, 1}}, {{1, 0, 0}, {1, 0, 1}}, {{1}, {2}}} {
		a, b := rng.New(pair[0][0], pair[0][1:]...), rng.New(pair[1][0], pair[1][1:]...)
		sum := 0.0
		for range n {
			sum += (a.Float64() - 0.5) * (b.Float64() - 0.5)
		}
		assert.InDelta(t, 0, sum/n*12, 4/math.Sqrt(n))
	}
}
