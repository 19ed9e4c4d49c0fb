package autoscale

import (
	"math/rand/v2"
	"time"

	"cloudconcepts/internal/des"
	"cloudconcepts/internal/law"
	"cloudconcepts/internal/rng"
	"cloudconcepts/internal/stats"
	"cloudconcepts/queue/autoscale/load"
)

// Streams of random numbers.
const (
	arrivalStream = iota
	serviceStream
)

// Simulate runs c. The same Config gives the same Result; the same Seed gives every rule the same arrivals and the n-th
// message the same processing time.
func Simulate(c Config) (Result, error) {
	if err := c.Validate(); err != nil {
		return Result{}, err
	}
	f := newFleet(c)
	f.run()
	return f.finish(), nil
}

// fleet is a run.
type fleet struct {
	cfg      Config
	source   load.Source
	sampler  law.Sampler
	services *rand.Rand
	mean     float64 // true processing time, s

	now, end int64
	arrival  int64            // the next one
	left     int              // arrivals that may still come
	backlog  des.Ring[int64]  // arrival times of the waiting messages
	busy     des.Queue[int64] // completions, with the arrival times of the messages
	boots    des.Ring[batch]  // instances that boot, in order
	booting  int              // how many they are
	idle     int              // instances that serve and have nothing to do: none while a message waits
	draining int              // instances that leave as soon as one completes
	running  int              // paid instances: booting, idle, busy
	wanted   int

	target    int64 // LatencyTarget
	lastStart int64 // when a message last left the backlog
	over      int64 // time for which the oldest waiting message was older than the target
	maxAge    int64
	late      int
	latency   stats.Histogram
	step      tally

	scaler scaler
	res    Result
}

// batch are instances that were launched together.
type batch struct {
	ready int64 // when they serve
	n     int
}

// tally is what happened since the last row.
type tally struct {
	arrived, completed int
	latency            int64
}

func newFleet(c Config) *fleet {
	f := &fleet{
		cfg: c, source: c.Arrivals.Source(rng.New(c.Seed, arrivalStream), c.Duration),
		sampler: c.Service.Sampler(), services: rng.New(c.Seed, serviceStream), mean: c.Service.Mean(),
		end: int64(c.Duration), left: c.MaxMessages, target: int64(c.LatencyTarget),
		idle: c.Initial, running: c.Initial, wanted: c.Initial,
	}
	f.res.EmptyAt, f.res.InstancesPeak = -1, c.Initial
	for range c.Backlog {
		f.backlog.PushBack(0)
	}
	for f.idle > 0 && f.backlog.Len() > 0 {
		f.idle--
		f.start(f.backlog.PopFront())
	}
	f.res.DepthPeak = f.backlog.Len()
	f.nextArrival()
	return f
}

// run goes from tick to tick: the times at which an instance is ready, the queue is measured, the rule decides or a
// row is written. At one time they happen in that order, after arrivals and completions.
func (f *fleet) run() {
	f.scaler.reset(f.cfg)
	row := int64(f.cfg.Sample)
	if row > 0 {
		f.addRow()
	} else {
		row = des.Forever
	}
	for f.now < f.end && f.left >= 0 {
		t := min(f.scaler.measureAt, f.scaler.decideAt, row, f.end)
		if f.boots.Len() > 0 {
			t = min(t, f.boots.Front().ready)
		}
		f.advance(t)
		if f.left < 0 {
			break
		}
		f.tick(t)
		if t == row {
			f.addRow()
			row += int64(f.cfg.Sample)
		}
	}
}

// tick is what happens at a time but for arrivals and completions.
func (f *fleet) tick(t int64) {
	f.now = t
	for f.boots.Len() > 0 && f.boots.Front().ready == t {
		n := f.boots.PopFront().n
		f.booting -= n
		f.serve(n)
	}
	if t == f.scaler.measureAt {
		f.measure()
	}
	if t == f.scaler.decideAt {
		f.decide()
	}
}

// advance lets messages arrive and be completed up to and including a time, completions first.
func (f *fleet) advance(until int64) {
	for {
		done := f.busy.Next()
		switch {
		case done <= f.arrival && done <= until:
			f.complete()
		case f.arrival <= until:
			f.arrive()
			if f.left < 0 {
				return
			}
		default:
			return
		}
	}
}

func (f *fleet) nextArrival() { f.arrival = f.source.Next() }

// arrive takes the next message in. The first one beyond MaxMessages ends the run instead.
func (f *fleet) arrive() {
	f.left--
	f.now = f.arrival
	if f.left < 0 {
		return
	}
	f.step.arrived++
	f.res.Arrived++
	if f.idle > 0 {
		f.idle--
		f.start(f.now)
	} else {
		f.backlog.PushBack(f.now)
		if n := f.backlog.Len(); n > f.res.DepthPeak {
			f.res.DepthPeak, f.res.PeakAt, f.res.EmptyAt = n, des.Seconds(f.now), -1
		}
	}
	f.nextArrival()
}

// start begins to process the message that arrived at a time.
func (f *fleet) start(arrived int64) {
	f.busy.Push(f.now+f.sampler.Next(f.services), arrived)
}

// take lets an instance that is free begin with the oldest waiting message.
func (f *fleet) take() {
	arrived := f.backlog.PopFront()
	f.maxAge = max(f.maxAge, f.now-arrived)
	f.over += max(0, f.now-max(f.lastStart, arrived+f.target))
	f.lastStart = f.now
	if f.backlog.Len() == 0 && f.res.EmptyAt < 0 {
		f.res.EmptyAt = des.Seconds(f.now)
	}
	f.start(arrived)
}

func (f *fleet) complete() {
	at, arrived := f.busy.Pop()
	f.now = at
	latency := at - arrived
	f.latency.Add(latency)
	if latency > f.target {
		f.late++
	}
	f.step.completed++
	f.step.latency += latency
	if f.draining > 0 {
		f.draining--
		f.leave(1)
		return
	}
	f.serve(1)
}

// serve gives n instances the next messages, or nothing to do.
func (f *fleet) serve(n int) {
	for ; n > 0 && f.backlog.Len() > 0; n-- {
		f.take()
	}
	f.idle += n
}

// capacity are the instances that serve or boot and are not leaving.
func (f *fleet) capacity() int { return f.running - f.draining }

// launch starts n instances at once, leave ends n.
func (f *fleet) launch(n int) {
	f.pay(f.now)
	f.running += n
	f.res.Launched += n
	f.res.InstancesPeak = max(f.res.InstancesPeak, f.running)
	if f.cfg.Boot == 0 {
		f.serve(n)
		return
	}
	f.booting += n
	f.boots.PushBack(batch{f.now + int64(f.cfg.Boot), n})
}

func (f *fleet) leave(n int) {
	f.pay(f.now)
	f.running -= n
}

// pay adds up the instance-seconds since the last change.
func (f *fleet) pay(until int64) {
	f.res.InstanceSeconds += float64(f.running) * des.Seconds(until-f.scaler.paidUntil)
	f.scaler.paidUntil = until
}

// stop takes n instances out of service: those that boot first, the newest first, then idle ones, then busy ones, which
// finish their message.
func (f *fleet) stop(n int) {
	cancelled := min(n, f.booting)
	f.booting -= cancelled
	for rest := cancelled; rest > 0; {
		newest := f.boots.Back()
		k := min(rest, newest.n)
		rest -= k
		if newest.n -= k; newest.n == 0 {
			f.boots.PopBack()
		}
	}
	f.res.Cancelled += cancelled
	idle := min(n-cancelled, f.idle)
	f.idle -= idle
	f.leave(cancelled + idle)
	f.draining += n - cancelled - idle
}

// oldest is the age of the oldest waiting message in nanoseconds.
func (f *fleet) oldest() int64 {
	if f.backlog.Len() == 0 {
		return 0
	}
	return f.now - *f.backlog.Front()
}

func (f *fleet) addRow() {
	s := f.step
	r := Row{
		At: des.Seconds(f.now), Rate: f.cfg.Arrivals.Rate(time.Duration(f.now)), Arrived: s.arrived, Completed: s.completed,
		Depth: f.backlog.Len(), InFlight: f.busy.Len(), OldestAge: des.Seconds(f.oldest()),
		Wanted: f.wanted, Running: f.running, Serving: f.running - f.booting,
	}
	if s.completed > 0 {
		r.LatencyMean = des.Seconds(s.latency) / float64(s.completed)
	}
	f.res.Rows = append(f.res.Rows, r)
	f.step = tally{}
}
