package quorum

import (
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"
)

// BenchmarkSimulate is on one processor.
func BenchmarkSimulate(b *testing.B) {
	for _, m := range Models() {
		b.Run(m.Name, func(b *testing.B) {
			defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
			c := Config{N: 3, R: 1, W: 1, Latency: m, Trials: 1_000_000, Seed: 1}
			b.ReportAllocs()
			for b.Loop() {
				_, err := Simulate(c)
				require.NoError(b, err)
			}
			b.ReportMetric(float64(b.N)*float64(c.Trials)/b.Elapsed().Seconds(), "trials/s")
		})
	}
}

func BenchmarkSampler(b *testing.B) {
	for _, m := range []Model{LinkedInSSD(), LinkedInDisk(), Exponentials(1, 1)} {
		b.Run(m.Name, func(b *testing.B) {
			s := newSampler(m.Write, newZiggurat())
			s.seed(1)
			delays := make([]float64, 768)
			for b.Loop() {
				s.fill(delays)
			}
			b.ReportMetric(float64(b.N)*768/b.Elapsed().Seconds(), "draws/s")
		})
	}
}
