package replication

import "cloudconcepts/internal/des"

// pump gives records to idle appliers.
func (e *engine) pump(i int) {
	n := &e.nodes[i]
	if n.leads >= 0 || !n.alive {
		return
	}
	before := n.applied
	for e.startNext(i, n) {
	}
	if n.applied > before {
		e.afterReplay(i, n)
	}
}

// startNext starts the replay of the next record, and tells whether it could.
func (e *engine) startNext(i int, n *node) bool {
	lsn := n.started + 1
	if lsn > min(n.flushed, n.safe) || n.replayPaused || n.barrier || n.pausedUntil > e.now || n.running >= e.c.Pipeline.Workers {
		return false
	}
	rec := e.reigns[n.follows].at(lsn)
	if n.running > 0 && e.dependsOnRunning(n, lsn, rec) {
		return false
	}
	n.started = lsn
	d := e.cost(n, rec, lsn)
	if d == 0 && n.running == 0 {
		e.visibleAt(n, rec, lsn)
		return true
	}
	n.running++
	n.barrier = rec.kind == schema
	n.done[lsn&63] = false
	e.push(e.now+d, event{lsn: lsn, gen: n.life, kind: evApply, node: uint8(i)})
	return true
}

func (e *engine) dependsOnRunning(n *node, lsn int64, rec *record) bool {
	if rec.kind == schema {
		return true
	}
	if n.drawn != lsn {
		n.drawn = lsn
		share := e.c.Pipeline.Conflicts
		n.dependent = share > 0 && n.conflict.Float64() < share
	}
	if n.dependent {
		return true
	}
	if len(n.keys) == 0 || rec.kind != rowWrite {
		return false
	}
	r := e.reigns[n.follows]
	for other := n.applied + 1; other < lsn; other++ {
		if o := r.at(other); o.kind == rowWrite && o.key == rec.key {
			return true
		}
	}
	return false
}

// cost draws how long the replay of a record takes.
func (e *engine) cost(n *node, rec *record, lsn int64) int64 {
	d := rec.cost
	if rec.kind == rowWrite || rec.kind == heartbeat {
		d = e.law.apply.next(n.apply)
	}
	p := &e.c.Pipeline
	if f := n.applyFactor / (1 - p.ReadLoad); f != 1 {
		d = int64(min(float64(d)*f, des.Forever))
	}
	if p.QueryConflicts == 0 {
		return d
	}
	for n.receipts.Len() > 1 && n.receipts.Front().lsn < lsn {
		n.receipts.PopFront()
	}
	if n.conflict.Float64() >= p.QueryConflicts {
		return d
	}
	left := int64(p.QueryPatience)
	if n.receipts.Len() > 0 {
		left += n.receipts.Front().at - e.now
	}
	query := e.law.query.next(n.conflict)
	if query > left {
		e.r.CancelledQueries++
		query = max(left, 0)
	}
	return min(d+query, des.Forever)
}

// replayDone is the end of one record's replay; commits are in order.
func (e *engine) replayDone(i int, lsn int64) {
	n := &e.nodes[i]
	n.done[lsn&63] = true
	r := e.reigns[n.follows]
	before := n.applied
	for n.running > 0 && n.done[(n.applied+1)&63] {
		next := n.applied + 1
		n.done[next&63] = false
		n.running--
		rec := r.at(next)
		if rec.kind == schema {
			n.barrier = false
		}
		e.visibleAt(n, rec, next)
	}
	for e.startNext(i, n) {
	}
	if n.applied > before {
		e.afterReplay(i, n)
	}
}

// visibleAt makes one record readable on a standby.
func (e *engine) visibleAt(n *node, rec *record, lsn int64) {
	n.applied = lsn
	lag := int64(0)
	if rec.commit >= 0 {
		lag = e.now - rec.commit
	}
	switch rec.kind {
	case heartbeat:
		n.beat = rec.added
		return
	case slice:
		return
	case rowWrite:
		if len(n.keys) > 0 {
			n.keys[rec.key] = lsn
		}
		if e.now >= e.warm {
			e.r.lag.Add(lag)
		}
	}
	n.replayed = max(rec.commit, 0)
	n.peak = max(n.peak, lag)
}

// afterReplay is what follows when a standby shows more than before.
func (e *engine) afterReplay(i int, n *node) {
	if e.c.Mode == RemoteApply {
		e.answer(i)
	}
	if len(e.tokens) > len(e.free) {
		e.wake(i)
	}
	if n.catching >= 0 && n.applied >= e.nodes[e.reigns[n.follows].leader].flushed && n.follows == e.current {
		e.r.Backlogs = append(e.r.Backlogs, Backlog{
			Node: i, From: des.Seconds(n.catching), Took: des.Seconds(e.now - n.catching), Peak: des.Seconds(n.peak),
		})
		n.catching = -1
	}
	if e.failing != nil && e.failing.candidate == i {
		e.promoteIfReady()
	}
}
