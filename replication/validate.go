package replication

import (
	"fmt"
	"math"
	"time"

	"cloudconcepts/internal/check"
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

// checks collects what is wrong with a Config.
type checks struct{ check.List }

// optional is a span that may also be 0.
func (p *checks) optional(name string, x, low, high time.Duration) {
	if x != 0 {
		p.Span(name, x, low, high)
	}
}

// laws are one for all, or one for each of n, or none.
func (p *checks) laws(name string, all []Law, n int) {
	if len(all) > 1 && len(all) != n {
		p.Add("%s has %d laws, want 1 for all or %d", name, len(all), n)
	}
	for i, l := range all[:min(len(all), mostReplicas+1)] {
		p.Law(fmt.Sprintf("%s[%d]", name, i), l, 0, mostMean)
	}
}

func (p *checks) name(field, text string) {
	if text == "invalid" {
		p.Add("%s is not one of its values", field)
	}
}

func (c Config) checkCommits(p *checks) {
	listed := c.Replicas
	if c.Acks.List != 0 {
		listed = 0
		for r := 1; r < 32; r++ {
			listed += int(c.Acks.List >> r & 1)
		}
		if c.Acks.List&1 != 0 || c.Acks.List>>(max(c.Replicas, 0)+1) != 0 {
			p.Add("Acks = %v lists nodes that are no replicas, want them in [1, %d]", c.Acks, c.Replicas)
		}
	}
	switch c.Mode {
	case RemoteWrite, Sync, RemoteApply, SemisyncAfterSync, SemisyncAfterCommit:
		if c.Acks.Rule != Any && c.Acks.Rule != First {
			p.Add("Acks.Rule = %d, want any or first", int(c.Acks.Rule))
		}
		if c.Acks.K < 1 || c.Acks.K > listed {
			p.Add("Acks = %v waits for %d of %d replicas, want in [1, %d]", c.Acks, c.Acks.K, listed, listed)
		}
	}
	if c.Mode.semisync() {
		p.Span("FallBack", c.FallBack, 1, time.Hour)
	}
	if c.Mode == InSync {
		p.Span("LagTimeMax", c.LagTimeMax, time.Millisecond, time.Hour)
		check.Count(&p.List, "MinInSync", c.MinInSync, 1, c.Replicas+1)
	}
	if c.Mode == Off {
		p.Span("Pipeline.WriterDelay", c.Pipeline.WriterDelay, time.Microsecond, time.Minute)
	}
	p.Between("Workload.AsyncShare", c.Workload.AsyncShare, 0, 1, "")
	if (c.Mode == InSync || c.Mode == Majority) && c.Workload.AsyncShare > 0 {
		p.Add("Workload.AsyncShare = %g, want 0 in mode %v", c.Workload.AsyncShare, c.Mode)
	}
}

func (w Workload) check(p *checks) {
	p.Between("Workload.WriteRate", w.WriteRate, 0, 1e9, " writes/s")
	check.Count(&p.List, "Workload.Sessions", w.Sessions, 0, mostClients)
	if w.Sessions > 0 && (w.WriteRate != 0 || len(w.Steps) > 0) {
		p.Add("Workload.Sessions = %d beside WriteRate = %g and %d Steps, want either sessions or a rate", w.Sessions, w.WriteRate, len(w.Steps))
	}
	if w.Sessions == 0 {
		check.Count(&p.List, "Workload.Clients", w.Clients, 1, mostClients)
	}
	if w.Sessions != 0 {
		p.Span("Workload.Retry", w.Retry, time.Millisecond, time.Hour)
	}
	before := time.Duration(0)
	for i, s := range w.Steps {
		p.Span(fmt.Sprintf("Workload.Steps[%d].At", i), s.At, before, week)
		p.Between(fmt.Sprintf("Workload.Steps[%d].Rate", i), s.Rate, 0, 1e9, " writes/s")
		before = max(before, s.At)
	}
	check.Count(&p.List, "Workload.Keys", w.Keys, 0, mostKeys)
	p.Between("Workload.Size", float64(w.Size), 0, 1e9, " bytes")
	p.Between("Workload.Near", w.Near, 0, 1, "")
	p.Law("Workload.ClientLeg", w.ClientLeg, 0, mostMean)
	p.optional("Workload.Heartbeat", w.Heartbeat, time.Millisecond, time.Hour)
	check.Count(&p.List, "number of Workload.Big", len(w.Big), 0, 10_000)
	before = 0
	for i, b := range w.Big {
		name := fmt.Sprintf("Workload.Big[%d]", i)
		p.Span(name+".At", b.At, before, week)
		p.Span(name+".Primary", b.Primary, 0, mostMean)
		p.Span(name+".Replay", b.Replay, 0, mostMean)
		p.Between(name+".Bytes", float64(b.Bytes), 0, 1e15, " bytes")
		before = max(before, b.At)
	}
}

func (l Pipeline) check(p *checks, c Config) {
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
		p.Law("Pipeline."+f.name, f.law, 0, mostMean)
	}
	p.laws("Pipeline.Delay", l.Delay, c.Replicas)
	p.laws("Pipeline.Return", l.Return, c.Replicas)
	p.Span("Pipeline.FlushGap", l.FlushGap, 0, time.Hour)
	p.Between("Pipeline.Bandwidth", l.Bandwidth, 0, 1e15, " bytes/s")
	check.Count(&p.List, "Pipeline.Workers", l.Workers, 1, 64)
	p.Between("Pipeline.Conflicts", l.Conflicts, 0, 1, "")
	p.Between("Pipeline.ReadLoad", l.ReadLoad, 0, 0.999, "")
	p.Between("Pipeline.QueryConflicts", l.QueryConflicts, 0, 1, "")
	p.Span("Pipeline.QueryPatience", l.QueryPatience, 0, week)
	p.optional("Pipeline.StatusInterval", l.StatusInterval, time.Millisecond, time.Hour)
	p.Span("Pipeline.ConnectionTimeout", l.ConnectionTimeout, 0, week)
}

func (r Reads) check(p *checks, c Config) {
	p.name("Reads.Policy", r.Policy.String())
	check.Count(&p.List, "Reads.Count", r.Count, 0, 1000)
	p.Law("Reads.Think", r.Think, 0, mostMean)
	p.Law("Reads.Gap", r.Gap, 0, mostMean)
	p.laws("Reads.Leg", r.Leg, c.Replicas+1)
	p.Span("Reads.Window", r.Window, 0, time.Hour)
	p.Span("Reads.Timeout", r.Timeout, 0, time.Hour)
	p.Span("Reads.MaxLag", r.MaxLag, 0, time.Hour)
	if r.Policy == Quorum {
		check.Count(&p.List, "Reads.Quorum", r.Quorum, 1, c.Replicas+1)
	}
	needs := r.Policy == AnyReplica || r.Policy == Sticky || r.Policy == PrimaryWindow || r.Policy == TokenWait
	if r.Count > 0 && needs && c.Replicas == 0 {
		p.Add("Reads.Policy = %v without replicas", r.Policy)
	}
}

func (f Failover) check(p *checks, c Config) {
	p.name("Failover.Authority", f.Authority.String())
	p.name("Failover.Fencing", f.Fencing.String())
	p.name("Failover.Candidate", f.Candidate.String())
	p.Law("Failover.Decide", f.Decide, 0, mostMean)
	p.Law("Failover.Stonith", f.Stonith, 0, mostMean)
	p.Law("Failover.Promote", f.Promote, 0, mostMean)
	p.Law("Failover.Reroute", f.Reroute, 0, mostMean)
	p.Law("Failover.Rejoin", f.Rejoin, 0, mostMean)
	p.Span("Failover.Grain", f.Grain, 0, time.Minute)
	p.Between("Failover.Drift", f.Drift, 0, 0.5, "")
	if !f.Enabled {
		return
	}
	p.Span("Failover.Interval", f.Interval, time.Microsecond, time.Hour)
	check.Count(&p.List, "Failover.Misses", f.Misses, 1, 1000)
	if f.Fencing == LeaseFencing {
		p.Span("Failover.Lease", f.Lease, time.Microsecond, time.Hour)
	}
	if c.Replicas == 0 {
		p.Add("Failover.Enabled without replicas")
	}
}

func (c Config) checkFaults(p *checks) {
	check.Count(&p.List, "number of Faults", len(c.Faults), 0, mostFaults)
	before := time.Duration(0)
	busy := map[[2]int]time.Duration{} // class and node -> end
	for i, f := range c.Faults[:min(len(c.Faults), mostFaults)] {
		name := fmt.Sprintf("Faults[%d]", i)
		p.name(name+".Kind", f.Kind.String())
		if f.At < before {
			p.Add("%s.At = %v, want in [%v, %v], after the fault before it", name, f.At, before, week)
		}
		before = max(before, f.At)
		p.Span(name+".At", f.At, 0, week)
		p.Span(name+".For", f.For, 0, week)
		if f.Kind == SlowLink || f.Kind == SlowApply || f.Kind == Clock {
			p.Between(name+".Factor", f.Factor, 1e-6, 1e6, "")
		}
		if len(f.Nodes) == 0 || len(f.Nodes) > c.Replicas+1 {
			p.Add("%s.Nodes has %d nodes, want 1 to %d", name, len(f.Nodes), c.Replicas+1)
			continue
		}
		c.checkNodes(p, name, f, busy)
	}
}

func (c Config) checkNodes(p *checks, name string, f Fault, busy map[[2]int]time.Duration) {
	end := time.Duration(math.MaxInt64)
	if f.For > 0 {
		end = f.At + min(f.For, week)
	}
	for _, n := range f.Nodes {
		if n < 0 || n > c.Replicas {
			p.Add("%s.Nodes has %d, want in [0, %d]", name, n, c.Replicas)
		}
	}
	if f.Kind.cuts() {
		slot := [2]int{int(Partition), -1}
		if busy[slot] > f.At {
			p.Add("%s: overlaps an earlier cut of the network", name)
		}
		busy[slot] = max(busy[slot], end)
		return
	}
	for _, n := range f.Nodes {
		slot := [2]int{int(f.Kind.class()), n}
		if until, ok := busy[slot]; ok && until > f.At {
			p.Add("%s: %v of node %d overlaps an earlier one", name, f.Kind, n)
		}
		busy[slot] = max(busy[slot], end)
	}
}
