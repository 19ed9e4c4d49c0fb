package container

import "time"

// AlwaysOn is n tasks of one place each, without scaling, for requests of 100 ms.
func AlwaysOn(n int, rate float64) Config {
	return Config{
		Load: Steady(rate), Service: Exp(100 * time.Millisecond), PerTask: 1, MaxWaiting: 1_000_000, Tasks: n, Min: n, Max: n,
		MaxRequests: 100_000_000, Duration: 10_000 * time.Second, Warmup: 100 * time.Second, Seed: 1,
	}
}

// Tracked is 1 to 100 tasks of 10 places that start in 30 s and are held at 60 % utilization: a metric each minute, 1 min between
// additions, 5 min before a removal. The times are assumptions, to be set to those of the service.
func Tracked(rate float64) Config {
	c := AlwaysOn(1, rate)
	c.Scaling, c.PerTask, c.Max, c.Startup = TargetTracking, 10, 100, Const(30*time.Second)
	c.Tracking = Tracking{Target: 0.6, Period: time.Minute, CooldownOut: time.Minute, CooldownIn: 5 * time.Minute, InPeriods: 5}
	return c
}

// KnativeDefaults are those of Knative's documentation: windows of 60 s and 6 s, panic at 200 %, 100 requests a pod, of which 70 % are the target.
// Tick (2 s), the rates of change (1,000 and 2) and the grace (30 s) are the fields' usual values, and the start of a pod
// (2 s) an assumption.
func KnativeDefaults(rate float64) Config {
	c := AlwaysOn(0, rate)
	c.Scaling, c.PerTask, c.Max, c.Startup = Knative, 100, 1000, Const(2*time.Second)
	c.KPA = KPA{
		Utilization: 0.7, Stable: time.Minute, Panic: 6 * time.Second, Threshold: 2, Tick: 2 * time.Second, MaxUp: 1000, MaxDown: 2, Grace: 30 * time.Second,
	}
	return c
}

// CloudRunDefaults are those of Cloud Run's documentation: 80 requests an instance, 60 % of concurrency and CPU over 1 min, judged every
// 5 s, from zero by a request. The time that an idle instance stays (15 min) and that of a start (2 s) are assumptions.
func CloudRunDefaults(rate float64) Config {
	c := AlwaysOn(0, rate)
	c.Scaling, c.PerTask, c.Max, c.Startup = CloudRun, 80, 1000, Const(2*time.Second)
	c.Run = Run{Target: 0.6, Window: time.Minute, Every: 5 * time.Second, Idle: 15 * time.Minute}
	return c
}
