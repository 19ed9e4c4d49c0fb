package container

import (
	"math"
	"math/rand/v2"

	"cloudconcepts/internal/des"
)

// source makes Poisson arrivals of a rate in steps.
type source struct {
	steps  []Step
	at     float64 // s
	step   int
	random *rand.Rand
}

// next is the next arrival in ns.
func (s *source) next() int64 {
	need := s.random.ExpFloat64()
	for {
		end := math.Inf(1)
		if s.step+1 < len(s.steps) {
			end = s.steps[s.step+1].At.Seconds()
		}
		rate := s.steps[s.step].Rate
		if have := rate * (end - s.at); rate > 0 && have >= need {
			s.at += need / rate
			return des.Nanoseconds(s.at)
		} else if rate > 0 {
			need -= have
		}
		if math.IsInf(end, 1) {
			return math.MaxInt64
		}
		s.at = end
		s.step++
	}
}
