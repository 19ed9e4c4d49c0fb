package sqs

import "cloudconcepts/internal/des"

// remove takes a message out of the queue for good, from wherever it is.
func (s *sim) remove(slot int32) {
	m := &s.slots[slot]
	switch m.state {
	case visible:
		s.stepForward(slot)
	case delayed:
		s.delayed--
	case inFlightState:
		s.landed(m)
	}
	s.leaveGroup(slot)
	s.exit(slot)
	m.state = gone
	s.unlocked(m.group)
}

// leaveGroup takes a message out of its FIFO group.
func (s *sim) leaveGroup(slot int32) {
	if s.c.Queue.Kind != FIFO {
		return
	}
	m := &s.slots[slot]
	s.fifo.of[m.group].line.drop(s.slots, slot)
	if m.receives > 0 {
		s.res.GroupBlocked = max(s.res.GroupBlocked, ns(s.now-m.first))
	}
}

// retire expires messages whose retention is over: they are the oldest ones.
func (s *sim) retire() {
	for s.nextRetention() <= s.now {
		slot := s.order.head
		m := &s.slots[slot]
		s.remove(slot)
		s.res.Expired++
		if m.flags&done != 0 {
			s.res.ExpiredAndDone++
		}
		m.flags |= lapsed
		if m.trace != none {
			s.res.Trace[m.trace].Expired = ns(s.now)
		}
		s.release(slot)
	}
}

func (s *sim) nextRetention() int64 {
	if s.order.n == 0 {
		return des.Forever
	}
	return s.slots[s.order.head].sent + int64(s.c.Queue.Retention)
}

// bury moves a message, neither in a line nor in flight, to the dead-letter queue. There a message of a standard queue
// keeps its enqueue time, one of a FIFO queue starts anew.
func (s *sim) bury(slot int32) {
	m := &s.slots[slot]
	s.leaveGroup(slot)
	s.exit(slot)
	m.state = dead
	m.received = s.now
	m.due = m.sent + int64(s.c.Queue.DeadRetention)
	if s.c.Queue.Kind == FIFO {
		m.due = s.now + int64(s.c.Queue.DeadRetention)
	}
	s.graves.enqueue(s.slots, slot)
	s.decay.push(max(m.due, s.now), slot)
	m.due = max(m.due, s.now)
	s.expect(m.due)
	s.res.DeadLettered++
	s.deadAfter.Add(s.now - m.first)
	if m.flags&done != 0 {
		s.res.DeadAndDone++
	}
	if m.trace != none {
		s.res.Trace[m.trace].Dead = ns(s.now)
	}
}

// rot expires dead letters.
func (s *sim) rot() {
	for s.decay.next() <= s.now {
		at := s.decay.pop()
		if s.decay.stale(s.slots, dead, at) {
			continue
		}
		s.graves.leave(s.slots, at.slot)
		s.res.DeadExpired++
		s.slots[at.slot].flags |= rotten
		s.release(at.slot)
	}
}

// redrive moves the next dead letter back; it is a new message then.
func (s *sim) redrive() {
	if !s.redriving {
		s.redriving = true
		s.toRedrive = s.graves.n
	}
	if s.toRedrive == 0 || s.graves.n == 0 {
		s.toRedrive = 0
		s.redriven = true
		return
	}
	s.toRedrive--
	slot := s.graves.head
	m := &s.slots[slot]
	s.graves.leave(s.slots, slot)
	s.res.Redriven++
	if m.flags&done != 0 {
		s.res.DeadAndDone--
	}
	m.receives, m.sent, m.state = 0, s.now, gone
	s.enter(slot)
	if s.c.Queue.Kind == FIFO {
		s.fifo.of[m.group].line.push(s.slots, slot)
	} else {
		s.shared.of[s.tenantOf(m)].sentAt = s.now
	}
	s.appear(slot, false)
	s.events.push(s.now+des.Nanoseconds(1/s.c.Queue.Redrive.Rate), event{kind: redriveNext})
}
