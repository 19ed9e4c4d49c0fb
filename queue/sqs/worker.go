package sqs

import "cloudconcepts/internal/des"

// worker is a process that receives batches and works through them, or one invocation of a function.
type worker struct {
	batch []item
	at    int    // item that it works on
	took  int64  // processing time of it, or of the whole batch
	round uint32 // counts batches, so that heartbeats of an earlier one are known
}

// item is one delivery: its handle is the delivery's, not the message's.
type item struct {
	slot   int32
	handle uint32
}

// elastic says that workers are made as needed: always an idle one, or the invocations of Lambda.
func (s *sim) elastic() bool { return s.c.Consumer.Workers == 0 || s.c.Consumer.Lambda.Max > 0 }

// dispatch hands out what has become available.
func (s *sim) dispatch() {
	s.wake = false
	if !s.elastic() {
		for s.waiting.Len() > 0 && s.visible > 0 && s.receive(s.waiting.Front().slot) {
			s.begin(s.waiting.PopFront().slot)
		}
		return
	}
	for s.visible > 0 && (s.limit == 0 || s.busy < s.limit) && !s.over() {
		id := s.hire()
		if !s.receive(id) {
			s.bench = append(s.bench, id)
			s.busy--
			return
		}
		s.call((len(s.workers[id].batch) + apiBatch - 1) / apiBatch)
		s.begin(id)
	}
}

// hire is an idle worker.
func (s *sim) hire() int32 {
	s.busy++
	if n := len(s.bench); n > 0 {
		id := s.bench[n-1]
		s.bench = s.bench[:n-1]
		return id
	}
	s.workers = append(s.workers, worker{})
	return int32(len(s.workers) - 1)
}

// receive fills a worker's batch and says whether there was anything.
func (s *sim) receive(id int32) bool {
	w := &s.workers[id]
	w.batch = w.batch[:0]
	if s.c.Queue.Kind == FIFO {
		s.receiveFIFO(w, s.c.Consumer.Batch)
	} else {
		s.receiveShared(w, s.c.Consumer.Batch)
	}
	return len(w.batch) > 0
}

// poll is a receive call of one of a fixed number of workers.
func (s *sim) poll(id int32) {
	c := &s.c.Consumer
	s.call(1)
	long := c.Wait > 0
	switch full := s.inFlight >= s.c.Queue.InFlightCap; {
	case !s.receives.take(s, int(id)):
		s.res.ThrottledReceives++
		s.events.Push(s.now+max(int64(c.Pause), throttlePause), event{kind: pollNext, a: id})
		return
	case full && !long && s.c.Queue.Kind != FIFO && !s.c.Queue.Expiry.ReturnsIgnoreCap:
		s.res.OverLimit++
		s.events.Push(s.now+int64(c.Pause), event{kind: pollNext, a: id})
		return
	case !long && s.c.Queue.ShortPollMiss > 0 && s.rand.polls.Float64() < s.c.Queue.ShortPollMiss:
	case s.visible > 0 && s.receive(id):
		s.busy++
		s.begin(id)
		return
	}
	if long {
		s.waiting.PushBack(stamp{s.now + int64(c.Wait), id})
		return
	}
	s.res.EmptyReceives++
	s.events.Push(s.now+s.receiveLatency.Next(s.rand.latency)+int64(c.Pause), event{kind: pollNext, a: id})
}

// giveUp ends long polls whose time is over.
func (s *sim) giveUp() {
	for s.waiting.Len() > 0 && s.waiting.Front().at <= s.now {
		id := s.waiting.PopFront().slot
		s.res.EmptyReceives++
		s.events.Push(s.now+int64(s.c.Consumer.Pause), event{kind: pollNext, a: id})
	}
}

// begin starts a worker on its batch.
func (s *sim) begin(id int32) {
	w := &s.workers[id]
	w.at = 0
	w.round++
	start := s.now
	if s.delayedReceive {
		start += s.receiveLatency.Next(s.rand.latency)
	}
	if s.c.Consumer.Heartbeat > 0 {
		s.beats.PushBack(beat{s.now + int64(s.c.Consumer.Heartbeat), id, w.round})
	}
	if !s.whole {
		s.next(id, start)
		return
	}
	w.took = 0
	for i := range w.batch {
		w.took = min(w.took+s.serviceOf(&w.batch[i]), des.Forever)
	}
	if most := int64(s.c.Consumer.Lambda.Timeout); s.c.Consumer.Lambda.Max > 0 && w.took > most {
		w.took = most + 1
	}
	s.events.Push(min(start+w.took, des.Forever)+s.deleteTime(), event{kind: finish, a: id})
}

// next schedules the end of the item that a worker turns to.
func (s *sim) next(id int32, start int64) {
	w := &s.workers[id]
	w.took = s.serviceOf(&w.batch[w.at])
	s.events.Push(min(start+w.took, des.Forever)+s.deleteTime(), event{kind: finish, a: id})
}

func (s *sim) deleteTime() int64 {
	if !s.delayedDelete {
		return 0
	}
	return s.deleteLatency.Next(s.rand.latency)
}

func (s *sim) serviceOf(it *item) int64 {
	t := s.service.Next(s.rand.service)
	if s.slots[it.slot].flags&slow != 0 {
		t = des.Nanoseconds(float64(t) / 1e9 * s.c.Producer.SlowFactor)
	}
	return t
}

// finished is the end of an item, or of a whole batch.
func (s *sim) finished(id int32) {
	if s.whole {
		s.finishBatch(id)
		s.leave(id)
		return
	}
	w := &s.workers[id]
	it := w.batch[w.at]
	s.settle(it, s.fails(it), w.took)
	s.res.BusySeconds += float64(w.took) / 1e9
	w.at++
	if w.at < len(w.batch) {
		s.next(id, s.now)
		return
	}
	s.leave(id)
}

// leave ends a worker's batch: it receives again, or is dismissed.
func (s *sim) leave(id int32) {
	w := &s.workers[id]
	w.round++
	w.at = len(w.batch)
	s.busy--
	if s.elastic() {
		s.bench = append(s.bench, id)
		s.wake = s.wake || s.limit > 0
		return
	}
	s.events.Push(s.now, event{kind: pollNext, a: id})
}

// finishBatch settles a whole batch at once: without partial responses one failure returns all of it.
func (s *sim) finishBatch(id int32) {
	w := &s.workers[id]
	most := int64(s.c.Consumer.Lambda.Timeout)
	late := s.c.Consumer.Lambda.Max > 0 && w.took > most
	s.res.BusySeconds += float64(min(w.took, max(most, w.took-1))) / 1e9
	share := w.took / int64(len(w.batch))
	any := late
	failed := s.failed[:0]
	for _, it := range w.batch {
		f := s.fails(it)
		any = any || f
		failed = append(failed, f)
	}
	s.failed = failed
	all := late || any && !s.c.Consumer.PartialBatch
	calls := s.res.DeleteCalls
	for i, it := range w.batch {
		s.settle(it, all || failed[i], share)
	}
	s.res.DeleteCalls = calls + (s.res.DeleteCalls-calls+apiBatch-1)/apiBatch
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
	s.charge(m, float64(took)/1e9)
	if failed || again {
		s.res.WastedSeconds += float64(took) / 1e9
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
	if p := s.c.Queue.DuplicateProb; p > 0 && s.rand.late.Float64() < p {
		s.res.LostDeletes++
		return
	}
	s.remove(it.slot)
	s.res.Deleted++
	if m.trace != none {
		s.res.Trace[m.trace].Deleted = ns(s.now)
	}
	s.expiries.clean(s.slots, inFlightState, s.inFlight)
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
		s.beats.PushBack(beat{s.now + int64(s.c.Consumer.Heartbeat), b.worker, b.round})
	}
}
