package autoscale

import (
	"math"
	"time"
)

// TrackingTarget is the backlog per instance at which a message waits for the acceptable latency: latency/processing.
func TrackingTarget(latency, processing time.Duration) float64 {
	return float64(latency) / float64(processing)
}

// Instances is how many instances of the given mean processing time in seconds keep up with a rate in messages/s and
// work off a backlog within a time in seconds, rounded up.
func Instances(rate, backlog, within, processing float64) int {
	return whole((rate + backlog/within) * processing)
}

// Fluid is a shortage in front of a queue in the fluid limit: messages are a liquid, nothing is random.
type Fluid struct {
	BacklogPeak float64 `json:"peak_messages"` // most messages waiting, when the shortage ends
	Drain       float64 `json:"drain_s"`       // from the peak until the queue is empty; +Inf = never
	AgeMax      float64 `json:"max_age_s"`     // longest wait of a message
	DelayMean   float64 `json:"mean_delay_s"`  // of the messages that arrive until the queue is empty; +Inf = never empty
}

// LateFluid is a rate that jumps above the capacity, all in messages/s, and a scaler that answers with an added
// capacity after a delay in seconds (metric, decision and boot together). The longest wait is that of the message
// served when the help comes, if the new capacity is more than the rate, and infinite otherwise.
// It is all NaN unless every number is at least 0.
func LateFluid(rate, capacity, added, delay float64) Fluid {
	if !(rate >= 0 && capacity >= 0 && added >= 0 && delay >= 0) {
		nan := math.NaN()
		return Fluid{nan, nan, nan, nan}
	}
	depth := (rate - capacity) * delay
	if !(depth > 0) {
		return Fluid{}
	}
	f := Fluid{BacklogPeak: depth, Drain: math.Inf(1), AgeMax: math.Inf(1), DelayMean: math.Inf(1)}
	if capacity+added > rate {
		f.Drain = depth / (capacity + added - rate)
		f.AgeMax = delay * (1 - capacity/rate)
		f.DelayMean = depth / (2 * rate)
	}
	return f
}

// Under a rule that wants n = Q/target, target = latency/processing, a queue Q that is never empty follows
//
//	dQ/dt = rate - n(t-reaction)/processing  =>  x'(t) = -x(t-reaction)/latency
//
// for its distance x from where it would rest. Both directions must react after the same time, instances must be
// divisible, and no limit, cool-down or tolerance may intervene. With u = reaction/latency the characteristic root is
// real up to u = 1/e and stable up to u = pi/2.

// StableReaction is the longest reaction time for which such a loop comes to rest: pi/2 of the acceptable latency.
func StableReaction(latency time.Duration) time.Duration {
	return time.Duration(math.Pi / 2 * float64(latency))
}

// SmoothReaction is the longest one for which it does so without overshoot: latency/e.
func SmoothReaction(latency time.Duration) time.Duration {
	return time.Duration(float64(latency) / math.E)
}

// StablePeriod is the same for a loop that decides every period from what it measured whole periods ago (0 = now): the
// longest stable period over the acceptable latency. x(k+1) = x(k) - g x(k-d), d = late, has its characteristic roots,
// z^d (z-1) = -g, inside the unit circle up to the g at which one is exp(i pi/(2d+1)): g < 2 cos(pi d/(2d+1)), that is
// 2, 1, 0.618, ...
func StablePeriod(late int) float64 {
	d := float64(max(late, 0))
	return 2 * math.Cos(math.Pi*d/(2*d+1))
}

// SmoothPeriod is the longest one without overshoot, over the acceptable latency: d^d/(d+1)^(d+1), the
// greatest g for which a root is real and positive: 1, 1/4, 4/27, ...
func SmoothPeriod(late int) float64 {
	d := float64(max(late, 0))
	return math.Pow(d/(d+1), d) / (d + 1)
}

// RampTime is how long a ramp takes to n pollers if it adds perMinute of them at the end of every minute, as
// [LambdaRamp] does.
func RampTime(start, perMinute, n int) time.Duration {
	if n <= start {
		return 0
	}
	if perMinute <= 0 {
		return math.MaxInt64
	}
	return min(time.Duration((n-start-1)/perMinute+1), math.MaxInt64/minute) * minute
}
