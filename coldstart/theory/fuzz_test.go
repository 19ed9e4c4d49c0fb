package theory

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// FuzzTheory wants probabilities in [0, 1], or NaN, of any numbers, and no endless loop.
func FuzzTheory(f *testing.F) {
	for _, x := range []float64{1, math.NaN(), math.Inf(1), 1e300, 0, math.Copysign(0, -1), 5e-324, 1000} {
		f.Add(x, int64(2e9), int64(6e11), 10)
		f.Add(x, int64(math.MaxInt64), int64(1), -1)
		f.Add(x, int64(0), int64(math.MinInt64), 100)
	}
	f.Fuzz(func(t *testing.T, rate float64, service, keep int64, n int) {
		s, k := time.Duration(service), time.Duration(keep)
		if rate*s.Seconds() > 100 {
			s = 1
		}
		for _, p := range []float64{
			ColdPoisson(rate, k), ColdHalving(rate, k), ColdExpTTL(rate, s, k).Cold, ErlangB(n%10_000, rate), ColdCap1(rate, s, s, k).RejectedFraction, PoolSizeApprox(rate, s, k).Cold,
		} {
			require.True(t, math.IsNaN(p) || p >= 0 && p <= 1+1e-9, "%g of %g %d %d", p, rate, service, keep)
		}
		require.GreaterOrEqual(t, ErlangBInverse(math.Mod(rate, 1e4), 0.01), -1)
	})
}
