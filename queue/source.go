package queue

import (
	"math"
	"math/rand/v2"

	"cloudconcepts/internal/arrival"
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

func newSource(c Config) arrival.Source {
	return arrival.NewSource(c.Arrivals, rng.New(c.Seed, drawArrivals), c.Trace.At)
}

// blockSize is how many messages are drawn at a time.
const blockSize = 256

// feed makes messages in blocks: times, work and class of each.
type feed struct {
	source  arrival.Source
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
	if c.Arrivals.Traced() {
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
	n := f.source.Fill(f.at[:min(most, f.left, blockSize)])
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
