package filter

import "math/bits"

// golden is 2^64 over the golden ratio: splitmix64's step, and an odd
// multiplier without pattern.
const golden = 0x9E3779B97F4A7C15

// Hash64 hashes a key of eight bytes: the finalizer of splitmix64 (Steele, Lea
// and Flood, 2014). It is a bijection, so different keys keep different
// hashes. For filters that must err independently of one another, hash
// key ^ seed.
func Hash64(key uint64) uint64 {
	key = (key ^ key>>30) * 0xBF58476D1CE4E5B9
	key = (key ^ key>>27) * 0x94D049BB133111EB
	return key ^ key>>31
}

// reduce maps a hash to [0, n) by the high half of the product: no division
// (Lemire, "Fast random integer generation in an interval", 2019).
func reduce(hash, n uint64) uint64 {
	high, _ := bits.Mul64(hash, n)
	return high
}

// probes draws the positions of one key, in [0, size). The zero value is of
// no use: see newProbes.
type probes struct {
	scheme Scheme
	size   uint64
	i      uint64
	a, b   uint64    // Double, Enhanced: position and step; Independent: the generator
	murmur [4]uint64 // BitsAndBlooms
}

// newProbes starts at the first position of a key.
func newProbes(scheme Scheme, hash, size uint64) probes {
	p := probes{scheme: scheme, size: size}
	switch scheme {
	case Independent:
		p.a = hash
	case Double, Enhanced:
		p.a, p.b = reduce(hash, size), reduce(hash*golden, size)
	case BitsAndBlooms:
		p.murmur = murmur256(hash)
	}
	return p
}

// next is the next position.
func (p *probes) next() uint64 {
	switch p.scheme {
	case Independent:
		p.a += golden
		return reduce(Hash64(p.a), p.size)
	case BitsAndBlooms:
		at := location(p.murmur, p.i) % p.size
		p.i++
		return at
	}
	at := p.a
	p.a = addMod(p.a, p.b, p.size)
	if p.scheme == Enhanced {
		p.i++
		p.b = addMod(p.b, p.i%p.size, p.size)
	}
	return at
}

// addMod is (a + b) mod n for a and b below n.
func addMod(a, b, n uint64) uint64 {
	a += b
	if a >= n {
		a -= n
	}
	return a
}
