package commit

import (
	"math"
	"testing"
	"time"

	"cloudconcepts/internal/law"

	"github.com/stretchr/testify/require"
)

// lawOf makes a law of numbers that may be anything.
func lawOf(kind uint8, mean int64) Law {
	d := time.Duration(mean)
	return []Law{law.Const(d), law.Exp(d), law.Uniform(0, d), law.Uniform(d, 0)}[kind%4]
}

func FuzzCommit(f *testing.F) {
	f.Add(5, 4, uint8(1), int64(time.Millisecond), int64(0), 500.0, true, uint64(1))
	f.Add(3, 2, uint8(2), int64(time.Hour), int64(time.Hour), 1e9, false, uint64(1))
	for _, rate := range []float64{math.NaN(), math.Inf(1), 1e300, 0, math.Copysign(0, -1), 5e-324} {
		f.Add(3, 3, uint8(5), int64(math.MaxInt64), int64(1), rate, true, uint64(0))
	}
	f.Fuzz(func(t *testing.T, servers, alive int, kind uint8, delay, disk int64, rate float64, broadcast bool, seed uint64) {
		c := Config{
			Servers: servers, Alive: alive, OneWay: lawOf(kind, delay), Disk: lawOf(kind/4, disk), LeaderDisk: lawOf(kind/16, disk),
			Rate: rate, CommitBroadcast: broadcast, Proposals: 50, Seed: seed,
		}
		r, err := Simulate(c)
		if err != nil {
			require.ErrorIs(t, err, ErrInvalidConfig)
			return
		}
		require.True(t, r.Blocked || r.latency.Count() == 50)
		require.LessOrEqual(t, 0.0, r.CommitMean)
		require.LessOrEqual(t, r.CommitMean, r.CommitMax*1.001+1e-9)
	})
}
