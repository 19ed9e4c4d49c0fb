package replication

import "cloudconcepts/internal/des"

// client is one client or session.
type client struct {
	wrote   place // its newest acknowledged write
	wroteAt int64
	seen    place // the version of seenKey that it has read
	seenKey int64
	busy    int32  // session: the reign that its write was sent to, -1 = none
	attempt uint32 // session: the number of its write; answers to earlier ones do not count
	waits   int64  // session: the position of its write, 0 = not in the log yet
}

// place is a position in a reign's log.
type place struct {
	lsn   int64
	reign int32
}

// untold marks a commit whose acknowledgement could not reach the client.
const untold = -2

const keyShift = 42 // of a row in an event that also carries a position

func (e *engine) nextArrival() {
	if e.rate > 0 {
		gap := des.Nanoseconds(e.random[forArrivals].ExpFloat64() / e.rate)
		e.push(e.now+gap, event{gen: e.arrivals, kind: evArrival})
	}
}

// arrival is a write of the Poisson process.
func (e *engine) arrival(ev event) {
	if ev.gen != e.arrivals || e.issued >= e.c.MaxWrites {
		return
	}
	c := int32(0)
	if len(e.clients) > 1 {
		c = int32(e.random[forClients].IntN(len(e.clients)))
	}
	e.submit(c)
	e.nextArrival()
}

// issue is a session's next write.
func (e *engine) issue(c int32, attempt uint32) {
	if e.issued < e.c.MaxWrites && e.clients[c].attempt == attempt {
		e.submit(c)
	}
}

// side is 1 for the clients that are near the primary when a partition cuts it off.
func (e *engine) side(c int32) int { return btoi(int(c) < e.near) }

// reaches tells whether a client and a node are connected: near clients are with a primary that is cut off.
func (e *engine) reaches(c int32, i int) bool {
	return e.cut == 0 || (e.nearCut && e.side(c) == 1) == (e.cut>>i&1 != 0)
}

func (e *engine) submit(c int32) {
	e.issued++
	s := &e.clients[c]
	s.attempt++
	to := e.target[e.side(c)]
	if to < 0 || !e.reaches(c, to) {
		e.fail(c, s.attempt)
		return
	}
	s.busy, s.waits = int32(e.nodes[to].leads), 0
	d := e.law.insert.next(e.random[forInserts]) + e.law.client.next(e.random[forLegs])
	ev := event{from: e.now, arg: c, gen: s.attempt, kind: evInsert, node: uint8(to)}
	if d == 0 {
		e.handle(ev)
		return
	}
	e.push(e.now+d, ev)
}

// fail is a write that no primary took.
func (e *engine) fail(c int32, attempt uint32) {
	e.r.Failed++
	e.again(c, attempt)
}

// again lets a session try again.
func (e *engine) again(c int32, attempt uint32) {
	if s := &e.clients[c]; e.c.Workload.Sessions > 0 && s.attempt == attempt {
		s.busy = -1
		e.push(e.now+int64(e.c.Workload.Retry), event{arg: c, gen: attempt, kind: evIssue})
	}
}

// insert puts a write into the log of the node that it reached.
func (e *engine) insert(ev event) {
	c := ev.arg
	n := &e.nodes[ev.node]
	if n.leads < 0 || !n.alive || !e.reigns[n.leads].open {
		e.fail(c, ev.gen)
		return
	}
	id := n.leads
	r := e.reigns[id]
	if e.c.Mode == InSync && members(r.insync)+1 < e.c.MinInSync {
		e.r.Refused++
		e.again(c, ev.gen)
		return
	}
	rec := record{issued: ev.from, client: c, level: int8(e.c.Mode.waitsFor())}
	rng := e.random[forWrites]
	if keys := e.c.Workload.Keys; keys > 1 {
		rec.key = int32(rng.IntN(keys))
	}
	if share := e.c.Workload.AsyncShare; share > 0 && rng.Float64() < share {
		rec.level = nothing
	}
	e.guarantees(c, id, r.last)
	if s := &e.clients[c]; s.attempt == ev.gen {
		s.busy, s.waits = int32(id), r.last+1
	}
	e.append(id, rec, e.c.Workload.Size)
}

// guarantees checks monotonic writes and writes-follow-reads for a write to a reign's log.
func (e *engine) guarantees(c int32, id int, last int64) {
	s := &e.clients[c]
	if s.wrote.lsn > 0 && int(s.wrote.reign) != id && !e.contains(id, last, int(s.wrote.reign), s.wrote.lsn) {
		e.r.MonotonicWrites++
		s.wrote = place{}
	}
	if s.seen.lsn > 0 && int(s.seen.reign) != id && !e.contains(id, last, int(s.seen.reign), s.seen.lsn) {
		e.r.WritesFollowReads++
		s.seen = place{}
	}
}

// visible makes a write readable on its primary.
func (e *engine) visible(r *reign, rec *record, lsn int64) {
	n := &e.nodes[r.leader]
	if len(n.keys) > 0 && rec.kind == rowWrite {
		n.keys[rec.key] = max(n.keys[rec.key], lsn)
	}
}

// ack tells a client that its write is committed.
func (e *engine) ack(id int, r *reign, lsn int64) {
	rec := r.at(lsn)
	if rec.acked != -1 {
		return
	}
	e.visible(r, rec, lsn)
	if rec.client < 0 || rec.kind != rowWrite {
		rec.acked = e.now
		return
	}
	c := rec.client
	if e.cut != 0 && !e.reaches(c, r.leader) {
		rec.acked = untold
		e.r.InDoubt++
		return
	}
	rec.acked = e.now
	e.r.Acked++
	leg := e.law.client.next(e.random[forLegs])
	if rec.issued >= e.warm {
		e.r.commit.Add(e.now + leg - rec.issued)
	}
	s := &e.clients[c]
	s.wrote, s.wroteAt = place{lsn, int32(id)}, e.now+leg
	key := int64(rec.key)
	session := e.c.Workload.Sessions > 0
	current := int(s.busy) == id && s.waits == lsn
	if session && !current || !session && e.c.Reads.Count == 0 {
		return
	}
	s.busy = -1
	then := e.now + leg + e.law.think.next(e.random[forThinking])
	if e.c.Reads.Count == 0 {
		e.push(then, event{arg: c, gen: s.attempt, kind: evIssue})
		return
	}
	e.push(then, event{lsn: key<<keyShift | lsn, arg: c, gen: uint32(id)<<16 | uint32(e.c.Reads.Count), kind: evRead})
}

// afterRead is a client's next step: the next read of the row, or a session's next write.
func (e *engine) afterRead(ev event, back int64) {
	if left := ev.gen & 0xffff; left > 1 {
		ev.gen--
		ev.kind = evRead
		e.push(e.now+back+e.law.gap.next(e.random[forThinking]), ev)
		return
	}
	if e.c.Workload.Sessions > 0 {
		e.push(e.now+back, event{arg: ev.arg, gen: e.clients[ev.arg].attempt, kind: evIssue})
	}
}

// abandon lets the sessions try again whose write waits in a log that will not answer, all of them or those that now
// write elsewhere.
func (e *engine) abandon(id int, all bool) {
	for c := range e.clients {
		s := &e.clients[c]
		moved := e.target[e.side(int32(c))] != e.reigns[id].leader
		if int(s.busy) == id && (all || moved) {
			e.again(int32(c), s.attempt)
		}
	}
}
