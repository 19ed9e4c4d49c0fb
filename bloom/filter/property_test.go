package filter

import (
	"encoding/binary"
	"math"
	"math/bits"
	"math/rand/v2"
	"testing"

	library "github.com/bits-and-blooms/bloom/v3"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func word(x uint64) []byte { return binary.LittleEndian.AppendUint64(nil, x) }

// eachFilter calls with every layout and scheme that go together.
func eachFilter(t *testing.T, m uint64, hashes int, do func(t *testing.T, f Filter, s Scheme)) {
	t.Helper()
	for l := Classic; l <= SplitBlock; l++ {
		k := hashes
		if l == SplitBlock {
			k = lanes
		}
		for s := Independent; s <= Salted; s++ {
			f, err := New(Config{Bits: m, Hashes: k, Layout: l, Scheme: s})
			if s == Salted && l != SplitBlock {
				assert.ErrorIs(t, err, ErrInvalidConfig)
				continue
			}
			require.NoError(t, err)
			t.Run(l.String()+" "+s.String(), func(t *testing.T) { do(t, f, s) })
		}
	}
}

// Every key added is found, Has and Probe agree, a lookup that says no tested
// at least one bit, and an emptied filter is empty.
func TestNoFalseNegatives(t *testing.T) {
	for _, shape := range []struct {
		m uint64
		k int
	}{{9, 9}, {64, 6}, {1000, 7}, {5000, 8}, {5003, 14}, {100000, 20}, {70, 64}} {
		eachFilter(t, shape.m, shape.k, func(t *testing.T, f Filter, _ Scheme) {
			keys := keysOf(shape.m, 0)
			for i := range shape.m / 10 {
				f.Add(keys.present(i))
			}
			for i := range shape.m / 10 {
				tested, found := f.Probe(keys.present(i))
				require.True(t, found && f.Has(keys.present(i)))
				require.Equal(t, f.Hashes(), tested)
			}
			for i := range uint64(2000) {
				tested, found := f.Probe(keys.absent(i))
				require.Equal(t, found, f.Has(keys.absent(i)))
				require.True(t, tested >= 1 && tested <= f.Hashes())
			}
			assert.LessOrEqual(t, f.Ones(), f.Bits())
			assert.LessOrEqual(t, f.Ones(), shape.m/10*uint64(f.Hashes()))
			assert.GreaterOrEqual(t, f.Bits(), shape.m)
			assert.Less(t, f.Bits(), shape.m+512)
			f.Reset()
			assert.Zero(t, f.Ones())
			assert.False(t, f.Has(1))
		})
	}
}

// Lookups and additions allocate nothing.
func TestNoAllocation(t *testing.T) {
	eachFilter(t, 10000, 7, func(t *testing.T, f Filter, _ Scheme) {
		assert.Zero(t, testing.AllocsPerRun(100, func() { f.Add(3); f.Has(5); f.Probe(7) }))
	})
}

// In a partitioned and in a split-block filter every slice gets one bit.
func TestOneBitPerSlice(t *testing.T) {
	for s := Independent; s <= BitsAndBlooms; s++ {
		f := newPartitioned(70, 7, s)
		assert.Equal(t, uint64(70), f.Bits())
		f.Add(Hash64(5))
		assert.Equal(t, uint64(7), f.Ones())
		g := newSplitBlock(256, s)
		g.Add(Hash64(5))
		for _, w := range g.blocks[0] {
			assert.Equal(t, 1, bits.OnesCount32(w))
		}
	}
}

// In a blocked filter a key touches one line.
func TestOneLinePerKey(t *testing.T) {
	for s := Independent; s <= BitsAndBlooms; s++ {
		f := newBlocked(100*512, 20, s)
		f.Add(Hash64(77))
		touched := 0
		for _, line := range f.lines {
			if line != [8]uint64{} {
				touched++
			}
		}
		assert.Equal(t, 1, touched)
	}
}

// The scheme BitsAndBlooms is the library's: the same positions for the same
// eight bytes, and the same filter bit by bit.
func TestPositionsAreTheLibrarys(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 500 {
		key, m, k := r.Uint64(), 1+r.Uint64N(1<<33), 1+r.IntN(40)
		p := newProbes(BitsAndBlooms, key, m)
		for _, at := range library.Locations(word(key), uint(k)) {
			require.Equal(t, at%m, p.next())
		}
	}
	own := newClassic(10007, 7, BitsAndBlooms)
	lib := must(NewLibrary(10007, 7))
	for range 1000 {
		key := r.Uint64()
		own.Add(key)
		lib.Add(key)
	}
	assert.Equal(t, lib.filter.BitSet().Words(), own.words)
	assert.Equal(t, lib.Ones(), own.Ones())
	for range 20000 {
		key := r.Uint64()
		a, b := own.Probe(key)
		c, d := lib.Probe(key)
		require.True(t, a == c && b == d && b == lib.Has(key))
	}
}

// HashBytes is the first word of the library's hash for keys of any length.
func TestHashBytesIsMurmur3(t *testing.T) {
	text := make([]byte, 100)
	r := rand.New(rand.NewPCG(3, 4))
	for i := range text {
		text[i] = byte(r.Uint32())
		key := text[:i]
		require.Equal(t, library.Locations(key, 1)[0], HashBytes(key), "length %d", i)
	}
}

// Double hashing as printed: (a + i b) mod m and, enhanced, plus (i^3 - i)/6.
func TestPositionsAreThePrintedFormulas(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for range 300 {
		hash, m := r.Uint64(), 30+r.Uint64N(1<<30)
		double, enhanced := newProbes(Double, hash, m), newProbes(Enhanced, hash, m)
		a, b := double.a, double.b
		for i := range uint64(30) {
			require.Equal(t, (a+i*b)%m, double.next())
			require.Equal(t, (a+i*b+(i*i*i-i)/6)%m, enhanced.next())
		}
	}
}

// Positions of every scheme are uniform, in ranges of two and of other numbers.
func TestPositionsAreUniform(t *testing.T) {
	for s := Independent; s <= BitsAndBlooms; s++ {
		for _, size := range []uint64{32, 37} {
			counts := make([]float64, size)
			const keys, each = 20000, 5
			k := keysOf(9, int(s))
			for i := range uint64(keys) {
				p := newProbes(s, k.present(i), size)
				for range each {
					counts[p.next()]++
				}
			}
			chi, want := 0.0, float64(keys*each)/float64(size)
			for _, c := range counts {
				chi += (c - want) * (c - want) / want
			}
			// Positions of one key hang together in Double: up to each times the spread.
			df := float64(size - 1)
			assert.Less(t, chi, each*(df+4*math.Sqrt(2*df)), "%v in %d", s, size)
			if s == Independent {
				assert.Less(t, math.Abs(chi-df)/math.Sqrt(2*df), 4.0)
			}
		}
	}
}

// Parquet's format: block by the high half of the hash, bit i of word i by
// (low half x salt i) >> 27. The expected words are computed in full width.
func TestSplitBlockIsParquets(t *testing.T) {
	f := newSplitBlock(7*256, Salted)
	salts := []uint64{0x47b6137b, 0x44974d91, 0x8824ad5b, 0xa2b7289d, 0x705495c7, 0x2df1424b, 0x9efc4947, 0x5c6bfb31}
	for i := range uint64(1000) {
		hash := Hash64(i)
		f.Reset()
		f.Add(hash)
		for j, salt := range salts {
			bit := (hash & math.MaxUint32 * salt) % (1 << 32) >> 27
			require.Equal(t, uint32(1)<<bit, f.blocks[(hash>>32)*7>>32][j])
		}
	}
}
