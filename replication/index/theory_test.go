package index

import (
	"fmt"
	"math"
	"testing"
	"time"

	"cloudconcepts/internal/validation"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestThreshold(t *testing.T) {
	c := theory("rate that an index can follow", "capacity of a partition / share of the busiest", "/s")
	c.Within(t, "1000/s a partition, four evenly loaded", 4000, Threshold(1000, 0.25), 1e-9)
	c.Within(t, "1000/s a partition, one has half of the writes", 2000, Threshold(1000, 0.5), 1e-9)
	assert.True(t, math.IsNaN(Threshold(0, 1)) && math.IsNaN(Threshold(1, 1.1)) && math.IsNaN(Threshold(1, 0)) && math.IsNaN(Threshold(math.NaN(), 1)))
}

// With s = 1 ms: M/M/1 has 2, 5, 10 ms and M/D/1 1.5, 3, 5.5 ms at loads .5, .8, .9.
func TestLagMean(t *testing.T) {
	c := theory("mean lag of a partition", "Pollaczek and Khinchine: propagation + s + rho (1 + cv2) s/(2 (1 - rho)), s = 1 ms", "s")
	for i, load := range []float64{.5, .8, .9} {
		rate := 1000 * load
		c.Within(t, fmt.Sprintf("exponential services, load %g", load), []float64{.002, .005, .010}[i], LagMean(rate, 1000, 1, 0), 1e-12)
		c.Within(t, fmt.Sprintf("constant services, load %g", load), []float64{.0015, .003, .0055}[i], LagMean(rate, 1000, 0, 0), 1e-12)
		c.Within(t, fmt.Sprintf("constant services after 50 ms, load %g", load), []float64{.0515, .053, .0555}[i], LagMean(rate, 1000, 0, .05), 1e-12)
	}
	assert.Equal(t, math.Inf(1), LagMean(1000, 1000, 0, 0))
	c.Within(t, "constant services, load 0", .001, LagMean(0, 1000, 0, 0), 0)
	assert.True(t, math.IsNaN(LagMean(-1, 1, 0, 0)) && math.IsNaN(LagMean(1, 0, 0, 0)) && math.IsNaN(LagMean(1, 2, -1, 0)))
}

func TestLagSurvival(t *testing.T) {
	c := theory("share of lags above a time", "e^-(capacity - rate)(t - propagation), exponential services", "")
	c.Within(t, "800/s of 1000/s, propagation 50 ms, above 60 ms", math.Exp(-2), LagSurvival(800, 1000, .05, .06), 1e-12)
	c.Within(t, "800/s of 1000/s, propagation 50 ms, above 40 ms", 1, LagSurvival(800, 1000, .05, .04), 0)
	c.Within(t, "1000/s of 1000/s, above 5 s", 1, LagSurvival(1000, 1000, 0, 5), 0)
	c.Within(t, "0/s of 1/s, above 1 s", math.Exp(-1), LagSurvival(0, 1, 0, 1), 1e-15)
	assert.True(t, math.IsNaN(LagSurvival(1, 2, 0, math.NaN())) && math.IsNaN(LagSurvival(1, 0, 0, 1)))
}

func TestThrottled(t *testing.T) {
	assert.Equal(t, 0.0, ThrottledFraction(0.9)+ThrottledFraction(0)+StaleFraction(0, 1)+StaleFraction(1, 0))
	c := theory("share of writes refused by a queue with a bound", "M/M/1/k: (1 - rho) rho^k/(1 - rho^(k+1))", "")
	c.Within(t, "load 2, bound 1", 2./3, ThrottledQueue(2, 1), 1e-15)
	c.Within(t, "load 1, bound 10", 1./11, ThrottledQueue(1, 10), 1e-15)
	c.Within(t, "load 2, bound 2", 4./7, ThrottledQueue(2, 2), 1e-15) // p = 1:2:4
	c.Within(t, "load 0.5, bound 2", .25/1.75, ThrottledQueue(.5, 2), 1e-15)
	c.Within(t, "load 2, bound 100,000", 0.5, ThrottledQueue(2, 100_000), 1e-12)
	c.Within(t, "load 0, bound 3", 0, ThrottledQueue(0, 3), 0)
	theory("share of writes refused in the long run", "fluid: 1 - 1/rho", "").Within(t, "load 2", 0.5, ThrottledFraction(2), 1e-15)
	assert.True(t, math.IsNaN(ThrottledFraction(-1)) && math.IsNaN(ThrottledQueue(1, 0)) && math.IsNaN(ThrottledQueue(math.Inf(1), 1)))
	c = theory("lag behind a full bound", "bound/capacity", "s")
	c.Within(t, "bound 1, 2/s", .5, BoundedLag(2, 1), 0)
	c.Within(t, "bound 100, 1000/s", 0.1, BoundedLag(1000, 100), 1e-15)
	assert.True(t, math.IsNaN(BoundedLag(0, 1)) && math.IsNaN(BoundedLag(1, 0)))
	theory("share of reads that miss a write", "1 - e^(-rate lag)", "").Within(t, "10 writes/s of the key, lag 50 ms", 1-math.Exp(-.5), StaleFraction(10, .05), 1e-15)
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
func within(t *testing.T, c validation.Claim, cell string, target, se float64, runs []float64) {
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
	c.Within(t, cell, target, mean, 4*deviation)
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
	lag := theory("simulated mean lag of a partition", "Pollaczek and Khinchine: propagation + s + rho (1 + cv2) s/(2 (1 - rho)), s = 1 ms", "s")
	within(t, lag, "exponential services, load 0.5", LagMean(500, 1000, 1, 0), 0.005, over(t, one(500, Exp(time.Millisecond)), mean))
	within(t, lag, "constant services, load 0.8", LagMean(800, 1000, 0, 0), 0.005, over(t, one(800, PerSecond(1000)), mean))
	c := one(800, Exp(time.Millisecond))
	above := theory("simulated share of lags above a time", "e^-(capacity - rate)(t - propagation), exponential services", "")
	within(t, above, "800/s of 1000/s, above 5 ms", LagSurvival(800, 1000, 0, .005), 0.02, over(t, c, func(r Result) float64 { return r.LagAbove(.005) }))
	c.Propagation = Const(20 * time.Millisecond)
	within(t, lag, "exponential services after 20 ms, load 0.8", LagMean(800, 1000, 1, .02), 0.01, over(t, c, mean))
}

func TestBoundedQueue(t *testing.T) {
	throttled := func(r Result) float64 { return r.ThrottledFraction }
	refused := theory("simulated share of writes refused by a queue with a bound", "M/M/1/k: (1 - rho) rho^k/(1 - rho^(k+1))", "")
	for _, rho := range []float64{.8, 1, 1.5} {
		c := one(1000*rho, Exp(time.Millisecond))
		c.MaxBacklog, c.MaxWrites = 8, 500_000
		within(t, refused, fmt.Sprintf("load %g, bound 8", rho), ThrottledQueue(rho, 8), 0.006, over(t, c, throttled))
	}
	c := one(1500, PerSecond(1000))
	c.MaxBacklog, c.MaxWrites = 1000, 300_000
	r := simulate(t, c)
	// The bound fills in the first 2 s of 200.
	theory("simulated share of writes refused in the long run", "fluid: 1 - 1/rho", "").Within(t, "load 1.5, bound 1000", ThrottledFraction(1.5), r.ThrottledFraction, 0.005)
	theory("simulated median lag behind a full bound", "bound/capacity", "s").Relative(t, "bound 1000, 1000/s, load 1.5", BoundedLag(1000, 1000), r.LagP50, 0.01)
	assert.Len(t, r.Warnings, 2) // the load, and the end by MaxWrites
}

// A hot key: the busiest partition, not the sum of all, sets what the index can follow.
func TestThresholdOfAHotKey(t *testing.T) {
	c := DynamoDB()
	c.Zipf, c.Duration, c.ReadRate = 1.2, 2*time.Minute, 0
	base := simulate(t, c)
	require.Greater(t, base.MaxShare, 0.27)
	theory("threshold reported by a run", "capacity of a partition / share of the busiest", "/s").
		Within(t, "1000/s a partition, keys by Zipf 1.2", 1000/base.MaxShare, base.Threshold, 1e-9)
	refused := theory("share of the busiest partition's writes that it refuses", "fluid: 1 - 1/rho, rho = rate/threshold", "")
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
		refused.Within(t, fmt.Sprintf("keys by Zipf 1.2, rate %g thresholds", x), ThrottledFraction(x), share, 0.02)
		assert.Less(t, r.Offered, int64(4000*120)) // less than all partitions together could do
	}
}

// A single key is read after its writes at rate 20/s with a lag of 51 ms.
func TestStaleReads(t *testing.T) {
	c := one(20, PerSecond(1000))
	c.Propagation, c.ReadRate, c.MaxWrites = Const(50*time.Millisecond), 40, 20_000
	stale := theory("simulated share of reads that miss a write", "1 - e^(-rate lag)", "")
	within(t, stale, "20 writes/s of the key, lag 51 ms", StaleFraction(20, .05101), 0.005, over(t, c, func(r Result) float64 { return r.StaleFraction }))
}
