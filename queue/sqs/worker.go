package sqs

import "cloudconcepts/internal/des"

// worker is a process that receives batches and works through them, or one invocation of a function.
type worker struct {
	batch []item
	at    int    // item that it works on
	took  int64  // processing time of it, or of the whole batch
	asked int    // messages that its buffer may still get, if it prefetches
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
	if s.c.Consumer.Prefetch {
		s.refill()
		return
	}
	if !s.elastic() {
		for s.waiting.Len() > 0 && s.visible > 0 && s.receive(s.waiting.Front().slot) {
			s.busy++
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

// refill hands messages out to the buffers of workers that prefetch, one each in turn, whether they are busy or not: the
// broker sees requests, not workers.
func (s *sim) refill() {
	n := len(s.workers)
	for full := 0; full < n && s.visible > 0; {
		s.turn = (s.turn + 1) % n
		w := &s.workers[s.turn]
		before := len(w.batch)
		if before == 0 || before+w.asked <= s.c.Consumer.RefillAt {
			w.asked = s.c.Consumer.Batch - before
			s.call(1)
		}
		if w.asked > 0 {
			s.take(w, before+1)
		}
		full++
		if len(w.batch) == before {
			continue
		}
		full = 0
		w.asked--
		if before == 0 {
			s.busy++
			s.begin(int32(s.turn))
		}
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
	s.take(w, s.c.Consumer.Batch)
	return len(w.batch) > 0
}

// take adds available messages to a worker's batch, up to most in it.
func (s *sim) take(w *worker, most int) {
	if s.c.Queue.Kind == FIFO {
		s.receiveFIFO(w, most)
	} else {
		s.receiveShared(w, most)
	}
}

// poll is a receive call of one of a fixed number of workers.
func (s *sim) poll(id int32) {
	c := &s.c.Consumer
	s.call(1)
	long := c.Wait > 0
	switch full := s.inFlight >= s.c.Queue.InFlightCap; {
	case !s.receives.take(s, int(id)):
		s.res.ThrottledReceives++
		s.events.push(s.now+max(int64(c.Pause), throttlePause), event{kind: pollNext, a: id})
		return
	case full && !long && s.c.Queue.Kind != FIFO && !s.c.Queue.Expiry.ReturnsIgnoreCap:
		s.res.OverLimit++
		s.events.push(s.now+int64(c.Pause), event{kind: pollNext, a: id})
		return
	case !long && s.c.Queue.ShortPollMiss > 0 && s.rand.polls.Float64() < s.c.Queue.ShortPollMiss:
	case s.visible > 0 && s.receive(id):
		s.busy++
		s.begin(id)
		return
	}
	if long {
		s.waiting.PushBack(stamp{s.now + int64(c.Wait), id})
		s.expect(s.now + int64(c.Wait))
		return
	}
	s.res.EmptyReceives++
	s.events.push(s.now+s.receiveLatency.Next(s.rand.latency)+int64(c.Pause), event{kind: pollNext, a: id})
}

// giveUp ends long polls whose time is over.
func (s *sim) giveUp() {
	for s.waiting.Len() > 0 && s.waiting.Front().at <= s.now {
		id := s.waiting.PopFront().slot
		s.res.EmptyReceives++
		s.events.push(s.now+int64(s.c.Consumer.Pause), event{kind: pollNext, a: id})
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
		s.beat(id, w.round)
	}
	if !s.whole {
		s.next(id, start)
		return
	}
	w.took = 0
	for i := range w.batch {
		s.started(w.batch[i].slot, start+w.took)
		w.took = min(w.took+s.serviceOf(&w.batch[i]), des.Forever)
	}
	if most := int64(s.c.Consumer.Lambda.Timeout); s.c.Consumer.Lambda.Max > 0 && w.took > most {
		w.took = most + 1
	}
	s.events.push(min(start+w.took, des.Forever)+s.deleteTime(), event{kind: finish, a: id})
}

// next schedules the end of the item that a worker turns to.
func (s *sim) next(id int32, start int64) {
	w := &s.workers[id]
	s.started(w.batch[w.at].slot, start)
	w.took = s.serviceOf(&w.batch[w.at])
	s.events.push(min(start+w.took, des.Forever)+s.deleteTime(), event{kind: finish, a: id})
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
	s.toiled += float64(w.took)
	w.at++
	if s.c.Consumer.Prefetch {
		w.batch = w.batch[:copy(w.batch, w.batch[w.at:])]
		w.at = 0
		s.wake = true
	}
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
	w.at, w.batch = 0, w.batch[:0]
	s.busy--
	if s.c.Consumer.Prefetch {
		s.wake = true
		return
	}
	if s.elastic() {
		s.bench = append(s.bench, id)
		s.wake = s.wake || s.limit > 0
		return
	}
	s.polls.PushBack(id)
}

// finishBatch settles a whole batch at once: without partial responses one failure returns all of it.
func (s *sim) finishBatch(id int32) {
	w := &s.workers[id]
	most := int64(s.c.Consumer.Lambda.Timeout)
	late := s.c.Consumer.Lambda.Max > 0 && w.took > most
	if late {
		w.took = most
	}
	s.toiled += float64(w.took)
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
