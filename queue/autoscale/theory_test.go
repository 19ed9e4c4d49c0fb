package autoscale

import (
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"cloudconcepts/queue/autoscale/load"
)

// Fixed workers in front of Poisson arrivals and exponential times are M/M/4: mean sojourn 1.745540589734 s, 99th
// percentile 6.893203748883 s. Sixteen runs; 4 standard errors of their mean.
func TestFixedIsMMc(t *testing.T) {
	busy := formula("utilization of a fixed number of workers", "rho", "")
	n := 100_000
	if testing.Short() {
		n = 10_000
	}
	var sum, square, p99 float64
	for seed := range uint64(16) {
		r := run(t, Config{
			Arrivals: load.Constant(3.2), Service: Exp(time.Second), Rule: Fixed{4}, Initial: 4, Max: 4,
			MetricPeriod: day, EvaluationPeriod: day, LatencyTarget: time.Second, Duration: year, MaxMessages: n, Seed: seed,
		})
		sum, square, p99 = sum+r.LatencyMean/16, square+r.LatencyMean*r.LatencyMean/16, p99+r.LatencyP99/16
		busy.Within(t, fmt.Sprintf("4 workers, 3.2 Erlang, seed %d", seed), 0.8, r.Utilization, 8/math.Sqrt(float64(n)))
	}
	se := math.Sqrt((square - sum*sum) / 15)
	latency := formula("latency of a fixed number of workers", "M/M/4: one service and the wait of Erlang C", "s")
	latency.Within(t, "4 workers, 3.2 Erlang, mean", 1.745540589734, sum, 4*se)
	latency.Within(t, "4 workers, 3.2 Erlang, p99", 6.893203748883, p99, 4*3*se)
	assert.Less(t, se, 0.03)
}

// Capacity that comes late, in the fluid limit: 300/s on 100/s, and 500/s after a minute until the decision and two to
// boot. Tolerance: one service of every instance.
func TestLateCapacity(t *testing.T) {
	r := run(t, Config{
		Arrivals: load.Constant(300).Regular(), Service: Const(100 * time.Millisecond), Rule: Fixed{50}, Initial: 10, Max: 50,
		Boot: 2 * time.Minute, MetricPeriod: time.Minute, EvaluationPeriod: time.Minute, LatencyTarget: time.Second,
		Duration: 361 * time.Second, MaxMessages: 1e6, Sample: time.Second,
	})
	f := LateFluid(300, 100, 400, 180)
	const source = "fluid: peak (l - C) D, drained after peak/(C' - l), oldest D (1 - C/l), mean half of that; exported and simulated"
	const late = "300/s on 100/s, 500/s after 180 s"
	depth := formula("peak backlog when help comes late", source, "")
	times := formula("times when help comes late", source, "s")
	depth.Within(t, late+", closed form", 36_000, f.BacklogPeak, 1e-9)
	times.Within(t, late+", drain, closed form", 180, f.Drain, 1e-9)
	times.Within(t, late+", oldest, closed form", 120, f.AgeMax, 1e-9)
	times.Within(t, late+", mean wait, closed form", 60, f.DelayMean, 1e-9)
	depth.Within(t, late+", simulated", f.BacklogPeak, float64(r.DepthPeak), 50)
	times.Within(t, late+", of the peak, simulated", 180, r.PeakAt, 0.01)
	times.Within(t, late+", when it is empty, simulated", 180+f.Drain, r.EmptyAt, 0.5)
	times.Within(t, late+", oldest, simulated", f.AgeMax, r.AgeMax, 0.2)
	times.Within(t, late+", mean latency with a service of 0.1 s, simulated", f.DelayMean+0.1, r.LatencyMean, 0.3)
	paid := formula("instance seconds when help comes late", "booting is paid", "s")
	paid.Within(t, "10 instances for 361 s, 40 more from 60 s on", 10*361+40*(361-60), r.InstanceSeconds, 1e-6)
	assert.Equal(t, []int{10, 50, 10}, []int{r.Rows[59].Running, r.Rows[100].Running, r.Rows[100].Serving})
	assert.True(t, math.IsInf(LateFluid(300, 100, 100, 60).Drain, 1))
	assert.Zero(t, LateFluid(100, 100, 0, 60))
	assert.True(t, math.IsNaN(LateFluid(math.NaN(), 100, 0, 60).BacklogPeak) && math.IsNaN(LateFluid(300, 100, 400, -1).Drain))
}

// loop is a linear control loop near its rest: depth = target x instances, 200 of them, disturbed by a tenth.
func loop(gain float64, late int) Config {
	const period, rate, processing = 20 * time.Second, 400.0, 500 * time.Millisecond
	target := period.Seconds() / gain / processing.Seconds()
	n := int(rate * processing.Seconds())
	return Config{
		Arrivals: load.Constant(rate).Regular(), Service: Const(processing), Rule: HPA{Target: target},
		Backlog: n + int(1.1*target*float64(n)), Initial: n, Max: 10_000,
		MetricPeriod: period, MetricDelay: time.Duration(late) * period, EvaluationPeriod: period,
		LatencyTarget: time.Minute, Duration: 60 * period, MaxMessages: 1e7, Sample: period,
	}
}

// swing is the greatest distance of the depth from rest in some rows, as a share of the rest.
func swing(r Result, from, to int) (low, high float64) {
	rest := r.Config.Rule.(HPA).Target * 200
	for _, row := range r.Rows[from:to] {
		low, high = min(low, float64(row.Depth)/rest-1), max(high, float64(row.Depth)/rest-1)
	}
	return low, high
}

// A loop 10 % below the limit comes to rest, one 10 % above does not; at a quarter below the smooth limit the depth
// never falls below its rest. An instance more or less is 0.5 % of the fleet, and a decision is obeyed within one
// service, 2.5 % of the period.
func TestStability(t *testing.T) {
	most := 4
	if testing.Short() {
		most = 2
	}
	for late := range most {
		limit := StablePeriod(late)
		low, high := swing(run(t, loop(0.9*limit, late)), 45, 60)
		assert.Less(t, max(high, -low), 0.07, "late by %d", late)
		low, high = swing(run(t, loop(1.1*limit, late)), 45, 60)
		assert.Greater(t, max(high, -low), 0.15, "late by %d", late)
		low, _ = swing(run(t, loop(0.75*SmoothPeriod(late), late)), 1, 60)
		assert.Greater(t, low, -0.012, "late by %d", late)
		low, _ = swing(run(t, loop(2*SmoothPeriod(late), late)), 1, 60)
		assert.Less(t, low, -0.02, "late by %d", late)
	}
	stable := formula("longest period of a loop that comes to rest", "2 cos(pi d/(2d + 1)) latencies, d periods late", "")
	stable.Within(t, "not late", 2, StablePeriod(0), 1e-15)
	stable.Within(t, "late by 1", 1, StablePeriod(1), 1e-15)
	stable.Within(t, "late by 2", (math.Sqrt(5)-1)/2, StablePeriod(2), 1e-15)
	smooth := formula("longest period of a loop that does not overshoot", "d^d/(d + 1)^(d + 1) latencies, d periods late", "")
	smooth.Within(t, "late by 2", 4.0/27, SmoothPeriod(2), 1e-15)
	smooth.Within(t, "not late", 1, SmoothPeriod(0), 0)
	// Many short periods are the continuous loop: reaction = (late + 1/2) periods.
	continuous := formula("reaction of a loop of many short periods, in latencies", "continuous loop: pi/2 to come to rest, 1/e not to overshoot", "")
	continuous.Within(t, "comes to rest", StableReaction(time.Second).Seconds(), StablePeriod(1000)*1000.5, 1e-3)
	continuous.Within(t, "does not overshoot", SmoothReaction(time.Second).Seconds(), SmoothPeriod(1000)*1000.5, 1e-3)
}

// The example of the AWS guide, 10 s of latency with metrics of a minute, is far from stable; with the reaction that it
// would need, it is.
func TestTheExampleSwings(t *testing.T) {
	c := AWS()
	c.Arrivals, c.Service, c.Boot, c.Backlog = load.Constant(400).Regular(), Const(100*time.Millisecond), 0, 4400
	c.Initial, c.Max, c.Duration = 40, 1000, time.Hour
	r := run(t, c)
	assert.Greater(t, r.Reversals, 20, "out and in again")
	c.MetricPeriod, c.EvaluationPeriod = 3*time.Second, 3*time.Second
	r = run(t, c)
	assert.Less(t, r.Reversals, 3)
	rest := formula("depth at which a stable loop rests", "target times instances", "")
	rest.Within(t, "target 100, 40 instances", 4000, float64(r.Rows[len(r.Rows)-1].Depth), 150)
	assert.Greater(t, 60*time.Second, StableReaction(10*time.Second))
}

// 5 pollers and 300 more a minute: 1000 after 4 minutes.
func TestLambdaRamp(t *testing.T) {
	c := Lambda()
	c.Arrivals, c.Service, c.Duration, c.Sample = load.Constant(0), Const(time.Minute), 10*time.Minute, time.Second
	c.Backlog = 100_000
	r := run(t, c)
	const guide = `AWS Lambda Developer Guide, "Configuring scaling behavior for SQS event source mappings"`
	ramp := published("pollers of Lambda after some time", guide+": 5, 300 more a minute, 1000 at most", "")
	duration := formula("time that pollers take to grow", "ceil((n - start)/per minute) minutes", "s")
	duration.Within(t, "from 5 to 1000 by 300", 240, RampTime(5, 300, 1000).Seconds(), 0)
	for _, x := range []struct{ at, n int }{{59, 5}, {60, 305}, {120, 605}, {180, 905}, {239, 905}, {240, 1000}, {599, 1000}} {
		ramp.Within(t, fmt.Sprintf("at %d s", x.at), float64(x.n), float64(r.Rows[x.at].Serving), 0)
	}
	for _, x := range []struct{ n, seconds int }{{5, 0}, {6, 60}, {305, 60}, {306, 120}} {
		duration.Within(t, fmt.Sprintf("from 5 to %d by 300", x.n), float64(x.seconds), RampTime(5, 300, x.n).Seconds(), 0)
	}
	assert.Equal(t, time.Duration(math.MaxInt64), RampTime(5, 0, 6))
	assert.Positive(t, RampTime(0, 1, math.MaxInt64))
	c.Backlog, c.Duration = 4000, 20*time.Minute
	r = run(t, c)
	assert.Equal(t, 5, r.Rows[len(r.Rows)-1].Running, "back to the start")
	instances := formula("instances for a rate and a backlog", "(rate + backlog/latency) times processing, rounded up", "")
	instances.Within(t, "100/s, 600 waiting, 10 s, 0.1 s each", 16, float64(Instances(100, 600, 10, 0.1)), 0)
	instances.Within(t, "nothing to do", 0, float64(Instances(0, 0, 10, 0.1)), 0)
}
