package livemigration

import (
	"fmt"
	"time"
)

func (v *checks) method(m Method, vm VM) {
	if m.Strategy < PreCopy || m.Strategy > Offline {
		v.add("Method.Strategy = %d, want precopy, postcopy, hybrid or offline", m.Strategy)
	}
	if m.SwitchOver != RoundBased && m.SwitchOver != Drain {
		v.add("Method.SwitchOver = %d, want rounds or drain", m.SwitchOver)
	}
	v.count("Method.MinRounds", m.MinRounds, 0, 1)
	v.between("Method.AssumedBandwidth", m.AssumedBandwidth, 0, maxRate, " bytes/s")
	v.bytes("Method.PageHeader", m.PageHeader, 0, PageBytes)
	v.between("Method.ZeroScan", m.ZeroScan, 0, maxRate, " bytes/s")
	v.between("Method.Compression.Ratio", m.Compression.Ratio, 1, 1000, "")
	v.between("Method.Compression.Throughput", m.Compression.Throughput, 0, maxRate, " bytes/s")
	v.between("Method.XBZRLE.HitRate", m.XBZRLE.HitRate, 0, 1, "")
	v.between("Method.XBZRLE.Ratio", m.XBZRLE.Ratio, 0, 1, "")
	v.span("Method.Setup", m.Setup, 0, time.Hour)
	v.span("Method.StopLatency", m.StopLatency, 0, time.Minute)
	v.span("Method.Resume", m.Resume, 0, time.Minute)
	v.count("Method.MaxRounds", m.MaxRounds, 1, 1_000_000)
	v.span("Method.MaxTime", m.MaxTime, 1, maxDays)
	v.ends(m)
	if m.Throttle != nil {
		*v = append(*v, m.Throttle.check()...)
	}
	v.rate(m.Rate)
	v.postCopy(m.PostCopy)
	v.announce(m.Announce)
	v.combination(m, vm)
}

// ends checks the limit and the rules, of which pre-copy needs at least one.
func (v *checks) ends(m Method) {
	if m.Limit != nil {
		v.schedule(m.Limit)
	}
	if m.Stop != nil {
		v.rule(m.Stop)
	}
	if m.Strategy != PreCopy && m.Strategy != Hybrid {
		return
	}
	if m.SwitchOver == Drain && m.Limit == nil {
		v.add("Method.Limit = nil, want a downtime limit: the drain semantics needs one")
	}
	if m.Strategy == PreCopy && m.Limit == nil && m.Stop == nil {
		v.add("Method.Limit and Method.Stop = nil, want a downtime limit or a stop rule")
	}
	if l, ok := m.Limit.(FixedLimit); ok && l == 0 && m.Stop == nil && m.Strategy == PreCopy {
		v.add("Method.Limit = 0s, want a positive limit, or a stop rule that bounds the rounds")
	}
}

func (v *checks) schedule(s Schedule) {
	switch l := s.(type) {
	case FixedLimit:
		v.span("Method.Limit", time.Duration(l), 0, maxLimit)
	case NovaRamp:
		v.span("Method.Limit.Max", l.Max, 100*time.Millisecond, maxLimit)
		v.count("Method.Limit.Steps", l.Steps, 3, 1000)
		v.span("Method.Limit.DelayPerGiB", l.DelayPerGiB, 3*time.Second, time.Hour)
		v.count("Method.Limit.GiB", int(l.GiB), 1, 65536)
	case KubeVirtRamp:
		v.span("Method.Limit.Start", l.Start, time.Millisecond, maxLimit)
		v.span("Method.Limit.Step", l.Step, time.Millisecond, maxLimit)
		v.span("Method.Limit.Ceiling", l.Ceiling, time.Millisecond, maxLimit)
		v.span("Method.Limit.Every", l.Every, time.Second, time.Hour)
		v.count("Method.Limit.AfterRounds", l.AfterRounds, 0, 1000)
	case ProxmoxDoubling:
		v.span("Method.Limit.Start", l.Start, time.Millisecond, maxLimit)
		v.count("Method.Limit.Polls", l.Polls, 1, 1000)
	}
}

func (v *checks) rule(rule StopRule) {
	switch r := rule.(type) {
	case Either:
		if r.A == nil || r.B == nil {
			v.add("Method.Stop has a nil rule, want two")
			return
		}
		v.rule(r.A)
		v.rule(r.B)
	case AfterRounds:
		v.count("Method.Stop.Rounds", r.Rounds, 0, 1_000_000)
		v.action("AfterRounds", r.Action)
	case FewPages:
		v.bytes("Method.Stop.Pages", r.Pages, 1, 1<<52)
		v.action("FewPages", r.Action)
	case DataFactor:
		v.above("Method.Stop.Factor", r.Factor, 0, 1000, "")
		v.action("DataFactor", r.Action)
	case GrowingRound:
		v.action("GrowingRound", r.Action)
	case NoProgress:
		v.span("Method.Stop.Window", r.Window, time.Millisecond, maxDays)
		v.action("NoProgress", r.Action)
	case Timeout:
		v.span("Method.Stop.After", r.After, time.Millisecond, maxDays)
		v.action("Timeout", r.Action)
	}
}

func (v *checks) action(rule string, d Decision) {
	if d <= GoOn || d > Abort {
		v.add("Method.Stop: %s.Action = %d, want last round, switch, force, post-copy or abort", rule, d)
	}
}

func (v *checks) rate(control RateControl) {
	switch r := control.(type) {
	case AdaptiveRate:
		v.above("Method.Rate.Start", r.Start, 0, maxRate, " bytes/s")
		v.between("Method.Rate.Max", r.Max, r.Start, maxRate, " bytes/s")
		v.between("Method.Rate.Increment", r.Increment, 0, maxRate, " bytes/s")
	case RecordedRates:
		if len(r) == 0 {
			v.add("Method.Rate has no rounds, want at least one")
		}
		for i, rate := range r {
			v.above(fmt.Sprintf("Method.Rate[%d]", i), rate, 0, maxRate, " bytes/s")
		}
	}
}

func (v *checks) postCopy(p PostCopyMethod) {
	v.count("Method.PostCopy.AfterRounds", p.AfterRounds, 0, 1_000_000)
	v.bytes("Method.PostCopy.Queue", p.Queue, 0, GiB)
	v.span("Method.PostCopy.Service", p.Service, 0, time.Second)
	v.bytes("Method.PostCopy.Discard", p.Discard, 0, GiB)
	v.between("Method.PostCopy.Touches", p.Touches, 1, 1000, "")
	v.between("Method.PostCopy.Locality", p.Locality, 1, 1000, "")
}

func (v *checks) announce(a Announce) {
	v.span("Method.Announce.Initial", a.Initial, 0, time.Hour)
	v.span("Method.Announce.Step", a.Step, 0, time.Hour)
	v.span("Method.Announce.Max", a.Max, 0, time.Hour)
	v.span("Method.Announce.PortDelay", a.PortDelay, 0, time.Hour)
	v.span("Method.Announce.Fallback", a.Fallback, 0, time.Hour)
	v.count("Method.Announce.Rounds", a.Rounds, 0, 1000)
}

// combination rejects settings that have no meaning together.
func (v *checks) combination(m Method, vm VM) {
	if _, ok := vm.Workload.(Replay); ok && m.SwitchOver == Drain {
		v.add("VM.Workload is a replay of rounds, want Method.SwitchOver = rounds")
	}
	if m.SkipRedirtied && m.SwitchOver == Drain {
		v.add("Method.SkipRedirtied = true, want Method.SwitchOver = rounds")
	}
	if m.Rate != nil && m.SwitchOver == Drain {
		v.add("Method.Rate = %v, want Method.SwitchOver = rounds", m.Rate)
	}
	if m.SkipRedirtied && m.ClearOnSend {
		v.add("Method.SkipRedirtied and Method.ClearOnSend = true, want one of them")
	}
}

func (a AutoConverge) check() []error {
	var v checks
	v.between("Method.Throttle.Initial", a.Initial, 0.01, 0.99, "")
	v.between("Method.Throttle.Increment", a.Increment, 0.01, 0.99, "")
	v.between("Method.Throttle.Max", a.Max, 0.01, 0.99, "")
	v.above("Method.Throttle.Trigger", a.Trigger, 0, 10, "")
	v.count("Method.Throttle.Strikes", a.Strikes, 1, 100)
	if a.ForceSync != 0 {
		v.span("Method.Throttle.ForceSync", a.ForceSync, 100*time.Millisecond, time.Hour)
	}
	return v
}

func (d DirtyLimit) check() []error {
	var v checks
	v.between("Method.Throttle.Quota", d.Quota, MB, maxRate, " bytes/s")
	return v
}

func (p Proportional) check() []error {
	var v checks
	v.above("Method.Throttle.Target", p.Target, 0, 1, "")
	v.between("Method.Throttle.Max", p.Max, 0.01, 0.99, "")
	return v
}
