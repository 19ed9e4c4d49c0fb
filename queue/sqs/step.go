package sqs

import (
	"cloudconcepts/internal/des"
)

// step does the next thing and says whether there is more to do.
func (s *sim) step() bool {
	if s.finishedAll() {
		s.res.Finished = true
		return false
	}
	if s.over() {
		return false
	}
	at, what := s.upcoming()
	if s.wake && at > s.now {
		s.dispatch()
		return true
	}
	if s.sampleAt < at {
		if s.sampleAt > int64(s.c.Duration) {
			s.now = int64(s.c.Duration)
			return false
		}
		s.now = s.sampleAt
		s.sample()
		s.sampleAt += int64(s.c.Sample)
		return true
	}
	if at > int64(s.c.Duration) {
		s.now = int64(s.c.Duration)
		return false
	}
	s.now = at
	s.do(what)
	return true
}

// finishedAll says that nothing is left to happen that matters.
func (s *sim) finishedAll() bool {
	return s.order.n == 0 && s.working == 0 && s.sending == 0 && s.nextArrival == des.Forever && s.redriven
}

// over says that the run has used up its calls.
func (s *sim) over() bool { return s.calls >= s.c.MaxCalls }

// call counts n receive calls.
func (s *sim) call(n int) {
	s.calls += int64(n)
	s.res.ReceiveCalls += int64(n)
}

// The sources of events, in the order in which events of one time happen.
const (
	fromEvents = iota
	fromPolls
	fromExpiries
	fromDelays
	fromBeats
	fromArrivals
	fromWaiting
	fromRetention
	fromGraves
)

// upcoming is the time and source of the next event. All but two sources are looked at only when one of them may be next.
func (s *sim) upcoming() (at int64, what int) {
	at, what = s.events.next(), fromEvents
	if at > s.now && s.polls.Len() > 0 {
		return s.now, fromPolls
	}
	if s.nextArrival < at {
		at, what = s.nextArrival, fromArrivals
	}
	if at < s.soon {
		return at, what
	}
	s.expiries.clean(s.slots, inFlightState)
	rare, source := s.rareNext()
	s.soon = rare
	if rare < at || rare == at && source < what {
		return rare, source
	}
	return at, what
}

// rareNext is the time and source of the next event of those that are looked at only from s.soon on.
func (s *sim) rareNext() (at int64, what int) {
	at, what = s.nextExpiry(), fromExpiries
	if t := s.delays.next(); t < at {
		at, what = t, fromDelays
	}
	if s.beats.Len() > 0 && s.beats.Front().at < at {
		at, what = s.beats.Front().at, fromBeats
	}
	if s.waiting.Len() > 0 && s.waiting.Front().at < at {
		at, what = s.waiting.Front().at, fromWaiting
	}
	if t := s.nextRetention(); t < at {
		at, what = t, fromRetention
	}
	if t := s.decay.next(); t < at {
		at, what = t, fromGraves
	}
	return at, what
}

// expect says that an event of a source other than the agenda and the arrivals may be at a time.
func (s *sim) expect(at int64) { s.soon = min(s.soon, at) }

func (s *sim) do(what int) {
	switch what {
	case fromEvents:
		e := s.events.pop()
		s.handle(e)
	case fromPolls:
		s.poll(s.polls.PopFront())
	case fromExpiries:
		s.expire()
	case fromDelays:
		s.mature()
	case fromBeats:
		s.pulse()
	case fromArrivals:
		s.arrive()
	case fromWaiting:
		s.giveUp()
	case fromRetention:
		s.retire()
	case fromGraves:
		s.rot()
	}
}

func (s *sim) handle(e event) {
	switch e.kind {
	case finish:
		s.finished(e.a)
	case pollNext:
		s.poll(e.a)
	case land:
		s.accept(e.a)
	case again:
		s.resend(e.a)
	case redriveNext:
		s.redrive()
	case rampNext:
		s.scale()
	}
}

// sample adds a row to the series.
func (s *sim) sample() {
	r := Row{
		At: des.Seconds(s.now), Sent: s.res.Sent, Received: s.res.Deliveries, Deleted: s.res.Deleted, Processed: s.res.Processed,
		Empty: s.res.EmptyReceives, Visible: int64(s.visible), InFlight: int64(s.inFlight), Delayed: int64(s.delayed),
		Dead: int64(s.graves.n), GroupsInFlight: int64(s.lockedGroups), Busy: int64(s.busy), Limit: int64(s.limit),
	}
	if s.order.n > 0 {
		r.Age = ns(s.now - s.slots[s.order.head].sent)
	}
	if oldest := s.counted(); oldest != none {
		r.CloudWatchAge = ns(s.now - s.slots[oldest].sent)
	}
	if s.graves.n > 0 {
		r.DeadAge = ns(s.now - s.slots[s.graves.head].received)
	}
	s.res.Rows = append(s.res.Rows, r)
}

// counted is the oldest message that ApproximateAgeOfOldestMessage counts. Receives only grow, so it only moves on.
func (s *sim) counted() int32 {
	if s.c.Queue.Kind == FIFO {
		return s.order.head
	}
	for s.cursor != none && int(s.slots[s.cursor].receives) >= s.c.Queue.AgeReceives {
		s.cursor = s.slots[s.cursor].next
	}
	return s.cursor
}
