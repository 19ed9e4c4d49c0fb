package client

import (
	"testing"
	"time"

	"cloudconcepts/internal/rng"
)

func benchmark(b *testing.B, c Config) {
	b.Helper()
	b.ReportAllocs()
	attempts := int64(0)
	for b.Loop() {
		r, err := Simulate(c)
		if err != nil {
			b.Fatal(err)
		}
		attempts += r.Attempts.Sent
	}
	b.ReportMetric(float64(attempts)/b.Elapsed().Seconds(), "attempts/s")
}

func benchConfig() Config {
	c := Default()
	c.Rate, c.Retries, c.Duration = 240, 1, 4000*time.Second
	return c
}

// The physical limit: a Lindley recursion with two exponential draws an
// attempt, that counts what would time out.
func BenchmarkBareLoop(b *testing.B) {
	const n = 1_000_000
	r := rng.New(1)
	late := 0
	for b.Loop() {
		wait := 0.0
		for range n {
			service := r.ExpFloat64() / 300
			if wait+service > 1 {
				late++
			}
			wait = max(0, wait+service-r.ExpFloat64()/240)
		}
	}
	b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "attempts/s")
}

func BenchmarkSimulate(b *testing.B) { benchmark(b, benchConfig()) }

func BenchmarkServers15(b *testing.B) {
	c := benchConfig()
	c.Server.Servers, c.Server.Service = 15, Exp(50*time.Millisecond)
	benchmark(b, c)
}

func BenchmarkEveryPolicy(b *testing.B) {
	c := benchConfig()
	c.Backoff = Backoff{Jitter: FullJitter, Base: 50 * time.Millisecond, Cap: 20 * time.Second}
	c.Budget, c.Throttle, c.Breaker = AWSRetryQuota(), SRE(), Resilience4j()
	c.Credits, c.MaxInFlight, c.RoundTrip = 10_000, 10_000, time.Millisecond
	c.Server.Bucket = TokenBucket{Rate: 1000, Burst: 1000}
	c.Server.Discipline, c.Sample = CoDelFacebook, time.Second
	benchmark(b, c)
}

func BenchmarkStorm(b *testing.B) { benchmark(b, Metastable(280)) }
