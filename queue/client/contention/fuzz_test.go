package contention

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cloudconcepts/queue/client"
)

// FuzzContend: either refused, or it ends within N^2 calls.
func FuzzContend(f *testing.F) {
	for _, d := range []int64{0, -1, 1, 5e6, math.MaxInt64} {
		for law := range 5 {
			f.Add(10, law, d, d*2, d, d/5)
		}
	}
	f.Fuzz(func(t *testing.T, clients, law int, base, most, mean, sd int64) {
		c := Config{
			Clients: clients, Backoff: client.Backoff{Jitter: client.Jitter(law), Base: time.Duration(base), Cap: time.Duration(most)},
			DelayMean: time.Duration(mean), DelaySD: time.Duration(sd), Runs: 2,
		}
		if c.Clients > 200 {
			c.Clients = 200
		}
		r, err := Simulate(c)
		if err != nil {
			require.ErrorIs(t, err, ErrInvalidConfig)
			return
		}
		n := float64(c.Clients)
		require.True(t, r.Calls.Mean >= n && r.Calls.Mean <= n*n)
		require.GreaterOrEqual(t, c.Backoff.Mean(3), time.Duration(0))
	})
}
