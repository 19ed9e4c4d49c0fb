package decouple

import (
	"fmt"
	"time"

	"cloudconcepts/internal/check"
)

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

// law wants a law with a mean between two times.
