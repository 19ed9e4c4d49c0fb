package index

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestThreshold(t *testing.T) {
	assert.InDelta(t, 4000, Threshold(1000, 0.25), 1e-9) // even: capacity x partitions
	assert.InDelta(t, 2000, Threshold(1000, 0.5), 1e-9)
	assert.True(t, math.IsNaN(Threshold(0, 1)) && math.IsNaN(Threshold(1, 1.1)) && math.IsNaN(Threshold(1, 0)) && math.IsNaN(Threshold(math.NaN(), 1)))
}

// With s = 1 ms: M/M/1 has 2, 5, 10 ms and M/D/1 1.5, 3, 5.5 ms at loads .5, .8, .9.
func TestMeanLag(t *testing.T) {
	for i, rate := range []float64{500, 800, 900} {
		assert.InDelta(t, []float64{.002, .005, .010}[i], MeanLag(rate, 1000, 1, 0), 1e-12)
		assert.InDelta(t, []float64{.0015, .003, .0055}[i], MeanLag(rate, 1000, 0, 0), 1e-12)
		assert.InDelta(t, []float64{.0515, .053, .0555}[i], MeanLag(rate, 1000, 0, .05), 1e-12)
	}
	assert.Equal(t, math.Inf(1), MeanLag(1000, 1000, 0, 0))
	assert.Equal(t, .001, MeanLag(0, 1000, 0, 0))
	assert.True(t, math.IsNaN(MeanLag(-1, 1, 0, 0)) && math.IsNaN(MeanLag(1, 0, 0, 0)) && math.IsNaN(MeanLag(1, 2, -1, 0)))
}

func TestLagAbove(t *testing.T) {
	assert.InDelta(t, math.Exp(-2), LagAbove(800, 1000, .05, .06), 1e-12)
	assert.Equal(t, 1.0, LagAbove(800, 1000, .05, .04))
	assert.Equal(t, 1.0, LagAbove(1000, 1000, 0, 5))
	assert.InDelta(t, math.Exp(-1), LagAbove(0, 1, 0, 1), 1e-15)
	assert.True(t, math.IsNaN(LagAbove(1, 2, 0, math.NaN())) && math.IsNaN(LagAbove(1, 0, 0, 1)))
}

func TestThrottled(t *testing.T) {
	assert.Equal(t, 0.0, ThrottledFraction(0.9)+ThrottledFraction(0)+StaleFraction(0, 1)+StaleFraction(1, 0))
	assert.InDelta(t, 2./3, ThrottledQueue(2, 1), 1e-15)
	assert.Equal(t, .5, BoundedLag(2, 1))
	assert.InDelta(t, 0.5, ThrottledFraction(2), 1e-15)
	assert.InDelta(t, 1./11, ThrottledQueue(1, 10), 1e-15)
	assert.InDelta(t, 4./7, ThrottledQueue(2, 2), 1e-15) // p = 1:2:4
	assert.InDelta(t, .25/1.75, ThrottledQueue(.5, 2), 1e-15)
	assert.InDelta(t, 0.5, ThrottledQueue(2, 100_000), 1e-12)
	assert.Equal(t, 0.0, ThrottledQueue(0, 3))
	assert.True(t, math.IsNaN(ThrottledFraction(-1)) && math.IsNaN(ThrottledQueue(1, 0)) && math.IsNaN(ThrottledQueue(math.Inf(1), 1)))
	assert.InDelta(t, 0.1, BoundedLag(1000, 100), 1e-15)
	assert.True(t, math.IsNaN(BoundedLag(0, 1)) && math.IsNaN(BoundedLag(1, 0)))
	assert.InDelta(t, 1-math.Exp(-.5), StaleFraction(10, .05), 1e-15)
	assert.True(t, math.IsNaN(StaleFraction(-1, 1)))
}

// one is a single partition with constant propagation.
func one(rate float64, service Law) Config {
	c := DynamoDB()
	c.Partitions, c.Keys, c.WriteRate, c.ReadRate, c.Service, c.MaxBacklog = 1, 1, rate, 0, service, 10_000_000
	c.Propagation, c.Duration, c.MaxWrites = Const(0), 24*time.Hour, 450_000
	return c
}

func simulate(t *testing.T, c Config) Result {
	t.Helper()
	r, err := Simulate(c)
	require.NoError(t, err)
	return r
}

// within wants the mean of several runs at a target: |z| <= 4, and a standard error of at most se of it (four times that in short mode).
func within(t *testing.T, target, se float64, runs []float64) {
	t.Helper()
	var sum, squares float64
	for _, x := range runs {
		sum += x
	}
	mean := sum / float64(len(runs))
	for _, x := range runs {
		squares += (x - mean) * (x - mean)
	}
	deviation := math.Sqrt(squares / float64(len(runs)-1) / float64(len(runs)))
	if testing.Short() {
		se *= 4
	}
	assert.LessOrEqual(t, deviation, se*target)
	assert.LessOrEqual(t, math.Abs(mean-target), 4*deviation, "mean %g, standard error %g, want %g", mean, deviation, target)
	t.Logf("mean %.6g, want %.6g, z = %.2f, se %.2f %%", mean, target, (mean-target)/deviation, 100*deviation/target)
}

func over(t *testing.T, c Config, what func(Result) float64) []float64 {
	t.Helper()
	runs := 12
	if testing.Short() {
		runs, c.MaxWrites = 5, c.MaxWrites/8
	}
	list := make([]float64, runs)
	for i := range list {
		c.Seed = uint64(i) + 1
		list[i] = what(simulate(t, c))
	}
	return list
}

func TestLagOfAQueue(t *testing.T) {
	mean := func(r Result) float64 { return r.LagMean }
	within(t, MeanLag(500, 1000, 1, 0), 0.005, over(t, one(500, Exp(time.Millisecond)), mean))
	within(t, MeanLag(800, 1000, 0, 0), 0.005, over(t, one(800, PerSecond(1000)), mean))
	c := one(800, Exp(time.Millisecond))
	within(t, LagAbove(800, 1000, 0, .005), 0.02, over(t, c, func(r Result) float64 { return r.LagAbove(5 * time.Millisecond) }))
	c.Propagation = Const(20 * time.Millisecond)
	within(t, MeanLag(800, 1000, 1, .02), 0.01, over(t, c, mean))
}

func TestBoundedQueue(t *testing.T) {
	throttled := func(r Result) float64 { return r.ThrottledFraction }
	for _, rho := range []float64{.8, 1, 1.5} {
		c := one(1000*rho, Exp(time.Millisecond))
		c.MaxBacklog, c.MaxWrites = 8, 500_000
		within(t, ThrottledQueue(rho, 8), 0.006, over(t, c, throttled))
	}
	c := one(1500, PerSecond(1000))
	c.MaxBacklog, c.MaxWrites = 1000, 300_000
	r := simulate(t, c)
	assert.InDelta(t, ThrottledFraction(1.5), r.ThrottledFraction, 0.005) // the bound fills in the first 2 s of 200
	assert.InEpsilon(t, BoundedLag(1000, 1000), r.LagP50, 0.01)
	assert.Len(t, r.Warnings, 2) // the load, and the end by MaxWrites
}

// A hot key: the busiest partition, not the sum of all, sets what the index can follow.
func TestThresholdOfAHotKey(t *testing.T) {
	c := DynamoDB()
	c.Zipf, c.Duration, c.ReadRate = 1.2, 2*time.Minute, 0
	base := simulate(t, c)
	require.Greater(t, base.MaxShare, 0.27)
	assert.InDelta(t, 1000/base.MaxShare, base.Threshold, 1e-9)
	for _, x := range []float64{0.9, 1.2} {
		c.WriteRate = x * base.Threshold
		r := simulate(t, c)
		hot := 0
		for i, p := range r.Partitions {
			if p.Share == r.MaxShare {
				hot = i
			}
		}
		share := float64(r.Partitions[hot].Throttled) / float64(r.Offered) / r.MaxShare
		assert.InDelta(t, ThrottledFraction(x), share, 0.02)
		assert.Less(t, r.Offered, int64(4000*120)) // less than all partitions together could do
	}
}

// A single key is read after its writes at rate 20/s with a lag of 51 ms.
func TestStaleReads(t *testing.T) {
	c := one(20, PerSecond(1000))
	c.Propagation, c.ReadRate, c.MaxWrites = Const(50*time.Millisecond), 40, 20_000
	within(t, StaleFraction(20, .05101), 0.005, over(t, c, func(r Result) float64 { return r.StaleFraction }))
}
