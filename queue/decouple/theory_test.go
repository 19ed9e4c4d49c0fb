package decouple

import (
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"cloudconcepts/internal/validation"
	"cloudconcepts/queue/autoscale/load"
	"cloudconcepts/queue/theory"
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
	c.Duration, c.MaxRequests, c.Sample = year, requests, 0
	return c
}

// Simulated loss, latency and timeouts of the API against M/M/c/K. The tolerance is 4 standard errors of the mean of
// 16 runs of 100,000 requests, 0.1 to 1.2 % of the target: a rare loss has the most.
func TestSteadyState(t *testing.T) {
	const source = "M/M/c/K in closed form, by 16 simulations"
	lost := formula("share of requests that the API drops", source, "")
	latency := formula("mean latency of the API", source, "s")
	timeouts := formula("share of accepted requests that time out at the API", source, "")
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
		m, err := theory.MMcK{Arrival: x.rate, Service: 1, Servers: x.servers, Capacity: x.places}.Solve()
		require.NoError(t, err)
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
		cell := fmt.Sprintf("%s, %d places, %v Erlang", counted(x.servers), x.places, x.rate)
		loss.near(t, lost, cell, m.LossFraction)
		sojourn.near(t, latency, cell, m.SojournMean)
		late.near(t, timeouts, fmt.Sprintf("%s, timeout %v s", cell, x.timeout), m.SojournAbove(x.timeout))
	}
}

// moments of a few seeds.
type moments struct{ n, sum, square float64 }

func (m *moments) add(x float64) { m.n, m.sum, m.square = m.n+1, m.sum+x, m.square+x*x }

func (m *moments) near(t *testing.T, claim validation.Claim, cell string, want float64) {
	t.Helper()
	mean := m.sum / m.n
	se := math.Sqrt(max(m.square/m.n-mean*mean, 0) / (m.n - 1))
	claim.Within(t, cell, want, mean, 4*se)
	if !testing.Short() {
		assert.Less(t, se, 0.015*want, "%s, %s", claim.Name, cell)
	}
}

// hang is an outage of a minute, with nothing random.
func hang(rate float64, places int, timeout time.Duration) Config {
	c := Shop()
	c.Arrivals = load.Constant(rate).Regular()
	c.Provider.Service = Const(100 * time.Millisecond)
	c.Sync.Threads, c.Sync.Backlog, c.Sync.Timeout = places/2, places-places/2, timeout
	c.Async.Accept = Const(0)
	return c
}

// The fluid limit of an outage, both ways. The API holds rate x 0.1 s = 10 to 15 requests when the outage begins, and
// rounding of one call is 20 requests, which move the end of
// the bad time by 20/(200/s - rate): those are the tolerances.
func TestHangAgainstFluid(t *testing.T) {
	const source = "fluid: backlog rate times length, drained after backlog/(capacity - rate); exported and simulated"
	requests := formula("requests that an outage of a minute harms or holds up", source, "")
	times := formula("times of an outage of a minute", source, "s")
	for _, x := range []struct {
		rate    float64
		places  int
		timeout time.Duration
	}{{100, 150, 2 * time.Second}, {150, 2000, 2 * time.Second}, {100, 1000, time.Second}, {150, 10_000, 30 * time.Second}, {100, 10_000, 10 * time.Second}} {
		r := run(t, hang(x.rate, x.places, x.timeout))
		f := HangFluid(x.rate, 200, 60, x.places, x.timeout.Seconds())
		outage := fmt.Sprintf("%v/s on 200/s, %d places, timeout %v", x.rate, x.places, x.timeout)
		requests.Within(t, outage+", API, dropped", f.Dropped, float64(r.Sync.Dropped), 20)
		requests.Within(t, outage+", API, timed out", f.TimedOut, float64(r.Sync.Timeouts), 20+20*x.rate/(200-x.rate))
		if f.LastBad > 0 {
			// The last one to fail is told so a timeout after it came, at the earliest.
			times.Within(t, outage+", API, last failure", 180+f.LastBad+x.timeout.Seconds(), r.Sync.LastBad, 0.5)
		}
		requests.Within(t, outage+", queue, deepest", f.Backlog, float64(r.Async.DepthPeak), 20)
		times.Within(t, outage+", queue, when it is empty", 180+f.Drain, r.Async.EmptyAt, 0.5)
		times.Within(t, outage+", queue, oldest message", f.AgeMax, r.Async.AgeMax, 0.2)
		assert.Zero(t, r.Async.Pending-r.Async.Requests+r.Async.Completed, "the queue loses nothing")
	}
	never := HangFluid(200, 200, 60, 100, 2)
	assert.True(t, math.IsInf(never.Drain, 1) && math.IsInf(never.LastBad, 1))
	assert.True(t, math.IsNaN(HangFluid(math.NaN(), 200, 60, 100, 2).Drain) && math.IsNaN(HangFluid(100, 200, 60, -1, 2).Backlog))
}

// Attempts until success with at most n: the geometric law cut off (0.3 and 3 attempts: 1.39 calls, 2.7 % dead).
func TestRetriesOfTheQueue(t *testing.T) {
	calls := formula("mean calls for a message that may fail", "(1 - p^n)/(1 - p), simulated", "")
	dead := formula("share of messages whose calls all fail", "p^n", "")
	c := Shop()
	c.Provider.Windows, c.Provider.Failure = nil, 0.3
	c.Async.MaxReceives, c.Async.RetryDelay, c.Duration, c.MaxRequests = 3, time.Second, day, 200_000
	a := run(t, c).Async
	n := float64(a.Requests)
	calls.Within(t, "p = 0.3, n = 3, simulated", 1.39, float64(a.Calls)/n, 4*0.63/math.Sqrt(n))
	dead.Within(t, "p = 0.3, n = 3, simulated", 0.027, float64(a.Dead)/n, 4*0.162/math.Sqrt(n))
}
