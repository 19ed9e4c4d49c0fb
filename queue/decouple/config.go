package decouple

import (
	"fmt"
	"time"

	"cloudconcepts/internal/check"
	"cloudconcepts/internal/law"
	"cloudconcepts/queue/autoscale/load"
)

// Law is a law of random times: text such as "exp:1s", "lognormal:1s,cv=2" or "5ms+exp:1ms"; see internal/law for all.
type Law = law.Law

// Exp is exponential.
func Exp(mean time.Duration) Law { return law.Exp(mean) }

// Const always takes d.
func Const(d time.Duration) Law { return law.Const(d) }

// ParseLaw reads the text of a law.
func ParseLaw(text string) (Law, error) { return law.Parse(text) }

// Config describes user requests, the slow provider that each of them needs, and the two ways to get there. It is a
// plain value: copy it, change a field, simulate again.
type Config struct {
	Arrivals load.Profile `json:"arrivals"` // of the users' requests
	Provider Provider     `json:"provider"`
	Sync     Sync         `json:"sync"`
	Async    Async        `json:"async"`

	Duration    time.Duration `json:"duration_ns"`  // of the run, (0, 1 year]
	MaxRequests int           `json:"max_requests"` // the run ends at this many, [1, 1e9]
	Sample      time.Duration `json:"step_ns"`      // between two rows; 0 = no rows
	Seed        uint64        `json:"seed"`         // selects arrivals, processing times and failures
}

// Provider is what both need: a slow service of bounded capacity.
type Provider struct {
	Servers      int           `json:"servers"`             // calls that it works on at once, [1, 1e6]
	Service      Law           `json:"service"`             // time of one call, the same for every attempt of a request
	Failure      float64       `json:"failure_probability"` // of a call, after all of its time, [0, 1]
	ErrorLatency time.Duration `json:"error_latency_ns"`    // of a call that begins in a failing window, [0, 1 h]
	Windows      []Window      `json:"windows"`             // outages and slow times in order, apart; at most 1000
}

// Window is a time in which the provider is not itself.
type Window struct {
	At     time.Duration `json:"from_ns"`   // from the start of the run, [0, 1 year]
	For    time.Duration `json:"length_ns"` // (0, 1 year]
	Kind   Kind          `json:"kind"`
	Factor float64       `json:"factor"` // of Slow, [1, 1e6]; of no use to the others, [0, 1e6]
}

func (w Window) end() int64 { return int64(w.At + w.For) }

// Sync is the API that calls the provider while its user waits.
type Sync struct {
	Threads int           `json:"threads"`    // requests that it works on at once; each is held for the whole call, [1, 1e6]
	Backlog int           `json:"backlog"`    // accepted requests that may wait for a thread; more get a 503, [0, 1e6]
	Timeout time.Duration `json:"timeout_ns"` // of the user's client, from sending an attempt; 0 = none; at most 1 day

	Retries    int           `json:"retries"`        // attempts after the first, after a timeout, a 503 or an error, [0, 100]
	Backoff    time.Duration `json:"backoff_ns"`     // before retry n: evenly in [0, min(BackoffCap, Backoff 2^n)], n from 0; [0, 1 day]
	BackoffCap time.Duration `json:"backoff_cap_ns"` // [Backoff, 1 day]
	SkipGone   bool          `json:"skip_timed_out"` // a thread does not begin with a request whose user has given up
}

// Async is the API that puts the request in a queue, and the workers behind it.
type Async struct {
	Accept      Law           `json:"accept"`         // until the request is in the queue and the user has the answer "accepted"
	Workers     int           `json:"workers"`        // messages that are worked on at once; of use up to Provider.Servers, [1, 1e6]
	RetryDelay  time.Duration `json:"retry_delay_ns"` // from a failed call until the message is visible again, [0, 12 h]
	MaxReceives int           `json:"max_receives"`   // failed calls until a message goes to the dead-letter queue, [1, 1000]
	Retention   time.Duration `json:"retention_ns"`   // a message that has been in the queue for longer is lost, [1 min, 14 days]
}

const (
	maxPlaces   = 1_000_000
	maxRequests = 1_000_000_000
	maxRows     = 100_000
	maxPieces   = 10_000_000
	maxWindows  = 1000
	day         = 24 * time.Hour
	year        = 365 * day
)

// Validate says all that is wrong with c at once; every error wraps ErrInvalidConfig.
func (c Config) Validate() error {
	v := checks{check.Of(ErrInvalidConfig)}
	for _, p := range c.Arrivals.Problems() {
		v.Add("Arrivals.%w", p)
	}
	v.provider(c.Provider)
	s := c.Sync
	check.Count(&v.List, "Sync.Threads", s.Threads, 1, maxPlaces)
	check.Count(&v.List, "Sync.Backlog", s.Backlog, 0, maxPlaces)
	v.Span("Sync.Timeout", s.Timeout, 0, day)
	check.Count(&v.List, "Sync.Retries", s.Retries, 0, 100)
	v.Span("Sync.Backoff", s.Backoff, 0, day)
	v.Span("Sync.BackoffCap", s.BackoffCap, max(s.Backoff, 0), day)
	a := c.Async
	v.Law("Async.Accept", a.Accept, 0, day)
	check.Count(&v.List, "Async.Workers", a.Workers, 1, maxPlaces)
	v.Span("Async.RetryDelay", a.RetryDelay, 0, 12*time.Hour)
	check.Count(&v.List, "Async.MaxReceives", a.MaxReceives, 1, 1000)
	v.Span("Async.Retention", a.Retention, time.Minute, 14*day)
	v.Span("Duration", c.Duration, 1, year)
	check.Count(&v.List, "MaxRequests", c.MaxRequests, 1, maxRequests)
	v.Span("Sample", c.Sample, 0, year)
	if c.Sample > 0 && int64(c.Duration/c.Sample) > maxRows {
		v.Add("Sample = %v, want at least Duration/%d", c.Sample, maxRows)
	}
	if n := c.Arrivals.Pieces(c.Duration); n > maxPieces {
		v.Add("Arrivals.Period = %v, want at least Duration/%d", c.Arrivals.Period, maxPieces/360)
	}
	return v.Err()
}

func (v *checks) provider(p Provider) {
	check.Count(&v.List, "Provider.Servers", p.Servers, 1, maxPlaces)
	v.Law("Provider.Service", p.Service, 1, year)
	if !(p.Failure >= 0 && p.Failure <= 1) {
		v.Add("Provider.Failure = %g, want in [0, 1]", p.Failure)
	}
	v.Span("Provider.ErrorLatency", p.ErrorLatency, 0, time.Hour)
	check.Count(&v.List, "len(Provider.Windows)", len(p.Windows), 0, maxWindows)
	last := time.Duration(0)
	for i, w := range p.Windows {
		name := fmt.Sprintf("Provider.Windows[%d]", i)
		v.Span(name+".At", w.At, last, year)
		v.Span(name+".For", w.For, 1, year)
		if w.Kind < 0 || w.Kind > Fail {
			v.Add("%s.Kind = %d, want slow, hang or fail", name, int(w.Kind))
		}
		least := 0.0
		if w.Kind == Slow {
			least = 1
		}
		if !(w.Factor >= least && w.Factor <= 1e6) {
			v.Add("%s.Factor = %g, want in [%g, 1e+06]", name, w.Factor, least)
		}
		last = min(max(w.At, 0), year) + min(max(w.For, 0), year)
	}
}

// checks collects what is wrong.
type checks struct{ check.List }
