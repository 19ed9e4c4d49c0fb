package sqs

import "cloudconcepts/internal/des"

// appear makes a message visible, after its delay or because a delivery came back.
func (s *sim) appear(slot int32, returned bool) {
	m := &s.slots[slot]
	m.state = visible
	s.visible++
	if s.c.Queue.Kind == FIFO {
		s.offer(m.group)
		return
	}
	s.stand(slot, returned)
}

// spent says whether a message has had all its deliveries when it is about to be received.
func (s *sim) spent(m *message) bool {
	r := s.c.Queue.MaxReceives
	return r > 0 && int(m.receives) >= r
}

// deliver hands a message, already out of its line, to a worker.
func (s *sim) deliver(slot int32, w *worker) {
	m := &s.slots[slot]
	m.receives++
	m.handle++
	m.working++
	s.working++
	m.state = inFlightState
	m.received = s.now
	s.inFlight++
	s.res.InFlightPeak = max(s.res.InFlightPeak, int64(s.inFlight))
	s.lock(m, 1)
	s.hide(slot, s.now+s.visibility)
	s.res.Deliveries++
	switch m.receives {
	case 1:
		s.firstTime(m)
	case 2:
		s.res.Duplicated++
	}
	if m.trace != none {
		t := &s.res.Trace[m.trace]
		t.Receives++
		t.Last = ns(s.now)
	}
	w.batch = append(w.batch, item{slot, m.handle})
}

func (s *sim) firstTime(m *message) {
	s.res.Delivered++
	m.first = s.now
	dwell := s.now - m.sent
	if m.flags&hot != 0 {
		s.dwellNoisy.Add(dwell)
	} else {
		s.dwellQuiet.Add(dwell)
	}
	if m.trace != none {
		s.res.Trace[m.trace].First = ns(s.now)
	}
}

// lock counts the messages of a group or tenant in flight.
func (s *sim) lock(m *message, by int32) {
	switch s.c.Queue.Kind {
	case FIFO:
		g := &s.fifo.of[m.group]
		before := g.inFlight
		g.inFlight += by
		s.countGroup(int(before), int(g.inFlight))
	case Fair:
		t := &s.shared.of[m.group]
		t.inFlight += int(by)
		s.countGroup(t.inFlight-int(by), t.inFlight)
	}
}

func (s *sim) countGroup(before, after int) {
	if before == 0 {
		s.lockedGroups++
	}
	if after == 0 {
		s.lockedGroups--
	}
}

// hide sets the end of a message's visibility timeout, on the broker's timetable.
func (s *sim) hide(slot int32, until int64) {
	e := &s.c.Queue.Expiry
	until = min(until, des.Forever) + int64(e.Extra)
	if scan := int64(e.Scan); scan > 0 {
		until = (until + scan - 1) / scan * scan
	}
	s.slots[slot].due = until
	s.expiries.push(until, slot)
	s.expiries.thin(s.slots, inFlightState, s.inFlight)
	s.expect(until)
}

// nextExpiry is when the next delivery may time out.
func (s *sim) nextExpiry() int64 { return max(s.expiries.next(), s.putOff) }

// expire brings back what is due, unless the scan is put off.
func (s *sim) expire() {
	e := &s.c.Queue.Expiry
	if e.PutOff > 0 && s.inFlight > e.PutOffAbove && s.rand.putOff.Float64() < e.PutOffProbability {
		s.putOff = s.now + int64(e.PutOff)
		return
	}
	for s.expiries.next() <= s.now {
		if at := s.expiries.pop(); !s.expiries.stale(s.slots, inFlightState, at) {
			s.comeBack(at.slot, true)
		}
	}
}

// comeBack ends a delivery that was not deleted.
func (s *sim) comeBack(slot int32, timedOut bool) {
	m := &s.slots[slot]
	s.landed(m)
	if timedOut && s.c.Queue.MaxTested == AtExpiry && s.spent(m) {
		s.bury(slot)
	} else {
		s.appear(slot, true)
	}
	s.unlocked(m.group)
}

// landed takes a message out of those in flight; whoever waited for the cap may go on.
func (s *sim) landed(m *message) {
	m.state = gone
	if s.inFlight >= s.c.Queue.InFlightCap {
		s.wake = true
	}
	s.inFlight--
	s.lock(m, -1)
}

// unlocked offers a FIFO group again if nothing of it is in flight any more.
func (s *sim) unlocked(g int32) {
	if s.c.Queue.Kind == FIFO {
		s.offer(g)
	}
}

// change is ChangeMessageVisibility: the clock starts again at the call, and the total since the receive is capped.
// It does nothing for a delivery that is over.
func (s *sim) change(it item, d int64) {
	s.res.ChangeCalls++
	m := &s.slots[it.slot]
	if m.state != inFlightState || m.handle != it.handle {
		return
	}
	if d == 0 {
		s.comeBack(it.slot, false)
		return
	}
	until := s.now + d
	if most := int64(s.c.Queue.MaxVisibility); most > 0 {
		until = min(until, m.received+most)
	}
	s.hide(it.slot, until)
}

// mature makes messages visible whose delay is over.
func (s *sim) mature() {
	for s.delays.next() <= s.now {
		at := s.delays.pop()
		if s.delays.stale(s.slots, delayed, at) {
			continue
		}
		s.delayed--
		s.appear(at.slot, false)
	}
}
