package decouple

import (
	"errors"
	"fmt"
	"time"
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

// Validate reports every field that is out of range, all in one error that wraps ErrInvalidConfig. It changes nothing.
func (c Config) Validate() error {
	var v checks
	for _, p := range c.Arrivals.Problems() {
		v.add("Arrivals.%w", p)
	}
	v.provider(c.Provider)
	s := c.Sync
	v.count("Sync.Threads", s.Threads, 1, maxPlaces)
	v.count("Sync.Backlog", s.Backlog, 0, maxPlaces)
	v.span("Sync.Timeout", s.Timeout, 0, day)
	v.count("Sync.Retries", s.Retries, 0, 100)
	v.span("Sync.Backoff", s.Backoff, 0, day)
	v.span("Sync.BackoffCap", s.BackoffCap, max(s.Backoff, 0), day)
	a := c.Async
	v.law("Async.Accept", a.Accept, 0, day)
	v.count("Async.Workers", a.Workers, 1, maxPlaces)
	v.span("Async.RetryDelay", a.RetryDelay, 0, 12*time.Hour)
	v.count("Async.MaxReceives", a.MaxReceives, 1, 1000)
	v.span("Async.Retention", a.Retention, time.Minute, 14*day)
	v.span("Duration", c.Duration, 1, year)
	v.count("MaxRequests", c.MaxRequests, 1, maxRequests)
	v.span("Step", c.Step, 0, year)
	if c.Step > 0 && int64(c.Duration/c.Step) > maxRows {
		v.add("Step = %v, want at least Duration/%d", c.Step, maxRows)
	}
	if n := c.Arrivals.Pieces(c.Duration); n > maxPieces {
		v.add("Arrivals.Period = %v, want at least Duration/%d", c.Arrivals.Period, maxPieces/360)
	}
	return errors.Join(v...)
}

func (v *checks) provider(p Provider) {
	v.count("Provider.Servers", p.Servers, 1, maxPlaces)
	v.law("Provider.Service", p.Service, 1, year)
	if !(p.Failure >= 0 && p.Failure <= 1) {
		v.add("Provider.Failure = %g, want in [0, 1]", p.Failure)
	}
	v.span("Provider.ErrorLatency", p.ErrorLatency, 0, time.Hour)
	v.count("len(Provider.Windows)", len(p.Windows), 0, maxWindows)
	last := time.Duration(0)
	for i, w := range p.Windows {
		name := fmt.Sprintf("Provider.Windows[%d]", i)
		v.span(name+".From", w.From, last, year)
		v.span(name+".Length", w.Length, 1, year)
		if w.Kind < 0 || w.Kind > Fail {
			v.add("%s.Kind = %d, want slow, hang or fail", name, int(w.Kind))
		}
		least := 0.0
		if w.Kind == Slow {
			least = 1
		}
		if !(w.Factor >= least && w.Factor <= 1e6) {
			v.add("%s.Factor = %g, want in [%g, 1e+06]", name, w.Factor, least)
		}
		last = min(max(w.From, 0), year) + min(max(w.Length, 0), year)
	}
}

// checks collects what is wrong.
type checks []error

func (v *checks) add(format string, args ...any) {
	*v = append(*v, fmt.Errorf("%w: "+format, append([]any{ErrInvalidConfig}, args...)...))
}

func (v *checks) count(name string, x, low, high int) {
	if x < low || x > high {
		v.add("%s = %d, want in [%d, %d]", name, x, low, high)
	}
}

func (v *checks) span(name string, x, low, high time.Duration) {
	if x < low || x > high {
		v.add("%s = %v, want in [%v, %v]", name, x, low, high)
	}
}

// law wants a law with a mean between two times.
func (v *checks) law(name string, l Law, low, high time.Duration) {
	if err := l.Validate(); err != nil {
		v.add("%s: %w", name, err)
	} else if m := l.Mean(); !(m >= low.Seconds() && m <= high.Seconds()) {
		v.add("%s = %v, want a mean in [%v, %v]", name, l, low, high)
	}
}
