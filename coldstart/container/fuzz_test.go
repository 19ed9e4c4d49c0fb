package container

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// FuzzConfig wants of any numbers an error of Validate or a result that adds up.
func FuzzConfig(f *testing.F) {
	for _, x := range []float64{100, math.NaN(), math.Inf(1), 1e300, 0, math.Copysign(0, -1), 5e-324, math.MaxInt64} {
		for kind := range uint8(6) {
			f.Add(x, 0.5, int64(1e8), int64(2e9), int64(6e10), 10, 3, uint64(1), kind)
			f.Add(50.0, x, int64(math.MaxInt64), int64(0), int64(1e6), 1, 100, uint64(2), kind)
			f.Add(50.0, 0.7, int64(-1), int64(math.MinInt64), int64(math.MaxInt64), math.MaxInt, -1, uint64(3), kind)
			f.Add(20.0, 0.6, int64(3e8), int64(1e9), int64(2e9), 2, 20, uint64(4), kind)
		}
	}
	f.Fuzz(func(t *testing.T, rate, target float64, service, startup, span int64, per, most int, seed uint64, kind uint8) {
		d := time.Duration(span)
		c := KnativeDefaults(rate)
		c.Scaling, c.Seed, c.PerTask, c.Max, c.Service, c.Startup = Scaling(kind%5), seed, per, most, Exp(time.Duration(service)), Const(time.Duration(startup))
		c.Load = append(c.Load, Step{At: time.Second, Rate: rate * target}, Step{max(d, 2*time.Second), rate})
		c.MaxWaiting = most
		c.KPA.Utilization, c.KPA.Grace = target, d
		c.Tracking = Tracking{Metric: Metric(kind / 5 % 3), Target: target, Period: d, CooldownOut: time.Duration(startup), CooldownIn: d, InPeriods: 2}
		c.Run = Run{Target: target, CPUShare: rate, Window: 4 * (d / 4), Every: d / 4, Idle: time.Duration(startup)}
		c.MaxRequests, c.Duration, c.Warmup, c.Sample = 3000, 1000*time.Second, time.Second, 10*time.Second
		if kind >= 128 {
			c.KPA.Panic, c.KPA.Stable = d, d
		}
		err := c.Validate()
		if err != nil {
			require.ErrorIs(t, err, ErrInvalidConfig)
			_, again := Simulate(c)
			require.Equal(t, err.Error(), again.Error())
			return
		}
		if p := c.period(); c.Max > 300 || p > 0 && c.Duration/p > 100_000 {
			return
		}
		simulate(t, c)
	})
}

func TestEverythingIsSaid(t *testing.T) {
	c := KnativeDefaults(math.NaN())
	c.PerTask, c.Tasks, c.Warmup, c.Sample, c.KPA.Threshold, c.KPA.Panic = 0, 7000, c.Duration, 1, 1, 3*time.Second
	c.Service = Exp(-1)
	err := c.Validate()
	require.ErrorIs(t, err, ErrInvalidConfig)
	for _, want := range []string{
		"container: invalid config: Load[0] = 0s, NaN 1/s", "PerTask = 0, want in [1, 1000]", "Tasks = 7000, want in [0, 1000]", "Warmup = 2h46m40s", "Sample = 1ns",
		"KPA.Threshold = 1, want in (1, 1000]", "KPA.Panic = 3s, want a whole number of 2s", "Service = exp:-1ns",
	} {
		assert.ErrorContains(t, err, want)
	}
	c = Tracked(1)
	c.Tracking = Tracking{Metric: 7, Target: 2}
	err = c.Validate()
	for _, want := range []string{"Tracking.Metric = 7", "Tracking.Target = 2, want in [1e-06, 1]", "Tracking.Period = 0s", "InPeriods = 0"} {
		assert.ErrorContains(t, err, want)
	}
	c = CloudRunDefaults(1)
	c.Run = Run{Target: math.Inf(1), CPUShare: -1, Window: 3 * time.Second, Every: 2 * time.Second, Idle: -1}
	err = c.Validate()
	for _, want := range []string{"Run.Target = +Inf", "Run.CPUShare = -1", "Run.Window = 3s", "Run.Idle = -1ns"} {
		assert.ErrorContains(t, err, want)
	}
	c = AlwaysOn(1, 1)
	c.Scaling = 9
	assert.ErrorContains(t, c.Validate(), "Scaling = 9")
	c = KnativeDefaults(1)
	c.KPA.Tick, c.KPA.Panic, c.KPA.Stable, c.Duration = time.Millisecond, time.Millisecond, time.Millisecond, mostRun
	assert.ErrorContains(t, c.Validate(), "decisions")
	for _, name := range scalingNames() {
		var s Scaling
		require.NoError(t, s.UnmarshalText([]byte(name)))
		assert.Equal(t, name, s.String())
	}
	var m Metric
	require.NoError(t, m.UnmarshalText([]byte("requests-per-task")))
	assert.Equal(t, RequestsPerTask, m)
}
