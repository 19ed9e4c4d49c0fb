package livemigration

import (
	"fmt"
	"math"
	"time"
)

// Throttle slows the guest down so that it dirties less. A throttle of p lets
// the guest run for 1-p of the time: QEMU's vCPUs run for 10 ms and then sleep
// for 10 p/(1-p) ms.
type Throttle interface {
	start(curve DirtyCurve, vcpus int) throttler
	String() string
}

// throttler is a throttle at work in one run. All times are seconds since the
// start of the migration.
type throttler interface {
	// synced sees a fetched dirty log, and returns the throttle from now on.
	synced(now, dirtied, sent float64, syncs int) float64
	// next is when tick is due.
	next() float64
	// settled reports whether the throttle cannot change any more.
	settled() bool
	// tick does what is due by the clock; it may ask for the log to be fetched.
	tick(now float64, syncs int) (p float64, fetch bool)
}

// AutoConverge is QEMU's auto-converge: when the guest has dirtied more than
// Trigger of what was sent between two dirty syncs, Strikes times, the throttle
// goes up a step. Package hypervisor has the numbers of its versions.
type AutoConverge struct {
	Initial   float64 `json:"initial"`   // throttle of the first step, [0.01, 0.99]; QEMU 0.20
	Increment float64 `json:"increment"` // of each further step, [0.01, 0.99]; QEMU 0.10
	Max       float64 `json:"max"`       // [0.01, 0.99]; QEMU 0.99
	Trigger   float64 `json:"trigger"`   // dirtied over sent, (0, 10]; QEMU 0.50
	Strikes   int     `json:"strikes"`   // bad periods until a step, [1, 100]; they need not be in a row
	// TailSlow makes the steps shorter near the end: a step takes no more than
	// what the dirty rate calls for (cpu-throttle-tailslow).
	TailSlow bool `json:"tail_slow"`
	// ForceSync is the period of a timer that fetches the log if nothing else
	// has since its last tick, after the first pass; 0 = no timer.
	ForceSync time.Duration `json:"force_sync_ns"` // [0, 1 h]
}

// String names the throttle.
func (a AutoConverge) String() string {
	return fmt.Sprintf("auto-converge %.0f/%.0f/%.0f %%", 100*a.Initial, 100*a.Increment, 100*a.Max)
}

func (a AutoConverge) start(DirtyCurve, int) throttler {
	return &autoConverge{AutoConverge: a, timer: a.ForceSync.Seconds()}
}

// LadderEnd is the throttle at which auto-converge comes to rest under a long
// constant dirty rate: the first step at which the guest dirties no more than
// Trigger of what is sent, or the highest.
func (a AutoConverge) LadderEnd(dirtyRate, bandwidth float64) float64 {
	p := 0.0
	for dirtyRate*(1-p) > a.Trigger*bandwidth && p < a.Max {
		p = a.after(p)
	}
	return p
}

// after is the step of the ladder above p.
func (a AutoConverge) after(p float64) float64 {
	if p == 0 {
		return math.Min(a.Initial, a.Max)
	}
	return math.Min(p+a.Increment, a.Max)
}

type autoConverge struct {
	AutoConverge
	p         float64
	strikes   int
	tested    float64 // time of the last sync that was looked at
	dirtied   float64 // since then
	sent      float64 // by then
	timer     float64
	lastSyncs int
}

func (a *autoConverge) synced(now, dirtied, sent float64, _ int) float64 {
	a.dirtied += dirtied
	if now <= a.tested+1 { // QEMU looks at most once a second
		return a.p
	}
	allowed := a.Trigger * (sent - a.sent)
	if a.dirtied > allowed {
		a.strikes++
	}
	if a.strikes >= a.Strikes {
		a.strikes = 0
		a.p = a.step(allowed)
	}
	a.tested, a.sent, a.dirtied = now, sent, 0
	return a.p
}

// step is the next throttle after a strike-out.
func (a *autoConverge) step(allowed float64) float64 {
	if a.p == 0 || !a.TailSlow {
		return a.after(a.p)
	}
	cpu := 1 - a.p
	return math.Min(a.p+math.Min(a.Increment, cpu-cpu*allowed/a.dirtied), a.Max)
}

func (a *autoConverge) settled() bool { return a.p >= a.Max }

func (a *autoConverge) next() float64 {
	if a.ForceSync <= 0 {
		return inf
	}
	return a.timer
}

func (a *autoConverge) tick(_ float64, syncs int) (float64, bool) {
	fetch := syncs > 1 && syncs == a.lastSyncs
	a.lastSyncs = syncs
	if fetch {
		a.lastSyncs++
	}
	a.timer += a.ForceSync.Seconds()
	return a.p, fetch
}

// DirtyLimit is QEMU's dirty-limit: after two bad periods as in auto-converge,
// each vCPU is held to Quota by sleeps whose length a control loop adjusts once
// a second. QEMU leaves a vCPU alone that only reads; the
// model slows all of a vCPU's time, of which the writes are all that matters here
// (system/dirtylimit.c, QEMU 10.2).
type DirtyLimit struct {
	Quota float64 `json:"quota_bytes_per_s"` // bytes/s for each vCPU, [1e6, 1e15]; QEMU 1 MB/s
}

// String names the throttle.
func (d DirtyLimit) String() string { return fmt.Sprintf("dirty limit %.4g MB/s", d.Quota/MB) }

const (
	dirtyLimitPeriod    = 1.0     // s, x-vcpu-dirty-limit-period
	dirtyLimitTolerance = 25 * MB // bytes/s
	dirtyLimitMaxSleep  = 99.0    // times the ring-full time
)

func (d DirtyLimit) start(curve DirtyCurve, vcpus int) throttler {
	trigger := AutoConverge{Initial: 1, Max: 1, Trigger: 0.50, Strikes: 2}
	return &dirtyLimit{DirtyLimit: d, trigger: autoConverge{AutoConverge: trigger}, curve: curve, vcpus: vcpus, timer: inf}
}

type dirtyLimit struct {
	DirtyLimit
	trigger autoConverge
	curve   DirtyCurve
	vcpus   int
	active  bool
	sleep   float64 // in ring-full times
	timer   float64
}

func (d *dirtyLimit) synced(now, dirtied, sent float64, syncs int) float64 {
	if !d.active && d.trigger.synced(now, dirtied, sent, syncs) > 0 {
		d.active, d.timer = true, now+dirtyLimitPeriod
	}
	return d.throttle()
}

// throttle is the share of time that a vCPU sleeps: a sleep per full ring.
func (d *dirtyLimit) throttle() float64 { return d.sleep / (1 + d.sleep) }

func (d *dirtyLimit) settled() bool { return false }

func (d *dirtyLimit) next() float64 { return d.timer }

func (d *dirtyLimit) tick(now float64, _ int) (float64, bool) {
	d.timer = now + dirtyLimitPeriod
	rate := d.curve.Unique(dirtyLimitPeriod*(1-d.throttle())) / dirtyLimitPeriod / float64(d.vcpus)
	if gap := math.Abs(rate - d.Quota); gap > dirtyLimitTolerance {
		larger := math.Max(rate, d.Quota)
		step := 0.1
		if gap/larger > 0.5 {
			percent := math.Min(99, 100*gap/larger)
			step = percent / (100 - percent)
		}
		if rate < d.Quota {
			step = -step
		}
		d.sleep = math.Min(math.Max(d.sleep+step, 0), dirtyLimitMaxSleep)
	}
	return d.throttle(), false
}

// Proportional slows the guest just enough that it dirties a given share of
// what is sent, from the end of the first round on: vMotion's Stun During Page
// Send, as far as its documentation tells (approximate).
type Proportional struct {
	Target float64 `json:"target"` // dirty rate over bandwidth, (0, 1]
	Max    float64 `json:"max"`    // highest throttle, [0.01, 0.99]
}

// String names the throttle.
func (p Proportional) String() string { return fmt.Sprintf("proportional to %.2g R", p.Target) }

func (p Proportional) start(curve DirtyCurve, _ int) throttler {
	return &proportional{Proportional: p, curve: curve}
}

type proportional struct {
	Proportional
	curve    DirtyCurve
	lastTime float64
	lastSent float64
}

func (p *proportional) synced(now, _, sent float64, _ int) float64 {
	bandwidth := (sent - p.lastSent) / (now - p.lastTime)
	if now <= p.lastTime || sent <= p.lastSent {
		return 0
	}
	p.lastTime, p.lastSent = now, sent
	short := p.curve.Unique(quotaWindow) / quotaWindow
	if short <= p.Target*bandwidth {
		return 0
	}
	return math.Min(p.Max, 1-p.Target*bandwidth/short)
}

func (p *proportional) settled() bool { return false }

func (p *proportional) next() float64 { return inf }

func (p *proportional) tick(float64, int) (float64, bool) { return 0, false }
