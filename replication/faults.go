package replication

import (
	"time"

	"cloudconcepts/internal/des"
)

// tell adds a line to the transcript.
func (e *engine) tell(i int, what string, lsn int64) {
	if len(e.r.Transcript) < e.c.Transcript {
		e.r.Transcript = append(e.r.Transcript, Occurrence{time.Duration(e.now), i, what, e.current, lsn})
	}
}

func (e *engine) leader() *node { return &e.nodes[e.reigns[e.current].leader] }

// begin starts a fault.
func (e *engine) begin(index int) {
	f := &e.c.Faults[index]
	until := int64(des.Forever)
	if f.For > 0 {
		until = e.now + int64(f.For)
		e.push(until, event{arg: int32(index), kind: evEnd})
	}
	if f.Kind.cuts() {
		e.isolate(f, until)
		return
	}
	for _, i := range f.Nodes {
		e.strike(i, f, until)
	}
}

func (e *engine) strike(i int, f *Fault, until int64) {
	n := &e.nodes[i]
	e.tell(i, f.Kind.String(), n.written)
	switch f.Kind {
	case SlowLink:
		n.linkFactor = f.Factor
	case SlowApply:
		n.applyFactor = f.Factor
	case Clock:
		n.clock = f.Factor
	case PauseReplay:
		n.replayPaused = true
	case Pause:
		n.pausedUntil = until
		e.leaderLost(i)
	default:
		n.gone = f.For == 0
		e.crash(i, f.Kind)
		e.leaderLost(i)
	}
}

// isolate cuts nodes off from the others, from the far clients and from the observer.
func (e *engine) isolate(f *Fault, until int64) {
	e.cut, e.cutUntil = bits(f.Nodes), until
	e.cutGen++
	leader := e.reigns[e.current].leader
	e.nearCut = e.cut>>leader&1 != 0
	for _, i := range f.Nodes {
		e.tell(i, f.Kind.String(), e.nodes[i].written)
	}
	if f.Kind == Disconnect {
		e.giveUp(e.cutGen)
	} else if t := e.c.Pipeline.ConnectionTimeout; t > 0 {
		e.push(e.now+int64(t), event{gen: e.cutGen, kind: evTimeout})
	}
	if e.nearCut {
		e.leaderLost(leader)
	}
}

// giveUp closes the connections across a cut.
func (e *engine) giveUp(gen uint32) {
	if gen != e.cutGen || e.cut == 0 {
		return
	}
	for i := range e.nodes {
		n := &e.nodes[i]
		if leader := e.reigns[n.follows].leader; n.connected && e.severed(i, leader) {
			e.drop(i, false)
			e.tell(i, "is disconnected", n.written)
		}
	}
	for _, r := range e.reigns {
		e.release(r)
	}
}

// crash stops a node.
func (e *engine) crash(i int, kind FaultKind) {
	n := &e.nodes[i]
	n.alive = false
	e.halt(n)
	n.pausedUntil = 0
	e.drop(i, false)
	if n.leads >= 0 {
		for j := range e.nodes {
			if f := &e.nodes[j]; f.connected && f.follows == n.leads {
				e.drop(j, kind == CrashProcess)
			}
		}
		e.closeReign(n.leads)
	}
	switch {
	case kind == CrashDisk:
		n.received, n.written, n.flushed, n.applied = 0, 0, 0, 0
		clear(n.keys)
	case n.leads >= 0:
		n.written = n.flushed
	case kind == Crash:
		n.written = n.flushed
	}
	n.flushed = n.written
	n.received, n.applied = n.written, min(n.applied, n.written)
	n.started = n.applied
	if f := e.failing; f != nil && f.candidate == i && f.promoted == 0 {
		f.candidate, f.ready = -1, false
		e.push(e.now+e.detection(), event{gen: e.watch, kind: evDecide})
	}
}

// halt forgets what a node was doing.
func (e *engine) halt(n *node) {
	n.life++
	n.busy, n.ticking, n.barrier, n.running = false, false, false, 0
	n.started = n.applied
	n.receipts.Clear()
}

// over ends a fault.
func (e *engine) over(index int) {
	f := &e.c.Faults[index]
	if f.Kind.cuts() {
		e.heal()
		return
	}
	for _, i := range f.Nodes {
		n := &e.nodes[i]
		e.tell(i, "end of "+f.Kind.String(), n.written)
		switch f.Kind {
		case SlowLink:
			n.linkFactor = 1
		case SlowApply:
			n.applyFactor = 1
		case Clock:
			n.clock = 1
		case PauseReplay:
			n.replayPaused = false
			e.watchBacklog(n)
			e.pump(i)
		case Pause:
			e.resume(i)
		default:
			e.restart(i, f.Kind)
		}
	}
}

// watchBacklog measures how long a standby takes to catch up from now on.
func (e *engine) watchBacklog(n *node) {
	n.catching, n.peak = e.now, 0
	n.reach = e.leader().flushed
}

// resume is the end of a pause.
func (e *engine) resume(i int) {
	n := &e.nodes[i]
	if !n.alive {
		return
	}
	n.pausedUntil = 0
	switch {
	case n.leads < 0:
		e.watchBacklog(n)
		e.write(i)
		e.pump(i)
	case n.leads == e.current:
		e.leaderBack(i)
	case e.c.Failover.Fencing == NoFencing:
		e.push(e.now+e.detection(), event{kind: evLease, gen: ^uint32(0), node: uint8(i)})
	default:
		e.stepDown(i)
		e.join(i)
	}
}

// restart brings a crashed node back.
func (e *engine) restart(i int, kind FaultKind) {
	n := &e.nodes[i]
	if n.alive {
		return
	}
	n.alive = true
	current := e.reigns[e.current].leader == i
	if current && kind != CrashDisk && (e.failing == nil || e.failing.candidate < 0) {
		e.recover(i)
		return
	}
	if !current && n.leads >= 0 {
		n.leads = -1
	}
	if current {
		return // a failover has begun, or there is no log to recover: it joins the new primary
	}
	e.join(i)
}

// recover opens a primary again after a crash: what it has flushed counts as committed.
func (e *engine) recover(i int) {
	n := &e.nodes[i]
	keep := n.written
	if e.c.Mode == Majority {
		for j := range e.nodes {
			if f := &e.nodes[j]; f.alive && f.follows == n.leads {
				keep = max(keep, f.written)
			}
		}
	}
	old := e.current
	e.reign(i, keep)
	e.tell(i, "is the primary again", keep)
	if f := e.failing; f != nil {
		e.outage(Outage{At: des.Seconds(f.start), Old: i, New: i, Restart: des.Seconds(e.now - f.start)}, old)
		e.failing = nil
		e.watch++
	}
	e.settle(old)
	e.gather()
}

// heal ends a cut.
func (e *engine) heal() {
	cut := e.cut
	e.cut = 0
	e.cutGen++
	current := e.reigns[e.current].leader
	e.tell(current, "the network is whole again", 0)
	if cut>>current&1 != 0 && e.failing != nil && e.nodes[current].alive {
		e.leaderBack(current)
	}
	for i := range e.nodes {
		n := &e.nodes[i]
		if i == current || !n.alive {
			continue
		}
		if n.leads >= 0 && n.leads != e.current {
			e.stepDown(i)
		}
		if n.connected && n.follows == e.current {
			e.watchBacklog(n)
			continue
		}
		e.join(i)
	}
	if e.failing == nil || e.failing.promoted == 0 {
		e.target = [2]int{current, current}
	}
}

// leaderBack ends an outage in which the primary was only out of reach.
func (e *engine) leaderBack(i int) {
	r := e.reigns[e.current]
	if f := e.failing; f != nil {
		if f.candidate >= 0 {
			return // the failover goes on
		}
		e.outage(Outage{At: des.Seconds(f.start), Old: i, New: i, Restart: des.Seconds(e.now - f.start)}, -1)
	}
	e.failing = nil
	e.watch++
	if e.nodes[i].pausedUntil > e.now {
		e.leaderLost(i)
		return
	}
	e.tell(i, "is in reach again", 0)
	if !r.open {
		r.open = true
		e.release(r)
	}
	e.gather()
}

// gather lets all standbys without a connection connect to the newest primary.
func (e *engine) gather() {
	for i := range e.nodes {
		if n := &e.nodes[i]; n.alive && n.leads < 0 && !(n.connected && n.follows == e.current) {
			e.join(i)
		}
	}
}
