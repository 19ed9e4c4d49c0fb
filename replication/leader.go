package replication

import "cloudconcepts/internal/des"

// append adds a record to a primary's log.
func (e *engine) append(id int, rec record, size int64) {
	r := e.reigns[id]
	n := &e.nodes[r.leader]
	r.bytes += size
	r.last++
	rec.bytes, rec.added, rec.acked, rec.commit = r.bytes, e.now, -1, -1
	r.log.PushBack(rec)
	n.received, n.written, n.applied, n.started = r.last, r.last, r.last, r.last
	if rec.kind == rowWrite {
		e.r.Writes++
	}
	if r.last&1023 == 0 {
		e.trim(id, r)
	}
	switch {
	case e.c.Mode.parallel():
		if rec.level >= 0 {
			r.waiting[rec.level].PushBack(r.last)
		} else {
			r.at(r.last).commit = e.now
		}
		e.send(r, id, r.last)
	case e.c.Mode == Off:
		r.at(r.last).commit = e.now
		e.ack(id, r, r.last)
		e.tick(r.leader, n)
		return
	}
	e.flush(r.leader)
}

// tick wakes the log writer of mode off at the next multiple of its delay.
func (e *engine) tick(i int, n *node) {
	if n.ticking {
		return
	}
	n.ticking = true
	every := int64(e.c.Pipeline.WriterDelay)
	e.push((e.now/every+1)*every, event{gen: n.life, kind: evTick, node: uint8(i)})
}

// leaderFlushed commits what a flush has made durable and sends it.
func (e *engine) leaderFlushed(n *node, old int64) {
	id := n.leads
	r := e.reigns[id]
	if !e.c.Mode.parallel() {
		upto := n.flushed
		e.send(r, id, upto)
		for lsn := old + 1; lsn <= upto && n.leads == id; lsn++ {
			e.commit(id, r, lsn)
		}
	}
	e.release(r)
	if e.c.Mode == Off {
		if n.written > n.flushed {
			e.tick(r.leader, n)
		}
		return
	}
	e.flush(r.leader)
}

// commit is the local commit of one record: acknowledge it or let it wait.
func (e *engine) commit(id int, r *reign, lsn int64) {
	rec := r.at(lsn)
	if rec.commit < 0 {
		rec.commit = e.now
	}
	if rec.acked >= 0 {
		return
	}
	if rec.level < 0 || r.async {
		e.ack(id, r, lsn)
		return
	}
	r.waiting[rec.level].PushBack(lsn)
	if !e.c.Mode.semisync() {
		return
	}
	if e.c.Mode.visibleEarly() {
		e.visible(r, rec, lsn)
	}
	if !r.timer {
		r.timer = true
		e.push(e.now+int64(e.c.FallBack), event{gen: uint32(id), kind: evSemi})
	}
}

// release acknowledges the waiting commits for which enough standbys have answered.
func (e *engine) release(r *reign) {
	if !r.open {
		return
	}
	for level := range r.waiting {
		w := &r.waiting[level]
		if w.Len() == 0 {
			continue
		}
		if to := e.agreed(r, level); to > r.released[level] {
			r.released[level] = to
			if e.c.Mode == Majority {
				e.notice(r, to)
			}
		}
		for w.Len() > 0 && *w.Front() <= r.released[level] && r.open {
			lsn := w.PopFront()
			rec := r.at(lsn)
			if rec.commit < 0 {
				rec.commit = e.now
			}
			e.ack(e.nodes[r.leader].leads, r, lsn)
		}
	}
}

// notice tells the followers what is committed.
func (e *engine) notice(r *reign, to int64) {
	for i := range e.nodes {
		n := &e.nodes[i]
		if !n.connected || i == r.leader || e.reigns[n.follows] != r {
			continue
		}
		d := e.scaled(e.law.delay[i].next(n.delays), n, r.leader)
		n.arrives = max(n.arrives, min(e.departure(i, r.leader)+d, des.Forever))
		e.push(n.arrives, event{lsn: to, gen: n.conn, kind: evNotice, node: uint8(i)})
	}
}

// agreed is the position that enough members have reached, -1 if too few are connected.
func (e *engine) agreed(r *reign, level int) int64 {
	switch e.c.Mode {
	case InSync:
		return e.inSyncPosition(r)
	case Majority:
		return e.majorityPosition(r)
	}
	a := &e.c.Acks
	var top [mostReplicas + 1]int64
	found := 0
	for i := range e.nodes {
		n := &e.nodes[i]
		if !n.connected || i == r.leader || e.reigns[n.follows] != r || !a.listed(i) {
			continue
		}
		top[found] = n.known[level]
		found++
		if a.Rule == First && found == a.K {
			break
		}
	}
	if found < a.K {
		return -1
	}
	return largest(top[:found], a.K)
}

// largest is the k-th largest; it reorders the slice.
func largest(x []int64, k int) int64 {
	for i := range k {
		for j := i + 1; j < len(x); j++ {
			if x[j] > x[i] {
				x[i], x[j] = x[j], x[i]
			}
		}
	}
	return x[k-1]
}

func (e *engine) majorityPosition(r *reign) int64 {
	var all [mostReplicas + 1]int64
	id := e.nodes[r.leader].leads
	for i := range e.nodes {
		n := &e.nodes[i]
		switch {
		case i == r.leader:
			all[i] = n.flushed
		case n.follows == id:
			all[i] = n.known[flushed]
		}
	}
	return largest(all[:len(e.nodes)], len(e.nodes)/2+1)
}

func (e *engine) inSyncPosition(r *reign) int64 {
	least := e.nodes[r.leader].flushed
	for i := range e.nodes {
		if r.insync>>i&1 != 0 && i != r.leader {
			least = min(least, e.nodes[i].known[written])
		}
	}
	return least
}

// trim forgets the records that everybody has and nobody waits for.
func (e *engine) trim(id int, r *reign) {
	least := min(r.last-1, e.nodes[r.leader].flushed)
	for i := range e.nodes {
		n := &e.nodes[i]
		if n.gone || i == r.leader {
			continue
		}
		least = min(least, e.shared(n, id), n.next-1)
		if n.connected {
			least = min(least, n.known[applied])
		}
	}
	for level := range r.waiting {
		if r.waiting[level].Len() > 0 {
			least = min(least, *r.waiting[level].Front()-1)
		}
	}
	for r.base <= least-1 {
		r.before = r.log.PopFront().bytes
		r.base++
	}
}

// shared is how much of what a node has replayed belongs to a reign's log.
func (e *engine) shared(n *node, id int) int64 {
	upto := n.applied
	for at := n.follows; at != id; {
		if at > id {
			upto = min(upto, e.reigns[at].fork)
			at = e.reigns[at].parent
			continue
		}
		upto = min(upto, e.reigns[id].fork)
		id = e.reigns[id].parent
	}
	return upto
}

// holds tells whether a node shows a write.
func (e *engine) holds(n *node, id int, lsn int64) bool {
	return lsn == 0 || e.contains(n.follows, n.applied, id, lsn)
}

// contains tells whether a prefix of one reign's log contains a record of another's.
func (e *engine) contains(branch int, upto int64, id int, lsn int64) bool {
	for branch != id {
		if branch > id {
			upto = min(upto, e.reigns[branch].fork)
			branch = e.reigns[branch].parent
			continue
		}
		if lsn > e.reigns[id].fork {
			return false
		}
		id = e.reigns[id].parent
	}
	return lsn <= upto
}
