package replication

import "cloudconcepts/internal/des"

// failover is an outage that goes on.
type failover struct {
	start, renewed            int64
	detected, decided, fenced int64
	promoted                  int64
	old, candidate            int
	ready                     bool
}

// detection is how long after a miss begins the checks of the primary have failed often enough.
func (e *engine) detection() int64 {
	f := &e.c.Failover
	return max(int64(f.Interval)*int64(f.Misses), 1e6)
}

// leaderLost starts an outage if a node is the newest primary.
func (e *engine) leaderLost(i int) {
	if i != e.reigns[e.current].leader {
		return
	}
	if e.failing != nil && e.failing.promoted == 0 {
		return
	}
	e.endOutage()
	e.watch++
	e.reigns[e.current].failed = e.now
	f := &failover{start: e.now, old: i, candidate: -1}
	e.failing = f
	c := &e.c.Failover
	if !c.Enabled {
		e.waiting = "failover is off"
		return
	}
	every := int64(c.Interval)
	f.renewed = e.now / every * every
	e.push(f.renewed+every*int64(c.Misses), event{gen: e.watch, kind: evDetect})
	if c.Fencing == LeaseFencing && e.nodes[i].alive {
		held := float64(c.Lease) * (1 - c.Drift) / e.nodes[i].clock
		e.push(f.renewed+int64(min(held, des.Forever)), event{gen: e.watch, kind: evLease, node: uint8(i)})
	}
}

// phase handles the events of a failover.
func (e *engine) phase(ev event) {
	if ev.kind == evLease {
		e.leaseEnds(ev)
		return
	}
	f := e.failing
	if f == nil || ev.gen != e.watch {
		return
	}
	switch ev.kind {
	case evDetect:
		f.detected = e.now
		e.tell(f.old, "is declared dead", 0)
		e.push(e.now+e.law.decide.next(e.random[forFailover]), event{gen: e.watch, kind: evDecide})
	case evDecide:
		e.decide(f)
	case evFence:
		e.fence(f)
	case evPromote:
		if f.ready {
			e.promote(f)
		}
	case evReroute:
		e.reroute(f)
	}
}

// leaseEnds is the end of a lease by its holder's clock, or the time when a primary that was never fenced notices.
func (e *engine) leaseEnds(ev event) {
	i := int(ev.node)
	n := &e.nodes[i]
	if n.leads < 0 || !n.alive {
		return
	}
	if ev.gen == ^uint32(0) {
		if n.leads != e.current {
			e.stepDown(i)
			e.join(i)
		}
		return
	}
	if ev.gen != e.watch && n.leads == e.current {
		return
	}
	if n.pausedUntil > e.now {
		e.push(n.pausedUntil, ev)
		return
	}
	e.tell(i, "stops, its lease has ended", n.written)
	e.closeReign(n.leads)
	if n.leads != e.current {
		e.settle(n.leads)
	}
}

// decide chooses a candidate among those that the deciding side reaches.
func (e *engine) decide(f *failover) {
	best, alive := -1, 0
	old := e.reigns[e.current]
	first := e.random[forFailover].Float64()
	var fit []int
	for i := range e.nodes {
		n := &e.nodes[i]
		if !n.alive || e.cut>>i&1 != 0 || n.pausedUntil > e.now {
			continue
		}
		alive++
		unclean := e.c.Mode == InSync && old.insync>>i&1 == 0 && !e.c.Failover.Unclean
		if i == f.old || n.leads >= 0 || unclean {
			continue
		}
		fit = append(fit, i)
		if best < 0 || e.longer(n, &e.nodes[best]) {
			best = i
		}
	}
	short := e.c.Failover.Authority == Consensus && alive <= len(e.nodes)/2
	if best < 0 || short {
		e.waiting = "no replica in reach may be promoted"
		if short {
			e.waiting = "no majority of the members is in reach"
		}
		e.push(e.now+e.detection(), event{gen: e.watch, kind: evDecide})
		return
	}
	switch e.c.Failover.Candidate {
	case LowestNumber:
		best = fit[0]
	case FirstAlive:
		best = fit[int(first*float64(len(fit)))]
	}
	f.decided, f.candidate = e.now, best
	e.tell(best, "is chosen", e.nodes[best].received)
	for i := range e.nodes {
		if n := &e.nodes[i]; n.alive && e.cut>>i&1 == 0 && n.leads < 0 {
			e.drop(i, false)
		}
	}
	e.push(e.now+e.fenceTime(f), event{gen: e.watch, kind: evFence})
}

func (e *engine) longer(a, b *node) bool {
	return a.follows > b.follows || a.follows == b.follows && a.received > b.received
}

func (e *engine) fenceTime(f *failover) int64 {
	switch e.c.Failover.Fencing {
	case LeaseFencing:
		return max(f.renewed+int64(e.c.Failover.Lease)-e.now, 0)
	case Stonith:
		return e.law.stonith.next(e.random[forFailover])
	}
	return 0
}

// fence makes the old primary harmless and lets the candidate finish its log.
func (e *engine) fence(f *failover) {
	f.fenced = e.now
	if f.candidate < 0 {
		return
	}
	old := &e.nodes[f.old]
	if e.c.Failover.Fencing == Stonith && old.alive {
		e.tell(f.old, "is switched off", old.written)
		e.crash(f.old, Crash)
		old.gone = false
		old.alive = false
		e.push(e.now+e.law.rejoin.next(e.random[forFailover]), event{kind: evRejoin, node: uint8(f.old), gen: old.conn})
	}
	n := &e.nodes[f.candidate]
	n.safe = des.Forever
	n.replayPaused = false
	e.write(f.candidate)
	e.pump(f.candidate)
	e.promoteIfReady()
}

// promoteIfReady opens the candidate once it has replayed all that it received.
func (e *engine) promoteIfReady() {
	f := e.failing
	n := &e.nodes[f.candidate]
	if f.fenced == 0 || f.ready || n.applied < n.received {
		return
	}
	f.ready = true
	took := e.now - f.fenced + e.law.promote.next(e.random[forFailover])
	if grain := int64(e.c.Failover.Grain); grain > 0 {
		took = (took + grain - 1) / grain * grain
	}
	e.push(f.fenced+took, event{gen: e.watch, kind: evPromote})
}

func (e *engine) promote(f *failover) {
	old := e.current
	n := &e.nodes[f.candidate]
	f.promoted = e.now
	e.reign(f.candidate, n.received)
	e.tell(f.candidate, "is the new primary", n.written)
	e.outage(Outage{
		At: des.Seconds(f.start), Old: f.old, New: f.candidate, Detect: des.Seconds(f.detected - f.start),
		Decide: des.Seconds(f.decided - f.detected), Fence: des.Seconds(f.fenced - f.decided), Promote: des.Seconds(e.now - f.fenced),
	}, old)
	was := &e.nodes[f.old]
	if !was.alive || !e.reigns[old].open {
		e.settle(old)
	}
	if e.cut>>f.old&1 == 0 && was.alive && was.pausedUntil <= e.now {
		e.stepDown(f.old)
	} else if !was.alive {
		was.leads = -1
	}
	e.gather()
	e.push(e.now+e.law.reroute.next(e.random[forFailover]), event{gen: e.watch, kind: evReroute})
}

// reroute is when the clients know the new primary.
func (e *engine) reroute(f *failover) {
	e.target[0] = f.candidate
	old := &e.nodes[f.old]
	if !(e.cut>>f.old&1 != 0 && e.nearCut && old.alive && old.leads >= 0 && e.reigns[old.leads].open) {
		e.target[1] = f.candidate
	}
	for id := range e.current {
		e.abandon(id, !e.reigns[id].open)
	}
	e.endOutage()
}

// endOutage closes the account of a promotion.
func (e *engine) endOutage() {
	f := e.failing
	if f == nil || f.promoted == 0 {
		return
	}
	o := &e.r.Outages[len(e.r.Outages)-1]
	o.Reroute = des.Seconds(e.now - f.promoted)
	o.Total += o.Reroute
	e.failing = nil
	e.waiting = ""
}
