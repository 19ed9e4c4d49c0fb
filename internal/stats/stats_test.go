package stats

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestMoments(t *testing.T) {
	var m Moments
	assert.Zero(t, m.Variance())
	assert.Zero(t, m.StandardError())
	for _, x := range []float64{2, 4, 4, 4, 5, 5, 7, 9} {
		m.Add(1e9 + x) // a large offset must not cost digits
	}
	assert.Equal(t, 8, m.Count())
	assert.InDelta(t, 1e9+5, m.Mean(), 1e-6)
	assert.InEpsilon(t, 32.0/7, m.Variance(), 1e-6)
	assert.InEpsilon(t, math.Sqrt(32.0/7/8), m.StandardError(), 1e-6)
	low, high := m.MeanInterval(0.95)
	assert.InEpsilon(t, 2*2.3646243*m.StandardError(), high-low, 1e-6)
	low, high = (&Moments{}).MeanInterval(0.95)
	assert.True(t, math.IsInf(low, -1) && math.IsInf(high, 1))
}

// Quantiles of Student's t as in any printed table.
func TestStudentT(t *testing.T) {
	for _, c := range []struct{ p, df, want float64 }{
		{0.975, 1, 12.7062047362},
		{0.975, 2, 4.3026527297},
		{0.975, 5, 2.5705818356},
		{0.975, 10, 2.2281388520},
		{0.975, 30, 2.0422724563},
		{0.975, 120, 1.9799304051},
		{0.975, 1e6, 1.9599663},
		{0.975, 1e9, 1.9599640},
		{0.95, 10, 1.8124611228},
		{0.995, 4, 4.6040948714},
		{0.75, 1, 1},
		{0.025, 10, -2.2281388520},
		{0.5, 3, 0},
	} {
		got := StudentT(c.p, c.df)
		assert.InDelta(t, c.want, got, 2e-7*max(1, math.Abs(c.want)), "p=%g df=%g", c.p, c.df)
	}
	for _, bad := range [][2]float64{{0, 3}, {1, 3}, {math.NaN(), 3}, {0.9, 0}, {0.9, -1}, {0.9, math.NaN()}} {
		assert.True(t, math.IsNaN(StudentT(bad[0], bad[1])), "%v", bad)
	}
	assert.False(t, math.IsNaN(StudentT(0.975, math.Inf(1))))
}

// The interval's ends are roots of binomial tails, which a plain sum gives.
func TestClopperPearsonIsTheBinomialTail(t *testing.T) {
	for _, c := range []struct{ hits, trials uint64 }{{1, 10}, {5, 10}, {9, 10}, {3, 100}, {50, 1000}, {700, 1000}} {
		t.Run(fmt.Sprintf("%d of %d", c.hits, c.trials), func(t *testing.T) {
			low, high, err := ClopperPearson(c.hits, c.trials, 0.95)
			require.NoError(t, err)
			assert.InEpsilon(t, 0.025, 1-tail(c.hits-1, c.trials, low), 1e-9)
			assert.InEpsilon(t, 0.025, tail(c.hits, c.trials, high), 1e-9)
		})
	}
}

// tail is P(X <= hits) for X binomial.
func tail(hits, trials uint64, p float64) float64 {
	sum := 0.0
	for i := uint64(0); i <= hits; i++ {
		sum += math.Exp(lgamma(float64(trials+1)) - lgamma(float64(i+1)) - lgamma(float64(trials-i+1)) +
			float64(i)*math.Log(p) + float64(trials-i)*math.Log1p(-p))
	}
	return sum
}

func TestClopperPearsonEnds(t *testing.T) {
	low, high, err := ClopperPearson(0, 1000, 0.95)
	require.NoError(t, err)
	assert.Zero(t, low)
	assert.InEpsilon(t, 1-math.Pow(0.025, 1e-3), high, 1e-9) // the rule of 3.69/n
	low, high, err = ClopperPearson(1000, 1000, 0.95)
	require.NoError(t, err)
	assert.InEpsilon(t, math.Pow(0.025, 1e-3), low, 1e-9)
	assert.Equal(t, 1.0, high)
	// Large counts are the normal interval.
	low, high, err = ClopperPearson(1e8, 1e10, 0.95)
	require.NoError(t, err)
	assert.InEpsilon(t, 2*1.959964*math.Sqrt(0.01*0.99/1e10), high-low, 1e-3)
	low, high, err = ClopperPearson(math.MaxUint64/2, math.MaxUint64, 0.95)
	require.NoError(t, err)
	assert.True(t, low <= high && low > 0.49 && high < 0.51, "%g %g", low, high)
	for _, bad := range []struct {
		hits, trials uint64
		confidence   float64
	}{{0, 0, 0.9}, {2, 1, 0.9}, {1, 2, 0}, {1, 2, 1}, {1, 2, math.NaN()}} {
		_, _, err := ClopperPearson(bad.hits, bad.trials, bad.confidence)
		assert.Error(t, err, "%v", bad)
	}
}

func TestBeta(t *testing.T) {
	assert.InEpsilon(t, 0.3, BetaCDF(0.3, 1, 1), 1e-14)
	assert.InEpsilon(t, 1-math.Pow(0.7, 5), BetaCDF(0.3, 1, 5), 1e-13)
	assert.InEpsilon(t, math.Pow(0.3, 250), BetaCDF(0.3, 250, 1), 1e-11)
	for _, a := range []float64{0.5, 3, 90, 150, 1e5} {
		for _, b := range []float64{0.5, 7, 99, 101, 1e6} {
			x := BetaQuantile(0.2, a, b)
			assert.InEpsilon(t, 0.2, BetaCDF(x, a, b), 1e-6, "a=%g b=%g", a, b)
			assert.InDelta(t, 1, BetaCDF(x, a, b)+BetaCDF(1-x, b, a), 1e-6)
		}
	}
	for _, bad := range []float64{0, -1, math.NaN(), math.Inf(1)} {
		assert.True(t, math.IsNaN(BetaCDF(0.5, bad, 1)))
		assert.True(t, math.IsNaN(BetaCDF(0.5, 1, bad)))
	}
	assert.True(t, math.IsNaN(BetaQuantile(math.NaN(), 1, 1)))
	assert.Zero(t, BetaCDF(-1, 2, 2))
	assert.Equal(t, 1.0, BetaCDF(2, 2, 2))
}

func BenchmarkClopperPearson(b *testing.B) {
	for b.Loop() {
		_, _, _ = ClopperPearson(819, 1e5, 0.95)
	}
}
