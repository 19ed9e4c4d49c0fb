package container

import (
	"encoding/json"
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"cloudconcepts/internal/validation"
)

// checkResult wants of a result what holds for all.
func checkResult(t *testing.T, r Result) {
	t.Helper()
	c := r.Config
	require.Equal(t, r.Requests, r.Served+r.Rejected+r.InSystem)
	require.GreaterOrEqual(t, r.InSystem, int64(0))
	require.LessOrEqual(t, r.BusyMean, r.TasksMean*float64(c.PerTask)*(1+1e-9))
	require.LessOrEqual(t, r.ReadyMean, r.TasksMean*(1+1e-9))
	require.LessOrEqual(t, r.TasksMean, float64(r.TasksMax)*(1+1e-9))
	require.LessOrEqual(t, r.LatencyP50, r.LatencyP99*(1+1e-9))
	require.LessOrEqual(t, r.LatencyP999, r.LatencyMax*(1+1e-9))
	require.InDelta(t, r.TaskSeconds, r.TasksMean*r.Window, 1e-6*(1+r.TaskSeconds))
	for _, x := range []float64{r.LatencyMean, r.WaitMean, r.WaitProbability, r.Utilization, r.TasksMean} {
		require.False(t, math.IsNaN(x) || x < 0, "%+v", r)
	}
	for i, row := range r.Rows {
		require.Equal(t, (time.Duration(i) * c.Sample).Seconds(), row.At)
		require.LessOrEqual(t, row.Ready+row.Starting, c.Max)
		require.LessOrEqual(t, row.Waiting, c.MaxWaiting)
		if row.Waiting > 0 {
			require.GreaterOrEqual(t, row.InService, row.Ready*c.PerTask, "nobody waits for a free place")
		}
	}
}

func presets() []Config {
	return []Config{AlwaysOn(10, 50), Tracked(200), KnativeDefaults(200), CloudRunDefaults(200)}
}

func TestDeterminism(t *testing.T) {
	for _, c := range presets() {
		c.Duration, c.Sample = 1000*time.Second, 10*time.Second
		a := simulate(t, c)
		assert.Equal(t, a, simulate(t, c))
		assert.Len(t, a.Rows, 100)
		assert.Equal(t, len(a.Rows), a.Series(func(r Row) float64 { return float64(r.Ready) }).Len())
		b, err := json.Marshal(c)
		require.NoError(t, err)
		var d Config
		require.NoError(t, json.Unmarshal(b, &d))
		assert.Equal(t, c, d)
		c.Seed++
		assert.NotEqual(t, a.LatencyMean, simulate(t, c).LatencyMean)
	}
}

// Little's law: requests in the system = rate x latency, for every rule.
func TestLittle(t *testing.T) {
	system := validation.Claim{Kind: validation.Theory, Name: "requests in the system", Source: "Little's law: rate x mean latency, of the same run"}
	busy := validation.Claim{Kind: validation.Theory, Name: "busy places", Source: "rate x mean service"}
	for _, c := range presets() {
		c.Warmup, c.Duration = 500*time.Second, 2000*time.Second
		r := simulate(t, c)
		rate := float64(r.Served) / r.Window
		name := fmt.Sprintf("scaling %v, %g/s of 0.1 s", c.Scaling, c.Load[0].Rate)
		system.Relative(t, name, rate*r.LatencyMean, r.BusyMean+r.WaitingMean, 0.02)
		busy.Relative(t, name, c.Load[0].Rate*0.1, r.BusyMean, 0.02)
	}
}

// Times and rates in another unit give the same counts.
func TestUnits(t *testing.T) {
	c := AlwaysOn(5, 40)
	c.Warmup, c.Duration = 0, 1000*time.Second
	a := simulate(t, c)
	c.Load, c.Service, c.Duration = Steady(4), Exp(time.Second), 10_000*time.Second
	b := simulate(t, c)
	assert.Equal(t, a.Requests, b.Requests)
	assert.InDelta(t, float64(a.Served), float64(b.Served), 1)
	assert.InEpsilon(t, 10*a.LatencyMean, b.LatencyMean, 1e-6)
}

// arrivals are counted with four standard errors of a Poisson number as the tolerance, or a little more.
var arrivals = validation.Claim{Kind: validation.Theory, Name: "Poisson requests of a rate in steps", Source: "sum of rate x time"}

// The same arrivals whatever the rule.
func TestCommonArrivals(t *testing.T) {
	var counts []int64
	for _, c := range presets() {
		c.Load, c.Duration = []Step{{0, 100}, {100 * time.Second, 0}, {200 * time.Second, 300}}, 400*time.Second
		counts = append(counts, simulate(t, c).Requests)
	}
	for _, n := range counts {
		assert.Equal(t, counts[0], n)
	}
	arrivals.Within(t, "300/s for 200 s, after a pause", 60_000, float64(counts[0]), 4*math.Sqrt(60_000))
}

func TestRequestsEndTheRun(t *testing.T) {
	c := AlwaysOn(10, 50)
	c.MaxRequests, c.Warmup = 1000, 0
	assert.EqualValues(t, 1000, simulate(t, c).Requests)
	c.Load = []Step{{0, 10}, {10 * time.Second, 0}}
	r := simulate(t, c)
	assert.InDelta(t, 100, r.Requests, 40)
	assert.Equal(t, 10_000.0, r.Window)
}

func TestNoAllocationPerRequest(t *testing.T) {
	for _, c := range presets() {
		count := func(d time.Duration) float64 {
			c.Duration, c.Warmup = d, 0
			return testing.AllocsPerRun(2, func() { simulate(t, c) })
		}
		short, long := count(100*time.Second), count(400*time.Second)
		assert.LessOrEqual(t, long, short+100, "%v: 60,000 more requests", c.Scaling)
	}
}
