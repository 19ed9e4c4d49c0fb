package client

import (
	"math/rand/v2"
	"time"
)

// Throttle is adaptive throttling in the client (Google's Site Reliability
// Engineering book, "Handling Overload"): of the attempts in the last Window,
// a client sends all while the server accepts at least one in K of them, and
// else rejects one itself with probability
//
//	max(0, (requests - K accepts) / (requests + 1)).
//
// The zero value does not throttle.
type Throttle struct {
	K      float64       `json:"k"`         // [1, 1000]; 0 = no throttle
	Window time.Duration `json:"window_ns"` // [1 ms, 24 h], kept in 64 parts
}

// SRE is the throttle with the book's numbers: K = 2 over two minutes.
func SRE() Throttle { return Throttle{K: 2, Window: 2 * time.Minute} }

func (v *checks) throttle(t Throttle) {
	if t == (Throttle{}) {
		return
	}
	v.Between("Throttle.K", t.K, 1, 1000, "")
	v.Span("Throttle.Window", t.Window, time.Millisecond, 24*time.Hour)
}

// Probability is that with which the client rejects an attempt itself, given
// what was asked and what was accepted in the window.
func (t Throttle) Probability(requests, accepts float64) float64 {
	if t.K == 0 {
		return 0
	}
	return max(0, (requests-t.K*accepts)/(requests+1))
}

const parts = 64

// governor is a Throttle in use.
type governor struct {
	Throttle
	width             int64 // of a part of the window
	part              int64 // the current one, counted from time 0
	requests, accepts int64
	asked, accepted   [parts]int64
}

func newGovernor(t Throttle) governor {
	return governor{Throttle: t, width: max(1, int64(t.Window)/parts)}
}

// turn forgets what has left the window.
func (g *governor) turn(now int64) {
	part := now / g.width
	for range min(part-g.part, parts) {
		g.part++
		i := g.part % parts
		g.requests -= g.asked[i]
		g.accepts -= g.accepted[i]
		g.asked[i], g.accepted[i] = 0, 0
	}
	g.part = part
}

// rejects decides over an attempt.
func (g *governor) rejects(now int64, r *rand.Rand) bool {
	if g.K == 0 {
		return false
	}
	g.turn(now)
	p := g.Probability(float64(g.requests), float64(g.accepts))
	g.requests++
	g.asked[g.part%parts]++
	return p > 0 && r.Float64() < p
}

// accept books an answer.
func (g *governor) accept(now int64) {
	if g.K == 0 {
		return
	}
	g.turn(now)
	g.accepts++
	g.accepted[g.part%parts]++
}
