package theory

import (
	"math"
	"time"
)

// CatchUp is how long after a pause of replay of so many seconds the replica has caught up: pause rho/(1 - rho), +Inf at load >= 1. Rates
// are constant and without randomness (fluid); load is lambda/mu.
func CatchUp(pause, load float64) float64 {
	if !(pause >= 0 && load >= 0) {
		return math.NaN()
	}
	if pause == 0 || load == 0 {
		return 0
	}
	if load >= 1 {
		return math.Inf(1)
	}
	return pause * load / (1 - load)
}

// LagAfter is the lag t seconds after replay has resumed: pause - t (1/rho - 1), until it is 0; negative t are seconds before that. At
// load > 1 it grows. Fluid, as CatchUp.
func LagAfter(pause, load, t float64) float64 {
	if !(pause >= 0 && load >= 0) || math.IsNaN(t) {
		return math.NaN()
	}
	if t <= 0 {
		return max(pause+t, 0)
	}
	if load == 0 {
		return 0
	}
	return max(pause-t*(1/load-1), 0)
}

// CatchUpRising is CatchUp under a load that changes: load is rho at a time in seconds since replay resumed (negative while it paused).
// It integrates in steps, and gives the time until nothing is left, or +Inf if something is after limit. Work that came in
// during the pause is done at the same speed as any other. A recovery under a load that rises towards 1 takes far longer than
// its first minutes promise.
func CatchUpRising(pause float64, load func(t float64) float64, limit, step float64) float64 {
	if !(pause >= 0 && limit >= 0 && step > 0 && (pause+limit)/step <= 1e8) {
		return math.NaN()
	}
	work := 0.0 // in seconds of the applier
	paused := int(math.Ceil(pause / step))
	for i := range paused {
		from, to := -pause+float64(i)*step, min(-pause+float64(i+1)*step, 0)
		work += (to - from) * load((from+to)/2)
	}
	for i := range int(math.Ceil(limit / step)) {
		from := float64(i) * step
		slope := load(from+step/2) - 1
		if math.IsNaN(work + slope) {
			return math.NaN()
		}
		if work+slope*step <= 0 {
			return from + work/max(-slope, 1e-300)
		}
		work += slope * step
	}
	return math.Inf(1)
}

// LargeTransaction is one that takes long on the applier, in seconds. What comes after it waits.
type LargeTransaction struct {
	Primary  float64 // execution on the primary
	Apply    float64 // execution on the replica
	AtCommit bool    // the log is shipped when it commits (MySQL's binlog); else while it runs (PostgreSQL's WAL)
	Chunks   int     // equal parts that commit one by one, with enough of a pause between them to catch up; 1 = whole
}

// LagMax is the greatest lag behind the commit, without the delay of shipping: Apply/Chunks if shipped at commit; else what replay
// cannot do while the primary still runs, max(0, Apply - Primary)/Chunks.
func (x LargeTransaction) LagMax() float64 {
	if !(x.Primary >= 0 && x.Apply >= 0 && x.Chunks >= 1) {
		return math.NaN()
	}
	if x.AtCommit {
		return x.Apply / float64(x.Chunks)
	}
	return max(x.Apply-x.Primary, 0) / float64(x.Chunks)
}

// CatchUp is how long the peak takes to go away at that load of other writes: LagMax rho/(1 - rho).
func (x LargeTransaction) CatchUp(load float64) float64 { return CatchUp(x.LagMax(), load) }

// RecoverySteps are the phases between a primary's failure and the first write that works again; they follow one another.
type RecoverySteps struct {
	Heartbeat time.Duration `json:"heartbeat_ns"` // between two signs of life
	Misses    int           `json:"misses"`       // signs of life that must be missing
	Decide    time.Duration `json:"decide_ns"`    // election, or the orchestrator's decision
	Fence     time.Duration `json:"fence_ns"`     // until the old primary cannot write: a lease's rest, STONITH
	Promote   time.Duration `json:"promote_ns"`   // fixed part
	Backlog   time.Duration `json:"backlog_ns"`   // log that was received and not applied, in the time that applying it takes
	Reroute   time.Duration `json:"reroute_ns"`   // DNS, proxy, driver
	Reconnect time.Duration `json:"reconnect_ns"` // connections, warm-up
}

// Detection is the mean time until the failure is seen: the crash comes at a uniform time between two signs of life, so the
// first that is missing is due half a period later, and Misses - 1 whole ones follow.
func (s RecoverySteps) Detection() time.Duration {
	if s.Misses < 1 {
		return 0
	}
	return time.Duration((float64(s.Misses) - 0.5) * float64(s.Heartbeat))
}

// RTO is the mean of the recovery time, the sum of the phases.
func (s RecoverySteps) RTO() time.Duration {
	return s.Detection() + s.Decide + s.Fence + s.Promote + s.Backlog + s.Reroute + s.Reconnect
}
