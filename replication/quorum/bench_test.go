package quorum

import (
	"math"
	"math/rand/v2"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"
)

// BenchmarkSimulate is on one processor; curve and latencies included.
func BenchmarkSimulate(b *testing.B) {
	for _, m := range Models() {
		b.Run(m.Name, func(b *testing.B) { measure(b, Config{N: 3, R: 1, W: 1, Latency: m, Trials: 1_000_000, Seed: 1}) })
	}
	b.Run("lnkd-disk-n5", func(b *testing.B) {
		measure(b, Config{N: 5, R: 2, W: 2, Latency: LinkedInDisk(), Trials: 300_000, Seed: 1})
	})
}

func measure(b *testing.B, c Config) {
	b.Helper()
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	b.ReportAllocs()
	for b.Loop() {
		_, err := Simulate(c)
		require.NoError(b, err)
	}
	b.ReportMetric(float64(b.N)*float64(c.Trials)/b.Elapsed().Seconds(), "trials/s")
}

// BenchmarkBareLoop is the physical limit with what the standard library has: twelve delays of LNKD-SSD for one trial of N = 3, and
// the comparison at one time, without a curve or a quantile.
func BenchmarkBareLoop(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 2))
	draw := func() float64 {
		e := r.ExpFloat64()
		if r.Float64() < .9122 {
			return .235 * math.Exp(e*.1)
		}
		return e / 1.66
	}
	fresh := 0
	for b.Loop() {
		commit, first, lag := math.Inf(1), math.Inf(1), 0.0
		for range 3 {
			w := draw()
			commit = min(commit, w+draw())
			request := draw()
			if after := request + draw(); after < first {
				first, lag = after, w-request
			}
		}
		if lag <= commit {
			fresh++
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "trials/s")
	require.Positive(b, fresh)
}

// BenchmarkSampler is what the drawing alone costs: twelve draws make a trial of N = 3.
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
