package kinesis

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func FuzzSimulate(f *testing.F) {
	for i, x := range []float64{0, math.Copysign(0, -1), 500, 1e300, math.NaN(), math.Inf(1), math.Inf(-1), 5e-324} {
		f.Add(uint64(i), x, int64(500), 100, 2, 2, int64(0), x)
		f.Add(uint64(i), 1000.0, int64(math.MaxInt64), -1, i, math.MaxInt, int64(x), 1.0)
	}
	f.Fuzz(func(t *testing.T, seed uint64, rate float64, bytes int64, keys, shards, consumers int, poll int64, skew float64) {
		c := Stream()
		c.Seed, c.Rate, c.RecordBytes, c.Keys, c.Shards, c.Consumers = seed, rate, bytes, min(keys, 1000), min(shards, 20), consumers
		c.Poll, c.Zipf, c.FanOut, c.Regular = time.Duration(poll), skew, seed&1 == 1, seed&2 == 2
		c.Duration = 2 * time.Second
		if rate > 1e5 {
			c.Duration = time.Millisecond / 4
		}
		r, err := Simulate(c)
		if err != nil {
			require.ErrorIs(t, err, ErrInvalidConfig)
			return
		}
		checkInvariants(t, r)
	})
}
