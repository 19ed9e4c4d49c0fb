package quorum

import (
	"math"
	"math/bits"

	"cloudconcepts/internal/rng"
)

// A generator is xoshiro256++ (Blackman and Vigna, "Scrambled linear pseudorandom number generators", 2021), small enough
// to be inlined into the loops that draw millions of latencies.
type generator struct{ s0, s1, s2, s3 uint64 }

// newGenerator is the stream of a seed and its further words.
func newGenerator(seed uint64, stream ...uint64) generator {
	r := rng.New(seed, stream...)
	return generator{r.Uint64(), r.Uint64(), r.Uint64(), r.Uint64() | 1}
}

func (g *generator) next() uint64 {
	x := bits.RotateLeft64(g.s0+g.s3, 23) + g.s0
	t := g.s1 << 17
	g.s2 ^= g.s0
	g.s3 ^= g.s1
	g.s1 ^= g.s2
	g.s0 ^= g.s3
	g.s2 ^= t
	g.s3 = bits.RotateLeft64(g.s3, 45)
	return x
}

// uniform is in [0, 1).
func (g *generator) uniform() float64 { return float64(g.next()>>11) * 0x1p-53 }

// below is a whole number in [0, n).
func (g *generator) below(n int) int {
	hi, _ := bits.Mul64(g.next(), uint64(n))
	return int(hi)
}

const layers = 256

// A ziggurat draws from the exponential law of mean 1 (Marsaglia and Tsang, "The ziggurat method for generating random
// variables", 2000): 256 layers of equal area, of which a point almost always needs one multiplication and one comparison.
// Models have no package variables, so the tables are made for each run, in some microseconds.
type ziggurat struct {
	layer [layers]struct {
		inside uint64  // a 56-bit number below this lies under the curve
		width  float64 // of the layer, per unit of the 56-bit number
	}
	height [layers]float64 // of the curve at the layer's right edge
	powers [steps]float64  // 2^(i/steps), for power
}

const steps = 128

func newZiggurat() *ziggurat {
	const (
		edge = 7.69711747013104972 // where the tail begins
		area = 0.0039496598225815571993
		unit = 1 << 56
	)
	z := &ziggurat{}
	for i := range z.powers {
		z.powers[i] = math.Exp2(float64(i) / steps)
	}
	right, next := edge, edge
	q := area / math.Exp(-edge)
	z.layer[0].inside = uint64(edge / q * unit)
	z.layer[0].width = q / unit
	z.height[0] = 1
	z.layer[layers-1].width = edge / unit
	z.height[layers-1] = math.Exp(-edge)
	for i := layers - 2; i >= 1; i-- {
		right = -math.Log(area/right + math.Exp(-right))
		z.layer[i+1].inside = uint64(right / next * unit)
		next = right
		z.height[i] = math.Exp(-right)
		z.layer[i].width = right / unit
	}
	return z
}

// exponential draws with mean 1.
func (z *ziggurat) exponential(g *generator) float64 {
	u := g.next()
	l := &z.layer[u%layers]
	if u>>8 < l.inside {
		return float64(u>>8) * l.width
	}
	return z.edge(u, g)
}

// edge finishes the one draw in about a hundred that fell outside its layer's rectangle.
func (z *ziggurat) edge(u uint64, g *generator) float64 {
	var tail float64
	for {
		i := u % layers
		x := float64(u>>8) * z.layer[i].width
		switch {
		case u>>8 < z.layer[i].inside:
			return tail + x
		case i == 0:
			tail += 7.69711747013104972 // the law has no memory
		case z.height[i]+g.uniform()*(z.height[i-1]-z.height[i]) < math.Exp(-x):
			return tail + x
		}
		u = g.next()
	}
}

// exp is e^x for x in [0, 600], to some units of the last place: a table of the powers of 2^(1/128), and four terms of the
// series for what is left. It is three times as fast as math.Exp, which also has to care for special cases.
func (z *ziggurat) exp(x float64) float64 {
	n := int64(x*(steps/math.Ln2) + 0.5)
	r := x - float64(n)*(math.Ln2/steps)
	p := 1 + r*(1+r*(1.0/2+r*(1.0/6+r*(1.0/24))))
	return p * z.powers[n&(steps-1)] * math.Float64frombits(uint64(n>>7+1023)<<52)
}
