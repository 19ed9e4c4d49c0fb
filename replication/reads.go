package replication

import "cloudconcepts/internal/des"

// token is a read that waits on a replica for a write.
type token struct {
	ev   event
	live bool
	gen  uint32
}

// read is a client that asks for the row of its last write.
func (e *engine) read(ev event) {
	ev.from = e.now
	if e.c.Reads.Policy == Quorum {
		e.readQuorum(ev)
		return
	}
	to := e.choose(ev)
	if to < 0 {
		e.readFails(ev)
		return
	}
	ev.node = uint8(to)
	d := e.law.leg[to].next(e.random[forLegs])
	if e.c.Reads.Policy == ReadIndex {
		round := e.confirm(to)
		if round < 0 {
			e.readFails(ev)
			return
		}
		d += round
	}
	if d == 0 {
		e.readAt(ev)
		return
	}
	ev.kind = evReadAt
	e.push(e.now+d, ev)
}

func (e *engine) readFails(ev event) {
	if e.now >= e.warm {
		e.r.ReadsFailed++
	}
	e.afterRead(ev, 0)
}

// choose is the member that a read goes to, or -1.
func (e *engine) choose(ev event) int {
	c := ev.arg
	primary := e.target[e.side(c)]
	if primary >= 0 && (!e.reaches(c, primary) || !e.nodes[primary].alive) {
		primary = -1
	}
	switch e.c.Reads.Policy {
	case AnyReplica, TokenWait:
		return e.replica(c, des.Forever)
	case Nearest:
		return e.nearest(c)
	case Sticky:
		return e.sticky(c)
	case PrimaryWindow:
		if e.now-e.clients[c].wroteAt < int64(e.c.Reads.Window) {
			return primary
		}
		return e.replica(c, des.Forever)
	case MaxLag:
		if to := e.replica(c, int64(e.c.Reads.MaxLag)); to >= 0 {
			return to
		}
	case Lease:
		if primary >= 0 && (e.nodes[primary].leads < 0 || !e.reigns[e.nodes[primary].leads].open) {
			return -1
		}
	}
	return primary
}

// replica draws one of the members that are not the primary, answer, and are not too far behind.
func (e *engine) replica(c int32, mostLag int64) int {
	var fit [mostReplicas + 1]uint8
	found := 0
	draw := e.random[forReads].Float64()
	for i := range e.nodes {
		n := &e.nodes[i]
		if n.leads >= 0 || !n.alive || n.pausedUntil > e.now || !e.reaches(c, i) {
			continue
		}
		if mostLag == des.Forever || e.behind(n) <= mostLag {
			fit[found] = uint8(i)
			found++
		}
	}
	if found == 0 {
		return -1
	}
	return int(fit[int(draw*float64(found))])
}

// sticky is a client's own replica, or the next one that answers.
func (e *engine) sticky(c int32) int {
	for k := range e.nodes {
		i := (1 + int(c)%max(len(e.nodes)-1, 1) + k) % len(e.nodes)
		n := &e.nodes[i]
		if n.leads < 0 && n.alive && n.pausedUntil <= e.now && e.reaches(c, i) {
			return i
		}
	}
	return -1
}

// nearest is the member with the shortest mean way, replicas first.
func (e *engine) nearest(c int32) int {
	best, least := -1, 0.0
	for k := range e.nodes {
		i := (k + 1) % len(e.nodes)
		if !e.nodes[i].alive || !e.reaches(c, i) {
			continue
		}
		if mean := pick(e.c.Reads.Leg, i).Mean(); best < 0 || mean < least {
			best, least = i, mean
		}
	}
	return best
}

// behind is a node's true lag: the age of the oldest commit of the newest reign that it does not show.
func (e *engine) behind(n *node) int64 {
	r := e.reigns[e.current]
	lsn := e.shared(n, e.current) + 1
	for ; lsn <= r.last; lsn++ {
		if lsn < r.base {
			return des.Forever
		}
		if rec := r.at(lsn); rec.kind != slice {
			if rec.commit < 0 {
				return 0
			}
			return e.now - rec.commit
		}
	}
	return 0
}

// confirm draws how long a primary takes to hear from a majority, -1 if it cannot.
func (e *engine) confirm(leader int) int64 {
	var rounds [mostReplicas + 1]int64
	found := 0
	for i := range e.nodes {
		n := &e.nodes[i]
		if i == leader || !n.alive || e.severed(i, leader) || n.pausedUntil > e.now || e.contradicts(i, leader) {
			continue
		}
		rng := e.random[forLegs]
		rounds[found] = -e.scaled(e.law.delay[i].next(rng), n, leader) - e.scaled(e.law.back[i].next(rng), n, leader)
		found++
	}
	need := len(e.nodes) / 2
	if need == 0 {
		return 0
	}
	if found < need {
		return -1
	}
	return -largest(rounds[:found], need)
}

// contradicts tells whether a node knows a newer primary than this one.
func (e *engine) contradicts(i, leader int) bool {
	n := &e.nodes[i]
	return n.leads > e.nodes[leader].leads || n.follows > e.nodes[leader].leads
}

// readAt is a read that has reached its member.
func (e *engine) readAt(ev event) {
	n := &e.nodes[ev.node]
	if !n.alive {
		e.readFails(ev)
		return
	}
	if n.pausedUntil > e.now {
		e.push(n.pausedUntil, ev)
		return
	}
	lsn, reign := ev.lsn&(1<<keyShift-1), int(ev.gen>>16)
	if e.c.Reads.Policy == TokenWait && n.leads < 0 && !e.holds(n, reign, lsn) {
		e.park(ev)
		return
	}
	e.answerRead(ev, n)
}

func (e *engine) answerRead(ev event, n *node) {
	back := e.law.leg[n.id].next(e.random[forLegs])
	if e.now >= e.warm {
		e.r.read.Add(e.now + back - ev.from)
		e.observe(ev, n)
	}
	e.afterRead(ev, back)
}

// readQuorum asks several members drawn at random; the newest answer counts, at the time of the read.
func (e *engine) readQuorum(ev event) {
	var fit [mostReplicas + 1]uint8
	found := 0
	for i := range e.nodes {
		if n := &e.nodes[i]; n.alive && n.pausedUntil <= e.now && e.reaches(ev.arg, i) {
			fit[found] = uint8(i)
			found++
		}
	}
	need := e.c.Reads.Quorum
	if found < need {
		e.readFails(ev)
		return
	}
	best, slowest := -1, int64(0)
	for k := range need {
		j := k + e.random[forReads].IntN(found-k)
		fit[k], fit[j] = fit[j], fit[k]
		i := int(fit[k])
		leg := &e.law.leg[i]
		slowest = max(slowest, leg.next(e.random[forLegs])+leg.next(e.random[forLegs]))
		if best < 0 || e.newer(i, best) {
			best = i
		}
	}
	if e.now >= e.warm {
		e.r.read.Add(slowest)
		e.observe(ev, &e.nodes[best])
	}
	e.afterRead(ev, slowest)
}

func (e *engine) newer(a, b int) bool {
	x, y := &e.nodes[a], &e.nodes[b]
	return x.follows > y.follows || x.follows == y.follows && x.applied > y.applied
}

// park lets a read wait on a replica.
func (e *engine) park(ev event) {
	var slot int32
	if last := len(e.free) - 1; last >= 0 {
		slot = e.free[last]
		e.free = e.free[:last]
	} else {
		slot = int32(len(e.tokens))
		e.tokens = append(e.tokens, token{})
	}
	t := &e.tokens[slot]
	t.ev, t.live = ev, true
	t.gen++
	e.push(e.now+int64(e.c.Reads.Timeout), event{arg: slot, gen: t.gen, kind: evToken})
}

func (e *engine) unpark(slot int32) event {
	e.tokens[slot].live = false
	e.free = append(e.free, slot)
	return e.tokens[slot].ev
}

// wake answers the reads for which a replica has now replayed enough.
func (e *engine) wake(i int) {
	n := &e.nodes[i]
	for slot := range e.tokens {
		t := &e.tokens[slot]
		if t.live && int(t.ev.node) == i && e.holds(n, int(t.ev.gen>>16), t.ev.lsn&(1<<keyShift-1)) {
			e.answerRead(e.unpark(int32(slot)), n)
		}
	}
}

// tokenTimeout sends a waiting read to the primary.
func (e *engine) tokenTimeout(ev event) {
	t := &e.tokens[ev.arg]
	if !t.live || t.gen != ev.gen {
		return
	}
	read := e.unpark(ev.arg)
	if e.now >= e.warm {
		e.r.TokenTimeouts++
	}
	to := e.target[e.side(read.arg)]
	if to < 0 || !e.nodes[to].alive || !e.reaches(read.arg, to) {
		e.readFails(read)
		return
	}
	read.node, read.kind = uint8(to), evReadAt
	leg := e.law.leg[to].next(e.random[forLegs])
	e.push(e.now+leg, read)
}
