package livemigration

import (
	"fmt"
	"time"

	"cloudconcepts/internal/check"
)

func (v *checks) method(m Method, vm VM) {
	if m.Strategy < PreCopy || m.Strategy > Offline {
		v.Add("Method.Strategy = %d, want precopy, postcopy, hybrid or offline", m.Strategy)
	}
	if m.SwitchOver != RoundBased && m.SwitchOver != Drain {
		v.Add("Method.SwitchOver = %d, want rounds or drain", m.SwitchOver)
	}
	check.Count(&v.List, "Method.MinRounds", m.MinRounds, 0, 1)
	v.Between("Method.AssumedBandwidth", m.AssumedBandwidth, 0, maxRate, " bytes/s")
	v.Bytes("Method.PageHeader", m.PageHeader, 0, PageBytes)
	v.Between("Method.ZeroScan", m.ZeroScan, 0, maxRate, " bytes/s")
	v.Between("Method.Compression.Ratio", m.Compression.Ratio, 1, 1000, "")
	v.Between("Method.Compression.Throughput", m.Compression.Throughput, 0, maxRate, " bytes/s")
	v.Between("Method.XBZRLE.HitRate", m.XBZRLE.HitRate, 0, 1, "")
	v.Between("Method.XBZRLE.Ratio", m.XBZRLE.Ratio, 0, 1, "")
	v.Span("Method.Setup", m.Setup, 0, time.Hour)
	v.Span("Method.StopLatency", m.StopLatency, 0, time.Minute)
	v.Span("Method.Resume", m.Resume, 0, time.Minute)
	check.Count(&v.List, "Method.MaxRounds", m.MaxRounds, 1, 1_000_000)
	v.Span("Method.MaxTime", m.MaxTime, 1, maxDays)
	v.ends(m)
	v.throttle(m.Throttle)
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
		v.Add("Method.Limit = nil, want a downtime limit: the drain semantics needs one")
	}
	if m.Strategy == PreCopy && m.Limit == nil && m.Stop == nil {
		v.Add("Method.Limit and Method.Stop = nil, want a downtime limit or a stop rule")
	}
	if l, ok := m.Limit.(FixedLimit); ok && l == 0 && m.Stop == nil && m.Strategy == PreCopy {
		v.Add("Method.Limit = 0s, want a positive limit, or a stop rule that bounds the rounds")
	}
}

func (v *checks) schedule(s Schedule) {
	switch l := s.(type) {
	case FixedLimit:
		v.Span("Method.Limit", time.Duration(l), 0, maxLimit)
	case NovaRamp:
		v.Span("Method.Limit.Max", l.Max, 100*time.Millisecond, maxLimit)
		check.Count(&v.List, "Method.Limit.Steps", l.Steps, 3, 1000)
		v.Span("Method.Limit.DelayPerGiB", l.DelayPerGiB, 3*time.Second, time.Hour)
		check.Count(&v.List, "Method.Limit.GiB", int(l.GiB), 1, 65536)
	case KubeVirtRamp:
		v.Span("Method.Limit.Start", l.Start, time.Millisecond, maxLimit)
		v.Span("Method.Limit.Step", l.Step, time.Millisecond, maxLimit)
		v.Span("Method.Limit.Ceiling", l.Ceiling, time.Millisecond, maxLimit)
		v.Span("Method.Limit.Every", l.Every, time.Second, time.Hour)
		check.Count(&v.List, "Method.Limit.AfterRounds", l.AfterRounds, 0, 1000)
	case ProxmoxDoubling:
		v.Span("Method.Limit.Start", l.Start, time.Millisecond, maxLimit)
		check.Count(&v.List, "Method.Limit.Polls", l.Polls, 1, 1000)
	}
}

func (v *checks) rule(rule StopRule) {
	switch r := rule.(type) {
	case Either:
		if r.A == nil || r.B == nil {
			v.Add("Method.Stop has a nil rule, want two")
			return
		}
		v.rule(r.A)
		v.rule(r.B)
	case AfterRounds:
		check.Count(&v.List, "Method.Stop.Rounds", r.Rounds, 0, 1_000_000)
		v.action("AfterRounds", r.Action)
	case FewPages:
		v.Bytes("Method.Stop.Pages", r.Pages, 1, 1<<52)
		v.action("FewPages", r.Action)
	case DataFactor:
		v.Above("Method.Stop.Factor", r.Factor, 0, 1000, "")
		v.action("DataFactor", r.Action)
	case GrowingRound:
		v.action("GrowingRound", r.Action)
	case NoProgress:
		v.Span("Method.Stop.Window", r.Window, time.Millisecond, maxDays)
		v.action("NoProgress", r.Action)
	case Timeout:
		v.Span("Method.Stop.After", r.After, time.Millisecond, maxDays)
		v.action("Timeout", r.Action)
	}
}

func (v *checks) action(rule string, d Decision) {
	if d <= GoOn || d > Abort {
		v.Add("Method.Stop: %s.Action = %d, want last round, switch, force, post-copy or abort", rule, d)
	}
}

func (v *checks) rate(control RateControl) {
	switch r := control.(type) {
	case AdaptiveRate:
		v.Above("Method.Rate.Start", r.Start, 0, maxRate, " bytes/s")
		v.Between("Method.Rate.Max", r.Max, r.Start, maxRate, " bytes/s")
		v.Between("Method.Rate.Increment", r.Increment, 0, maxRate, " bytes/s")
	case RecordedRates:
		if len(r) == 0 {
			v.Add("Method.Rate has no rounds, want at least one")
		}
		for i, rate := range r {
			v.Above(fmt.Sprintf("Method.Rate[%d]", i), rate, 0, maxRate, " bytes/s")
		}
	}
}

func (v *checks) postCopy(p PostCopyMethod) {
	check.Count(&v.List, "Method.PostCopy.AfterRounds", p.AfterRounds, 0, 1_000_000)
	v.Bytes("Method.PostCopy.Queue", p.Queue, 0, GiB)
	v.Span("Method.PostCopy.Service", p.Service, 0, time.Second)
	v.Bytes("Method.PostCopy.Discard", p.Discard, 0, GiB)
	v.Between("Method.PostCopy.Touches", p.Touches, 1, 1000, "")
	v.Between("Method.PostCopy.Locality", p.Locality, 1, 1000, "")
}

func (v *checks) announce(a Announce) {
	v.Span("Method.Announce.Initial", a.Initial, 0, time.Hour)
	v.Span("Method.Announce.Step", a.Step, 0, time.Hour)
	v.Span("Method.Announce.Max", a.Max, 0, time.Hour)
	v.Span("Method.Announce.PortDelay", a.PortDelay, 0, time.Hour)
	v.Span("Method.Announce.Fallback", a.Fallback, 0, time.Hour)
	check.Count(&v.List, "Method.Announce.Rounds", a.Rounds, 0, 1000)
}

// combination rejects settings that have no meaning together.
func (v *checks) combination(m Method, vm VM) {
	if _, ok := vm.Workload.(Replay); ok && m.SwitchOver == Drain {
		v.Add("VM.Workload is a replay of rounds, want Method.SwitchOver = rounds")
	}
	if m.SkipRedirtied && m.SwitchOver == Drain {
		v.Add("Method.SkipRedirtied = true, want Method.SwitchOver = rounds")
	}
	if m.Rate != nil && m.SwitchOver == Drain {
		v.Add("Method.Rate = %v, want Method.SwitchOver = rounds", m.Rate)
	}
	if m.SkipRedirtied && m.ClearOnSend {
		v.Add("Method.SkipRedirtied and Method.ClearOnSend = true, want one of them")
	}
}

func (v *checks) throttle(throttle Throttle) {
	switch t := throttle.(type) {
	case AutoConverge:
		v.Between("Method.Throttle.Initial", t.Initial, 0.01, 0.99, "")
		v.Between("Method.Throttle.Increment", t.Increment, 0.01, 0.99, "")
		v.Between("Method.Throttle.Max", t.Max, 0.01, 0.99, "")
		v.Above("Method.Throttle.Trigger", t.Trigger, 0, 10, "")
		check.Count(&v.List, "Method.Throttle.Strikes", t.Strikes, 1, 100)
		if t.ForceSync != 0 {
			v.Span("Method.Throttle.ForceSync", t.ForceSync, 100*time.Millisecond, time.Hour)
		}
	case DirtyLimit:
		v.Between("Method.Throttle.Quota", t.Quota, MB, maxRate, " bytes/s")
	case Proportional:
		v.Above("Method.Throttle.Target", t.Target, 0, 1, "")
		v.Between("Method.Throttle.Max", t.Max, 0.01, 0.99, "")
	}
}
