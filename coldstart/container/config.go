package container

import (
	"math"
	"time"

	"cloudconcepts/internal/check"
	"cloudconcepts/internal/law"
)

// Law is a law of random times: text such as "exp:1s", "lognormal:1s,cv=0.5" or "5ms+exp:1ms"; see internal/law for
// all.
type Law = law.Law

// Exp is the exponential law of a mean.
func Exp(mean time.Duration) Law { return law.Exp(mean) }

// Const is always d.
func Const(d time.Duration) Law { return law.Const(d) }

// Step is a rate of requests from a time on.
type Step struct {
	At   time.Duration `json:"at_ns"`
	Rate float64       `json:"rate_per_s"` // [0, 1e8]
}

// Steady is one rate (1/s).
func Steady(rate float64) []Step { return []Step{{Rate: rate}} }

// Config describes a service of tasks behind one queue. It is a plain value: copy it, change a field, simulate again.
type Config struct {
	Load       []Step `json:"load"`        // Poisson arrivals; the first step is at 0, at most 10,000
	Service    Law    `json:"service"`     // of one request, mean at most 1 day; how many share the task does not matter
	PerTask    int    `json:"per_task"`    // requests that a task serves at a time, [1, 1000]
	MaxWaiting int    `json:"max_waiting"` // requests in the queue, [0, 1e8]; further ones are rejected

	Scaling Scaling `json:"scaling"`
	Tasks   int     `json:"tasks"`   // ready at the start, [Min, Max]
	Min     int     `json:"min"`     // [0, 1e5]
	Max     int     `json:"max"`     // [1, 1e5]
	Startup Law     `json:"startup"` // of a task, mean at most 1 day

	Tracking Tracking `json:"target_tracking"`
	KPA      KPA      `json:"knative"`
	Run      Run      `json:"cloud_run"`

	MaxRequests int64         `json:"requests"`    // arrivals that end the run, [1, 1e11]
	Duration    time.Duration `json:"duration_ns"` // that ends it too, (0, 10 years], at most 1e8 decisions
	Warmup      time.Duration `json:"warmup_ns"`   // at the start, that no statistic counts, [0, Duration)
	Sample      time.Duration `json:"sample_ns"`   // time between rows of Result.Rows, at most 1e6 rows; 0 = no rows
	Seed        uint64        `json:"seed"`
}

// Tracking is target tracking: each Period, by the metric over all of it, the tasks that would bring the metric to its target are
// tasks x metric/Target, rounded up. A utilization cannot exceed 1, so that an overloaded service grows by at most 1/Target in a
// period; requests for each task see all of a burst. More are added after CooldownOut since the last addition, fewer kept once InPeriods periods in a row asked for fewer
// and CooldownIn has passed since any change.
type Tracking struct {
	Metric      Metric        `json:"metric"`
	Target      float64       `json:"target"`      // Utilization (0, 1], RequestsPerTask (0, 1e8] 1/s
	Period      time.Duration `json:"period_ns"`   // [1 ms, 1 day]
	CooldownOut time.Duration `json:"out_cool_ns"` // [0, 1 day]
	CooldownIn  time.Duration `json:"in_cool_ns"`  // [0, 1 day]
	InPeriods   int           `json:"in_periods"`  // [1, 1e4]
}

// KPA is the Knative Pod Autoscaler: every Tick it wants Desired pods for the mean concurrency over the Stable window (60 s), requests
// that wait included. If the same from the Panic window (6 s) is at least Threshold (2) times the ready pods, it panics: the
// greatest wish so far holds, and nothing goes until a whole Stable window had no such wish. It goes to zero after a Stable window
// without requests and a Grace; a request that finds no pod asks for one at once.
type KPA struct {
	Utilization float64       `json:"target_utilization"`     // of PerTask, (0, 1]
	Stable      time.Duration `json:"stable_window_ns"`       // [Tick, 1 day]
	Panic       time.Duration `json:"panic_window_ns"`        // [Tick, Stable]
	Threshold   float64       `json:"panic_threshold"`        // wanted/ready pods that starts panic, (1, 1000]
	Tick        time.Duration `json:"tick_ns"`                // between decisions, [1 ms, 1 h]; the windows are whole numbers of it
	MaxUp       float64       `json:"max_scale_up_rate"`      // of ready pods in a decision, (1, 1e6]
	MaxDown     float64       `json:"max_scale_down_rate"`    // (1, 1e6]
	Grace       time.Duration `json:"scale_to_zero_grace_ns"` // that the last pod stays after the stable window, [0, 1 day]
}

// Run is how a service like Cloud Run scales: to Target (60 %) of the concurrency and of the CPU, by means over Window (1 min), each
// Every (5 s). An instance that is not wanted gets no more requests, unless the others are full, and leaves once it was idle for
// Idle; if there is none, a request starts one.
type Run struct {
	Target   float64       `json:"target"`    // (0, 1]
	CPUShare float64       `json:"cpu_share"` // of an instance's CPU, that a request in service takes, [0, 1000]; 0 = CPU does not matter
	Window   time.Duration `json:"window_ns"` // [Every, 1 day], a whole number of Every
	Every    time.Duration `json:"every_ns"`  // [1 ms, 1 h]
	Idle     time.Duration `json:"idle_ns"`   // [0, 1 day]
}

// period is the time between decisions, 0 if there are none.
func (c Config) period() time.Duration {
	switch c.Scaling {
	case TargetTracking:
		return c.Tracking.Period
	case Knative:
		return c.KPA.Tick
	case CloudRun:
		return c.Run.Every
	}
	return 0
}

const (
	day      = 24 * time.Hour
	mostRun  = 10 * 365 * day
	mostTask = 100_000
)

// Validate says all that is wrong with c at once; every error wraps ErrInvalidConfig.
func (c Config) Validate() error {
	v := check.Of(ErrInvalidConfig)
	c.checkLoad(&v)
	v.Law("Service", c.Service, 0, day)
	v.Law("Startup", c.Startup, 0, day)
	check.Count(&v, "PerTask", c.PerTask, 1, 1000)
	check.Count(&v, "MaxWaiting", c.MaxWaiting, 0, 100_000_000)
	check.Count(&v, "Min", c.Min, 0, mostTask)
	check.Count(&v, "Max", c.Max, max(c.Min, 1), mostTask)
	check.Count(&v, "Tasks", c.Tasks, c.Min, c.Max)
	check.Count(&v, "MaxRequests", c.MaxRequests, 1, 100_000_000_000)
	v.Span("Duration", c.Duration, 1, mostRun)
	v.Span("Warmup", c.Warmup, 0, max(c.Duration-1, 0))
	if c.Sample < 0 || c.Sample > 0 && c.Duration/c.Sample > 1_000_000 {
		v.Add("Sample = %v, want 0s or at least %v", c.Sample, c.Duration/1_000_000)
	}
	c.checkNumbers(&v)
	switch c.Scaling {
	case Fixed:
	case TargetTracking:
		c.Tracking.check(&v)
	case Knative:
		c.KPA.check(&v)
	case CloudRun:
		c.Run.check(&v)
	default:
		v.Add("Scaling = %d, want one of %v", c.Scaling, scalingNames())
	}
	if p := c.period(); p > 0 && c.Duration/p > 100_000_000 {
		v.Add("Duration = %v, want at most 1e8 decisions of one each %v", c.Duration, p)
	}
	return v.Err()
}

func (c Config) checkLoad(v *check.List) {
	if len(c.Load) == 0 || len(c.Load) > 10_000 || c.Load[0].At != 0 {
		v.Add("Load = %d steps, want 1 to 10000 of them, the first at 0s", len(c.Load))
		return
	}
	for i, s := range c.Load {
		if !(s.Rate >= 0 && s.Rate <= 1e8) || i > 0 && s.At <= c.Load[i-1].At {
			v.Add("Load[%d] = %v, %g 1/s, want rising times and rates in [0, 1e8] 1/s", i, s.At, s.Rate)
			return
		}
	}
}

// checkNumbers wants finite numbers, also of the scalings that are not used: JSON has no others.
func (c Config) checkNumbers(v *check.List) {
	for _, f := range []struct {
		name string
		x    float64
		used bool
	}{
		{"Tracking.Target", c.Tracking.Target, c.Scaling == TargetTracking},
		{"KPA.Utilization", c.KPA.Utilization, c.Scaling == Knative},
		{"KPA.Threshold", c.KPA.Threshold, c.Scaling == Knative},
		{"KPA.MaxUp", c.KPA.MaxUp, c.Scaling == Knative},
		{"KPA.MaxDown", c.KPA.MaxDown, c.Scaling == Knative},
		{"Run.Target", c.Run.Target, c.Scaling == CloudRun},
		{"Run.CPUShare", c.Run.CPUShare, c.Scaling == CloudRun},
	} {
		if !f.used && (math.IsNaN(f.x) || math.IsInf(f.x, 0)) {
			v.Add("%s = %g, want a finite number", f.name, f.x)
		}
	}
}

func (t Tracking) check(v *check.List) {
	most := 1.0
	if t.Metric == RequestsPerTask {
		most = 1e8
	}
	if int(t.Metric) >= len(metricNames()) {
		v.Add("Tracking.Metric = %d, want one of %v", t.Metric, metricNames())
	}
	v.Between("Tracking.Target", t.Target, 1e-6, most, "")
	v.Span("Tracking.Period", t.Period, time.Millisecond, day)
	v.Span("Tracking.CooldownOut", t.CooldownOut, 0, day)
	v.Span("Tracking.CooldownIn", t.CooldownIn, 0, day)
	check.Count(v, "Tracking.InPeriods", t.InPeriods, 1, 10_000)
}

func (k KPA) check(v *check.List) {
	v.Between("KPA.Utilization", k.Utilization, 1e-6, 1, "")
	v.Span("KPA.Tick", k.Tick, time.Millisecond, time.Hour)
	v.Span("KPA.Stable", k.Stable, k.Tick, day)
	v.Span("KPA.Panic", k.Panic, k.Tick, k.Stable)
	whole(v, "KPA.Stable", k.Stable, k.Tick)
	whole(v, "KPA.Panic", k.Panic, k.Tick)
	v.Above("KPA.Threshold", k.Threshold, 1, 1000, "")
	v.Above("KPA.MaxUp", k.MaxUp, 1, 1e6, "")
	v.Above("KPA.MaxDown", k.MaxDown, 1, 1e6, "")
	v.Span("KPA.Grace", k.Grace, 0, day)
}

func (r Run) check(v *check.List) {
	v.Between("Run.Target", r.Target, 1e-6, 1, "")
	v.Between("Run.CPUShare", r.CPUShare, 0, 1000, "")
	v.Span("Run.Every", r.Every, time.Millisecond, time.Hour)
	v.Span("Run.Window", r.Window, r.Every, day)
	whole(v, "Run.Window", r.Window, r.Every)
	v.Span("Run.Idle", r.Idle, 0, day)
}

// whole wants a window of 1 to 1e5 ticks.
func whole(v *check.List, name string, window, tick time.Duration) {
	if tick > 0 && (window%tick != 0 || window/tick > 100_000) {
		v.Add("%s = %v, want a whole number of %v, at most 100000 of them", name, window, tick)
	}
}

// Desired is how many pods the Knative Pod Autoscaler wants: concurrency/(perPod x utilization), rounded up. With 100 requests in
// flight, 10 a pod and 70 % these are 15 (Alibaba Cloud, Knative documentation). -1 unless concurrency >= 0, perPod and
// utilization > 0.
func Desired(concurrency float64, perPod int, utilization float64) int {
	if !(concurrency >= 0 && concurrency <= math.MaxFloat64) || perPod <= 0 || !(utilization > 0) {
		return -1
	}
	return ceil(concurrency / (float64(perPod) * utilization))
}

// ceil rounds up what is more than rounding errors above a whole number, at most 1e9.
func ceil(x float64) int { return int(math.Ceil(min(x, 1e9) * (1 - 1e-12))) }
