package client

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"cloudconcepts/internal/rng"
)

func testBreaker() Breaker {
	return Breaker{Window: 10, MinimumCalls: 5, FailureRate: 0.5, SlowRate: 0.8, SlowCall: time.Second, OpenFor: time.Minute, Probes: 3}
}

func feed(f *fuse, now int64, results ...bool) {
	for _, ok := range results {
		f.record(now, 0, ok)
	}
}

func TestBreakerOpensAtTheThreshold(t *testing.T) {
	f := newFuse(testBreaker())
	feed(&f, 0, false, false, false, false)
	assert.Equal(t, Closed, f.state, "too few calls")
	feed(&f, 0, true)
	assert.Equal(t, Open, f.state, "4 of 5 failed")

	f = newFuse(testBreaker())
	feed(&f, 0, true, true, true, true, true, true, false, false, false, false)
	assert.Equal(t, Closed, f.state, "4 of 10")
	feed(&f, 0, false)
	assert.Equal(t, Open, f.state, "5 of the last 10: reaching the threshold is enough")
}

func TestBreakerForgetsOldCalls(t *testing.T) {
	b := testBreaker()
	b.MinimumCalls = 10
	f := newFuse(b)
	feed(&f, 0, false, false, false, false, true, true, true, true, true, true)
	assert.Equal(t, 4, f.failed)
	feed(&f, 0, true, true, true, true)
	assert.Zero(t, f.failed)
	assert.Equal(t, 10, f.n)
}

func TestBreakerOpensOnSlowCalls(t *testing.T) {
	f := newFuse(testBreaker())
	for range 4 {
		f.record(0, int64(time.Second)+1, true)
	}
	f.record(0, int64(time.Second), true) // not slow
	assert.Equal(t, Open, f.state, "4 of 5 slow")
	f = newFuse(testBreaker())
	for i := range 10 {
		f.record(0, int64(time.Second)+int64(i%2), true)
	}
	assert.Equal(t, Closed, f.state)
	assert.Equal(t, 5, f.slow)
}

func TestBreakerHalfOpen(t *testing.T) {
	opened := func() fuse {
		f := newFuse(testBreaker())
		feed(&f, 0, false, false, false, false, false)
		return f
	}
	minute := int64(time.Minute)
	f := opened()
	assert.False(t, f.permit(minute), "open for a whole minute")
	for range 3 {
		assert.True(t, f.permit(minute+1))
	}
	assert.Equal(t, HalfOpen, f.state)
	assert.False(t, f.permit(minute+1), "probes are used up")
	feed(&f, minute+2, true, true)
	assert.Equal(t, HalfOpen, f.state)
	feed(&f, minute+2, false)
	assert.Equal(t, Closed, f.state, "1 of 3 failed")
	assert.Zero(t, f.n, "a fresh window")

	f = opened()
	require.True(t, f.permit(minute+1))
	feed(&f, minute+2, false, false, true)
	assert.Equal(t, Open, f.state)
	assert.False(t, f.permit(2*minute+2))
	assert.True(t, f.permit(2*minute+3))
	assert.EqualValues(t, 2, f.opened)

	f = opened()
	feed(&f, 5, true, true, true, true, true, true)
	assert.Equal(t, Open, f.state, "late results do not count while open")
}

// In a stall of a minute the breaker opens after 100 timeouts, and 10 probes
// a minute later find the server well again.
func TestBreakerInAnOutage(t *testing.T) {
	c := Default()
	c.Regular, c.Retries, c.Breaker = true, 1, Resilience4j()
	c.Duration, c.Sample = 200*time.Second, time.Second
	c.Outages = []Outage{{At: 10 * time.Second, For: 50 * time.Second}}
	r := run(t, c)
	assert.EqualValues(t, 1, r.BreakerOpens)
	assert.Equal(t, Open, r.Rows[30].Breaker)
	assert.Equal(t, Closed, r.Rows[100].Breaker)
	// It opens at about 11.5 s (half of the window failed) and lets nothing
	// through until 71.5 s.
	broken := formula("attempts that an open breaker rejects", "rate times the minute that it is open", "")
	broken.Within(t, "100/s", 60*100, float64(r.Attempts.Broken), 200)
	assert.True(t, r.Recovered)
}

func TestGovernorForgets(t *testing.T) {
	g := newGovernor(Throttle{K: 2, Window: 64 * time.Second})
	r := rng.New(1)
	second := int64(time.Second)
	for range 10 {
		g.rejects(0, r)
	}
	g.accept(0)
	assert.EqualValues(t, 10, g.requests)
	assert.EqualValues(t, 1, g.accepts)
	g.turn(63 * second)
	assert.EqualValues(t, 10, g.requests)
	g.turn(64 * second)
	assert.Zero(t, g.requests)
	assert.Zero(t, g.accepts)
	g.rejects(64*second, r)
	g.turn(1e6 * second)
	assert.Zero(t, g.requests)
}

func TestTapRefills(t *testing.T) {
	b := newTap(TokenBucket{Rate: 2, Burst: 3})
	admitted := func(now time.Duration, n int) (count int) {
		for range n {
			if b.admit(int64(now)) {
				count++
			}
		}
		return count
	}
	assert.Equal(t, 3, admitted(0, 10))
	assert.Equal(t, 0, admitted(499*time.Millisecond, 10))
	assert.Equal(t, 1, admitted(500*time.Millisecond, 10))
	assert.Equal(t, 3, admitted(time.Hour, 10))
}

func TestPurse(t *testing.T) {
	p := newPurse(Budget{Capacity: 12, PerSuccess: 1, RetryCost: 5, TimeoutCost: 10, Refund: true})
	cost, ok := p.pay(true)
	assert.True(t, ok)
	assert.Equal(t, 10.0, cost)
	_, ok = p.pay(false)
	assert.False(t, ok, "2 left")
	p.succeed(cost)
	assert.Equal(t, 12.0, p.tokens, "never above its capacity")
	_, ok = p.pay(false)
	assert.True(t, ok)
	p.succeed(0)
	assert.Equal(t, 8.0, p.tokens)
	p.Refund = false
	p.succeed(5)
	assert.Equal(t, 9.0, p.tokens)
}

// One server of 100 ms, a request a second, a stall from 1.05 s to 3.05 s:
// the one in service at 1 s ends at 3.1 s, the next two wait for it.
func TestStallStopsTheClockOfServices(t *testing.T) {
	c := Default()
	c.Rate, c.Regular, c.Timeout = 1, true, 0
	c.Server.Service = Const(100 * time.Millisecond)
	c.Outages = []Outage{{At: 1050 * time.Millisecond, For: 2 * time.Second}}
	c.Duration = 5500 * time.Millisecond
	r := run(t, c)
	const source = "by hand: 1/s, services of 100 ms, a stall from 1.05 to 3.05 s"
	latency := formula("latency across a stall", source, "s")
	latency.Relative(t, "longest", 2.1, r.Latency.Max, 1e-9)
	// 2.1 + 1.2 (from 2 to 3.2) + 0.3 (from 3 to 3.3) + 0.1 + 0.1
	latency.Relative(t, "mean", 3.8/5, r.Latency.Mean, 1e-9)
	line := formula("utilization and mean line across a stall", source, "")
	line.Relative(t, "utilization", 0.5/5.5, r.Utilization, 1e-9)
	// waiting: from 2 to 3.1, from 3 to 3.2
	line.Relative(t, "mean line", 1.3/5.5, r.QueueMean, 1e-9)
	assert.Equal(t, 2, r.QueueMax)
}

// A request at 1 s meets a refusing server: retries at 1 + 2, + 4, + 8 s.
func TestBackoffCountsFromOne(t *testing.T) {
	c := Default()
	c.Rate, c.Regular, c.Retries, c.RetryRejected = 1, true, 10, true
	c.Steps = []Step{{At: 1500 * time.Millisecond, Rate: 0}}
	c.Backoff = Backoff{Jitter: Exponential, Base: time.Second, Cap: time.Minute}
	c.Server.Service = Const(50 * time.Millisecond)
	c.Outages = []Outage{{For: 10 * time.Second, Kind: Refuse}}
	r := run(t, c)
	latency := formula("latency after retries at a server that refuses", "by hand: retries 2, 4 and 8 s after one another, service of 50 ms", "s")
	latency.Relative(t, "third retry", 14.05, r.Latency.Max, 1e-9)
	assert.EqualValues(t, 3, r.Retries)
	assert.EqualValues(t, 3, r.Attempts.Refused)
}

func TestRoundTripIsPartOfLatencyAndTimeout(t *testing.T) {
	c := Default()
	c.Rate, c.Regular, c.RoundTrip = 1, true, 300*time.Millisecond
	c.Server.Service = Const(100 * time.Millisecond)
	c.Duration = 10 * time.Second
	latency := formula("latency of a free server", "round trip and service", "s")
	latency.Relative(t, "300 ms and 100 ms", 0.4, run(t, c).Latency.Mean, 1e-9)
	c.Timeout = 399 * time.Millisecond
	r := run(t, c)
	assert.Zero(t, r.Attempts.Succeeded)
	assert.Equal(t, r.Attempts.TimedOut, r.Abandoned.Served)
	c.Timeout++ // an answer at the last moment is in time
	c.Timeout = 400 * time.Millisecond
	assert.Zero(t, run(t, c).Attempts.TimedOut)
}

func TestBulkhead(t *testing.T) {
	c := Default()
	c.Rate, c.MaxInFlight, c.Timeout, c.Duration = 1000, 5, 0, 30*time.Second
	r := run(t, c)
	assert.Positive(t, r.Attempts.Capped)
	assert.LessOrEqual(t, r.QueueMax, 4)
	goodput := formula("goodput of an overloaded server behind a bulkhead", "its capacity", "/s")
	goodput.Within(t, "1000/s on 300/s, 5 in flight", 300, r.Goodput, 12)
}

// What finds no place in a line that blocks is held by its client, goes in
// first in, first out, and is withdrawn if its client gives up. That saves the
// work, but what gets in at last is too old to come back in time.
func TestHeldAttempts(t *testing.T) {
	c := Default()
	c.Rate, c.Server.Places, c.Server.Full = 600, 10, Block
	c.Duration = 50 * time.Second
	r := run(t, stepped(c))
	assert.Equal(t, 10, r.QueueMax)
	assert.Positive(t, r.Abandoned.Withdrawn)
	assert.Zero(t, r.Attempts.LineFull)
	served := formula("rate of an overloaded server whose line blocks", "its capacity", "/s")
	served.Within(t, "600/s on 300/s, 10 in line", 300, last(r).Served, 20)
	withdrawn := formula("share of attempts that a full line keeps out", "fluid: 1 - C/L", "")
	withdrawn.Within(t, "600/s on 300/s, 10 in line, held and withdrawn", 0.5, float64(r.Abandoned.Withdrawn)/float64(r.Attempts.Sent), 0.02)
	assert.Less(t, last(r).Goodput, 10.0)
}

func TestDropOldest(t *testing.T) {
	c := Default()
	c.Rate, c.Server.Places, c.Server.Full = 600, 10, DropOldest
	c.Duration = 50 * time.Second
	r := run(t, c)
	dropped := formula("share of attempts that a full line drops", "fluid: 1 - C/L", "")
	dropped.Within(t, "600/s on 300/s, 10 in line, oldest dropped", 0.5, float64(r.Attempts.Dropped)/float64(r.Attempts.Sent), 0.02)
	assert.Zero(t, r.Attempts.LineFull)
}

func TestRetriesGoLast(t *testing.T) {
	c := watched(Metastable(250), 120*time.Second)
	fifo := run(t, c)
	c.Server.Discipline = Priority
	assert.Greater(t, run(t, c).Goodput, 3*fifo.Goodput)
}
