package replication

import (
	mathbits "math/bits"

	"cloudconcepts/internal/des"
)

// join lets a node follow the newest primary after the time that this takes.
func (e *engine) join(i int) {
	n := &e.nodes[i]
	r := e.reigns[e.current]
	if i == r.leader || !n.alive || !e.nodes[r.leader].alive || e.severed(i, r.leader) {
		return
	}
	e.drop(i, false)
	d := e.law.reconnect.next(e.random[forFailover])
	if n.written > e.sharedLog(n, n.written) {
		d += e.law.rejoin.next(e.random[forFailover])
	}
	e.push(e.now+d, event{gen: n.conn, kind: evConnect, node: uint8(i)})
}

// sharedLog is how much of a node's log, up to a position, is the newest reign's.
func (e *engine) sharedLog(n *node, upto int64) int64 {
	was := n.applied
	n.applied = upto
	p := e.shared(n, e.current)
	n.applied = was
	return p
}

// connect starts the stream to a standby: what its log has and the primary's has not is cut off first.
func (e *engine) connect(i int) {
	n := &e.nodes[i]
	r := e.reigns[e.current]
	leader := &e.nodes[r.leader]
	if i == r.leader || !n.alive || !leader.alive || e.severed(i, r.leader) {
		return
	}
	keep := e.sharedLog(n, n.written)
	if keep < n.written {
		e.tell(i, "cuts its log off", keep)
	}
	e.halt(n)
	if n.applied > keep && len(n.keys) > 0 {
		copy(n.keys, leader.forked)
	}
	n.written, n.flushed, n.received, n.applied = keep, keep, keep, min(n.applied, keep)
	if keep < r.base-1 || n.applied < r.base-1 {
		e.seed(n, leader)
	}
	n.started, n.follows, n.leads = n.applied, e.current, -1
	n.safe = safeAtFirst(e.c)
	if e.c.Mode == Majority {
		n.safe = r.released[flushed]
	}
	n.connected = true
	n.conn++
	n.replies.Clear()
	n.next, n.free, n.arrives, n.returns = n.written+1, e.now, e.now, e.now
	n.known = positionsOf{n.written, n.flushed, n.applied}
	n.lags = [positions]int64{-1, -1, -1}
	n.caughtUp, n.reach = e.now, leader.flushed
	e.tell(i, "streams", n.written)
	e.watchBacklog(n)
	e.pump(i)
	upto := leader.flushed
	if e.c.Mode.parallel() {
		upto = r.last
	}
	if n.next <= upto {
		e.sendTo(i, r, upto)
	} else {
		e.afterReplay(i, n)
	}
	e.answer(i)
}

// seed copies the primary to a node that has lost its log or is too far behind.
func (e *engine) seed(n, leader *node) {
	at := leader.flushed
	n.written, n.flushed, n.received, n.applied = at, at, at, at
	copy(n.keys, leader.keys)
}

// rejoined brings a node back that had been switched off.
func (e *engine) rejoined(i int) {
	n := &e.nodes[i]
	if n.alive {
		return
	}
	n.alive = true
	if n.leads >= 0 && n.leads != e.current {
		n.leads = -1
	}
	e.join(i)
}

func members(set uint32) int { return mathbits.OnesCount32(set) }

// keepUp follows when a follower was last caught up: it still was when the first record that it lacks was added.
func (e *engine) keepUp(i int, n *node, r *reign) {
	n.caughtUp = e.now
	if next := n.known[written] + 1; next >= r.base && next <= r.last {
		n.caughtUp = r.at(next).added
	}
	if r.insync>>i&1 == 0 && n.known[written] >= max(r.released[written], r.fork) && n.known[written] >= e.inSyncPosition(r) {
		r.insync |= 1 << i
		e.tell(i, "joins the in-sync set", n.known[written])
	}
}

// checkSet removes the followers that were not caught up for too long.
func (e *engine) checkSet() {
	e.push(e.now+max(int64(e.c.LagTimeMax)/2, 1), event{kind: evSet})
	id := e.writable()
	if id < 0 {
		return
	}
	r := e.reigns[id]
	for i := range e.nodes {
		n := &e.nodes[i]
		if r.insync>>i&1 == 0 || i == r.leader {
			continue
		}
		if n.known[written] >= r.last && n.connected && !e.severed(i, r.leader) {
			n.caughtUp = e.now
			continue
		}
		if e.now-n.caughtUp > int64(e.c.LagTimeMax) {
			r.insync &^= 1 << i
			e.tell(i, "leaves the in-sync set", n.known[written])
		}
	}
	e.release(r)
}

// sample adds one row per replica to the series.
func (e *engine) sample() {
	r := e.reigns[e.current]
	leader := &e.nodes[r.leader]
	for i := range e.nodes {
		n := &e.nodes[i]
		if i == 0 && n.leads == 0 || len(e.r.Rows) >= mostRows {
			continue
		}
		have := e.shared(n, e.current)
		s := Row{
			At: des.Seconds(e.now), Node: i, Lag: null(), Records: r.last - have, Bytes: r.bytes - r.bytesAt(have),
			WriteLag: reading(n.lags[written]), FlushLag: reading(n.lags[flushed]), ReplayLag: reading(n.lags[applied]),
			Timestamp: null(), Behind: e.secondsBehind(n), Heartbeat: null(),
			Sent: n.next - 1, Written: n.written, Flushed: n.flushed, Replayed: n.applied,
			Acked: e.r.Acked, Async: r.async, Primary: r.leader,
		}
		if n.alive && n.leads < 0 && leader.leads >= 0 {
			s.Lag = reading(e.behind(n))
		}
		if n.replayed >= 0 {
			s.Timestamp = reading(e.now - n.replayed)
		}
		if e.c.Workload.Heartbeat > 0 {
			s.Heartbeat = reading(e.now - n.beat)
		}
		e.r.Rows = append(e.r.Rows, s)
	}
}

// secondsBehind is what MySQL shows: the age in whole seconds of the write being replayed, 0 if all received is replayed.
func (e *engine) secondsBehind(n *node) Reading {
	r := e.reigns[n.follows]
	if n.replayPaused || !n.alive || n.leads >= 0 || !n.connected {
		return null()
	}
	next := n.applied + 1
	if next > n.written || next < r.base || next > r.last {
		return 0
	}
	return Reading(float64((e.now - r.at(next).added) / 1e9))
}
