package sqs

import "cloudconcepts/internal/des"

// group is a message group of a FIFO queue: all its messages in order, and how many of them are in flight. While any is,
// the group is locked.
type group struct {
	line     list
	inFlight int32
	queued   bool // stands in ready
}

// groups are those of a FIFO queue. Ready holds the unlocked ones whose first message is visible, oldest message first;
// the order in which SQS picks groups is undocumented.
type groups struct {
	of    []group
	ready des.Queue[int32]
}

// offer makes a group ready if it can be received from.
func (s *sim) offer(g int32) {
	gr := &s.fifo.of[g]
	if gr.queued || gr.inFlight > 0 || gr.line.n == 0 {
		return
	}
	head := &s.slots[gr.line.head]
	if head.state != visible {
		return
	}
	gr.queued = true
	s.fifo.ready.Push(head.seq, g)
	s.wake = true
}

// openWindow is called when a message comes within the look-ahead window: its group may have waited for that.
func (s *sim) openWindow(slot int32) {
	if s.c.Queue.Kind == FIFO && s.slots[slot].state == visible {
		s.wake = true
	}
}

// receiveFIFO gives a worker as many messages as it takes: as many of one group as possible, then of the next.
func (s *sim) receiveFIFO(w *worker, most int) {
	for len(w.batch) < most && s.inFlight < s.c.Queue.InFlightCap && s.fifo.ready.Len() > 0 {
		if s.window > 0 && s.fifo.ready.Next() > s.slots[s.edge].seq {
			return
		}
		seq, g := s.fifo.ready.Pop()
		gr := &s.fifo.of[g]
		gr.queued = false
		if gr.inFlight > 0 || gr.line.n == 0 || s.slots[gr.line.head].seq != seq {
			s.offer(g)
			continue
		}
		s.receiveGroup(w, most, g)
		s.offer(g)
	}
}

func (s *sim) receiveGroup(w *worker, most int, g int32) {
	slot := s.fifo.of[g].line.head
	edge := s.slots[s.edge].seq
	for slot != none && len(w.batch) < most && s.inFlight < s.c.Queue.InFlightCap {
		m := &s.slots[slot]
		if m.state != visible || m.seq > edge {
			return
		}
		after := m.after
		s.visible--
		if s.spent(m) {
			s.bury(slot)
		} else {
			s.deliver(slot, w)
		}
		slot = after
	}
}
