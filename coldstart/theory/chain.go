package theory

import (
	"math"
	"time"
)

// Pool is the steady state of the environments of a function.
type Pool struct {
	Cold      float64 `json:"cold_probability"`
	Busy      float64 `json:"running_mean"`
	Idle      float64 `json:"idle_mean"`
	Instances float64 `json:"instances_mean"`
}

const (
	mostLevels = 4096
	mostLoad   = 2048
)

// ColdExpTTL is exact for Poisson arrivals, exponential service (cold as long as warm) and an exponential keep-alive of mean
// keep, whichever idle environment is chosen: the Markov chain on the numbers b busy and i idle, which goes by
// an arrival (rate) to (b+1, i-1), or to (b+1, 0) if i = 0, which is a cold start; by an end of service (b/service) to (b-1, i+1);
// by an expiry (i/keep) to (b, i-1). Arrivals see the steady state: Cold = P(i = 0).
//
// The chain is cut into levels of b + i environments. A level is entered from below in one state only, so each level's times
// follow from those of the level above by one tridiagonal system, without a subtraction: all digits are good.
//
// rate, service, keep > 0, rate x service <= 2048; NaN outside, and if more than 4,096 environments matter.
func ColdExpTTL(rate float64, service, keep time.Duration) Pool {
	a := rate * service.Seconds()
	if positive(rate) && service > 0 && keep > 0 && a <= mostLoad {
		for top := 64; top <= mostLevels; top *= 2 {
			if pool, ok := newChain(rate, service, keep, top).solve(); ok {
				return pool
			}
		}
	}
	nan := math.NaN()
	return Pool{nan, nan, nan, nan}
}

// chain has, for each level n, times spent there from an entrance to the next step down: in all, those with none idle, and the
// time-weighted number of idle ones.
type chain struct {
	arrive, serve, expire float64 // rates
	all, none, idle       []float64
}

func newChain(rate float64, service, keep time.Duration, top int) *chain {
	c := &chain{
		arrive: rate, serve: 1 / service.Seconds(), expire: 1 / keep.Seconds(),
		all: make([]float64, top+1), none: make([]float64, top+1), idle: make([]float64, top+1),
	}
	back := make([]float64, top+2) // law of b where level n is entered from above
	back[top] = 1                  // the highest level is not left upwards
	y, d := make([]float64, top+1), make([]float64, top+1)
	for n := top; n > 0; n-- {
		c.level(n, y, d, back)
	}
	return c
}

// level solves the balance of b = 0 ... n-1 busy of n environments for the times y[b] relative to y[n] = 1, then scales them so that the
// flow down is 1, and leaves the law of the entrance into level n-1 in back.
func (c *chain) level(n int, y, d, back []float64) {
	beyond := 0.0 // d[b] - arrive, kept apart so as not to cancel
	for b := range n {
		stay := 0.0
		flow := c.arrive * back[b]
		if b > 0 {
			stay = float64(b) * c.serve * beyond / d[b-1]
			flow += c.arrive * y[b-1] / d[b-1]
		}
		if b == n-1 {
			flow += float64(n) * c.serve
		}
		beyond = float64(n-b)*c.expire + stay
		d[b], y[b] = c.arrive+beyond, flow
	}
	y[n] = 1
	for b := n - 1; b >= 0; b-- {
		next := 0.0
		if b < n-1 {
			next = float64(b+1) * c.serve * y[b+1]
		}
		y[b] = (y[b] + next) / d[b]
	}
	down := 0.0
	for b := range n {
		down += y[b] * float64(n-b) * c.expire
	}
	for b := range n + 1 {
		x := y[b] / down
		c.all[n] += x
		c.idle[n] += x * float64(n-b)
		back[b] = x * float64(n-b) * c.expire
	}
	c.none[n] = 1 / down
}

// solve sums the levels; not ok if the highest one matters.
func (c *chain) solve() (Pool, bool) {
	top := len(c.all) - 1
	none, all, idle := 1/c.arrive, 1/c.arrive, 0.0
	last, entrance := 0.0, 1.0 // mass of the level, rate of entrances to it
	busy := 0.0
	for n := 1; n <= top; n++ {
		last = entrance * c.all[n]
		all += last
		none += entrance * c.none[n]
		idle += entrance * c.idle[n]
		busy += entrance * (float64(n)*c.all[n] - c.idle[n])
		entrance *= c.arrive * c.none[n]
		if all > 1e250 {
			all, none, idle, busy, entrance, last = all*1e-250, none*1e-250, idle*1e-250, busy*1e-250, entrance*1e-250, last*1e-250
		}
	}
	ok := last*float64(top) <= 1e-15*all
	return Pool{Cold: none / all, Busy: busy / all, Idle: idle / all, Instances: (busy + idle) / all}, ok
}
