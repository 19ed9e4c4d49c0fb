package client

import (
	"math/rand/v2"
	"time"

	"cloudconcepts/internal/check"

	"cloudconcepts/internal/des"
	"cloudconcepts/internal/rng"
	"cloudconcepts/internal/stats"
)

// Contention is the experiment behind the article "Exponential Backoff And
// Jitter" (AWS Architecture Blog; code: aws-samples/aws-arch-backoff-simulator).
// Clients all start at time 0 and each wants to update the same row once, with
// optimistic concurrency control: read the row's version, then write; a write
// whose version is no longer the current one fails, and the client backs off
// and reads again. Every message takes |Normal(DelayMean, DelaySD)|.
//
// A client fails at most once for every other client that succeeds, so a run
// takes at most Clients^2 calls and always ends.
type Contention struct {
	Clients   int           `json:"clients"` // [1, 10000]
	Backoff   Backoff       `json:"backoff"`
	DelayMean time.Duration `json:"delay_mean_ns"` // of one message, [0, 1 h]
	DelaySD   time.Duration `json:"delay_sd_ns"`   // [0, 1 h]
	Runs      int           `json:"runs"`          // [1, 1e6]; Clients^2 Runs at most 1e10
	Seed      uint64        `json:"seed"`
	Trace     bool          `json:"trace"` // keep the calls of the first run
}

// AWSContention is the article's experiment: delays |Normal(10, 2)|, base 5,
// cap 2000, in the article's milliseconds, for 1,000 runs.
func AWSContention(law Jitter, clients int) Contention {
	c := Contention{
		Clients: clients, DelayMean: 10 * time.Millisecond, DelaySD: 2 * time.Millisecond, Runs: 1000, Seed: 1,
	}
	if law != None {
		c.Backoff = Backoff{Jitter: law, Base: 5 * time.Millisecond, Cap: 2 * time.Second}
	}
	return c
}

// Validate reports every field that is out of range, in one error that wraps
// ErrInvalidConfig.
func (c Contention) Validate() error {
	v := checks{check.Of(ErrInvalidConfig)}
	check.Count(&v.List, "Clients", int64(c.Clients), 1, 10_000)
	v.backoff("Backoff", c.Backoff)
	v.Span("DelayMean", c.DelayMean, 0, time.Hour)
	v.Span("DelaySD", c.DelaySD, 0, time.Hour)
	check.Count(&v.List, "Runs", int64(c.Runs), 1, 1_000_000)
	if work := float64(c.Clients) * float64(c.Clients) * float64(c.Runs); v.OK() && work > 1e10 {
		v.Add("Clients^2 Runs = %g calls at most, want in [1, 1e10]: lower Runs", work)
	}
	return v.Err()
}

// Estimate is a mean over runs: Mean, the interval from Low to High that holds the true one with 95 % confidence, and
// StandardError.
type Estimate = stats.Estimate

// ContentionResult is what the experiment cost.
type ContentionResult struct {
	Config    Contention `json:"config"`
	Calls     Estimate   `json:"calls"`        // writes that reached the server, failed ones included
	Time      Estimate   `json:"completion_s"` // until the last client has its answer
	Amplified float64    `json:"calls_per_client"`
	Trace     []Call     `json:"call_rows,omitempty"`
}

// Call is a write that reached the server.
type Call struct {
	At      float64 `json:"time_s"`
	Client  int     `json:"client"`
	Attempt int     `json:"attempt"` // from 1
	OK      bool    `json:"ok"`
}

// Contend runs the experiment.
func Contend(c Contention) (ContentionResult, error) {
	if err := c.Validate(); err != nil {
		return ContentionResult{}, err
	}
	x := contest{Contention: c, writers: make([]writer, c.Clients)}
	result := ContentionResult{Config: c}
	var calls, ends stats.Moments
	for run := range c.Runs {
		x.delays = rng.New(c.Seed, uint64(run), streamDelays)
		x.waits = rng.New(c.Seed, uint64(run), streamBackoff)
		x.tracing = c.Trace && run == 0
		n, end := x.run()
		calls.Add(float64(n))
		ends.Add(des.Seconds(end))
	}
	result.Calls, result.Time = calls.Estimate(), ends.Estimate()
	result.Amplified = result.Calls.Mean / float64(c.Clients)
	result.Trace = x.trace
	return result, nil
}

// contest is the state of a run; its room is kept from run to run.
type contest struct {
	Contention
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
		w.wait = x.Backoff.wait(w.failures, w.wait, x.waits)
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
