package law

import (
	"math"
	"math/rand/v2"
)

// Sampler draws from a law. It does not change while drawing.
type Sampler struct {
	kind   kind
	phases int
	shift  float64 // ns
	scale  float64 // ns: the mean, the mean of a phase, the width, exp(mu) or the least value
	scale2 float64 // ns: the mean of the second phase
	shape  float64
	values []float64 // ns
}

// Sampler prepares the drawing.
func (l Law) Sampler() Sampler {
	s := Sampler{kind: l.kind, shift: float64(l.shift), scale: float64(l.a), shape: l.shape}
	switch l.kind {
	case erlang:
		s.phases = int(l.shape)
		s.scale /= l.shape
	case hyper:
		p, m1, m2 := l.phases()
		s.shape, s.scale, s.scale2 = p, m1*1e9, m2*1e9
	case lognormal:
		mu, sigma := l.normal()
		s.scale, s.shape = math.Exp(mu)*1e9, sigma
	case uniform:
		s.shift += float64(l.a)
		s.scale = float64(l.b - l.a)
	case pareto:
		s.scale, s.shape = l.least()*1e9, -1/l.shape
	case empirical:
		s.values = l.sorted()
		for i := range s.values {
			s.values[i] *= 1e9
		}
	}
	return s
}

// most is the longest time drawn, in nanoseconds: 73 years.
const most = math.MaxInt64 / 4

// Next draws a time in nanoseconds, rounded to the nearest.
func (s *Sampler) Next(r *rand.Rand) int64 {
	if s.kind == exponential {
		return int64(s.shift + s.scale*r.ExpFloat64() + 0.5)
	}
	return int64(min(s.draw(r)+0.5, most))
}

// Seconds draws a time in seconds.
func (s *Sampler) Seconds(r *rand.Rand) float64 { return s.draw(r) * 1e-9 }

func (s *Sampler) draw(r *rand.Rand) float64 {
	x := s.scale
	switch s.kind {
	case exponential:
		x *= r.ExpFloat64()
	case erlang:
		x *= gamma(s.phases, r)
	case hyper:
		if r.Float64() >= s.shape {
			x = s.scale2
		}
		x *= r.ExpFloat64()
	case lognormal:
		x *= math.Exp(s.shape * r.NormFloat64())
	case uniform:
		x *= r.Float64()
	case pareto:
		x *= math.Pow(1-r.Float64(), s.shape)
	case empirical:
		x = s.values[r.IntN(len(s.values))]
	}
	return s.shift + x
}

// gamma draws from the gamma law of a whole shape and scale 1: few phases are added up; for many, Marsaglia and
// Tsang's method ("A simple method for generating gamma variables", 2000).
func gamma(phases int, r *rand.Rand) float64 {
	if phases <= 12 {
		var sum float64
		for range phases {
			sum += r.ExpFloat64()
		}
		return sum
	}
	d := float64(phases) - 1.0/3
	c := 1 / math.Sqrt(9*d)
	for {
		x := r.NormFloat64()
		v := 1 + c*x
		if v <= 0 {
			continue
		}
		v = v * v * v
		if math.Log(1-r.Float64()) < x*x/2+d-d*v+d*math.Log(v) {
			return d * v
		}
	}
}
