package contention

import (
	"math/rand/v2"
	"time"

	"cloudconcepts/internal/des"
	"cloudconcepts/internal/rng"
	"cloudconcepts/internal/stats"
)

// The streams of random numbers, one for each purpose.
const (
	streamBackoff uint64 = 2
	streamDelays  uint64 = 4
)

// Simulate runs c. The same Config gives the same Result.
func Simulate(c Config) (Result, error) {
	if err := c.Validate(); err != nil {
		return Result{}, err
	}
	x := contest{Config: c, writers: make([]writer, c.Clients)}
	result := Result{Config: c}
	var calls, ends stats.Moments
	for run := range c.Runs {
		x.delays = rng.New(c.Seed, uint64(run), streamDelays)
		x.waits = rng.New(c.Seed, uint64(run), streamBackoff)
		x.tracing = c.Trace && run == 0
		n, end := x.run()
		calls.Add(float64(n))
		ends.Add(des.Seconds(end))
	}
	result.Calls, result.End = calls.Estimate(), ends.Estimate()
	result.CallsPerClient = result.Calls.Mean / float64(c.Clients)
	result.Trace = x.trace
	return result, nil
}

// contest is the state of a run; its room is kept from run to run.
type contest struct {
	Config
	delays, waits *rand.Rand
	events        des.Queue[visit]
	writers       []writer
	tracing       bool
	trace         []Call
}

// visit is a message that reaches the server.
type visit struct {
	client int32
	write  bool
}

type writer struct {
	version  int   // of its last read
	failures int   // so far
	wait     int64 // its last backoff
}

// run plays one run and returns its calls and its last moment. A client only
// turns messages round, so its part of the way is added to the message's.
func (x *contest) run() (calls int, end int64) {
	clear(x.writers)
	version := 0
	for i := range x.writers {
		x.events.Push(x.delay(), visit{client: int32(i)})
	}
	for x.events.Len() > 0 {
		now, v := x.events.Pop()
		w := &x.writers[v.client]
		if !v.write {
			w.version = version
			x.events.Push(now+x.delay()+x.delay(), visit{v.client, true})
			continue
		}
		calls++
		ok := w.version == version
		if x.tracing {
			x.trace = append(x.trace, Call{des.Seconds(now), int(v.client), w.failures + 1, ok})
		}
		back := now + x.delay()
		if ok {
			version++
			end = max(end, back)
			continue
		}
		w.failures++
		w.wait = int64(x.Backoff.Wait(w.failures, time.Duration(w.wait), x.waits))
		x.events.Push(back+w.wait+x.delay(), visit{client: v.client})
	}
	return calls, end
}

// delay is |Normal(DelayMean, DelaySD)| in nanoseconds.
func (x *contest) delay() int64 {
	d := int64(float64(x.DelayMean) + float64(x.DelaySD)*x.delays.NormFloat64())
	if d < 0 {
		return -d
	}
	return d
}
