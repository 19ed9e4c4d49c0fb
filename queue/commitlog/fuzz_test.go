package commitlog

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// FuzzSimulate turns raw numbers into a configuration: either Validate refuses it, or the run ends and all invariants
// hold.
func FuzzSimulate(f *testing.F) {
	for i, x := range []float64{0, math.Copysign(0, -1), 1, 1000, 1e300, math.NaN(), math.Inf(1), math.Inf(-1), 5e-324} {
		f.Add(uint64(i), x, int64(1000), int64(1), int64(5e8), 100)
		f.Add(uint64(i), 100.0, int64(math.MaxInt64), int64(x), int64(math.MaxInt64), -i)
		f.Add(uint64(i)<<40, 1e9, int64(1), int64(math.MinInt64), int64(1e6), math.MaxInt)
	}
	f.Fuzz(func(t *testing.T, seed uint64, rate float64, bytes, minimum, wait int64, count int) {
		c := anyConfig(seed)
		c.Producer.Rate, c.Producer.RecordBytes, c.Producer.Keys = rate, bytes, c.Producer.Keys+count/8
		c.Fetch.MinBytes, c.Fetch.MaxWait = minimum, time.Duration(wait)
		c.Consumer.MaxPollRecords = count
		c.Group.CrashRate = min(rate, 0.5)
		c.Duration = 5 * time.Second
		c.MaxRecords = 2000
		c.Group.RestartTime = time.Duration(wait)
		r, err := Simulate(c)
		if err != nil {
			require.ErrorIs(t, err, ErrInvalidConfig)
			return
		}
		checkInvariants(t, r)
	})
}

// FuzzDelayedFetch: NaN or a cycle that is one.
func FuzzDelayedFetch(f *testing.F) {
	for _, x := range []float64{0, 1, 1e300, math.NaN(), math.Inf(1), -1, 5e-324, 1e9} {
		f.Add(x, 64, int64(5e8), int64(5e6))
		f.Add(100.0, int(min(max(x, -9), 9e9)), int64(math.MaxInt64), int64(0))
	}
	f.Fuzz(func(t *testing.T, rate float64, m int, wait, trip int64) {
		c := DelayedFetch(rate, min(m, 20_000), time.Duration(wait), time.Duration(trip))
		if math.IsNaN(c.RecordsPerFetch) {
			return
		}
		r := rate * time.Duration(trip).Seconds()
		require.True(t, c.RecordsPerFetch >= 0 && c.RecordsPerFetch <= (float64(m)+r)*(1+1e-6), "%v", c)
		require.False(t, c.WaitMean < 0)
	})
}
