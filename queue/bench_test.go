package queue

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cloudconcepts/internal/rng"
)

func benchConfig(servers int, e Engine) Config {
	c := Default()
	c.Arrivals = Poisson(0.8 * float64(servers))
	c.Servers, c.Engine = servers, e
	c.Messages, c.Warmup = 1_000_000, 0
	return c
}

// BenchmarkSimulate counts messages per second with all statistics on. BenchmarkBareLindley is the physical limit: two
// exponential numbers, a maximum and a sum per message.
func BenchmarkSimulate(b *testing.B) {
	loss, lifo := benchConfig(1, Auto), benchConfig(1, Auto)
	loss.Capacity = 10
	lifo.Discipline = LIFO
	codel := benchConfig(4, Auto)
	codel.Discipline = CoDel
	constant := benchConfig(4, Auto)
	constant.Service = Const(time.Second)
	for _, c := range []struct {
		name string
		c    Config
	}{
		{"recursion/1", benchConfig(1, Recursion)},
		{"recursion/4", benchConfig(4, Recursion)},
		{"recursion/16", benchConfig(16, Recursion)},
		{"recursion/32", benchConfig(32, Recursion)},
		{"constant/4", constant},
		{"events/1", benchConfig(1, Events)},
		{"events/4", benchConfig(4, Events)},
		{"events/16", benchConfig(16, Events)},
		{"events/32", benchConfig(32, Events)},
		{"lifo/1", lifo},
		{"capacity10/1", loss},
		{"codel/4", codel},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				_, err := Simulate(c.c)
				require.NoError(b, err)
			}
			b.ReportMetric(float64(c.c.Messages)*float64(b.N)/b.Elapsed().Seconds()/1e6, "Mmessages/s")
		})
	}
}

func BenchmarkBareLindley(b *testing.B) {
	const n = 1_000_000
	sum := 0.0
	for b.Loop() {
		sum += bareLindley(rng.New(1, drawArrivals), rng.New(1, drawServices), n)
	}
	require.Positive(b, sum)
	b.ReportMetric(n*float64(b.N)/b.Elapsed().Seconds()/1e6, "Mmessages/s")
}

// bareLindley is the mean wait of n messages, in seconds.
func bareLindley(arrivals, services *rand.Rand, n int) float64 {
	wait, sum := 0.0, 0.0
	for range n {
		wait = max(wait-1.25*arrivals.ExpFloat64(), 0)
		sum += wait
		wait += services.ExpFloat64()
	}
	return sum / float64(n)
}
