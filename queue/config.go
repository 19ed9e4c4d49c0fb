package queue

import (
	"fmt"
	"math"
	"time"

	"cloudconcepts/internal/check"
	"cloudconcepts/queue/internal/line"
)

// Config describes messages that come to a service, wait in its queue and are served. It is a plain value: copy it,
// change a field, simulate again.
type Config struct {
	Arrivals   Arrivals      `json:"arrivals"` // when messages come
	Service    Law           `json:"service"`  // how long a server works on one; mean at most 1 year
	Servers    int           `json:"servers"`  // [1, MaxServers]
	Capacity   int           `json:"capacity"` // places, those in service included, [Servers, MaxCapacity]; 0 = any number
	Full       Full          `json:"full"`     // what happens when they are taken
	Discipline Discipline    `json:"discipline"`
	Policy     Policy        `json:"policy"`            // numbers of adaptive-lifo, codel... and red
	Deadline   time.Duration `json:"deadline_ns"`       // a message that starts after a longer wait is late, [0, 1 year]; 0 = never
	Classes    []Class       `json:"classes,omitempty"` // of messages, most urgent first, at most 8; nil = one
	Trace      Trace         `json:"trace,omitzero"`    // the messages themselves, for FromTrace()

	// The run. Arrivals end with the Messages-th or at Duration, whichever is first, and one of them must be set unless
	// there is a trace. At Duration all ends; without it the queue is served until it is empty, or
	// for 73 years.
	Messages int64         `json:"messages"`    // [0, 1e11]; 0 = any number
	Duration time.Duration `json:"duration_ns"` // [0, 10 years]; 0 = until all are served
	Warmup   int64         `json:"warmup"`      // messages at the start that no statistic counts, [0, 1e11]

	Seed   uint64        `json:"seed"`
	Sample time.Duration `json:"sample_ns"` // step of Result.Rows, [1 us, 1 year] and at most 1e6 rows in Duration; 0 = no rows
	Engine Engine        `json:"engine"`
}

// Class is a kind of message.
type Class struct {
	Share float64 `json:"share_fraction"` // of the arrivals, (0, 1]; all shares make 1
	Size  float64 `json:"size"`           // its service takes Size times the law's, (0, 1e6]
}

// Default is an M/M/1 queue at 80 % load: a million messages after a warm-up of 10,000.
func Default() Config {
	return Config{
		Arrivals: Poisson(0.8), Service: Exp(time.Second), Servers: 1, Policy: DefaultPolicy(),
		Messages: 1_010_000, Warmup: 10_000, Seed: 1,
	}
}

// Load is the work offered per server, in seconds per second: from 1 on, a queue of unlimited room has no steady
// state. It goes by the long-run rate of the arrivals, and is NaN for a trace.
func (c Config) Load() float64 {
	size := 1.0
	if len(c.Classes) > 0 {
		size = 0
		for _, class := range c.Classes {
			size += class.Share * class.Size
		}
	}
	return c.Arrivals.Rate() * c.Service.Mean() * size / float64(c.Servers)
}

// recursive tells whether the recursion gives the exact result.
func (c Config) recursive() bool {
	return c.Discipline == FIFO && c.Capacity == 0 && len(c.Classes) < 2 && c.Sample == 0 && !c.Trace.classed()
}

const (
	mostMessages = 100_000_000_000
	mostDuration = 10 * year
	mostClasses  = line.MaxClasses
	mostRows     = 1_000_000
)

// Validate says all that is wrong with c at once; every error wraps ErrInvalidConfig.
func (c Config) Validate() error {
	v := checks{check.Of(ErrInvalidConfig)}
	if err := c.Arrivals.Validate(); err != nil {
		v.Add("Arrivals = %v: %w", c.Arrivals, err)
	}
	v.service(c.Service)
	v.that(c.Servers >= 1 && c.Servers <= MaxServers, "Servers = %d, want in [1, %d]", c.Servers, MaxServers)
	v.that(c.Capacity == 0 || c.Capacity >= max(c.Servers, 1) && c.Capacity <= max(MaxCapacity, c.Servers),
		"Capacity = %d, want 0 (any number) or in [Servers, %d]", c.Capacity, MaxCapacity)
	v.that(c.Full.Known(), "Full = %d, want reject-newest, drop-oldest or block", c.Full)
	v.that(c.Discipline.Known(), "Discipline = %d, want one of %v", c.Discipline, Disciplines())
	for _, bad := range c.Policy.Check(c.Discipline) {
		v.Add("%s", bad)
	}
	v.Span("Deadline", c.Deadline, 0, year)
	v.that(c.Discipline != Expire || c.Deadline != 0, "Deadline = 0s, want in [1ns, %v] for the discipline expire", year)
	v.classes(c.Classes)
	v.trace(c)
	v.run(c)
	return v.Err()
}

// checks collects what is wrong.
type checks struct{ check.List }

func (v *checks) that(ok bool, format string, args ...any) {
	if !ok {
		v.Add(format, args...)
	}
}

func (v *checks) service(l Law) {
	if err := l.Validate(); err != nil {
		v.Add("Service = %v: %w", l, err)
		return
	}
	m := l.Mean()
	v.that(m <= year.Seconds(), "Service = %v: mean %g s, want at most %g s", l, m, year.Seconds())
}

func (v *checks) classes(list []Class) {
	if len(list) == 0 {
		return
	}
	v.that(len(list) <= mostClasses, "Classes: %d, want at most %d", len(list), mostClasses)
	sum := 0.0
	for i, class := range list {
		v.that(class.Share > 0 && class.Share <= 1, "Classes[%d].Share = %g, want in (0, 1]", i, class.Share)
		v.that(class.Size > 0 && class.Size <= 1e6, "Classes[%d].Size = %g, want in (0, 1e6]", i, class.Size)
		sum += class.Share
	}
	v.that(math.Abs(sum-1) < 1e-9, "Classes: shares make %g, want 1", sum)
}

func (v *checks) trace(c Config) {
	t := c.Trace
	if !c.Arrivals.Traced() {
		v.that(len(t.At)+len(t.Service)+len(t.Class) == 0, "Trace: %d messages, want none unless Arrivals = trace", len(t.At))
		return
	}
	v.that(t.Len() > 0, "Trace: no messages, want at least one")
	v.that(len(t.Service) == 0 || len(t.Service) == t.Len(), "Trace.Service: %d values, want 0 or %d", len(t.Service), t.Len())
	v.that(len(t.Class) == 0 || len(t.Class) == t.Len(), "Trace.Class: %d values, want 0 or %d", len(t.Class), t.Len())
	v.traceRows(t, max(len(c.Classes), 1))
}

// traceRows reports the first bad message only.
func (v *checks) traceRows(t Trace, classes int) {
	before, found := time.Duration(0), v.Len()
	for i, at := range t.At {
		v.that(at >= before && at <= mostDuration, "Trace.At[%d] = %v, want in [%v, %v]", i, at, before, mostDuration)
		if i < len(t.Service) {
			v.Span(fmt.Sprintf("Trace.Service[%d]", i), t.Service[i], 0, year)
		}
		if i < len(t.Class) {
			v.that(t.Class[i] >= 0 && t.Class[i] < classes, "Trace.Class[%d] = %d, want in [0, %d], an index of Classes", i, t.Class[i], classes-1)
		}
		if v.Len() > found {
			return
		}
		before = at
	}
}

func (v *checks) run(c Config) {
	v.that(c.Messages >= 0 && c.Messages <= mostMessages, "Messages = %d, want in [0, %d]", c.Messages, int64(mostMessages))
	v.Span("Duration", c.Duration, 0, mostDuration)
	v.that(c.Messages > 0 || c.Duration > 0 || c.Arrivals.Traced(), "Messages = 0 and Duration = 0s, want a bound for the run")
	v.that(c.Warmup >= 0 && c.Warmup <= mostMessages, "Warmup = %d, want in [0, %d]", c.Warmup, int64(mostMessages))
	v.that(c.Messages == 0 || c.Warmup < c.Messages, "Warmup = %d, want less than Messages = %d", c.Warmup, c.Messages)
	if c.Sample != 0 {
		v.Span("Sample", c.Sample, time.Microsecond, year)
		v.that(c.Sample <= 0 || int64(c.Duration/max(c.Sample, 1)) <= mostRows, "Sample = %v, want at most %d rows in Duration = %v", c.Sample, mostRows, c.Duration)
	}
	v.that(c.Engine <= Recursion, "Engine = %d, want auto, events or recursion", c.Engine)
	v.that(c.Engine != Recursion || c.recursive(),
		"Engine = recursion, want auto or events: the recursion knows only fifo with any number of places, one class and no rows")
	v.bounded(c)
}

// bounded wants no more than mostMessages in a run that only its duration bounds.
func (v *checks) bounded(c Config) {
	if c.Messages > 0 || !v.OK() || c.Arrivals.Traced() {
		return
	}
	n := c.Arrivals.Most() * c.Duration.Seconds()
	v.that(n <= mostMessages, "Duration = %v: about %.3g messages, want at most %.3g", c.Duration, n, float64(mostMessages))
}
