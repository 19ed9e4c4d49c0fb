package replication

import (
	"errors"
	"fmt"
	"math"
	"time"
)

const (
	mostReplicas = 30
	mostClients  = 100_000
	mostKeys     = 100_000
	mostWrites   = 1_000_000_000
	mostRows     = 1_000_000
	mostFaults   = 1000
	mostEvents   = 1e9 // of one regular kind in a run
	mostMean     = 24 * time.Hour
	week         = 7 * 24 * time.Hour
)

// problems collects what is wrong with a Config.
type problems []error

func (p *problems) add(format string, args ...any) {
	*p = append(*p, fmt.Errorf("%w: "+format, append([]any{ErrInvalidConfig}, args...)...))
}

func (p *problems) count(name string, x, low, high int) {
	if x < low || x > high {
		p.add("%s = %d, want in [%d, %d]", name, x, low, high)
	}
}

func (p *problems) number(name string, x, low, high float64, unit string) {
	if !(x >= low && x <= high) {
		p.add("%s = %g, want in [%g, %g]%s", name, x, low, high, unit)
	}
}

func (p *problems) span(name string, x, low, high time.Duration) {
	if x < low || x > high {
		p.add("%s = %v, want in [%v, %v]", name, x, low, high)
	}
}

// optional is a span that may also be 0.
func (p *problems) optional(name string, x, low, high time.Duration) {
	if x != 0 {
		p.span(name, x, low, high)
	}
}

func (p *problems) law(name string, l Law) {
	if err := l.Validate(); err != nil {
		p.add("%s: %v", name, err)
		return
	}
	if m := l.Mean(); !(m >= 0 && m <= mostMean.Seconds()) {
		p.add("%s = %v, want a mean in [0s, %v]", name, l, mostMean)
	}
}

// laws are one for all, or one for each of n, or none.
func (p *problems) laws(name string, all []Law, n int) {
	if len(all) > 1 && len(all) != n {
		p.add("%s has %d laws, want 1 for all or %d", name, len(all), n)
	}
	for i, l := range all[:min(len(all), mostReplicas+1)] {
		p.law(fmt.Sprintf("%s[%d]", name, i), l)
	}
}

func (p *problems) name(field, text string) {
	if text == "invalid" {
		p.add("%s is not one of its values", field)
	}
}

// Validate reports every field that is out of range, all in one error that wraps ErrInvalidConfig. It changes nothing.
func (c Config) Validate() error {
	var p problems
	p.count("Replicas", c.Replicas, 0, mostReplicas)
	p.name("Mode", c.Mode.String())
	c.checkCommits(&p)
	c.Workload.check(&p)
	c.Pipeline.check(&p, c)
	c.Reads.check(&p, c)
	c.Failover.check(&p, c)
	c.checkFaults(&p)
	p.span("Duration", c.Duration, 1, week)
	p.span("WarmUp", c.WarmUp, 0, max(c.Duration, 0))
	p.count("Writes", c.Writes, 1, mostWrites)
	if c.Sample != 0 {
		p.span("Sample", c.Sample, 1, week)
		rows := float64(c.Duration) / float64(max(c.Sample, 1)) * float64(c.Replicas+1)
		if rows > mostRows {
			p.add("Sample = %v makes %.3g rows, want at most %d", c.Sample, rows, mostRows)
		}
	}
	p.count("Transcript", c.Transcript, 0, mostRows)
	p.count("List", c.List, 0, mostRows)
	if reads := float64(c.Writes) * float64(c.Reads.Count); reads > 1e10 {
		p.add("Writes x Reads.Count = %.3g, want at most 1e10", reads)
	}
	return errors.Join(p...)
}

func (c Config) checkCommits(p *problems) {
	listed := c.Replicas
	if c.Acks.List != 0 {
		listed = 0
		for r := 1; r < 32; r++ {
			listed += int(c.Acks.List >> r & 1)
		}
		if c.Acks.List&1 != 0 || c.Acks.List>>(max(c.Replicas, 0)+1) != 0 {
			p.add("Acks = %v lists nodes that are no replicas, want them in [1, %d]", c.Acks, c.Replicas)
		}
	}
	switch c.Mode {
	case RemoteWrite, Sync, RemoteApply, SemisyncAfterSync, SemisyncAfterCommit:
		if c.Acks.Rule != Any && c.Acks.Rule != First {
			p.add("Acks.Rule = %d, want any or first", int(c.Acks.Rule))
		}
		if c.Acks.K < 1 || c.Acks.K > listed {
			p.add("Acks = %v waits for %d of %d replicas, want in [1, %d]", c.Acks, c.Acks.K, listed, listed)
		}
	}
	if c.Mode.semisync() {
		p.span("FallBack", c.FallBack, 1, time.Hour)
	}
	if c.Mode == InSync {
		p.span("LagTimeMax", c.LagTimeMax, time.Millisecond, time.Hour)
		p.count("MinInSync", c.MinInSync, 1, c.Replicas+1)
	}
	if c.Mode == Off {
		p.span("Pipeline.WriterDelay", c.Pipeline.WriterDelay, time.Microsecond, time.Minute)
	}
	p.number("Workload.AsyncShare", c.Workload.AsyncShare, 0, 1, "")
	if (c.Mode == InSync || c.Mode == Majority) && c.Workload.AsyncShare > 0 {
		p.add("Workload.AsyncShare = %g, want 0 in mode %v", c.Workload.AsyncShare, c.Mode)
	}
}

func (w Workload) check(p *problems) {
	p.number("Workload.WriteRate", w.WriteRate, 0, 1e9, " writes/s")
	p.count("Workload.Sessions", w.Sessions, 0, mostClients)
	if w.Sessions > 0 && (w.WriteRate != 0 || len(w.Steps) > 0) {
		p.add("Workload.Sessions = %d beside WriteRate = %g and %d Steps, want either sessions or a rate", w.Sessions, w.WriteRate, len(w.Steps))
	}
	if w.Sessions == 0 {
		p.count("Workload.Clients", w.Clients, 1, mostClients)
	}
	if w.Sessions != 0 {
		p.span("Workload.Retry", w.Retry, time.Millisecond, time.Hour)
	}
	before := time.Duration(0)
	for i, s := range w.Steps {
		p.span(fmt.Sprintf("Workload.Steps[%d].At", i), s.At, before, week)
		p.number(fmt.Sprintf("Workload.Steps[%d].Rate", i), s.Rate, 0, 1e9, " writes/s")
		before = max(before, s.At)
	}
	p.count("Workload.Keys", w.Keys, 0, mostKeys)
	p.number("Workload.Size", float64(w.Size), 0, 1e9, " bytes")
	p.number("Workload.Near", w.Near, 0, 1, "")
	p.law("Workload.ClientLeg", w.ClientLeg)
	p.optional("Workload.Heartbeat", w.Heartbeat, time.Millisecond, time.Hour)
	p.count("number of Workload.Big", len(w.Big), 0, 10_000)
	before = 0
	for i, b := range w.Big {
		name := fmt.Sprintf("Workload.Big[%d]", i)
		p.span(name+".At", b.At, before, week)
		p.span(name+".Primary", b.Primary, 0, mostMean)
		p.span(name+".Replay", b.Replay, 0, mostMean)
		p.number(name+".Bytes", float64(b.Bytes), 0, 1e15, " bytes")
		before = max(before, b.At)
	}
}

func (l Pipeline) check(p *problems, c Config) {
	for _, f := range []struct {
		name string
		law  Law
	}{
		{"Insert", l.Insert},
		{"Flush", l.Flush},
		{"FlushIdle", l.FlushIdle},
		{"Write", l.Write},
		{"Apply", l.Apply},
		{"Query", l.Query},
		{"Reconnect", l.Reconnect},
	} {
		p.law("Pipeline."+f.name, f.law)
	}
	p.laws("Pipeline.Delay", l.Delay, c.Replicas)
	p.laws("Pipeline.Return", l.Return, c.Replicas)
	p.span("Pipeline.FlushGap", l.FlushGap, 0, time.Hour)
	p.number("Pipeline.Bandwidth", l.Bandwidth, 0, 1e15, " bytes/s")
	p.count("Pipeline.Workers", l.Workers, 1, 64)
	p.number("Pipeline.Conflicts", l.Conflicts, 0, 1, "")
	p.number("Pipeline.ReadLoad", l.ReadLoad, 0, 0.999, "")
	p.number("Pipeline.QueryConflicts", l.QueryConflicts, 0, 1, "")
	p.span("Pipeline.QueryPatience", l.QueryPatience, 0, week)
	p.optional("Pipeline.StatusInterval", l.StatusInterval, time.Millisecond, time.Hour)
	p.span("Pipeline.ConnectionTimeout", l.ConnectionTimeout, 0, week)
}

func (r Reads) check(p *problems, c Config) {
	p.name("Reads.Policy", r.Policy.String())
	p.count("Reads.Count", r.Count, 0, 1000)
	p.law("Reads.Think", r.Think)
	p.law("Reads.Gap", r.Gap)
	p.laws("Reads.Leg", r.Leg, c.Replicas+1)
	p.span("Reads.Window", r.Window, 0, time.Hour)
	p.span("Reads.Timeout", r.Timeout, 0, time.Hour)
	p.span("Reads.MaxLag", r.MaxLag, 0, time.Hour)
	if r.Policy == Quorum {
		p.count("Reads.Quorum", r.Quorum, 1, c.Replicas+1)
	}
	needs := r.Policy == AnyReplica || r.Policy == Sticky || r.Policy == PrimaryWindow || r.Policy == TokenWait
	if r.Count > 0 && needs && c.Replicas == 0 {
		p.add("Reads.Policy = %v without replicas", r.Policy)
	}
}

func (f Failover) check(p *problems, c Config) {
	p.name("Failover.Authority", f.Authority.String())
	p.name("Failover.Fencing", f.Fencing.String())
	p.name("Failover.Candidate", f.Candidate.String())
	p.law("Failover.Decide", f.Decide)
	p.law("Failover.Stonith", f.Stonith)
	p.law("Failover.Promote", f.Promote)
	p.law("Failover.Reroute", f.Reroute)
	p.law("Failover.Rejoin", f.Rejoin)
	p.span("Failover.Grain", f.Grain, 0, time.Minute)
	p.number("Failover.Drift", f.Drift, 0, 0.5, "")
	if !f.Enabled {
		return
	}
	p.span("Failover.Interval", f.Interval, time.Microsecond, time.Hour)
	p.count("Failover.Misses", f.Misses, 1, 1000)
	if f.Fencing == LeaseFencing {
		p.span("Failover.Lease", f.Lease, time.Microsecond, time.Hour)
	}
	if c.Replicas == 0 {
		p.add("Failover.Enabled without replicas")
	}
}

func (c Config) checkFaults(p *problems) {
	p.count("number of Faults", len(c.Faults), 0, mostFaults)
	before := time.Duration(0)
	busy := map[[2]int]time.Duration{} // class and node -> end
	for i, f := range c.Faults[:min(len(c.Faults), mostFaults)] {
		name := fmt.Sprintf("Faults[%d]", i)
		p.name(name+".Kind", f.Kind.String())
		if f.At < before {
			p.add("%s.At = %v, want in [%v, %v], after the fault before it", name, f.At, before, week)
		}
		before = max(before, f.At)
		p.span(name+".At", f.At, 0, week)
		p.span(name+".For", f.For, 0, week)
		if f.Kind == SlowLink || f.Kind == SlowApply || f.Kind == Clock {
			p.number(name+".Factor", f.Factor, 1e-6, 1e6, "")
		}
		if len(f.Nodes) == 0 || len(f.Nodes) > c.Replicas+1 {
			p.add("%s.Nodes has %d nodes, want 1 to %d", name, len(f.Nodes), c.Replicas+1)
			continue
		}
		c.checkNodes(p, name, f, busy)
	}
}

func (c Config) checkNodes(p *problems, name string, f Fault, busy map[[2]int]time.Duration) {
	end := time.Duration(math.MaxInt64)
	if f.For > 0 {
		end = f.At + min(f.For, week)
	}
	for _, n := range f.Nodes {
		if n < 0 || n > c.Replicas {
			p.add("%s.Nodes has %d, want in [0, %d]", name, n, c.Replicas)
		}
	}
	if f.Kind.cuts() {
		slot := [2]int{int(Partition), -1}
		if busy[slot] > f.At {
			p.add("%s: overlaps an earlier cut of the network", name)
		}
		busy[slot] = max(busy[slot], end)
		return
	}
	for _, n := range f.Nodes {
		slot := [2]int{int(f.Kind.class()), n}
		if until, ok := busy[slot]; ok && until > f.At {
			p.add("%s: %v of node %d overlaps an earlier one", name, f.Kind, n)
		}
		busy[slot] = max(busy[slot], end)
	}
}
