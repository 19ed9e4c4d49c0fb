package client

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

// A gap that spans a change of rate uses up each rate in turn: from 1 s,
// half a request by 1.5 s at 1/s, the other half by 1.75 s at 2/s; none at 0/s.
func TestArrivalsAcrossSteps(t *testing.T) {
	c := Default()
	c.Rate, c.Regular = 1, true
	c.Steps = []Step{{1500 * time.Millisecond, 2}, {2500 * time.Millisecond, 0}, {10 * time.Second, 1}}
	times := formula("arrivals across steps of the rate", "by hand: each rate used up in turn", "s")
	a := newArrivals(c)
	for i, want := range []float64{1, 1.75, 2.25, 10.5, 11.5} {
		times.Within(t, fmt.Sprintf("1/s, 2/s from 1.5 s, 0/s from 2.5 s, 1/s from 10 s: arrival %d", i+1), want, float64(a.at)/1e9, 2e-9)
		a.next()
	}
}

func TestBreakerForgetsSlowCalls(t *testing.T) {
	b := testBreaker()
	b.MinimumCalls = 10
	f := newFuse(b)
	for i := range 30 {
		slow := int64(0)
		if i < 7 {
			slow = 2 * int64(time.Second)
		}
		f.record(0, slow, true)
	}
	assert.Zero(t, f.slow)
	assert.Equal(t, Closed, f.state)
}

// A retry that succeeds brings its tokens back, so two retries' worth lasts
// for any number of them, one after another.
func TestRefunds(t *testing.T) {
	c := Default()
	c.Rate, c.Regular, c.Retries, c.RetryRejected = 1, true, 1, true
	c.Backoff = Backoff{Jitter: Exponential, Base: 250 * time.Millisecond, Cap: time.Minute}
	c.Duration = 21 * time.Second
	for k := range 20 {
		c.Outages = append(c.Outages, Outage{time.Duration(k+1)*time.Second - time.Millisecond, 10 * time.Millisecond, Refuse})
	}
	c.Budget = Budget{Capacity: 10, RetryCost: 5, Refund: true}
	assert.EqualValues(t, 20, run(t, c).Requests.Succeeded)
	c.Budget.Refund = false
	assert.EqualValues(t, 2, run(t, c).Requests.Succeeded)
}

// Credits come back from what is dropped, too, and places in flight from what
// times out: neither leaks.
func TestNothingLeaks(t *testing.T) {
	c := Default()
	c.Rate, c.Timeout, c.Duration, c.Credits = 600, 0, 20*time.Second, 20
	c.Server.Places, c.Server.Full = 5, DropOldest
	goodput := formula("goodput of an overloaded server that nothing leaks from", "its capacity", "/s")
	goodput.Within(t, "600/s on 300/s, 20 credits, 5 in line, oldest dropped", 300, run(t, c).Goodput, 15)

	c = Default()
	c.Rate, c.MaxInFlight, c.Duration = 100, 50, 30*time.Second
	c.Outages = []Outage{{At: time.Second, For: 5 * time.Second}}
	r := run(t, stepped(c))
	assert.Positive(t, r.Attempts.TimedOut)
	assert.InDelta(t, 100, last(r).Goodput, 15)
}

// Refusing new attempts does not hold up the one in service.
func TestRefusingLeavesServicesAlone(t *testing.T) {
	c := Default()
	c.Rate, c.Regular, c.Timeout, c.Duration = 1, true, 0, 5500*time.Millisecond
	c.Server.Service = Const(100 * time.Millisecond)
	c.Outages = []Outage{{1050 * time.Millisecond, 2 * time.Second, Refuse}}
	r := run(t, c)
	assert.InEpsilon(t, 0.1, r.Latency.Max, 1e-9)
	assert.EqualValues(t, 2, r.Attempts.Refused)
}

// The decorrelated law remembers the wait before: the tenth retry comes, by
// growth of 3/2 each, after minutes, and not after 2 s each.
func TestDecorrelatedRemembers(t *testing.T) {
	c := Default()
	c.Rate, c.Duration, c.Retries, c.RetryRejected = 10, 20*time.Minute, 10, true
	c.Backoff = Backoff{Jitter: Decorrelated, Base: time.Second, Cap: time.Hour}
	c.Steps = []Step{{time.Minute, 0}}
	c.Outages = []Outage{{0, 30 * time.Minute, Refuse}}
	assert.Positive(t, run(t, c).Requests.Pending, "some still back off after 19 minutes")
}
