package chance

import (
	"testing"
	"time"

	"cloudconcepts/internal/law"
	"cloudconcepts/internal/rng"
	"cloudconcepts/internal/stats"

	"github.com/stretchr/testify/assert"
)

// P(Bin(n, p) >= k) is the beta law's distribution function.
func TestAtLeast(t *testing.T) {
	for n := 1; n <= 63; n += 2 {
		for k := 1; k <= n; k += 3 {
			for _, p := range []float64{0, .01, .5, .99, 1} {
				assert.InDelta(t, stats.BetaCDF(p, float64(k), float64(n-k+1)), AtLeast(n, k, p), 1e-9, "%d of %d, %g", k, n, p)
			}
		}
	}
}

// The points of a law have its mean, and all of its probability.
func TestPoints(t *testing.T) {
	for _, l := range []law.Law{law.Exp(time.Second), law.Uniform(time.Second, 3*time.Second), law.Const(2 * time.Second), law.Lognormal(time.Second, .5)} {
		sum, mean := 0.0, 0.0
		for _, p := range Points(l) {
			sum, mean = sum+p.Weight, mean+p.Weight*p.X
		}
		assert.InDelta(t, 1, sum, 1e-12)
		assert.InEpsilon(t, l.Mean(), mean, 1e-4, "%v", l)
	}
}

// Weighted by length, an interval of U[1, 2] has the mean 14/9.
func TestLengthBiased(t *testing.T) {
	r, sum := rng.New(1), 0.0
	const n = 200_000
	for range n {
		sum += LengthBiased(1, 2, r)
	}
	assert.InDelta(t, 14./9, sum/n, .003)
}
