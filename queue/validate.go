package queue

import (
	"fmt"
	"math"
	"time"

	"cloudconcepts/internal/check"
	"cloudconcepts/queue/internal/line"
)

const (
	mostMessages = 100_000_000_000
	mostDuration = 10 * year
	mostClasses  = line.MaxClasses
	mostRows     = 1_000_000
)

// Validate reports every field that is out of range, all in one error that wraps ErrInvalidConfig. It changes nothing.
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
