package client

import (
	"math"
	"time"

	"cloudconcepts/internal/check"
)

// StableLoad is the load in requests per second below which a server of the
// given capacity (attempts/s) gets rid of any backlog, although every request
// is sent again: capacity/(1 + retries). A retry budget of ratio b makes it
// capacity/(1 + b). Between StableLoad and the capacity the system is
// metastable: it works until a trigger comes, and then stays down.
func StableLoad(capacity, retries float64) float64 { return capacity / (1 + retries) }

// OutageBacklog is the number of attempts waiting after a stall of length d,
// if clients time out after tau and retry once, all in seconds and per second:
// load (2d - tau), or load d for tau >= d.
func OutageBacklog(load, d, tau float64) float64 {
	return load * (d + math.Max(0, d-tau))
}

// RecoverySeconds is how long after a stall of d seconds the last attempt
// times out, by the fluid argument: the backlog shrinks by capacity - 2 load
// until the wait is below tau. +Inf if load >= capacity/2.
func RecoverySeconds(capacity, load, d, tau float64) float64 {
	spare := capacity - 2*load
	if !(spare > 0) {
		return math.Inf(1)
	}
	return math.Max(0, (OutageBacklog(load, d, tau)-capacity*tau)/spare)
}

// DrainSeconds is how long the backlog of a stall of d seconds takes behind a
// queue whose producers neither time out nor retry: load d/(capacity - load).
// +Inf if load >= capacity.
func DrainSeconds(capacity, load, d float64) float64 {
	spare := capacity - load
	if !(spare > 0) {
		return math.Inf(1)
	}
	return load * d / spare
}

// LoopPoint is a load of a hysteresis loop and what came of it.
type LoopPoint struct {
	Rising   bool    `json:"rising"`
	Load     float64 `json:"load_per_s"`
	Attempts float64 `json:"attempts_per_s"`
	Goodput  float64 `json:"goodput_per_s"`
}

// Loop runs c with its load going up through the loads, which must rise, and
// down again, in one run, dwelling at each (at least 2 ns). A point is the
// mean over the second half of its dwell. Rate, Steps, Duration and Step of c
// are replaced; where the way down lies below the way up, the system is
// metastable.
func Loop(c Config, loads []float64, dwell time.Duration) ([]LoopPoint, error) {
	v := checks{check.Of(ErrInvalidConfig)}
	check.Count(&v.List, "loads", int64(len(loads)), 1, mostSteps/2)
	v.Span("dwell", dwell, 2, longestRun/mostSteps)
	for i := 1; i < len(loads); i++ {
		if !(loads[i] > loads[i-1]) {
			v.Add("loads[%d] = %g, want above %g", i, loads[i], loads[i-1])
		}
	}
	if err := v.Err(); err != nil {
		return nil, err
	}
	n := len(loads)
	points := make([]LoopPoint, 2*n)
	c.Sample = dwell / 2
	c.Steps = make([]Step, 2*n)
	c.Duration = time.Duration(2*n) * 2 * c.Sample
	for i := range points {
		load, rising := loads[min(i, 2*n-1-i)], i < n
		points[i] = LoopPoint{Rising: rising, Load: load}
		c.Steps[i] = Step{At: time.Duration(i) * 2 * c.Sample, Rate: load}
	}
	r, err := Simulate(c)
	if err != nil {
		return nil, err
	}
	for i := range points {
		if k := 2*i + 1; k < len(r.Rows) {
			points[i].Attempts, points[i].Goodput = r.Rows[k].Attempts, r.Rows[k].Goodput
		}
	}
	return points, nil
}
