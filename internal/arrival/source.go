package arrival

import (
	"math"
	"math/rand/v2"
	"time"

	"cloudconcepts/internal/des"
	"cloudconcepts/internal/law"
)

// TooLate is a time after the end of every run, to which far-off times are cut so that nothing overflows.
const TooLate = 2 * des.Forever

// Source makes the times of arrivals.
type Source struct {
	kind   kind
	random *rand.Rand
	mean   float64     // ns between Poisson arrivals
	gaps   law.Sampler // between others
	at     int64       // the last arrival, ns

	rates [2]float64 // on-off: arrivals per ns in each state
	means [2]float64 // and its mean time, ns
	state int
	left  float64 // ns until the next change

	steps []Step
	step  int
	into  float64 // ns since the start of the step

	batch     float64
	geometric bool
	more      int // messages still to come of the current batch

	trace []time.Duration
}

// NewSource makes the times of valid arrivals with random numbers; trace is what FromTrace reads.
func NewSource(a Arrivals, random *rand.Rand, trace []time.Duration) Source {
	s := Source{kind: a.kind, random: random, batch: a.batch, geometric: a.geometric}
	switch a.kind {
	case poisson:
		s.mean = 1e9 / a.rate
	case every, renewal:
		s.gaps = a.law.Sampler()
		if a.law.Exponential() {
			s.kind, s.mean = poisson, a.law.Mean()*1e9
		}
	case onOff:
		s.rates = [2]float64{a.rate / 1e9, a.off / 1e9}
		s.means = [2]float64{float64(a.meanOn), float64(a.meanOff)}
		if s.random.Float64()*(s.means[0]+s.means[1]) >= s.means[0] {
			s.state = 1
		}
		s.left = s.means[s.state] * s.random.ExpFloat64()
	case steps, paced:
		s.steps, _ = parseSteps(a.steps) // Validate has read it
	case fromTrace:
		s.trace = trace
	case diurnal:
		s.mean, s.rates[0], s.rates[1] = 1e9/(a.rate*(1+a.off)), a.off, 1/(1+a.off)
		s.into = 2 * math.Pi / float64(a.period)
	}
	return s
}

// Fill writes the times of the next messages, in ns, and returns how many there are; fewer than asked for are the last.
func (s *Source) Fill(at []int64) int {
	switch {
	case s.kind == fromTrace:
		n := min(len(at), len(s.trace))
		for i, t := range s.trace[:n] {
			at[i] = int64(t)
		}
		s.trace = s.trace[n:]
		return n
	case s.batch > 1:
		return s.fillBatches(at)
	case s.kind == poisson:
		t := s.at
		for i := range at {
			t = min(t+int64(s.mean*s.random.ExpFloat64()+0.5), TooLate)
			at[i] = t
		}
		s.at = t
		return len(at)
	}
	for i := range at {
		if !s.next() {
			return i
		}
		at[i] = s.at
	}
	return len(at)
}

func (s *Source) fillBatches(at []int64) int {
	for i := range at {
		if s.more == 0 {
			if !s.next() {
				return i
			}
			s.more = s.size()
		}
		s.more--
		at[i] = s.at
	}
	return len(at)
}

// size draws the number of messages of a batch.
func (s *Source) size() int {
	if !s.geometric {
		return int(s.batch)
	}
	// 1 + the failures before a success of probability 1/mean.
	return 1 + int(min(s.random.ExpFloat64()/-math.Log1p(-1/s.batch), 1e9))
}

// next moves to the next arrival, if there is one.
func (s *Source) next() bool {
	gap := 0.0
	switch s.kind {
	case poisson:
		gap = s.mean * s.random.ExpFloat64()
	case onOff:
		gap = s.switching()
	case diurnal:
		s.at = s.thinned()
		return true
	case steps:
		return s.along(s.random.ExpFloat64())
	case paced:
		return s.along(1)
	default:
		s.at = min(s.at+s.gaps.Next(s.random), TooLate)
		return true
	}
	s.at = min(s.at+int64(min(gap+0.5, des.Forever)), TooLate)
	return true
}

// switching is the gap of an on-off process: an exponential amount of expected arrivals, spent at the rates of the
// states that pass.
func (s *Source) switching() float64 {
	amount, gap := s.random.ExpFloat64(), 0.0
	for {
		rate := s.rates[s.state]
		if need := amount / rate; need < s.left { // x/0 = +Inf
			s.left -= need
			return gap + need
		}
		amount -= rate * s.left
		gap += s.left
		if gap > des.Forever {
			return gap
		}
		s.state = 1 - s.state
		s.left = s.means[s.state] * s.random.ExpFloat64()
	}
}

// thinned is the next arrival of a rate that swings: of arrivals at its greatest rate each is kept with the probability of
// the present one (Lewis and Shedler, 1979).
func (s *Source) thinned() int64 {
	at := s.at
	for at < TooLate {
		at = min(at+int64(min(s.mean*s.random.ExpFloat64()+0.5, des.Forever)), TooLate)
		if s.random.Float64() < s.rates[1]*(1+s.rates[0]*math.Sin(s.into*float64(at))) {
			break
		}
	}
	return at
}

// along spends an amount of expected arrivals along the steps of the rate.
func (s *Source) along(amount float64) bool {
	for {
		rate := s.steps[s.step].Rate / 1e9
		start := float64(s.steps[s.step].At)
		need := amount / rate
		if s.step == len(s.steps)-1 {
			if rate == 0 {
				return false
			}
			s.into += need
			s.at = int64(min(start+s.into+0.5, TooLate))
			return true
		}
		length := float64(s.steps[s.step+1].At) - start
		if s.into+need <= length {
			s.into += need
			s.at = int64(start) + int64(s.into+0.5)
			return true
		}
		amount -= rate * (length - s.into)
		s.step++
		s.into = 0
	}
}
