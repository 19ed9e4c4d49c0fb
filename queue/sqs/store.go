package sqs

import "cloudconcepts/internal/des"

// none is the slot of no message.
const none = int32(-1)

// A message lives in a slot until it is gone and no worker holds it any more.
type message struct {
	sent     int64 // enqueued
	due      int64 // end of the delay or of the visibility timeout; of a dead letter, of its retention
	received int64 // last delivery; of a dead letter, its move
	first    int64 // first delivery
	seq      int64 // order of enqueueing
	group    int32
	receives int32
	next     int32 // in the order of enqueueing, or of the dead-letter queue
	prev     int32
	after    int32 // in the line of a tenant or group
	before   int32
	trace    int32 // row of the trace or none
	handle   uint32
	working  int32 // workers that hold it
	state    state
	flags    flags
	fresh    bool // the line that it stands in
}

type state uint8

const (
	gone          state = iota // deleted or expired
	delayed                    // not yet visible
	visible                    // waits for a receive
	inFlightState              // handed out
	dead                       // in the dead-letter queue
)

type flags uint8

const (
	poison flags = 1 << iota
	slow
	done // an attempt succeeded
	hot
	lapsed // expired by retention
	rotten // expired in the dead-letter queue
)

// list is a doubly linked list of slots.
type list struct {
	head, tail int32
	n          int
}

func emptyList() list { return list{head: none, tail: none} }

// enqueue puts a slot at the end of the order.
func (l *list) enqueue(s []message, slot int32) {
	m := &s[slot]
	m.next, m.prev = none, l.tail
	if l.tail == none {
		l.head = slot
	} else {
		s[l.tail].next = slot
	}
	l.tail = slot
	l.n++
}

// leave takes a slot out of the order.
func (l *list) leave(s []message, slot int32) {
	m := &s[slot]
	if m.prev == none {
		l.head = m.next
	} else {
		s[m.prev].next = m.next
	}
	if m.next == none {
		l.tail = m.prev
	} else {
		s[m.next].prev = m.prev
	}
	l.n--
}

// push puts a slot at the end of a line.
func (l *list) push(s []message, slot int32) {
	m := &s[slot]
	m.after, m.before = none, l.tail
	if l.tail == none {
		l.head = slot
	} else {
		s[l.tail].after = slot
	}
	l.tail = slot
	l.n++
}

// drop takes a slot out of a line.
func (l *list) drop(s []message, slot int32) {
	m := &s[slot]
	if m.before == none {
		l.head = m.after
	} else {
		s[m.before].after = m.after
	}
	if m.after == none {
		l.tail = m.before
	} else {
		s[m.after].before = m.before
	}
	l.n--
}

// lane is a timetable of slots: a ring as long as times come in order, as those of a constant timeout do, and a heap for
// the others. An entry whose message has another time by then is stale.
type lane struct {
	ring des.Ring[stamp]
	heap des.Queue[int32]
}

type stamp struct {
	at   int64
	slot int32
}

func (l *lane) push(at int64, slot int32) {
	if l.ring.Len() == 0 || at >= l.ring.Back().at {
		l.ring.PushBack(stamp{at, slot})
		return
	}
	l.heap.Push(at, slot)
}

func (l *lane) next() int64 {
	at := l.heap.Next()
	if l.ring.Len() > 0 {
		at = min(at, l.ring.Front().at)
	}
	return at
}

func (l *lane) pop() stamp {
	if l.ring.Len() > 0 && l.ring.Front().at <= l.heap.Next() {
		return l.ring.PopFront()
	}
	at, slot := l.heap.Pop()
	return stamp{at, slot}
}

// clean drops stale entries at the front.
func (l *lane) clean(s []message, in state) {
	for l.ring.Len() > 0 && l.stale(s, in, *l.ring.Front()) {
		l.ring.PopFront()
	}
}

// thin drops all stale entries once they are most of the ring.
func (l *lane) thin(s []message, in state, live int) {
	if l.ring.Len() <= 4*live+1024 {
		return
	}
	for range l.ring.Len() {
		if e := l.ring.PopFront(); !l.stale(s, in, e) {
			l.ring.PushBack(e)
		}
	}
}

func (l *lane) stale(s []message, in state, e stamp) bool {
	m := &s[e.slot]
	return m.state != in || m.due != e.at
}

// newSlot is a slot for a message.
func (s *sim) newSlot() int32 {
	if n := len(s.free); n > 0 {
		slot := s.free[n-1]
		s.free = s.free[:n-1]
		return slot
	}
	s.slots = append(s.slots, message{})
	return int32(len(s.slots) - 1)
}

// release gives a slot back when its message is gone and nobody works on it.
func (s *sim) release(slot int32) {
	m := &s.slots[slot]
	m.state = gone
	if m.working == 0 {
		s.free = append(s.free, slot)
	}
}

// enter appends a message to the order of the queue.
func (s *sim) enter(slot int32) {
	m := &s.slots[slot]
	s.integrate()
	if s.order.n == 0 {
		s.expect(m.sent + int64(s.c.Queue.Retention))
	}
	m.seq = s.seq
	s.seq++
	s.order.enqueue(s.slots, slot)
	if s.cursor == none {
		s.cursor = slot
	}
	if s.window < s.c.Queue.LookAhead {
		s.window++
		s.edge = slot
	}
	s.res.BacklogPeak = max(s.res.BacklogPeak, int64(s.order.n))
}

// exit takes a message out of the order of the queue.
func (s *sim) exit(slot int32) {
	m := &s.slots[slot]
	s.integrate()
	if slot == s.cursor {
		s.cursor = m.next
	}
	s.res.AgePeak = max(s.res.AgePeak, ns(s.now-m.sent)) // the oldest one leaves last at its age
	s.shrink(slot)
	s.order.leave(s.slots, slot)
	if s.order.n == 0 {
		s.res.LastEmpty = ns(s.now)
	}
}

// shrink moves the edge of the look-ahead window, which holds the oldest LookAhead messages, when one of them leaves.
func (s *sim) shrink(slot int32) {
	m := &s.slots[slot]
	if m.seq > s.slots[s.edge].seq {
		return
	}
	if beyond := s.slots[s.edge].next; beyond != none {
		s.edge = beyond
		s.openWindow(beyond)
		return
	}
	s.window--
	if slot == s.edge {
		s.edge = m.prev
	}
}

// integrate keeps the area under the number of messages in the system.
func (s *sim) integrate() {
	s.area += float64(s.order.n) * float64(s.now-s.areaAt)
	s.areaAt = s.now
}
