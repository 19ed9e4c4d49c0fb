package bloom

import (
	"cmp"
	"math"
	"math/bits"
	"slices"

	"cloudconcepts/internal/check"
)

// LineBits is the cache line, in bits, that RocksDB and Pebble probe.
const LineBits = 512

// maxTested bounds the probes of the query whose every subset is looked at.
// With more, only the first maxTested positions of the query are tested, which
// errs upwards; the keys still set all of theirs.
const maxTested = 16

// Bounds of the classes of keys.
const (
	maxRates      = 4096 // runs of one class
	maxBitsPerKey = 1000
)

// Progression is the exact law of a filter line whose probes are an arithmetic
// progression: position i of a key is start + i stride modulo Modulus, both
// drawn from one hash (LevelDB, RocksDB's legacy filter, Pebble). A key with
// stride 0 tests one bit, one with stride Modulus/2 two, and so on; and a
// progression is likely to be covered by another one of the same stride. Both
// put a floor under the false-positive rate, and since every run's filter uses
// the same hash of the key, a key that passes one run passes others too.
//
// By symmetry the pass rate depends on the stride d through gcd(d, Modulus)
// alone: multiplying all positions by a unit maps the progressions onto one
// another. Within a class it is inclusion and exclusion over the subsets S of
// the tested positions, P = sum of (-1)^|S| P(no key of the line touches S).
//
// Make it with NewProgression; it depends on no load, so one serves a whole
// sweep over bits per key.
type Progression struct {
	modulus, hashes int
	classes         []strideClass
}

// strideClass is the strides of one gcd.
type strideClass struct {
	share float64 // of all strides
	terms []coverTerm
}

// coverTerm is a number of subsets, with sign, that one random key misses with
// the same probability.
type coverTerm struct {
	miss  float64
	count float64
}

// KeyClass is a share of all keys with the pass rates that they meet in each run.
// Where runs share one hash, keys of one class meet independent runs, and what
// the runs have in common is the class.
type KeyClass struct {
	Weight float64   `json:"weight"` // share of all keys, [0, 1]; the weights add to 1
	Rates  []float64 `json:"fpr"`    // of each run, [0, 1]
}

// NewProgression works out the law for lines of modulus bits ([2, 1024]) and
// the given number of probes ([1, 30]). Over 16 probes the rates are an upper
// bound, by up to a third at 20 probes and 29 bits per key. It takes a
// millisecond at 6 probes and half a second from 16 on.
func NewProgression(modulus, hashes int) (Progression, error) {
	v := check.Of(ErrInvalidConfig)
	v.Between("Modulus", float64(modulus), 2, 1024, "")
	v.Between("Hashes", float64(hashes), 1, 30, "")
	if !v.OK() {
		return Progression{}, v.Err()
	}
	p := Progression{modulus: modulus, hashes: hashes}
	for g := 1; g <= modulus; g++ {
		if modulus%g == 0 {
			p.classes = append(p.classes, newStrideClass(modulus, hashes, g))
		}
	}
	return p, nil
}

// newStrideClass looks at the strides whose gcd with the modulus is g.
func newStrideClass(modulus, hashes, g int) strideClass {
	tested := min(hashes, modulus/g, maxTested)
	hits := make([]int32, 1<<(tested-1))
	union := make([]uint64, len(hits)*words(modulus))
	for e, weight := range strideOrbits(modulus, g) {
		if weight > 0 {
			countHits(hits, union, startMasks(modulus, hashes, g, e, tested), weight)
		}
	}
	n := 0
	for d := range modulus {
		if gcd(d, modulus) == g {
			n++
		}
	}
	class := strideClass{share: float64(n) / float64(modulus)}
	class.terms = collectTerms(hits, tested, float64(modulus)*float64(modulus))
	return class
}

func words(modulus int) int { return (modulus + 63) / 64 }

func gcd(a, b int) int {
	for a > 0 {
		a, b = b%a, a
	}
	return b
}

// strideOrbits gathers key strides that hit equally many starts, for a query of
// stride g: e and -e (the key backwards), and e and u e for every unit u that
// leaves the query where it is, u g = g. It gives each orbit's size at its
// smallest member and 0 elsewhere.
func strideOrbits(modulus, g int) []int32 {
	size := make([]int32, modulus)
	var units []int
	for u := 1; u <= modulus; u += modulus / g {
		if gcd(u, modulus) == 1 {
			units = append(units, u)
		}
	}
	for e := range modulus {
		first := e
		for _, u := range units {
			at := u * e % modulus
			first = min(first, at, (modulus-at)%modulus)
		}
		size[first]++
	}
	return size
}

// startMasks gives for each tested position j g the set of starts from which a
// key of stride e touches it.
func startMasks(modulus, hashes, g, e, tested int) [][]uint64 {
	masks := make([][]uint64, tested)
	for j := range masks {
		masks[j] = make([]uint64, words(modulus))
		for i := range hashes {
			s := ((j*g-i*e)%modulus + modulus) % modulus
			masks[j][s/64] |= 1 << (s % 64)
		}
	}
	return masks
}

// countHits adds to hits[S], for every subset S of the tested positions that
// holds position 0 (bit j of the index is position j+1), the number of starts
// that touch S.
func countHits(hits []int32, union []uint64, masks [][]uint64, weight int32) {
	w := len(masks[0])
	copy(union[:w], masks[0])
	for s := range hits {
		at := union[s*w : s*w+w]
		if s > 0 {
			top := bits.Len(uint(s)) - 1
			from, mask := union[(s^1<<top)*w:], masks[top+1]
			for i := range at {
				at[i] = from[i] | mask[i]
			}
		}
		n := 0
		for _, x := range at {
			n += bits.OnesCount64(x)
		}
		hits[s] += weight * int32(n)
	}
}

// collectTerms gathers subsets of equal hits. A subset that spans positions 0
// to s stands for its tested-s translations.
func collectTerms(hits []int32, tested int, starts float64) []coverTerm {
	byHits := map[int32]float64{0: 1} // the empty subset
	for s, h := range hits {
		count := float64(tested - bits.Len(uint(s)))
		if bits.OnesCount(uint(s))%2 == 0 {
			count = -count
		}
		byHits[h] += count
	}
	terms := make([]coverTerm, 0, len(byHits))
	for h, count := range byHits {
		if count != 0 {
			terms = append(terms, coverTerm{miss: float64(h) / starts, count: count})
		}
	}
	slices.SortFunc(terms, func(a, b coverTerm) int { return cmp.Compare(a.miss, b.miss) })
	return terms
}

// poisson is the pass rate of the class with Poisson(keys) keys in the line.
func (c strideClass) poisson(keys float64) float64 {
	if keys > 1e9 { // also without a filter, keys = Inf
		return 1
	}
	var sum, low float64
	for _, t := range c.terms {
		sum, low = addExactly(sum, low, t.count*math.Exp(-keys*t.miss))
	}
	return min(max(sum+low, 0), 1)
}

// fixed is the pass rate with exactly so many keys.
func (c strideClass) fixed(keys float64) float64 {
	var sum, low float64
	for _, t := range c.terms {
		sum, low = addExactly(sum, low, t.count*math.Exp(keys*math.Log1p(-t.miss)))
	}
	return min(max(sum+low, 0), 1)
}

// addExactly is one step of Neumaier's compensated sum.
func addExactly(sum, low, x float64) (float64, float64) {
	t := sum + x
	if math.Abs(sum) >= math.Abs(x) {
		return t, low + (sum - t + x)
	}
	return t, low + (x - t + sum)
}

// meanRate is the pass rate of the first run over all kinds of keys.
func meanRate(classes []KeyClass) float64 {
	sum := 0.0
	for _, c := range classes {
		sum += c.Weight * c.Rates[0]
	}
	return sum
}

// Rate is the false-positive rate at b bits per key ([0, 1000], 1 at 0) when keys fall
// on lines at random, Poisson(Modulus/b) on each.
func (p Progression) Rate(bitsPerKey float64) (float64, error) {
	classes, err := p.Classes([]float64{bitsPerKey})
	return meanRate(classes), err
}

// RateOf is the false-positive rate of one line (or one small filter, as
// LevelDB keeps for each block) with exactly keys keys, [0, 1e6].
func (p Progression) RateOf(keys int) (float64, error) {
	v := check.Of(ErrInvalidConfig)
	v.Between("Keys", float64(keys), 0, 1e6, "")
	v.Between("Hashes", float64(p.hashes), 1, 30, "")
	if !v.OK() {
		return 0, v.Err()
	}
	var sum float64
	for _, c := range p.classes {
		sum += c.share * c.fixed(float64(keys))
	}
	return sum, nil
}

// Classes gives lsm.SharedHashRuns what it needs: for each class of strides its share
// of the keys and its pass rate in every run, whose filters have bitsPerKey[i]
// bits per key, (0, 1000]; 0 stands for a run without a filter (rate 1).
func (p Progression) Classes(bitsPerKey []float64) ([]KeyClass, error) {
	v := check.Of(ErrInvalidConfig)
	v.Between("Hashes", float64(p.hashes), 1, 30, "")
	v.Between("Runs", float64(len(bitsPerKey)), 1, maxRates, "")
	for _, b := range bitsPerKey {
		v.Between("BitsPerKey", b, 0, maxBitsPerKey, "")
	}
	if !v.OK() {
		return nil, v.Err()
	}
	classes := make([]KeyClass, len(p.classes))
	for i, c := range p.classes {
		classes[i] = KeyClass{Weight: c.share, Rates: make([]float64, len(bitsPerKey))}
		for j, b := range bitsPerKey {
			if j > 0 && b == bitsPerKey[j-1] {
				classes[i].Rates[j] = classes[i].Rates[j-1]
				continue
			}
			classes[i].Rates[j] = c.poisson(float64(p.modulus) / math.Abs(b))
		}
	}
	return classes, nil
}
