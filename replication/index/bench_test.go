package index

import (
	"testing"
	"time"

	"cloudconcepts/internal/rng"
	"cloudconcepts/internal/stats"

	"github.com/stretchr/testify/require"
)

func BenchmarkSimulate(b *testing.B) {
	for _, x := range []struct {
		name string
		c    func(*Config)
	}{
		{"light", func(*Config) {}},
		{"hot", func(c *Config) { c.Zipf, c.WriteRate = 1.2, 5000 }},
		{"exponential", func(c *Config) { c.Propagation, c.Service = Exp(50*time.Millisecond), Exp(time.Millisecond) }},
		{"table", func(c *Config) { c.Zipf, c.WriteRate, c.Throttle = 1.2, 5000, ThrottleTable }},
	} {
		b.Run(x.name, func(b *testing.B) {
			c := DynamoDB()
			c.ReadRate = 0
			x.c(&c)
			c.Duration, c.MaxWrites = 24*time.Hour, 1_000_000
			b.ReportAllocs()
			for b.Loop() {
				_, err := Simulate(c)
				require.NoError(b, err)
			}
			b.ReportMetric(float64(b.N)*float64(c.MaxWrites)/b.Elapsed().Seconds(), "writes/s")
		})
	}
}

// BenchmarkBareLoop is the physical limit: an arrival, a key, Lindley's recursion of one partition, and a histogram.
func BenchmarkBareLoop(b *testing.B) {
	arrivals, chosen := rng.New(1, 1), rng.New(1, 2)
	var done [4]float64
	var lags stats.Histogram
	at := 0.0
	for b.Loop() {
		at += arrivals.ExpFloat64() * 5e5
		p := &done[chosen.Uint64()&3]
		*p = max(*p, at+5e7) + 1e6
		lags.Add(int64(*p - at))
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "writes/s")
	require.Positive(b, lags.Count())
}
