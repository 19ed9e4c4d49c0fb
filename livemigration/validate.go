package livemigration

import (
	"fmt"
	"math"
	"time"

	"cloudconcepts/internal/check"
)

const (
	maxMemory = 64 * TiB
	maxRate   = 1e15
	maxDays   = 10 * 365 * 24 * time.Hour
	maxLimit  = 2000 * time.Second
	yearSecs  = 365 * 24 * 3600.0
)

// Validate says all that is wrong with c at once; every error wraps ErrInvalidConfig.
func (c Config) Validate() error {
	v := checks{check.Of(ErrInvalidConfig)}
	v.vm(c.VM)
	v.link(c.Link)
	v.method(c.Method, c.VM)
	v.storage(c.Storage, c.Link)
	if v.OK() {
		v.quotients(c)
	}
	return v.Err()
}

// checks collects what is wrong.
type checks struct{ check.List }

func (v *checks) vm(vm VM) {
	v.Bytes("VM.Memory", vm.Memory, PageBytes, maxMemory)
	v.Bytes("VM.NonZero", vm.NonZero, 0, max(vm.Memory, 0))
	v.Bytes("VM.DeviceState", vm.DeviceState, 0, max(vm.Memory, 0))
	check.Count(&v.List, "VM.VCPUs", vm.VCPUs, 1, 4096)
	v.Bytes("VM.DirtyPage", vm.DirtyPage, PageBytes, GiB)
	if vm.DirtyPage > 0 && vm.DirtyPage&(vm.DirtyPage-1) != 0 {
		v.Add("VM.DirtyPage = %d, want a power of two", vm.DirtyPage)
	}
	v.workload(vm.Workload, vm.Memory)
}

func (v *checks) workload(c DirtyCurve, memory int64) {
	switch w := c.(type) {
	case nil:
		v.Add("VM.Workload = nil, want a dirty curve")
	case ConstantRate:
		v.set("VM.Workload", w.Rate, w.WorkingSet, memory)
	case Sequential:
		v.set("VM.Workload", w.Rate, w.WorkingSet, memory)
	case Uniform:
		v.set("VM.Workload", w.Rate, w.WorkingSet, memory)
	case Zipf:
		v.set("VM.Workload", w.Rate, w.WorkingSet, memory)
		v.Bytes("VM.Workload.WorkingSet", w.WorkingSet, PageBytes, maxMemory)
		v.Between("VM.Workload.Exponent", w.Exponent, 0, 4, "")
	case Mixture:
		v.mixture(w, memory)
	case Empirical:
		w.check(v)
		v.Bytes("VM.Workload.Limit", w.Limit, 0, max(memory, 0))
	case Phased:
		v.phases(w)
		v.workload(w.Base, memory)
	case Replay:
		v.replay(w, memory)
	default:
		if m := w.Max(); !(m >= 0 && m <= float64(memory)) {
			v.Add("VM.Workload.Max() = %g, want in [0, %d] bytes", m, memory)
		}
	}
}

func (v *checks) set(name string, rate float64, set, memory int64) {
	if !(rate >= 0 && rate <= maxRate) {
		v.Add("%s.Rate = %g, want in [0, %g] bytes/s", name, rate, maxRate)
	}
	if set < 0 || set > max(memory, 0) {
		v.Add("%s.WorkingSet = %d, want in [0, %d] bytes (the guest's memory)", name, set, max(memory, 0))
	}
}

func (v *checks) mixture(m Mixture, memory int64) {
	if len(m) == 0 {
		v.Add("VM.Workload has no parts, want at least one")
	}
	total := int64(0)
	for i, u := range m {
		v.set(fmt.Sprintf("VM.Workload[%d]", i), u.Rate, u.WorkingSet, memory)
		total += min(max(u.WorkingSet, 0), maxMemory)
	}
	v.Bytes("sum of VM.Workload working sets", total, 0, max(memory, 0))
}

func (v *checks) phases(p Phased) {
	switch p.Base.(type) {
	case Phased, Replay:
		v.Add("VM.Workload.Base is %T, want a stationary curve", p.Base)
	}
	if len(p.Phases) == 0 {
		v.Add("VM.Workload has no phases, want at least one")
	}
	for i, ph := range p.Phases {
		v.Span(fmt.Sprintf("VM.Workload.Phases[%d].Length", i), ph.Length, time.Millisecond, 100*time.Hour)
		v.Between(fmt.Sprintf("VM.Workload.Phases[%d].Intensity", i), ph.Intensity, 0, 1e6, "")
	}
}

func (v *checks) replay(r Replay, memory int64) {
	if len(r) == 0 {
		v.Add("VM.Workload has no rounds, want at least one")
	}
	for i, b := range r {
		v.Bytes(fmt.Sprintf("VM.Workload[%d]", i), b, 0, max(memory, 0))
	}
}

// check says what is wrong with a measured curve.
func (e Empirical) check(v *checks) {
	if len(e.Points) < 2 {
		v.Add("curve has %d points, want at least 2", len(e.Points))
	}
	if e.Limit < 0 {
		v.Add("curve limit = %d, want at least 0 bytes", e.Limit)
	}
	before := CurvePoint{}
	for i, p := range e.Points {
		switch {
		case !(p.Seconds > 0 && p.Seconds <= yearSecs):
			v.Add("curve point %d: t = %g s, want in (0, %g]", i+1, p.Seconds, yearSecs)
		case !(p.Bytes >= 0 && p.Bytes <= maxMemory):
			v.Add("curve point %d: %g bytes, want in [0, %d]", i+1, p.Bytes, int64(maxMemory))
		case i > 0 && p.Seconds <= before.Seconds:
			v.Add("curve point %d: t = %g s after %g s, want rising times", i+1, p.Seconds, before.Seconds)
		case i > 0 && p.Bytes < before.Bytes:
			v.Add("curve point %d: %g bytes after %g, want bytes that never fall", i+1, p.Bytes, before.Bytes)
		}
		before = p
	}
}

func (v *checks) link(l Link) {
	v.Above("Link.Bandwidth", l.Bandwidth, 0, maxRate, " bytes/s")
	v.Above("Link.SwitchOver", l.SwitchOver, 0, maxRate, " bytes/s")
	v.Span("Link.RTT", l.RTT, 0, time.Minute)
	v.Above("Link.Efficiency", l.Efficiency, 0, 1, "")
	check.Count(&v.List, "Link.Share", l.Share, 1, 1000)
	before := time.Duration(-1)
	for i, s := range l.Profile {
		v.Span(fmt.Sprintf("Link.Profile[%d].At", i), s.At, 0, maxDays)
		v.Above(fmt.Sprintf("Link.Profile[%d].Rate", i), s.Rate, 0, maxRate, " bytes/s")
		if s.At <= before {
			v.Add("Link.Profile[%d].At = %v, want later than %v", i, s.At, before)
		}
		before = s.At
	}
}

func (v *checks) storage(s Storage, l Link) {
	if s.Mode < Shared || s.Mode > Iterate {
		v.Add("Storage.Mode = %d, want shared, mirror or iterate", s.Mode)
	}
	if s.Mode == Shared {
		return
	}
	v.Bytes("Storage.Disk", s.Disk, 0, 1024*TiB)
	bandwidth := l.live(0)
	v.Between("Storage.WriteRate", s.WriteRate, 0, math.Max(0, bandwidth*(1-1e-6)), " bytes/s (below the bandwidth)")
	if s.Mode == Iterate {
		v.Bytes("Storage.WriteSet", s.WriteSet, 0, max(s.Disk, 0))
		v.Span("Storage.Until", s.Until, time.Millisecond, time.Hour)
	}
}

// quotients rejects runs that would last longer than a year.
func (v *checks) quotients(c Config) {
	slowest := math.Min(c.Link.live(0), c.Link.stopped())
	for _, s := range c.Link.Profile {
		slowest = math.Min(slowest, s.Rate*c.Link.Efficiency/float64(c.Link.Share))
	}
	if seconds := float64(c.VM.Memory) / slowest; seconds > yearSecs {
		v.Add("memory over bandwidth = %.3g s, want at most a year: raise Link.Bandwidth", seconds)
	}
	for _, slow := range []struct {
		field string
		rate  float64
	}{{"ZeroScan", c.Method.ZeroScan}, {"Compression.Throughput", c.Method.Compression.Throughput}} {
		if seconds := float64(c.VM.Memory) / slow.rate; slow.rate > 0 && seconds > yearSecs {
			v.Add("memory over Method.%s = %.3g s, want at most a year, or a rate of 0: takes no time", slow.field, seconds)
		}
	}
	if c.Storage.Mode == Shared {
		return
	}
	if seconds := float64(c.Storage.Disk) / (c.Link.live(0) - c.Storage.WriteRate); seconds > yearSecs {
		v.Add("disk over bandwidth = %.3g s, want at most a year", seconds)
	}
}
