package queue

import (
	"math"
	"math/rand/v2"

	"cloudconcepts/internal/des"
	"cloudconcepts/internal/law"
	"cloudconcepts/internal/rng"
)

// The streams of random numbers of a run.
const (
	drawArrivals uint64 = iota + 1
	drawServices
	drawClasses
	drawLine
)

// tooLate is a time after the end of every run, to which far-off times are cut so that nothing overflows.
const tooLate = 2 * des.Forever

// source makes the times of arrivals.
type source struct {
	kind   arrivalKind
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

	trace []int64
}

func newSource(c Config) source {
	a := c.Arrivals
	s := source{kind: a.kind, random: rng.New(c.Seed, drawArrivals), batch: a.batch, geometric: a.geometric}
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
		s.trace = make([]int64, c.Trace.Len())
		for i, at := range c.Trace.At {
			s.trace[i] = int64(at)
		}
	}
	return s
}

// fill writes the times of the next messages and returns how many there are; fewer than asked for are the last.
func (s *source) fill(at []int64) int {
	switch {
	case s.kind == fromTrace:
		n := copy(at, s.trace)
		s.trace = s.trace[n:]
		return n
	case s.batch > 1:
		return s.fillBatches(at)
	case s.kind == poisson:
		t := s.at
		for i := range at {
			t = min(t+int64(s.mean*s.random.ExpFloat64()+0.5), tooLate)
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

func (s *source) fillBatches(at []int64) int {
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
func (s *source) size() int {
	if !s.geometric {
		return int(s.batch)
	}
	// 1 + the failures before a success of probability 1/mean.
	return 1 + int(min(s.random.ExpFloat64()/-math.Log1p(-1/s.batch), 1e9))
}

// next moves to the next arrival, if there is one.
func (s *source) next() bool {
	gap := 0.0
	switch s.kind {
	case poisson:
		gap = s.mean * s.random.ExpFloat64()
	case onOff:
		gap = s.switching()
	case steps:
		return s.along(s.random.ExpFloat64())
	case paced:
		return s.along(1)
	default:
		s.at = min(s.at+s.gaps.Next(s.random), tooLate)
		return true
	}
	s.at = min(s.at+int64(min(gap+0.5, des.Forever)), tooLate)
	return true
}

// switching is the gap of an on-off process: an exponential amount of expected arrivals, spent at the rates of the
// states that pass.
func (s *source) switching() float64 {
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

// along spends an amount of expected arrivals along the steps of the rate.
func (s *source) along(amount float64) bool {
	for {
		rate := s.steps[s.step].Rate / 1e9
		start := float64(s.steps[s.step].At)
		need := amount / rate
		if s.step == len(s.steps)-1 {
			if rate == 0 {
				return false
			}
			s.into += need
			s.at = int64(min(start+s.into+0.5, tooLate))
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

// blockSize is how many messages are drawn at a time.
const blockSize = 256

// feed makes messages in blocks: times, work and class of each.
type feed struct {
	source  source
	service law.Sampler
	fixed   int64   // work of all, if mean is 0
	mean    float64 // ns, of exponential work
	draws   *rand.Rand
	classes []Class
	picks   *rand.Rand
	trace   *Trace
	left    int64 // messages still to be made
	made    int64 // so far

	n     int
	at    [blockSize]int64
	work  [blockSize]int64
	class [blockSize]uint8
}

func newFeed(c Config) *feed {
	f := &feed{
		source: newSource(c), service: c.Service.Sampler(), draws: rng.New(c.Seed, drawServices),
		classes: c.Classes, picks: rng.New(c.Seed, drawClasses), left: c.Messages,
	}
	if c.Messages == 0 {
		f.left = math.MaxInt64
	}
	if c.Arrivals.kind == fromTrace {
		f.trace = &c.Trace
	}
	d, isFixed := c.Service.Fixed()
	switch {
	case c.Service.Exponential():
		f.mean = c.Service.Mean() * 1e9
	case isFixed:
		f.fixed = int64(d)
	default:
		f.fixed = -1
	}
	return f
}

// refill makes the next block of up to most messages and returns its size, 0 at the end.
func (f *feed) refill(most int64) int {
	n := f.source.fill(f.at[:min(most, f.left, blockSize)])
	f.draw(f.work[:n])
	if len(f.classes) > 1 {
		f.sort(n)
	}
	if f.trace != nil {
		f.copy(n)
	}
	f.n = n
	f.made += int64(n)
	f.left -= int64(n)
	return n
}

func (f *feed) draw(work []int64) {
	switch {
	case f.mean > 0:
		for i := range work {
			work[i] = int64(f.mean*f.draws.ExpFloat64() + 0.5)
		}
	case f.fixed >= 0:
		for i := range work {
			work[i] = f.fixed
		}
	default:
		for i := range work {
			work[i] = f.service.Next(f.draws)
		}
	}
}

// sort draws the classes and gives each its size.
func (f *feed) sort(n int) {
	for i := range n {
		u, class := f.picks.Float64(), 0
		for class < len(f.classes)-1 && u >= f.classes[class].Share {
			u -= f.classes[class].Share
			class++
		}
		f.class[i] = uint8(class)
		f.resize(i)
	}
}

func (f *feed) resize(i int) {
	f.work[i] = int64(min(float64(f.work[i])*f.classes[f.class[i]].Size+0.5, des.Forever))
}

// copy takes over what a trace says of its messages. Drawn work of a class given by the trace has its size.
func (f *feed) copy(n int) {
	for i := range n {
		j := f.made + int64(i)
		if len(f.trace.Class) > 0 && len(f.classes) > 0 {
			f.class[i] = uint8(f.trace.Class[j])
		}
		if len(f.trace.Service) > 0 {
			f.work[i] = int64(f.trace.Service[j])
		}
	}
}
