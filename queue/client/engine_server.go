package client

import (
	"math"

	"cloudconcepts/queue/internal/line"
)

// This is the server's side: admission, line, services, outages. The server
// never calls back: its answers go out as replies.

// enter is the arrival of an attempt at the server, or at the hold in front
// of it.
func (s *simulation) enter(i int32) {
	switch {
	case s.refusing:
		s.reply(i, refused)
	case !s.tap.admit(s.now):
		s.reply(i, overRate)
	case s.held.Len() > 0 || s.blocked():
		s.slots[i].where = held
		s.held.PushBack(i)
	default:
		s.offer(i)
	}
}

// reply sends the answer of the server on its way.
func (s *simulation) reply(i int32, f fate) {
	s.slots[i].where, s.slots[i].fate = returning, f
	s.replies.PushBack(reply{s.now + int64(s.RoundTrip), i})
}

// ready tells whether a server is free; then the line is empty.
func (s *simulation) ready() bool { return s.idle > 0 && !s.stalled }

// blocked tells whether attempts have to stay with their client.
func (s *simulation) blocked() bool {
	return s.Credits > 0 && s.credits == 0 ||
		s.Server.Full == Block && s.line.Full() && !s.ready()
}

// unhold lets in what was held, as far as it can.
func (s *simulation) unhold() {
	for s.held.Len() > 0 && !s.blocked() {
		i := s.held.PopFront()
		if s.slots[i].abandoned {
			s.total.Abandoned.Withdrawn++
			s.release(i)
			continue
		}
		s.offer(i)
	}
}

// offer brings an attempt to a free server or into the line.
func (s *simulation) offer(i int32) {
	free := s.ready()
	if free && !s.wire {
		s.credits--
		s.start(i)
		return
	}
	it := line.Item{Arrived: s.now, Work: int64(i)}
	if s.slots[i].try > 0 {
		it.Class = 1
	}
	s.queueChanges()
	verdict, out := s.line.Offer(s.now, it)
	if verdict == line.Rejected || verdict == line.Blocked {
		s.reply(i, lineFull)
		return
	}
	s.credits--
	s.slots[i].where = waiting
	if verdict == line.Replaced {
		s.reply(int32(out.Work), dropped)
	}
	if free {
		s.dispatch()
	}
}

// dispatch gives the free servers work from the line.
func (s *simulation) dispatch() {
	for s.ready() {
		s.queueChanges()
		it, fate := s.line.Take(s.now)
		if fate == line.Empty {
			return
		}
		if fate == line.Discard {
			s.reply(int32(it.Work), dropped)
			continue
		}
		s.start(int32(it.Work))
	}
}

// start begins a service. Stalls are known beforehand and make it longer.
func (s *simulation) start(i int32) {
	s.busyChanges()
	s.idle--
	s.slots[i].where = running
	end := s.now + s.service.Next(s.services)
	for _, o := range s.Outages[s.outage:] {
		if int64(o.At) >= end {
			break
		}
		if o.Kind == Stall && int64(o.At) >= s.now {
			end += int64(o.For)
		}
	}
	s.running.Push(min(end, math.MaxInt64/2), i)
}

// complete ends a service.
func (s *simulation) complete(i int32) {
	s.busyChanges()
	s.idle++
	s.count.row.Served++
	s.reply(i, served)
	s.dispatch()
	s.unhold()
}

// switchOutage starts or ends an outage.
func (s *simulation) switchOutage() {
	s.busyChanges()
	o := s.Outages[s.outage]
	if s.now == int64(o.At) && !s.stalled && !s.refusing {
		s.stalled, s.refusing = o.Kind == Stall, o.Kind == Refuse
		s.boundary = int64(o.At + o.For)
		return
	}
	s.stalled, s.refusing = false, false
	s.outage++
	s.boundary = math.MaxInt64
	if s.outage < len(s.Outages) {
		s.boundary = int64(s.Outages[s.outage].At)
	}
	s.dispatch()
	s.unhold()
}
