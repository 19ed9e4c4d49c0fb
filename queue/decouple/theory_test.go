package decouple

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"cloudconcepts/queue/autoscale/load"
)

func run(t *testing.T, c Config) Result {
	t.Helper()
	r, err := Simulate(c)
	require.NoError(t, err)
	return r
}

// runSync is the synchronous half alone.
func runSync(t *testing.T, c Config) SyncResult {
	t.Helper()
	require.NoError(t, c.Validate())
	s := newServer(&c)
	s.run()
	return s.finish()
}

// steady is the API of threads = calls in a steady state.
func steady(rate float64, servers, places, requests int) Config {
	c := Shop()
	c.Arrivals = load.Constant(rate)
	c.Provider = Provider{Servers: servers, Service: Exp(time.Second)}
	c.Sync = Sync{Threads: places - places/3, Backlog: places / 3}
	if servers > places-places/3 {
		c.Sync = Sync{Threads: servers, Backlog: places - servers}
	}
	c.Async.Workers = servers
	c.Duration, c.MaxRequests, c.Step = year, requests, 0
	return c
}

// Simulated loss, latency and timeouts of the API against M/M/c/K. The tolerance is 4 standard errors of the mean of
// 16 runs of 100,000 requests, 0.1 to 1.2 % of the target: a rare loss has the most.
func TestSteadyState(t *testing.T) {
	const seeds = 16
	requests := 1_600_000
	if testing.Short() {
		requests = 80_000
	}
	for i, x := range []struct {
		rate            float64
		servers, places int
		timeout         float64
	}{{0.8, 1, 10, 4}, {1.2, 1, 10, 8}, {3.2, 4, 10, 2}, {5, 4, 10, 3}, {8, 4, 20, 5}, {8, 8, 8, 1}} {
		m := MMcK{x.rate, 1, x.servers, x.places}
		var loss, sojourn, late moments
		for seed := range uint64(seeds) {
			c := steady(x.rate, x.servers, x.places, requests/seeds)
			c.Seed, c.Sync.Timeout = 100*uint64(i)+seed, time.Duration(x.timeout*1e9)
			s := runSync(t, c)
			loss.add(float64(s.Dropped) / float64(s.Attempts))
			late.add(float64(s.Timeouts) / float64(s.Attempts-s.Dropped))
			c.Sync.Timeout = 0
			sojourn.add(runSync(t, c).Latency.Mean)
		}
		loss.near(t, m.Loss(), "loss of %+v", m)
		sojourn.near(t, m.Sojourn(), "sojourn of %+v", m)
		late.near(t, m.Late(x.timeout), "timeouts of %+v", m)
	}
}

// moments of a few seeds.
type moments struct{ n, sum, square float64 }

func (m *moments) add(x float64) { m.n, m.sum, m.square = m.n+1, m.sum+x, m.square+x*x }

func (m *moments) near(t *testing.T, want float64, format string, args ...any) {
	t.Helper()
	mean := m.sum / m.n
	se := math.Sqrt(max(m.square/m.n-mean*mean, 0) / (m.n - 1))
	z := (mean - want) / se
	t.Logf("z = %+.2f, %.6g against %.6g, standard error %.2g %%", z, mean, want, 100*se/want)
	assert.LessOrEqual(t, math.Abs(z), 4.0, append([]any{format}, args...)...)
	if !testing.Short() {
		assert.Less(t, se, 0.015*want, append([]any{format}, args...)...)
	}
}

// Published tables: Erlang's loss B(4, 3.2) and delay C(4, 3.2) are the ends of M/M/c/K.
func TestMMcKAgainstErlang(t *testing.T) {
	assert.InEpsilon(t, 0.228144929957947, MMcK{3.2, 1, 4, 4}.Loss(), 1e-13)
	assert.InEpsilon(t, 0.00364929368894241, MMcK{950, 1, 1000, 1000}.Loss(), 1e-12)
	long := MMcK{3.2, 1, 4, 400}
	assert.InEpsilon(t, 1+0.745540589734256, long.Sojourn(), 1e-12, "mean wait of M/M/4 and one call")
	assert.InEpsilon(t, 0.01, long.Late(6.893203748883), 1e-11, "99th percentile of its sojourn")
	assert.InEpsilon(t, 0.01, MMcK{0.8, 1, 1, 500}.Late(23.0258509299405), 1e-11, "M/M/1")
	for _, x := range []struct{ rate, loss, sojourn float64 }{{0.8, 0.0234928575799056, 3.79709750398329}, {1.5, 0.337232080137522, 8.17647565704438}} {
		assert.InEpsilon(t, x.loss, MMcK{x.rate, 1, 1, 10}.Loss(), 1e-12)
		assert.InEpsilon(t, x.sojourn, MMcK{x.rate, 1, 1, 10}.Sojourn(), 1e-12)
	}
	assert.InEpsilon(t, 0.500000990929183, MMcK{8, 1, 4, 20}.Loss(), 1e-12)
	assert.InDelta(t, 1, MMcK{2, 3, 4, 9}.Late(0), 1e-14, "everybody takes longer than no time")
	assert.InDelta(t, 1-1e-4, MMcK{1e4, 1, 1, 5000}.Loss(), 1e-12, "no overflow")
	for _, bad := range []MMcK{{}, {-1, 1, 1, 1}, {math.NaN(), 1, 1, 1}, {1, 1, 2, 1}, {1, math.Inf(1), 1, 1}} {
		assert.True(t, math.IsNaN(bad.Loss()) && math.IsNaN(bad.Sojourn()) && math.IsNaN(bad.Late(1)))
	}
}

// hang is an outage of a minute, with nothing random.
func hang(rate float64, places int, timeout time.Duration) Config {
	c := Shop()
	c.Arrivals = load.Constant(rate).Evenly()
	c.Provider.Service = Const(100 * time.Millisecond)
	c.Sync.Threads, c.Sync.Backlog, c.Sync.Timeout = places/2, places-places/2, timeout
	c.Async.Accept = Const(0)
	return c
}

// The fluid limit of an outage, both ways. The API holds rate x 0.1 s = 10 to 15 requests when the outage begins, and
// rounding of one call is 20 requests, which move the end of
// the bad time by 20/(200/s - rate): those are the tolerances.
func TestHangAgainstFluid(t *testing.T) {
	for _, x := range []struct {
		rate    float64
		places  int
		timeout time.Duration
	}{{100, 150, 2 * time.Second}, {150, 2000, 2 * time.Second}, {100, 1000, time.Second}, {150, 10_000, 30 * time.Second}, {100, 10_000, 10 * time.Second}} {
		r := run(t, hang(x.rate, x.places, x.timeout))
		f := HangFluid(x.rate, 200, 60, x.places, x.timeout.Seconds())
		assert.InDelta(t, f.Dropped, r.Sync.Dropped, 20, "%+v", x)
		assert.InDelta(t, f.TimedOut, r.Sync.Timeouts, 20+20*x.rate/(200-x.rate), "%+v", x)
		if f.LastBad > 0 {
			// The last one to fail is told so a timeout after it came, at the earliest.
			assert.InDelta(t, 180+f.LastBad+x.timeout.Seconds(), r.Sync.LastBad, 0.5, "%+v", x)
		}
		assert.InDelta(t, f.Backlog, r.Async.PeakDepth, 20, "%+v", x)
		assert.InDelta(t, 180+f.Drain, r.Async.EmptyAt, 0.5, "%+v", x)
		assert.InDelta(t, f.MaxAge, r.Async.MaxAge, 0.2, "%+v", x)
		assert.Zero(t, r.Async.Pending-r.Async.Requests+r.Async.Completed, "the queue loses nothing")
	}
	never := HangFluid(200, 200, 60, 100, 2)
	assert.True(t, math.IsInf(never.Drain, 1) && math.IsInf(never.LastBad, 1))
}

// Attempts until success with at most n: the geometric law cut off (0.3 and 3 attempts: 1.39 calls, 2.7 % dead).
func TestRetriesOfTheQueue(t *testing.T) {
	assert.InDelta(t, 1.39, Attempts(0.3, 3), 1e-12)
	assert.InDelta(t, 1.9375, Attempts(0.5, 5), 1e-12)
	assert.InDelta(t, 7, Attempts(1, 7), 0)
	c := Shop()
	c.Provider.Windows, c.Provider.Failure = nil, 0.3
	c.Async.MaxReceives, c.Async.RetryDelay, c.Duration, c.MaxRequests = 3, time.Second, day, 200_000
	a := run(t, c).Async
	n := float64(a.Requests)
	assert.InDelta(t, 1.39, float64(a.Calls)/n, 4*0.63/math.Sqrt(n))
	assert.InDelta(t, 0.027, float64(a.Dead)/n, 4*0.162/math.Sqrt(n))
}
