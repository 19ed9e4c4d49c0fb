package theory

import (
	"math"
	"time"

	"cloudconcepts/coldstart"
)

// Law is a law of random times, as in package coldstart.
type Law = coldstart.Law

// ColdExpiry is the share of cold requests of Poisson arrivals if service takes no time, for any keep-alive: E exp(-rate x keep-alive).
// rate > 0.
func ColdExpiry(k coldstart.KeepAlive, rate float64) float64 {
	if !positive(rate) || k.Validate() != nil {
		return math.NaN()
	}
	if l, ok := k.Idle(); ok {
		return l.LST(rate)
	}
	if mean := k.Mean(); !math.IsInf(mean, 1) {
		return ColdHalving(rate, time.Duration(mean/2*1e9))
	}
	return 0
}

// WarmerCold is about how many requests of a burst are cold, of bursts at random with a mean time gap between them: those above the
// number of pings, and the others in the time that the pings do not cover, if the burst before is longer ago than the keep-alive.
// gap > 0, burst >= 0.
func WarmerCold(k coldstart.KeepAlive, w coldstart.Warmer, gap time.Duration, burst int) float64 {
	if gap <= 0 || burst < 0 {
		return math.NaN()
	}
	above := float64(max(burst-w.Concurrent, 0))
	return (above + (float64(burst)-above)*Uncovered(k, w.Every)) * ColdExpiry(k, 1/gap.Seconds())
}

// PingCold is about the share of single requests, at random with a mean time gap between them, that are cold beside one ping at a time:
// those that find it at work or, if the next ping may come after the keep-alive, find nothing. gap > 0.
func PingCold(k coldstart.KeepAlive, w coldstart.Warmer, gap time.Duration) float64 {
	if gap <= 0 || w.Every <= 0 {
		return math.NaN()
	}
	if gone := Uncovered(k, w.Every); gone > 0.02 {
		return gone * ColdExpiry(k, 1/gap.Seconds())
	}
	return min(1, w.Work.Mean()/w.Every.Seconds())
}

// Uncovered is the share of the time in which the environment of the last of the pings that come evenly has expired:
// 1 - keep-alive/every for a fixed keep-alive, or 0. every > 0.
func Uncovered(k coldstart.KeepAlive, every time.Duration) float64 {
	if every <= 0 || k.Validate() != nil {
		return math.NaN()
	}
	const steps = 2000
	sum := 0.0
	for i := range steps {
		sum += 1 - survival(k, every.Seconds()*(float64(i)+0.5)/steps)
	}
	return sum / steps
}

// survival is the probability that an environment is still there after t seconds of being idle.
func survival(k coldstart.KeepAlive, t float64) float64 {
	if l, ok := k.Idle(); ok {
		return l.Survival(t)
	}
	if mean := k.Mean(); !math.IsInf(mean, 1) {
		return math.Exp2(-math.Floor(t / (mean / 2)))
	}
	return 1
}
