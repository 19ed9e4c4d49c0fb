package share

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func FuzzSimulate(f *testing.F) {
	for i, x := range []float64{0, math.Copysign(0, -1), 32, 1e300, math.NaN(), math.Inf(1), math.Inf(-1), 5e-324} {
		f.Add(uint64(i), x, int64(1000), 2, int64(1e9), x)
		f.Add(uint64(i), 32.0, int64(math.MaxInt64), -i, int64(x), 0.1)
	}
	f.Fuzz(func(t *testing.T, seed uint64, rate float64, records int64, members int, lock int64, silent float64) {
		c := anyConfig(seed)
		c.Rate, c.Members, c.Lock, c.Silent = rate, members, time.Duration(lock), silent
		c.MaxRecords = min(records, 500)
		r, err := Simulate(c)
		if err != nil {
			require.ErrorIs(t, err, ErrInvalidConfig)
			return
		}
		checkInvariants(t, r)
	})
}
