package multileader

import (
	"testing"
	"time"

	"cloudconcepts/internal/rng"

	"github.com/stretchr/testify/require"
)

func BenchmarkSimulate(b *testing.B) {
	for _, policy := range Policies() {
		b.Run(policy.String(), func(b *testing.B) {
			c := Default()
			c.Policy = policy
			measure(b, c)
		})
	}
	b.Run("exponential", func(b *testing.B) {
		c := Default()
		c.Delay, c.Zipf = Exp(50*time.Millisecond), 1
		measure(b, c)
	})
	b.Run("four-leaders", func(b *testing.B) {
		c := Default()
		c.Leaders = 4
		measure(b, c)
	})
}

func measure(b *testing.B, c Config) {
	b.Helper()
	c.Duration, c.MaxWrites = 24*time.Hour, 1_000_000
	b.ReportAllocs()
	for b.Loop() {
		_, err := Simulate(c)
		require.NoError(b, err)
	}
	b.ReportMetric(float64(b.N)*float64(c.MaxWrites)/b.Elapsed().Seconds(), "writes/s")
}

// BenchmarkBareLoop is the physical limit: an arrival, a leader, a key, and two timestamps compared and stored, at once and a hundred
// writes later.
func BenchmarkBareLoop(b *testing.B) {
	type write struct {
		at  float64
		key int
	}
	arrivals, chosen := rng.New(1, 1), rng.New(1, 2)
	var cells [2][1000]float64
	var late [128]write
	at, n := 0.0, 0
	for b.Loop() {
		at += arrivals.ExpFloat64()
		w := write{at, int(chosen.Uint64() >> 32 * 1000 >> 32)}
		leader := chosen.Uint64() >> 63
		cells[leader][w.key] = max(cells[leader][w.key], w.at)
		old := late[n&127]
		cells[1-leader][old.key] = max(cells[1-leader][old.key], old.at)
		late[n&127] = w
		n++
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "writes/s")
	require.Positive(b, n)
}
