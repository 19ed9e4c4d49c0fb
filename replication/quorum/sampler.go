package quorum

import (
	"math/rand/v2"

	"cloudconcepts/internal/law"
	"cloudconcepts/internal/rng"
)

// A Sampler draws the delays of one leg, in ms, from a stream of its own: another law of one leg, or other quorums, leave
// the draws of the other legs alone.
type Sampler struct {
	g     generator
	z     *ziggurat
	parts [mostParts]drawn
	last  int  // index of the last part
	fixed bool // always the same delay
	delay float64
	other bool // neither: draw from the law
	law   law.Sampler
	r     *rand.Rand
}

// drawn is a part as the sampler needs it.
type drawn struct {
	upTo   uint64  // a random word below this picks this part or one before it
	scale  float64 // ms: the mean, or Pareto's least value
	power  float64 // 1/alpha
	pareto bool
}

// Sampler draws from the stream of a seed and further words.
func (l Latency) Sampler(seed uint64, stream ...uint64) Sampler {
	s := newSampler(l, newZiggurat())
	s.seed(seed, stream...)
	return s
}

func newSampler(l Latency, z *ziggurat) Sampler {
	s := Sampler{z: z}
	if l.count == 0 {
		s.law = l.law.Sampler()
		d, fixed := l.law.Fixed()
		s.fixed, s.other, s.delay = fixed, !fixed, float64(d)*1e-6
		return s
	}
	var sum float64
	s.last = l.count - 1
	for i, p := range l.parts[:l.count] {
		sum += p.Weight
		s.parts[i] = drawn{upTo: uint64(min(sum, 1-0x1p-53) * 0x1p64), scale: p.Xm, pareto: p.Alpha > 0}
		if s.parts[i].pareto {
			s.parts[i].power = 1 / p.Alpha
		} else {
			s.parts[i].scale = 1 / p.Rate
		}
	}
	return s
}

// seed starts the stream of a purpose.
func (s *Sampler) seed(seed uint64, stream ...uint64) {
	if s.other {
		s.r = rng.New(seed, stream...)
		return
	}
	s.g = newGenerator(seed, stream...)
}

// fill draws one delay for each place.
func (s *Sampler) fill(delays []float64) {
	switch {
	case s.fixed:
		for i := range delays {
			delays[i] = s.delay
		}
	case s.other:
		for i := range delays {
			delays[i] = s.law.Seconds(s.r) * 1e3
		}
	default:
		s.mix(delays)
	}
}

// mix draws from the mixture. A Pareto time is xm exp(E/alpha) with E exponential of mean 1.
func (s *Sampler) mix(delays []float64) {
	g, z := s.g, s.z
	for i := range delays {
		p := &s.parts[0]
		if s.last > 0 {
			p = s.pick(g.next())
		}
		e := z.exponential(&g)
		if p.pareto {
			delays[i] = p.scale * z.exp(e*p.power)
		} else {
			delays[i] = p.scale * e
		}
	}
	s.g = g
}

func (s *Sampler) pick(u uint64) *drawn {
	i := 0
	for i < s.last && u >= s.parts[i].upTo {
		i++
	}
	return &s.parts[i]
}

// Next draws a delay, in ms.
func (s *Sampler) Next() float64 {
	switch {
	case s.fixed:
		return s.delay
	case s.other:
		return s.law.Seconds(s.r) * 1e3
	}
	p := &s.parts[0]
	if s.last > 0 {
		p = s.pick(s.g.next())
	}
	e := s.z.exponential(&s.g)
	if p.pareto {
		return p.scale * s.z.exp(e*p.power)
	}
	return p.scale * e
}
