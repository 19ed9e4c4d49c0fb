package container

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cloudconcepts/internal/rng"
)

// BenchmarkSimulate reports requests/s on one core, all statistics on.
func BenchmarkSimulate(b *testing.B) {
	for _, c := range presets() {
		b.Run(c.Scaling.String(), func(b *testing.B) {
			c.Load, c.Duration, c.Tasks, c.Max, c.Warmup = Steady(200), 10_000*time.Second, max(c.Tasks, 1), max(c.Max, 30), 0
			if c.Scaling == Fixed {
				c.Tasks, c.Min = 30, 30
			}
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

// BenchmarkBare is the least that 30 servers need: the recursion of Kiefer and Wolfowitz with a search for the server that is free first.
func BenchmarkBare(b *testing.B) {
	requests := 0
	for b.Loop() {
		arrivals, services := rng.New(1, 1), rng.New(1, 2)
		var free [30]float64
		at, wait := 0.0, 0.0
		for at < 10_000 {
			at += arrivals.ExpFloat64() / 200
			first := 0
			for i := range free {
				if free[i] < free[first] {
					first = i
				}
			}
			begin := max(at, free[first])
			wait += begin - at
			free[first] = begin + services.ExpFloat64()*0.1
			requests++
		}
		require.GreaterOrEqual(b, wait, 0.0)
	}
	b.ReportMetric(float64(requests)/b.Elapsed().Seconds(), "requests/s")
}
