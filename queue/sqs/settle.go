package sqs

// started notes that a worker turns to a message, the first time that one does.
func (s *sim) started(slot int32, at int64) {
	m := &s.slots[slot]
	if m.receives != 1 || m.state != inFlightState {
		return
	}
	if m.seq < s.newest {
		s.res.OutOfOrder++
	}
	s.newest = max(s.newest, m.seq)
	if !s.atOnce {
		s.waits.Add(at - m.sent)
	}
}

// fails draws whether an attempt fails.
func (s *sim) fails(it item) bool {
	p := s.c.Consumer.FailureProbability
	return s.slots[it.slot].flags&poison != 0 || p > 0 && s.rand.failure.Float64() < p
}

// settle ends an attempt: a delete, a negative ack, or silence.
func (s *sim) settle(it item, failed bool, took int64) {
	m := &s.slots[it.slot]
	s.working--
	m.working--
	s.res.Attempts++
	again := m.flags&done != 0
	if s.c.Queue.Kind == Fair {
		s.charge(m, float64(took)/1e9)
	}
	if failed || again {
		s.wasted += float64(took)
	}
	switch {
	case !failed:
		s.succeed(it.slot)
		s.delete(it)
	case s.c.Consumer.Failure == Nack:
		s.change(it, int64(s.c.Consumer.NackDelay))
	}
	if m = &s.slots[it.slot]; m.state == gone && m.working == 0 {
		s.free = append(s.free, it.slot)
	}
}

// succeed notes that an attempt completed a message.
func (s *sim) succeed(slot int32) {
	m := &s.slots[slot]
	s.res.Effects++
	if m.flags&done != 0 {
		return
	}
	m.flags |= done
	s.res.Processed++
	s.sojourn.Add(s.now - m.sent)
	if m.trace != none {
		s.res.Trace[m.trace].Processed = ns(s.now)
	}
	switch {
	case m.state == dead || m.flags&rotten != 0:
		s.res.DeadAndDone++
	case m.flags&lapsed != 0:
		s.res.ExpiredAndDone++
	}
}

// delete is DeleteMessage with the handle of a delivery.
func (s *sim) delete(it item) {
	s.res.DeleteCalls++
	m := &s.slots[it.slot]
	if m.state == gone || m.state == dead {
		s.res.DuplicateDeletes++
		return
	}
	if late := m.state != inFlightState || m.handle != it.handle; late {
		if !s.lateWorks(m.handle == it.handle) {
			s.res.LateDeletesFailed++
			return
		}
		s.res.LateDeletesWorked++
	}
	if p := s.c.Queue.DuplicateProbability; p > 0 && s.rand.late.Float64() < p {
		s.res.LostDeletes++
		return
	}
	s.remove(it.slot)
	s.res.Deleted++
	if m.trace != none {
		s.res.Trace[m.trace].Deleted = ns(s.now)
	}
}

// lateWorks says whether a delete works whose delivery has timed out; newest if the message was not delivered again.
func (s *sim) lateWorks(newest bool) bool {
	switch s.c.Queue.LateDelete {
	case LateDeleteWorks:
		return true
	case LateDeleteFenced:
		return newest
	case LateDeleteChance:
		return newest || s.rand.late.Float64() < s.c.Queue.LateDeleteProbability
	}
	return false
}

// beat plans the next heartbeat of a worker for a batch.
func (s *sim) beat(id int32, round uint32) {
	at := s.now + int64(s.c.Consumer.Heartbeat)
	s.beats.PushBack(beat{at, id, round})
	s.expect(at)
}

// pulse is a heartbeat: the worker extends all that it has not finished.
func (s *sim) pulse() {
	for s.beats.Len() > 0 && s.beats.Front().at <= s.now {
		b := s.beats.PopFront()
		w := &s.workers[b.worker]
		if w.round != b.round {
			continue
		}
		s.call(0)
		for _, it := range w.batch[w.at:] {
			s.change(it, int64(s.c.Consumer.Extend))
			s.calls++
		}
		s.beat(b.worker, b.round)
	}
}
