package fleet

import (
	"errors"
	"slices"
	"time"
)

// tally counts between two times.
type tally struct {
	from, to int64

	requests, cold, dropped   int64
	causes                    Causes
	evictions, prewarms, lost int64
	busy, idle                float64 // MB ns
	work, init                int64   // ns
	area                      area
	firstApp                  int
	apps                      []served
}

// served are the requests of an application.
type served struct{ warm, cold int64 }

func newTally(c *Config, firstApp, lastApp int) *tally {
	t := &tally{from: int64(c.Warmup), to: int64(c.Duration), firstApp: firstApp, apps: make([]served, lastApp-firstApp+1)}
	t.area = newArea(int64(c.Sample), t.to)
	return t
}

// span is how much of an interval counts.
func (t *tally) span(a, b int64) int64 { return max(0, min(b, t.to)-max(a, t.from)) }

// count takes a served request in; at is in the counted time.
func (t *tally) count(app int, cold bool) {
	t.requests++
	if cold {
		t.cold++
		t.apps[app-t.firstApp].cold++
	} else {
		t.apps[app-t.firstApp].warm++
	}
}

func (t *tally) add(o *tally) {
	t.requests += o.requests
	t.cold += o.cold
	t.dropped += o.dropped
	t.causes.add(o.causes)
	t.evictions += o.evictions
	t.prewarms += o.prewarms
	t.lost += o.lost
	t.busy += o.busy
	t.idle += o.idle
	t.work += o.work
	t.init += o.init
	t.area.add(&o.area)
	for i, a := range o.apps {
		t.apps[o.firstApp+i-t.firstApp].warm += a.warm
		t.apps[o.firstApp+i-t.firstApp].cold += a.cold
	}
}

func (t *tally) result(c Config, functions int) Result {
	const perGBs = 1024e9
	r := Result{
		Config: c, Functions: functions, Requests: t.requests, Cold: t.cold, Dropped: t.dropped, Causes: t.causes,
		Evictions: t.evictions, Prewarms: t.prewarms, PrewarmsLost: t.lost,
		BusyGBSeconds: t.busy / perGBs, WastedGBSeconds: t.idle / perGBs,
		WorkTime: time.Duration(t.work).Seconds(), InitTime: time.Duration(t.init).Seconds(),
		MemoryMeanMB: (t.busy + t.idle) / float64(t.to-t.from), Rows: t.area.rows(),
	}
	for _, s := range r.Rows {
		r.MemoryMaxMB = max(r.MemoryMaxMB, s.MemoryMB)
	}
	always := 0
	for _, a := range t.apps {
		if a.warm+a.cold == 0 {
			continue
		}
		if a.warm == 0 {
			always++
		}
		r.AppCold = append(r.AppCold, float64(a.cold)/float64(a.warm+a.cold))
	}
	slices.Sort(r.AppCold)
	r.Apps = len(r.AppCold)
	r.AlwaysColdFraction = float64(always) / float64(max(1, r.Apps))
	r.AppColdP25, r.AppColdP50 = r.AppColdQuantile(0.25), r.AppColdQuantile(0.5)
	r.AppColdP75, r.AppColdP95 = r.AppColdQuantile(0.75), r.AppColdQuantile(0.95)
	if t.requests == 0 {
		r.Warnings = append(r.Warnings, errors.New("fleet: no requests in the counted time"))
	}
	if t.dropped > 0 {
		r.Warnings = append(r.Warnings, errors.New("fleet: requests were dropped: busy instances alone need more memory than the cap"))
	}
	return r
}

// area is memory over time in steps: each interval adds to the steps at its two ends, and to the changes in between.
type area struct {
	step, end int64
	part      []float64 // MB ns in a step that is only partly covered
	change    []float64 // MB from that step on
}

func newArea(step, end int64) area {
	if step == 0 {
		return area{}
	}
	n := (end + step - 1) / step
	return area{step: step, end: end, part: make([]float64, n), change: make([]float64, n+1)}
}

func (a *area) interval(from, to int64, mb float64) {
	to = min(to, a.end)
	if a.step == 0 || from >= to {
		return
	}
	first, last := from/a.step, to/a.step
	if first == last {
		a.part[first] += float64(to-from) * mb
		return
	}
	a.part[first] += float64((first+1)*a.step-from) * mb
	if rest := to - last*a.step; rest > 0 {
		a.part[last] += float64(rest) * mb
	}
	a.change[first+1] += mb
	a.change[last] -= mb
}

func (a *area) add(o *area) {
	for i := range o.part {
		a.part[i] += o.part[i]
		a.change[i] += o.change[i]
	}
}

func (a *area) rows() []Row {
	if a.step == 0 {
		return nil
	}
	list := make([]Row, len(a.part))
	whole := 0.0
	for i := range list {
		whole += a.change[i]
		start := int64(i) * a.step
		width := min(a.step, a.end-start)
		list[i] = Row{At: time.Duration(start).Seconds(), MemoryMB: max(0, whole+a.part[i]/float64(width))}
	}
	return list
}
