package sqs

import (
	"math"

	"cloudconcepts/internal/des"
)

// tenant is a message group of a fair queue, or all of a standard one: its visible messages, those that came back
// before the others, and what makes it noisy.
type tenant struct {
	returned, fresh list
	inFlight        int
	sentAt          int64   // last send
	busy            float64 // fading sum of processing seconds
	busyAt          int64
	place           int64 // where it stands in line, if it is queued
	queued, noisy   bool
}

func (t *tenant) waiting() int { return t.returned.n + t.fresh.n }

// head is the message that the tenant hands out next, or none.
func (t *tenant) head() int32 {
	if t.returned.n > 0 {
		return t.returned.head
	}
	return t.fresh.head
}

// tenants are those of a standard or fair queue.
type tenants struct {
	of     []tenant
	quiet  des.Queue[int32] // quiet ones with visible messages, by the place of their first one; other entries are stale
	noisy  []int32
	busy   float64
	busyAt int64
}

// tenantOf is the tenant of a message; a standard queue has only one.
func (s *sim) tenantOf(m *message) int32 {
	if s.c.Queue.Kind == Fair {
		return m.group
	}
	return 0
}

// stand puts a visible message into its line. Its place, while it is visible, is that of its enqueueing, or behind all
// that are there.
func (s *sim) stand(slot int32, returned bool) {
	m := &s.slots[slot]
	id := s.tenantOf(m)
	t := &s.shared.of[id]
	m.fresh = !returned || !s.c.Queue.Expiry.ReturnsFirst && int(m.receives) >= s.c.Queue.AgeReceives
	m.due = 2 * m.seq
	if returned && m.fresh {
		m.due = 2*s.seq - 1
	}
	if m.fresh {
		t.fresh.push(s.slots, slot)
	} else {
		t.returned.push(s.slots, slot)
	}
	s.wake = true
	s.line(id)
}

// line makes a quiet tenant stand in line for its first message, or move up for it.
func (s *sim) line(id int32) {
	if s.c.Queue.Kind != Fair {
		return
	}
	t := &s.shared.of[id]
	slot := t.head()
	if slot == none || t.noisy {
		return
	}
	if at := s.slots[slot].due; !t.queued || at < t.place {
		t.queued, t.place = true, at
		s.shared.quiet.Push(at, id)
	}
}

// receiveShared gives a worker as many messages of a standard or fair queue as it takes.
func (s *sim) receiveShared(w *worker, most int) {
	for len(w.batch) < most {
		full := s.inFlight >= s.c.Queue.InFlightCap
		if full && !s.c.Queue.Expiry.ReturnsIgnoreCap {
			return
		}
		id := s.pick()
		if id == none {
			return
		}
		t := &s.shared.of[id]
		slot := t.head()
		if full && t.returned.n == 0 {
			s.line(id)
			return
		}
		s.stepForward(slot)
		if s.spent(&s.slots[slot]) {
			s.bury(slot)
		} else {
			s.deliver(slot, w)
			s.judge(id)
		}
		s.line(id)
	}
}

// stepForward takes a visible message out of its line.
func (s *sim) stepForward(slot int32) {
	m := &s.slots[slot]
	s.visible--
	if s.c.Queue.Kind == FIFO {
		return
	}
	t := &s.shared.of[s.tenantOf(m)]
	if m.fresh {
		t.fresh.drop(s.slots, slot)
	} else {
		t.returned.drop(s.slots, slot)
	}
}

// pick is the tenant whose turn it is: the quiet one with the oldest message, or else the noisy one with the fewest in flight.
func (s *sim) pick() int32 {
	if s.c.Queue.Kind != Fair {
		if s.shared.of[0].waiting() == 0 {
			return none
		}
		return 0
	}
	s.calm()
	for s.shared.quiet.Len() > 0 {
		at, id := s.shared.quiet.Pop()
		t := &s.shared.of[id]
		if !t.queued || at != t.place {
			continue
		}
		t.queued = false
		if t.noisy || t.waiting() == 0 {
			continue
		}
		if s.slots[t.head()].due == at {
			return id
		}
		s.line(id) // its first message is gone
	}
	best, least := none, math.MaxInt
	for _, id := range s.shared.noisy {
		if t := &s.shared.of[id]; t.inFlight < least && t.waiting() > 0 {
			best, least = id, t.inFlight
		}
	}
	return best
}

// calm makes noisy tenants quiet whose backlog is gone or that sent nothing for a while.
func (s *sim) calm() {
	kept := s.shared.noisy[:0]
	for _, id := range s.shared.noisy {
		t := &s.shared.of[id]
		if t.waiting() > 0 && s.now-t.sentAt < int64(s.c.Queue.Fair.Silent) {
			kept = append(kept, id)
			continue
		}
		t.noisy = false
		s.line(id)
	}
	s.shared.noisy = kept
}

// judge makes a tenant noisy that holds too many messages in flight or took too much of the processing time.
func (s *sim) judge(id int32) {
	t := &s.shared.of[id]
	if s.c.Queue.Kind != Fair || t.noisy || t.waiting() == 0 {
		return
	}
	f := &s.c.Queue.Fair
	many := t.inFlight >= f.InFlight && float64(t.inFlight) > f.InFlightShare*float64(s.inFlight)
	s.fade(t)
	if many || t.busy > f.TimeShare*s.shared.busy {
		t.noisy = true
		s.shared.noisy = append(s.shared.noisy, id)
	}
}

// fade brings the fading sums of a tenant and of all to now.
func (s *sim) fade(t *tenant) {
	window := float64(s.c.Queue.Fair.Window)
	t.busy *= math.Exp(-float64(s.now-t.busyAt) / window)
	t.busyAt = s.now
	s.shared.busy *= math.Exp(-float64(s.now-s.shared.busyAt) / window)
	s.shared.busyAt = s.now
}

// charge books processing time to a tenant.
func (s *sim) charge(m *message, seconds float64) {
	if seconds == 0 {
		return
	}
	t := &s.shared.of[m.group]
	s.fade(t)
	t.busy += seconds
	s.shared.busy += seconds
	s.judge(m.group)
}
