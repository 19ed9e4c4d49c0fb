package coldstart

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cloudconcepts/internal/rng"
)

// BenchmarkSimulate reports requests/s on one core, all statistics on; its ratio to BenchmarkBare is that to the physical limit.
func BenchmarkSimulate(b *testing.B) {
	c := Default()
	c.Duration = 1e7 * time.Second
	aws := AWSLambda("java21-zip-x86")
	aws.Arrivals, aws.Duration = Poisson(100), 2e4*time.Second
	for _, x := range []struct {
		name   string
		change func(*Config)
	}{
		{"mru", func(*Config) {}},
		{"mru-events", func(c *Config) { c.Engine = Events }},
		{"newest", func(c *Config) { c.Selection = Newest }},
		{"random-exponential", func(c *Config) { c.Selection, c.KeepAlive = Random, Lasting(Exp(10*time.Minute)) }},
		{"busy-100", func(c *Config) { c.Arrivals, c.Duration = Poisson(50), 2e5*time.Second }},
		{"aws", func(c *Config) { *c = aws }},
	} {
		b.Run(x.name, func(b *testing.B) {
			c := c
			x.change(&c)
			requests := int64(0)
			b.ReportAllocs()
			for b.Loop() {
				r, err := Simulate(c)
				require.NoError(b, err)
				requests += r.Requests
			}
			b.ReportMetric(float64(requests)/b.Elapsed().Seconds(), "requests/s")
		})
	}
}

// BenchmarkBare is the least that the model needs: two random numbers for each request, a list of environments that knows only when each is free,
// and counts of requests and cold starts.
func BenchmarkBare(b *testing.B) {
	requests := 0
	b.ReportAllocs()
	for b.Loop() {
		n, cold := bare(rng.New(1, 1), rng.New(1, 2))
		require.Positive(b, cold)
		requests += n
	}
	b.ReportMetric(float64(requests)/b.Elapsed().Seconds(), "requests/s")
}

func bare(arrivals, services *rand.Rand) (requests, cold int) {
	free := make([]float64, 0, 64) // oldest first
	t := 0.0
	for t < 1e7 {
		t += arrivals.ExpFloat64() / 0.9
		requests++
		for i := len(free) - 1; i >= 0; i-- {
			if free[i]+600 < t {
				free = append(free[:i], free[i+1:]...)
			}
		}
		at := -1
		for i := len(free) - 1; i >= 0 && at < 0; i-- {
			if free[i] <= t {
				at = i
			}
		}
		if at < 0 {
			cold++
			free = append(free, t+services.ExpFloat64()*2.244)
		} else {
			free[at] = t + services.ExpFloat64()*1.991
		}
	}
	return requests, cold
}

// No allocation per request: four times the requests allocate as often, up to buffers that grow.
func TestAllocations(t *testing.T) {
	for _, engine := range []Engine{Stack, Events} {
		c := Default()
		c.Engine = engine
		count := func(d time.Duration) float64 {
			c.Duration = d
			return testing.AllocsPerRun(2, func() { simulate(t, c) })
		}
		short, long := count(1e4*time.Second), count(4e4*time.Second)
		require.LessOrEqual(t, long, short+20, "%v: of 9,000 and 36,000 requests", engine)
	}
}
