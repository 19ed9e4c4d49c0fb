package coldstart

import (
	"math"

	"cloudconcepts/internal/arrival"
	"cloudconcepts/internal/des"
	"cloudconcepts/internal/law"
	"cloudconcepts/internal/rng"
)

// The streams of random numbers of a run.
const (
	drawArrivals uint64 = iota + 1
	drawServices
	drawCPU
	drawColds
	drawKeepAlive
	drawSelection
	drawRetries
	drawErrors
	drawPings
	drawDemand
)

// work is the time that an environment spends on an invocation.
type work struct {
	before   int64 // until the handler begins
	response int64 // in all
	billed   int64 // ns of it that are billed whether or not init is
	init     int64 // ns that are billed if it is
	cut      bool  // at the function's timeout
}

// workOf is what an invocation with a handler of exec takes; x is the cold start or nil, timeout 0 = none.
func workOf(exec int64, x *start, timeout int64) work {
	if timeout == 0 {
		timeout = math.MaxInt64
	}
	switch {
	case x == nil:
		w := min(exec, timeout)
		return work{response: w, billed: w, cut: exec > timeout}
	case x.whole >= 0:
		w := min(x.whole, timeout)
		return work{response: w, billed: w, cut: x.whole > timeout}
	}
	handler := exec + x.extra
	inside, init := int64(0), x.init
	if x.suppressed { // what began anew is part of the invocation
		init = x.part[lostInit]
		inside = x.init - init
	}
	w := min(inside+handler, timeout)
	before := x.before - inside + min(inside, timeout)
	return work{
		before: before, response: x.before - inside + w, billed: w, init: init, cut: inside+handler > timeout,
	}
}

// feed makes requests in blocks: their times and the work of their handlers.
type feed struct {
	source  arrival.Source
	io, cpu law.Sampler
	fixed   int64   // ns of all, if mean is 0 and it is not -1
	mean    float64 // ns, of exponential work
	stretch float64
	draws   *randomness
	left    int64 // requests still to be taken
	over    bool  // no further block

	n, i int
	at   [blockSize]int64
	work [blockSize]int64
}

// blockSize is how many requests are drawn at a time.
const blockSize = 256

func newFeed(c Config, draws *randomness) feed {
	f := feed{
		source: arrival.NewSource(c.Arrivals, rng.New(c.Seed, drawArrivals), c.Trace), io: c.Warm.Sampler(), cpu: c.CPU.Work.Sampler(), draws: draws, left: c.MaxRequests,
		stretch: stretch(c.MemoryMB, c.CPU.Parallelism), fixed: -1,
	}
	if c.MaxRequests == 0 {
		f.left = math.MaxInt64
	}
	if !c.CPU.Work.IsZero() {
		return f
	}
	f.stretch = 0
	if c.Warm.Exponential() {
		f.mean = c.Warm.Mean() * 1e9
	} else if d, ok := c.Warm.Fixed(); ok {
		f.fixed = int64(d)
	}
	return f
}

// refill draws the next block and returns its size, 0 at the end.
func (f *feed) refill() int {
	f.n = f.source.Fill(f.at[:min(f.left, blockSize)])
	f.i = 0
	work := f.work[:f.n]
	switch {
	case f.mean > 0:
		for i := range work {
			work[i] = int64(f.mean*f.draws.services.ExpFloat64() + 0.5)
		}
	case f.fixed >= 0:
		for i := range work {
			work[i] = f.fixed
		}
	default:
		for i := range work {
			work[i] = f.handler()
		}
	}
	f.over = f.n == 0
	return f.n
}

// handler draws the work of one.
func (f *feed) handler() int64 {
	w := f.io.Next(f.draws.services)
	if f.stretch > 0 {
		w += int64(min(float64(f.cpu.Next(f.draws.cpu))*f.stretch, des.Forever))
	}
	return min(w, des.Forever)
}

// demand draws the work that a request would be if it were served at once.
func (f *feed) demand() int64 {
	w := f.io.Next(f.draws.demand)
	if f.stretch > 0 {
		w += int64(min(float64(f.cpu.Next(f.draws.demand))*f.stretch, des.Forever))
	}
	return min(w, des.Forever)
}

// next is the time of the next request, far off if there is none.
func (f *feed) next() int64 {
	if f.i == f.n && (f.over || f.refill() == 0) {
		return arrival.TooLate
	}
	return f.at[f.i]
}

// take is the work of that request, which is thereby gone.
func (f *feed) take() int64 {
	f.i++
	f.left--
	return f.work[f.i-1]
}
