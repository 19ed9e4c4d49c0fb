package filter

import (
	"encoding/binary"
	"fmt"
	"testing"
	"time"

	library "github.com/bits-and-blooms/bloom/v3"
)

// The filters of the speed comparison have 1e5 bits and ten bits per key: in
// the first cache. Keys are 8 bytes. The own filters hash them with Hash64,
// inside the measured time; bits-and-blooms hashes the bytes itself.
const (
	speedBits = 100000
	speedKeys = 10000
	speedAsks = 4096 // keys asked for in one round
	// Keys are asked for again after this many: enough that the processor does
	// not learn the answers by heart, as it does with a few thousand.
	speedPool = 1 << 19
)

type speedSet struct {
	present, absent []uint64
	presentBytes    [][8]byte
	absentBytes     [][8]byte
}

func newSpeedSet() speedSet {
	var s speedSet
	k := keysOf(1, 0)
	for i := range uint64(speedKeys) {
		s.present = append(s.present, k.present(i))
	}
	for i := range uint64(speedPool) {
		s.absent = append(s.absent, k.absent(i))
	}
	s.presentBytes, s.absentBytes = asBytes(s.present), asBytes(s.absent)
	return s
}

func asBytes(words []uint64) [][8]byte {
	out := make([][8]byte, len(words))
	for i, w := range words {
		binary.LittleEndian.PutUint64(out[i][:], w)
	}
	return out
}

// A round asks for the i-th speedAsks keys and returns how many were found.
type speedRound func(i int) int

// part is the i-th speedAsks keys, round and round.
func part[K any](all []K, i int) []K {
	i = i * speedAsks % (len(all) - len(all)%speedAsks)
	return all[i : i+speedAsks]
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// speedFilters are rounds of lookups in filled filters, the library first. Own
// filters are called through Filter, as their users do, the library directly.
func speedFilters(s speedSet, present bool) (names []string, rounds []speedRound) {
	words, bytes := s.absent, s.absentBytes
	if present {
		words, bytes = s.present, s.presentBytes
	}
	lib := library.New(speedBits, 7)
	for i := range s.presentBytes {
		lib.Add(s.presentBytes[i][:])
	}
	classic := must(New(Config{Bits: speedBits, Hashes: 7, Scheme: Enhanced}))
	blocked := must(New(Config{Bits: speedBits, Hashes: 6, Layout: Blocked}))
	split := must(New(Config{Bits: speedBits, Hashes: 8, Layout: SplitBlock, Scheme: Salted}))
	for _, w := range s.present {
		classic.Add(Hash64(w))
		blocked.Add(Hash64(w))
		split.Add(Hash64(w))
	}
	askLib := func(i int) int {
		found := 0
		asked := part(bytes, i)
		for j := range asked {
			if lib.Test(asked[j][:]) {
				found++
			}
		}
		return found
	}
	askClassic := func(i int) int {
		found := 0
		for _, w := range part(words, i) {
			if classic.Has(Hash64(w)) {
				found++
			}
		}
		return found
	}
	askBlocked := func(i int) int {
		found := 0
		for _, w := range part(words, i) {
			if blocked.Has(Hash64(w)) {
				found++
			}
		}
		return found
	}
	askSplit := func(i int) int {
		found := 0
		for _, w := range part(words, i) {
			if split.Has(Hash64(w)) {
				found++
			}
		}
		return found
	}
	return []string{"bits-and-blooms", "classic", "blocked", "splitblock"},
		[]speedRound{askLib, askClassic, askBlocked, askSplit}
}

func BenchmarkLookup(b *testing.B) {
	s := newSpeedSet()
	for _, present := range []bool{false, true} {
		names, rounds := speedFilters(s, present)
		for i, round := range rounds {
			kind := map[bool]string{false: "absent", true: "present"}[present]
			b.Run(fmt.Sprintf("%s/%s", kind, names[i]), func(b *testing.B) {
				b.ReportAllocs()
				for i := 0; b.Loop(); i++ {
					round(i)
				}
				perKey(b, speedAsks)
			})
		}
	}
}

// perKey reports the time of one lookup and lookups a second.
func perKey(b *testing.B, keys int) {
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*keys), "ns/key")
	b.ReportMetric(float64(b.N*keys)/b.Elapsed().Seconds(), "keys/s")
}

// BenchmarkSpeedup runs the filters in turn, so that all meet the same machine,
// and reports the best rounds' times as multiples of the library's speed, and
// of a loop that only hashes, the physical limit.
func BenchmarkSpeedup(b *testing.B) {
	names, rounds := speedFilters(newSpeedSet(), false)
	best := make([]time.Duration, len(rounds))
	for i := 0; b.Loop(); i++ {
		bestRounds(rounds, best, i)
	}
	for i, name := range names {
		b.ReportMetric(float64(best[0])/float64(best[i]), name+"-x")
		b.ReportMetric(float64(best[i].Nanoseconds())/speedAsks, name+"-ns")
	}
}

// bestRounds lowers best to the time of one more round each.
func bestRounds(rounds []speedRound, best []time.Duration, turn int) {
	for i, round := range rounds {
		start := time.Now()
		round(turn)
		if d := time.Since(start); best[i] == 0 || d < best[i] {
			best[i] = d
		}
	}
}

func BenchmarkHashOnly(b *testing.B) {
	s := newSpeedSet()
	sum := uint64(0)
	for b.Loop() {
		for _, w := range s.absent[:speedAsks] {
			sum ^= Hash64(w)
		}
	}
	perKey(b, speedAsks)
	if sum == 1 {
		b.Log(sum)
	}
}

func BenchmarkAdd(b *testing.B) {
	s := newSpeedSet()
	classic := must(New(Config{Bits: speedBits, Hashes: 7, Scheme: Enhanced}))
	blocked := must(New(Config{Bits: speedBits, Hashes: 6, Layout: Blocked}))
	split := must(New(Config{Bits: speedBits, Hashes: 8, Layout: SplitBlock, Scheme: Salted}))
	lib := must(NewLibrary(speedBits, 7))
	for name, f := range map[string]Filter{"classic": classic, "blocked": blocked, "splitblock": split, "bits-and-blooms": lib} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				for _, w := range s.absent[:speedAsks] {
					f.Add(Hash64(w))
				}
			}
			perKey(b, speedAsks)
		})
	}
}
