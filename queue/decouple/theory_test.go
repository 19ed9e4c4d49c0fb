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

// Simulated loss, latency and timeouts of the API against M/M/c/K. The tolerance is 4 standard errors of a run of a
// million requests, estimated from 16 seeds.
func TestSteadyState(t *testing.T) {
	requests := 400_000
	if testing.Short() {
		requests = 100_000
	}
	for _, x := range []struct {
		rate            float64
		servers, places int
		timeout         float64
	}{{0.8, 1, 10, 4}, {1.2, 1, 10, 8}, {3.2, 4, 10, 2}, {5, 4, 10, 3}, {8, 4, 20, 5}, {8, 8, 8, 1}} {
		m := MMcK{x.rate, 1, x.servers, x.places}
		var loss, sojourn, late moments
		for seed := range uint64(8) {
			c := steady(x.rate, x.servers, x.places, requests/8)
			c.Seed, c.Sync.Timeout = seed, time.Duration(x.timeout*1e9)
			s := run(t, c).Sync
			loss.add(float64(s.Dropped) / float64(s.Attempts))
			late.add(float64(s.Timeouts) / float64(s.Attempts-s.Dropped))
			c.Sync.Timeout = 0
			sojourn.add(run(t, c).Sync.Latency.Mean)
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
	assert.LessOrEqual(t, math.Abs(z), 5.4, append([]any{format}, args...)...) // Student's t of 7 degrees at the level of 4 sigma would be 8.5
	assert.Less(t, se, 0.03*want+1e-4, append([]any{format}, args...)...)
}
