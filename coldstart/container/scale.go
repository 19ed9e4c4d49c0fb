package container

import (
	"math"

	"cloudconcepts/internal/des"
)

// scaler is the memory of the rule that scales.
type scaler struct {
	past      des.Ring[areas] // integrals at the last decisions
	panicking bool
	since     int64 // when panic was last called for
	peak      int   // most pods wanted in this panic
	zero      int64 // since when no pod is wanted, 0 if one is
	grown     int64 // when tasks were last added, 0 = never
	changed   int64
	low       int   // periods in a row that wanted fewer
	counted   int64 // arrivals at the last period
}

// decide is one decision.
func (m *machine) decide() {
	switch m.c.Scaling {
	case TargetTracking:
		m.track()
	case Knative:
		m.remember(int(m.c.KPA.Stable / m.c.KPA.Tick))
		m.knative()
	case CloudRun:
		m.remember(int(m.c.Run.Window / m.c.Run.Every))
		m.cloudRun()
	}
}

// wake is what a request does that finds no task: Knative's activator asks for a decision at once, and Cloud Run starts an instance.
func (m *machine) wake() {
	if m.c.Scaling == Knative || m.c.Scaling == CloudRun {
		m.wanted, m.auto.zero = 1, 0
		m.grow()
	}
}

// remember keeps the integrals of the last n decisions and the one before.
func (m *machine) remember(n int) {
	past := &m.auto.past
	if past.Len() == 0 {
		past.PushBack(areas{})
	}
	past.PushBack(m.sum)
	if past.Len() > n+1 {
		past.PopFront()
	}
}

// mean is the mean over the last n periods, or those that there were: of requests in the system, and of those in service.
func (m *machine) mean(n int) (system, busy float64) {
	past := &m.auto.past
	n = min(n, past.Len()-1)
	then := past.At(past.Len() - 1 - n)
	time := float64(n) * float64(m.c.period())
	busy = (m.sum.busy - then.busy) / time
	return busy + (m.sum.waiting-then.waiting)/time, busy
}

func (m *machine) knative() {
	k, a := m.c.KPA, &m.auto
	stable, _ := m.mean(int(k.Stable / k.Tick))
	short, _ := m.mean(int(k.Panic / k.Tick))
	pods := float64(max(m.ready, 1))
	up, down := ceil(pods*k.MaxUp), int(math.Floor(pods/k.MaxDown))
	wantStable, wantPanic := Desired(stable, m.c.PerTask, k.Utilization), Desired(short, m.c.PerTask, k.Utilization)
	switch {
	case float64(wantPanic)/pods >= k.Threshold:
		if !a.panicking {
			a.panicking, a.peak = true, m.ready
			m.r.Panics++
		}
		a.since = m.now
	case a.panicking && m.now-a.since >= int64(k.Stable):
		a.panicking = false
	}
	want := max(min(wantStable, up), down)
	if a.panicking {
		a.peak = max(a.peak, want, max(min(wantPanic, up), down))
		want = a.peak
	}
	m.wanted = m.linger(m.limit(want))
	m.scaleTo(m.wanted)
}

// linger keeps the last pod for the grace.
func (m *machine) linger(want int) int {
	a := &m.auto
	switch {
	case want > 0 || m.ready+m.starting == 0:
		a.zero = 0
		return want
	case a.zero == 0:
		a.zero = m.now
	}
	if m.now-a.zero < int64(m.c.KPA.Grace) {
		return 1
	}
	return 0
}

func (m *machine) limit(want int) int { return min(max(want, m.c.Min), m.c.Max) }

func (m *machine) cloudRun() {
	r := m.c.Run
	system, busy := m.mean(int(r.Window / r.Every))
	m.wanted = m.limit(max(Desired(system, m.c.PerTask, r.Target), ceil(busy*r.CPUShare/r.Target)))
	if n := m.ready + m.starting; m.wanted < n {
		m.park(n - m.wanted)
	}
	m.grow()
	m.expire(int64(r.Idle))
}

// grow takes back parked tasks, then starts new ones, up to those wanted.
func (m *machine) grow() {
	for len(m.spares) > 0 && m.ready+m.starting < m.wanted {
		m.recall()
	}
	m.serve()
	m.start(max(m.wanted-m.ready-m.starting, 0))
}

func (m *machine) track() {
	t, a := m.c.Tracking, &m.auto
	before := areas{}
	if a.past.Len() > 0 {
		before = a.past.PopFront()
	}
	a.past.PushBack(m.sum)
	arrivals := m.arrivals - a.counted
	a.counted = m.arrivals
	tasks := m.ready + m.starting
	want := m.limit(max(tasks, 1))
	if ready := m.sum.ready - before.ready; ready > 0 {
		metric := (m.sum.busy - before.busy) / (ready * float64(m.c.PerTask))
		if t.Metric == RequestsPerTask {
			metric = float64(arrivals) / (ready * 1e-9)
		}
		want = m.limit(ceil(float64(m.ready) * metric / t.Target))
	}
	m.wanted = want
	if want < tasks {
		a.low++
	} else {
		a.low = 0
	}
	switch {
	case want > tasks && (a.grown == 0 || m.now-a.grown >= int64(t.CooldownOut)):
		a.grown, a.changed = m.now, m.now
		m.scaleTo(want)
	case want < tasks && a.low >= t.InPeriods && m.now-a.changed >= int64(t.CooldownIn):
		a.changed = m.now
		m.scaleTo(want)
	}
}
