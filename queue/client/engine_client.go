package client

import "time"

// This is the clients' side: requests, attempts, retries.

// arrive makes a new request.
func (s *simulation) arrive() {
	s.arrivals.next()
	s.total.Requests.Offered++
	s.count.row.Offered++
	s.purse.earn(s.purse.PerRequest)
	i := s.take()
	s.slots[i].born = s.now
	s.send(i)
}

// take gives out a free slot, cleared.
func (s *simulation) take() int32 {
	if n := len(s.free); n > 0 {
		i := s.free[n-1]
		s.free = s.free[:n-1]
		s.slots[i] = attempt{gen: s.slots[i].gen}
		return i
	}
	s.slots = append(s.slots, attempt{})
	return int32(len(s.slots) - 1)
}

func (s *simulation) release(i int32) {
	s.slots[i].gen++
	s.slots[i].where = nowhere
	s.free = append(s.free, i)
}

// send sends an attempt, unless the client's own limits reject it.
func (s *simulation) send(i int32) {
	a := &s.slots[i]
	a.sent = s.now
	s.total.Attempts.Sent++
	s.count.row.Attempts++
	if a.try > 0 {
		s.total.Retries++
	}
	switch {
	case s.governor.rejects(s.now, s.throttles):
		s.turnAway(i, &s.total.Attempts.Throttled)
	case s.MaxInFlight > 0 && s.inFlight >= s.MaxInFlight:
		s.turnAway(i, &s.total.Attempts.Capped)
	case !s.fuse.permit(s.now):
		s.turnAway(i, &s.total.Attempts.Broken)
	default:
		s.inFlight++
		if s.Timeout > 0 {
			s.timeouts.PushBack(expiry{s.now + int64(s.Timeout), i, a.gen})
		}
		s.enter(i)
	}
}

// turnAway ends a request that the client itself rejects; it is not retried.
func (s *simulation) turnAway(i int32, counter *int64) {
	*counter++
	s.count.row.Rejected++
	s.release(i)
	s.fail(&s.total.Requests.Rejected)
}

func (s *simulation) fail(counter *int64) {
	*counter++
	if s.now >= s.count.tailStart {
		s.count.tailBad++
	}
}

// answer is the arrival of the server's answer at the client.
func (s *simulation) answer(i int32) {
	a := s.slots[i]
	s.release(i)
	if a.fate <= dropped {
		s.credits++
	}
	switch {
	case a.abandoned && a.fate == served:
		s.total.Abandoned.Served++
	case a.abandoned:
		s.total.Abandoned.Discarded++
	default:
		s.inFlight--
		s.fuse.record(s.now, s.now-a.sent, a.fate == served)
		s.heed(a)
	}
	s.unhold()
}

// heed goes on with the request of an attempt that was answered in time.
func (s *simulation) heed(a attempt) {
	if a.fate == served {
		s.succeed(a)
		return
	}
	*s.rejections(a.fate)++
	s.count.row.Rejected++
	if !s.RetryRejected || !s.retry(a, false) {
		s.fail(&s.total.Requests.Rejected)
	}
}

func (s *simulation) rejections(f fate) *int64 {
	switch f {
	case dropped:
		return &s.total.Attempts.Dropped
	case overRate:
		return &s.total.Attempts.OverRate
	case refused:
		return &s.total.Attempts.Refused
	}
	return &s.total.Attempts.LineFull
}

func (s *simulation) succeed(a attempt) {
	s.governor.accept(s.now)
	s.purse.succeed(a.cost)
	s.total.Attempts.Succeeded++
	s.total.Requests.Succeeded++
	s.count.row.Goodput++
	s.count.latency.Add(s.now - a.born)
	if s.now >= s.count.tailStart {
		s.count.tailGood++
	}
}

// expire is the end of a client's patience with an attempt.
func (s *simulation) expire(e expiry) {
	a := &s.slots[e.slot]
	if a.gen != e.gen {
		return // it was answered
	}
	a.abandoned = true
	s.inFlight--
	s.total.Attempts.TimedOut++
	s.count.row.Timeouts++
	s.count.lastTimeout = s.now
	s.fuse.record(s.now, s.now-a.sent, false)
	if !s.retry(*a, true) {
		s.fail(&s.total.Requests.TimedOut)
	}
}

// retry sends or schedules the next attempt of a request, if there may be one.
func (s *simulation) retry(a attempt, timedOut bool) bool {
	if int(a.try) >= s.Retries {
		return false
	}
	cost, ok := s.purse.pay(timedOut)
	if !ok {
		s.total.BudgetDenied++
		return false
	}
	i := s.take()
	b := &s.slots[i]
	b.born, b.try, b.cost = a.born, a.try+1, cost
	b.wait = int64(s.Backoff.Wait(int(b.try), time.Duration(a.wait), s.backoffs))
	if b.wait == 0 {
		s.send(i)
		return true
	}
	b.where = backing
	s.retries.Push(s.now+b.wait, i)
	return true
}
