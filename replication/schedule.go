package replication

import (
	"math"

	"cloudconcepts/internal/des"
)

// mostSlices of a large transaction that is streamed.
const mostSlices = 1000

// schedule puts the first events into the queue.
func (e *engine) schedule() {
	c := e.c
	for i, f := range c.Faults {
		e.push(int64(f.At), event{arg: int32(i), kind: evFault})
	}
	for i, s := range c.Workload.Steps {
		e.push(int64(s.At), event{arg: int32(i), kind: evStep})
	}
	for i, b := range c.Workload.Big {
		at := int64(b.At)
		if !c.Pipeline.Streamed {
			at += int64(b.Primary)
		}
		e.push(at, event{arg: int32(i), kind: evBig})
	}
	if every := int64(c.Workload.Heartbeat); every > 0 {
		e.push(0, event{kind: evHeartbeat})
	}
	if c.Sample > 0 {
		e.push(0, event{kind: evSample})
		rows := (int(c.Duration/c.Sample) + 1) * c.Replicas
		e.r.Rows = make([]Row, 0, min(rows, mostRows))
	}
	if every := int64(c.Pipeline.StatusInterval); every > 0 {
		for i := 1; i < len(e.nodes); i++ {
			e.push(every, event{kind: evStatus, node: uint8(i)})
		}
	}
	r := e.reigns[0]
	for i := 1; i < len(e.nodes); i++ {
		r.insync |= 1 << i
	}
	if c.Mode == InSync {
		e.push(int64(c.LagTimeMax)/2, event{kind: evSet})
	}
	for s := range c.Workload.Sessions {
		e.push(0, event{arg: int32(s), kind: evIssue})
	}
	if c.Workload.Sessions == 0 {
		e.nextArrival()
	}
}

// seldom handles what happens rarely.
func (e *engine) seldom(ev event) {
	switch ev.kind {
	case evSemi:
		e.semiTimeout(int(ev.gen))
	case evSet:
		e.checkSet()
	case evStatus:
		e.status(ev)
	case evStep:
		e.rate = e.c.Workload.Steps[ev.arg].Rate
		if e.c.Workload.Sessions == 0 {
			e.arrivals++
			e.nextArrival()
		}
	case evBig:
		e.big(ev)
	case evHeartbeat:
		e.beat()
	case evSample:
		e.sample()
		e.push(e.now+int64(e.c.Sample), ev)
	case evFault:
		e.begin(int(ev.arg))
	case evEnd:
		e.over(int(ev.arg))
	case evTimeout:
		e.giveUp(ev.gen)
	case evConnect:
		if ev.gen == e.nodes[ev.node].conn {
			e.connect(int(ev.node))
		}
	case evRejoin:
		if ev.gen == e.nodes[ev.node].conn {
			e.rejoined(int(ev.node))
		}
	default:
		e.phase(ev)
	}
}

// status is a standby's regular report.
func (e *engine) status(ev event) {
	n := &e.nodes[ev.node]
	if n.alive && n.pausedUntil <= e.now && n.connected {
		e.answer(int(ev.node))
	}
	e.push(e.now+int64(e.c.Pipeline.StatusInterval), ev)
}

// writable is the reign that takes records which no client issues, or -1.
func (e *engine) writable() int {
	r := e.reigns[e.current]
	n := &e.nodes[r.leader]
	if !r.open || !n.alive || n.pausedUntil > e.now {
		return -1
	}
	return e.current
}

func (e *engine) beat() {
	if id := e.writable(); id >= 0 {
		e.append(id, record{issued: e.now, client: -1, kind: heartbeat, level: e.quiet()}, 0)
	}
	e.push(e.now+int64(e.c.Workload.Heartbeat), event{kind: evHeartbeat})
}

// big appends a large transaction: in slices while it runs, or all of it at its end.
func (e *engine) big(ev event) {
	b := &e.c.Workload.Big[ev.arg]
	id := e.writable()
	if id < 0 {
		return // it fails with its primary
	}
	kind := bigCommit
	if b.Schema {
		kind = schema
	}
	slices := int64(1)
	if e.c.Pipeline.Streamed && !b.Schema {
		slices = int64(math.Ceil(min(float64(b.Primary)/1e7, mostSlices)))
		slices = max(slices, 1)
	}
	done := ev.lsn + 1
	cost := int64(b.Replay)*done/slices - int64(b.Replay)*ev.lsn/slices
	if slices > 1 {
		cost = int64(float64(b.Replay) / float64(slices))
	}
	if done < slices {
		kind = slice
		ev.lsn = done
		e.push(int64(b.At)+int64(float64(b.Primary)*float64(done)/float64(slices-1)), ev)
	}
	rec := record{issued: int64(b.At), client: -1, kind: kind, level: e.quiet(), cost: cost}
	e.append(id, rec, b.Bytes/slices)
}

// semiTimeout falls back to async if the oldest waiting commit has waited too long.
func (e *engine) semiTimeout(id int) {
	r := e.reigns[id]
	w := &r.waiting[written]
	if !r.open || w.Len() == 0 {
		r.timer = false
		return
	}
	limit := int64(e.c.FallBack)
	if oldest := r.at(*w.Front()).commit + limit; oldest > e.now {
		e.push(oldest, event{gen: uint32(id), kind: evSemi})
		return
	}
	r.timer, r.async, r.asyncAt = false, true, e.now
	e.r.FallBacks++
	e.tell(r.leader, "falls back to async", *w.Front())
	for w.Len() > 0 {
		e.ack(id, r, w.PopFront())
	}
}

// rearm returns to semi-synchronous commits once enough replicas have caught up: they have received all that there was when
// the one that reports came back, and what they lack is younger than a commit would wait.
func (e *engine) rearm(n *node, r *reign) {
	have := e.agreed(r, written)
	if have < n.reach {
		return
	}
	if have < r.last && (have+1 < r.base || e.now-r.at(have+1).added >= int64(e.c.FallBack)) {
		return
	}
	r.async = false
	e.r.AsyncTime += des.Seconds(e.now - r.asyncAt)
	e.tell(r.leader, "is semi-synchronous again", 0)
}

// quiet is the position that a record without a client waits for.
func (e *engine) quiet() int8 {
	if e.c.Mode.parallel() {
		return int8(e.c.Mode.waitsFor())
	}
	return nothing
}
