package client

import (
	"time"

	"cloudconcepts/internal/check"
)

// Breaker is a circuit breaker with the semantics of Resilience4j
// (CircuitBreakerMetrics.java) and a window that counts calls. Closed, it
// lets all calls through and looks at the last Window results once there are
// MinimumCalls of them: if the share of failures reaches FailureRate, or that
// of calls that took longer than SlowCall reaches SlowRate, it opens. Open, it
// rejects all for OpenFor. Then, half-open, it lets Probes calls through and
// rejects the rest; when it has their results it closes or opens again. A
// result counts in the state in which it arrives, and not at all while open.
// Its window of time and its limit on the time spent half-open are left out.
// The zero value is no breaker.
type Breaker struct {
	Window       int           `json:"window"`        // calls, [1, 1e6]; 0 = no breaker
	MinimumCalls int           `json:"minimum_calls"` // [1, 1e6], at most Window and, half-open, at most Probes count
	FailureRate  float64       `json:"failure_rate_fraction"`
	SlowRate     float64       `json:"slow_rate_fraction"` // (0, 1] both
	SlowCall     time.Duration `json:"slow_call_ns"`       // (0, 24 h]
	OpenFor      time.Duration `json:"open_for_ns"`        // (0, 24 h]
	Probes       int           `json:"probes"`             // [1, 1e6]
}

// Resilience4j has the defaults of resilience4j, CircuitBreakerConfig.java: 50 % failures
// in 100 calls, at least 100 calls, open for 60 s, 10 probes; slow is above
// 60 s, and only if all are slow.
func Resilience4j() Breaker {
	return Breaker{
		Window: 100, MinimumCalls: 100, FailureRate: 0.5,
		SlowRate: 1, SlowCall: time.Minute, OpenFor: time.Minute, Probes: 10,
	}
}

func (v *checks) breaker(b Breaker) {
	if b == (Breaker{}) {
		return
	}
	check.Count(&v.List, "Breaker.Window", int64(b.Window), 1, 1e6)
	check.Count(&v.List, "Breaker.MinimumCalls", int64(b.MinimumCalls), 1, 1e6)
	v.Above("Breaker.FailureRate", b.FailureRate, 0, 1, "")
	v.Above("Breaker.SlowRate", b.SlowRate, 0, 1, "")
	v.Span("Breaker.SlowCall", b.SlowCall, 1, 24*time.Hour)
	v.Span("Breaker.OpenFor", b.OpenFor, 1, 24*time.Hour)
	check.Count(&v.List, "Breaker.Probes", int64(b.Probes), 1, 1e6)
}

// fuse is a Breaker in use.
type fuse struct {
	Breaker
	state  BreakerState
	until  int64 // open
	left   int   // probes not yet used, half-open
	opened int64 // how often it has opened

	calls        []call // the last results, a ring
	at, n        int
	failed, slow int
}

type call uint8

const (
	callFailed call = 1 << iota
	callSlow
)

func newFuse(b Breaker) fuse {
	return fuse{Breaker: b, calls: make([]call, max(b.Window, 0))}
}

// permit tells whether a call may go out.
func (f *fuse) permit(now int64) bool {
	if f.Window == 0 || f.state == Closed {
		return true
	}
	if f.state == Open {
		if now <= f.until {
			return false
		}
		f.enter(HalfOpen, f.Probes)
		f.left = f.Probes
	}
	if f.left == 0 {
		return false
	}
	f.left--
	return true
}

// enter goes into a state that looks at so many results.
func (f *fuse) enter(state BreakerState, window int) {
	f.state = state
	if cap(f.calls) < window {
		f.calls = make([]call, window)
	}
	f.calls = f.calls[:window]
	f.at, f.n, f.failed, f.slow = 0, 0, 0, 0
}

// record books the result of a call that took so long.
func (f *fuse) record(now, took int64, ok bool) {
	if f.Window == 0 || f.state == Open {
		return
	}
	var c call
	if !ok {
		c = callFailed
	}
	if took > int64(f.SlowCall) {
		c |= callSlow
	}
	f.push(c)
	if f.n < min(f.MinimumCalls, len(f.calls)) {
		return
	}
	n := float64(f.n)
	switch {
	case float64(f.failed) >= f.FailureRate*n || float64(f.slow) >= f.SlowRate*n:
		f.state = Open
		f.until = now + int64(f.OpenFor)
		f.opened++
	case f.state == HalfOpen:
		f.enter(Closed, f.Window)
	}
}

func (f *fuse) push(c call) {
	if f.n == len(f.calls) {
		old := f.calls[f.at]
		f.failed -= int(old & callFailed)
		f.slow -= int(old&callSlow) >> 1
		f.n--
	}
	f.calls[f.at] = c
	f.at++
	if f.at == len(f.calls) {
		f.at = 0
	}
	f.n++
	f.failed += int(c & callFailed)
	f.slow += int(c&callSlow) >> 1
}
