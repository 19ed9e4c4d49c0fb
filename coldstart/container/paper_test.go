package container

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"cloudconcepts/internal/validation"
)

var knative = validation.Claim{
	Kind: validation.Published, Name: "pods for 100 requests in flight, 10 a pod, target 70 %", Source: "Alibaba Cloud, documentation of Knative",
}

// Alibaba Cloud's documentation of Knative: 100 in flight, 10 a pod, 70 % make 15 pods.
func TestDesired(t *testing.T) {
	knative.Within(t, "formula", 15, float64(Desired(100, 10, 0.7)), 0)
	assert.Equal(t, 1, Desired(21, 30, 0.7), "a whole number is not rounded up for its last bit")
	assert.Equal(t, 1, Desired(2.1, 3, 0.7), "nor for that of the target")
	assert.Equal(t, 2, Desired(21.001, 30, 0.7))
	assert.Equal(t, 0, Desired(0, 10, 0.7))
	for _, n := range []int{Desired(-1, 1, 1), Desired(1, 0, 1), Desired(1, 1, 0)} {
		assert.Equal(t, -1, n)
	}
}

// wanted is the last decision at a time, of rows a second apart.
func wanted(r Result, at int) int { return r.Rows[at].Wanted }

// The same 100 in flight, simulated.
func TestHundredInFlight(t *testing.T) {
	c := KnativeDefaults(0)
	c.PerTask, c.Service, c.Startup = 10, Const(time.Second), Const(time.Second)
	c.Tasks, c.Load, c.Duration, c.Warmup, c.Sample = 15, Steady(100), 1000*time.Second, 0, time.Second
	r := simulate(t, c)
	for at := 300; at < 900; at += 100 {
		// 100 +- 10 in flight for a mean over 60 s
		knative.Within(t, fmt.Sprintf("simulated, wanted after %d s", at), 15, float64(wanted(r, at)), 1)
	}
	knative.Within(t, "simulated, mean over 1,000 s", 15, r.TasksMean, 0.5)
}

// A burst from 1 to 50 in flight: the panic window sees it within a few ticks, the stable one alone would take most of a minute; nobody goes
// during panic, and the pods are as needed afterwards.
func TestPanic(t *testing.T) {
	c := KnativeDefaults(0)
	c.PerTask, c.Service, c.Startup, c.KPA.Utilization = 1, Const(time.Second), Const(time.Second), 1
	c.Load = []Step{{0, 1}, {200 * time.Second, 50}, {300 * time.Second, 5}}
	c.Tasks, c.Duration, c.Warmup, c.Sample = 2, 600*time.Second, 0, time.Second
	r := simulate(t, c)
	assert.False(t, r.Rows[199].Panic)
	assert.True(t, r.Rows[206].Panic)
	assert.GreaterOrEqual(t, wanted(r, 210), 45)
	peak := 0
	for at := 206; r.Rows[at].Panic; at++ {
		assert.GreaterOrEqual(t, wanted(r, at), peak, "%d s", at)
		peak = wanted(r, at)
	}
	calmed := validation.Claim{Kind: validation.Theory, Name: "pods wanted after a panic for 5 requests in flight, one a pod", Source: "rate x service"}
	calmed.Within(t, "290 s later", 5, float64(wanted(r, 590)), 2)
	calm := c
	calm.KPA.Threshold = 1000
	s := simulate(t, calm)
	assert.Zero(t, s.Panics)
	assert.Less(t, 2*wanted(s, 208), wanted(r, 208), "the stable window alone")
	assert.Greater(t, s.LatencyP99, r.LatencyP99)
	assert.GreaterOrEqual(t, r.Panics, int64(1))
}

// After the last request: zero after the stable window and the grace; the next request waits for a start.
func TestScaleToZero(t *testing.T) {
	c := KnativeDefaults(0)
	c.Service = Const(10 * time.Millisecond)
	c.Load = []Step{{0, 10}, {100 * time.Second, 0}, {300 * time.Second, 10}}
	c.Duration, c.Warmup, c.Sample = 310*time.Second, 200*time.Second, time.Second
	r := simulate(t, c)
	assert.Equal(t, 1, r.Rows[185].Ready)
	assert.Equal(t, 0, r.Rows[196].Ready, "60 s and 30 s, to the tick")
	assert.Equal(t, 0, r.Rows[299].Ready)
	slowest := validation.Claim{Kind: validation.Theory, Name: "slowest request after scaling to zero, start 2 s, service 10 ms", Source: "start + service, or service if a pod stays", Unit: "s"}
	slowest.Within(t, "no pod left", 2.01, r.LatencyMax, 0.02)
	assert.EqualValues(t, 1, r.Started)
	c.KPA.Grace, c.Warmup = 0, 0
	r = simulate(t, c)
	assert.EqualValues(t, []int64{2, 1}, []int64{r.Started, r.Stopped})
	assert.Equal(t, 0, r.Rows[166].Ready, "60 s")
	assert.Equal(t, 1, r.Rows[155].Ready)
	c.Min, c.Tasks = 1, 1
	r = simulate(t, c)
	slowest.Within(t, "at least one pod", 0.01, r.LatencyMax, 1e-4)
}

// The rates of change: from 2 pods at most 3 times as many in a decision, and at most half go.
func TestRatesOfChange(t *testing.T) {
	c := KnativeDefaults(0)
	c.PerTask, c.Service, c.Startup, c.KPA.Utilization, c.KPA.MaxUp = 1, Const(time.Second), Const(0), 1, 3
	c.Load = []Step{{0, 100}, {100 * time.Second, 1}}
	c.Tasks, c.Duration, c.Warmup, c.Sample = 2, 300*time.Second, 0, 2*time.Second
	r := simulate(t, c)
	for i := 1; i < len(r.Rows); i++ {
		was, is := r.Rows[i-1].Ready, r.Rows[i].Ready
		assert.LessOrEqual(t, is, max(3*was, 1))
		assert.GreaterOrEqual(t, is, was/2)
	}
	assert.LessOrEqual(t, wanted(r, 1), 6)
}

// Target tracking: 20 places of load at 60 % of 10 a task are 4 tasks; an overload grows by 1/Target a period only, unless the metric
// is requests for each task.
func TestTracking(t *testing.T) {
	c := Tracked(200)
	c.Sample, c.Duration = 10*time.Second, 4000*time.Second
	r := simulate(t, c)
	tasks := validation.Claim{Kind: validation.Theory, Name: "tasks under target tracking, 200/s of 0.1 s, 10 places a task", Source: "load/(places x 0.6), or rate/60 requests a task, rounded up"}
	tasks.Within(t, "utilization of 60 %, after 3,000 s", 4, float64(r.Rows[300].Ready), 1)
	assert.InDelta(t, 0.55, r.Utilization, 0.12)
	assert.LessOrEqual(t, r.Rows[7].Wanted, 2, "1 task x 1/0.6, rounded up")
	c.Tracking.Metric, c.Tracking.Target = RequestsPerTask, 60
	s := simulate(t, c)
	tasks.Within(t, "60 requests/s a task, after the first minute", 4, float64(s.Rows[7].Wanted), 1)
	assert.Less(t, s.LatencyMax, r.LatencyMax)
}

// Cool-downs: after a drop of the load the tasks stay for InPeriods periods and CooldownIn.
func TestCooldown(t *testing.T) {
	c := Tracked(0)
	c.Load = []Step{{0, 280}, {1200 * time.Second, 10}}
	c.Tasks, c.Warmup, c.Sample, c.Duration = 5, 0, 10*time.Second, 2400*time.Second
	r := simulate(t, c)
	assert.GreaterOrEqual(t, r.Rows[148].Ready, 5, "1,480 s: four periods wanted fewer")
	assert.Equal(t, 1, r.Rows[152].Ready, "1,500 s: five")
	c.Tracking.CooldownIn = 30 * time.Minute
	c.Tracking.Target = 0.5
	for at, row := range simulate(t, c).Rows[121:180] {
		assert.GreaterOrEqual(t, row.Ready, 6, at)
	}
}

// Cloud Run: 60 % of 80 places, 48 a task; CPU decides if a request takes much of it; idle instances stay for Idle; zero by then.
func TestCloudRun(t *testing.T) {
	c := CloudRunDefaults(0)
	c.Load = []Step{{0, 960}, {300 * time.Second, 0}}
	c.Service, c.Warmup, c.Sample, c.Duration = Const(100*time.Millisecond), 0, time.Second, 2000*time.Second
	r := simulate(t, c)
	claim := validation.Claim{
		Kind: validation.Published, Name: "Cloud Run instances wanted for 96 requests in flight, 80 places each",
		Source: "Google Cloud documentation, About instance autoscaling: 60 % of the concurrency and of the CPU",
	}
	claim.Within(t, "by concurrency: 96/48", 2, float64(wanted(r, 290)), 1)
	c.Run.CPUShare = 0.05
	s := simulate(t, c)
	claim.Within(t, "by CPU, 5 % for each request: 96 x 0.05/0.6", 8, float64(wanted(s, 290)), 1)
	assert.Zero(t, s.Rows[400].Ready)
	assert.GreaterOrEqual(t, s.Rows[400].Spare, 8)
	assert.GreaterOrEqual(t, s.Rows[1190].Spare, 2, "not wanted, but idle for less than 15 min")
	assert.Zero(t, s.Rows[1266].Spare)
	assert.Zero(t, s.Rows[1999].Ready)
}

// Additions are CooldownOut apart.
func TestOutCooldown(t *testing.T) {
	c := Tracked(200)
	c.Tracking.CooldownOut, c.Sample, c.Warmup, c.Duration = 10*time.Minute, 10*time.Second, 0, 700*time.Second
	r := simulate(t, c)
	for _, row := range r.Rows[10:66] {
		assert.Equal(t, 2, row.Ready+row.Starting, row.At)
	}
	assert.Greater(t, r.Rows[67].Ready+r.Rows[67].Starting, 2)
}

// A rate in many equal steps is one rate.
func TestManySteps(t *testing.T) {
	c := AlwaysOn(10, 1)
	c.Load, c.Warmup, c.Duration = nil, 0, 1000*time.Second
	for i := range 10_000 {
		c.Load = append(c.Load, Step{At: time.Duration(i) * 100 * time.Millisecond, Rate: 1})
	}
	arrivals.Within(t, "1/s for 1,000 s in 10,000 equal steps", 1000, float64(simulate(t, c).Requests), 4*32)
}
