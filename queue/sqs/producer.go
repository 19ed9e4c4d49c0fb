package sqs

import (
	"math"
	"slices"

	"cloudconcepts/internal/des"
	"cloudconcepts/internal/rng"
)

// source makes the times of arrivals: a unit-rate process run through the integral of the rate.
type source struct {
	kind  Arrivals
	steps []Step
	left  int
	step  int
	at    float64 // seconds
	rate  float64 // of the step
	end   float64 // of the step, seconds
}

func newSource(p Producer) source {
	a := source{kind: p.Arrivals, steps: p.Steps, left: p.Messages}
	if a.kind != AtOnce {
		a.turn(0)
	}
	return a
}

// turn goes to a step of rates.
func (a *source) turn(step int) {
	a.step, a.rate, a.end = step, a.steps[step].Rate, math.Inf(1)
	if step+1 < len(a.steps) {
		a.end = a.steps[step+1].At.Seconds()
	}
}

// next is the time of the next arrival and the step that it falls into; Forever if there is none.
func (a *source) next(s *sim) int64 {
	if a.left == 0 {
		return des.Forever
	}
	a.left--
	if a.kind == AtOnce {
		return 0
	}
	u := 1.0
	if a.kind == Poisson {
		u = s.rand.arrivals.ExpFloat64()
	}
	for {
		if at := a.at + u/a.rate; a.rate > 0 && at <= a.end {
			a.at = at
			return des.Nanoseconds(at)
		}
		if math.IsInf(a.end, 1) {
			a.left = 0
			return des.Forever
		}
		u = max(u-a.rate*(a.end-a.at), 0)
		a.at = a.end
		a.turn(a.step + 1)
	}
}

// arrive makes a message and sends it, alone or when its batch is full.
func (s *sim) arrive() {
	slot := s.newSlot()
	p := &s.c.Producer
	m := &s.slots[slot]
	*m = message{state: gone, trace: none, group: s.drawGroup(), handle: m.handle}
	if m.group == 0 {
		m.flags |= hot
	}
	if p.PoisonShare > 0 && s.rand.marks.Float64() < p.PoisonShare || s.made < p.PoisonFirst {
		m.flags |= poison
	}
	if p.SlowShare > 0 && s.rand.marks.Float64() < p.SlowShare {
		m.flags |= slow
	}
	s.made++
	s.nextArrival = s.source.next(s)
	s.pending = append(s.pending, slot)
	s.sending++
	if len(s.pending) >= p.Batch || s.nextArrival == des.Forever {
		s.send()
	}
}

// drawGroup is the group of a message: the hot one, or one by popularity.
func (s *sim) drawGroup() int32 {
	if s.c.Producer.Groups == 1 {
		return 0
	}
	if share := s.hot(); share > 0 && s.rand.groups.Float64() < share {
		return 0
	}
	if s.popularity == nil {
		return int32(s.rand.groups.IntN(s.c.Producer.Groups))
	}
	at, _ := slices.BinarySearch(s.popularity, s.rand.groups.Float64())
	return int32(min(at, len(s.popularity)-1))
}

func (s *sim) hot() float64 {
	if s.source.kind == AtOnce {
		return 0
	}
	return s.c.Producer.Steps[s.sendStep()].Hot
}

// sendStep is the step of rates that holds now.
func (s *sim) sendStep() int {
	steps := s.c.Producer.Steps
	for s.hotStep+1 < len(steps) && int64(steps[s.hotStep+1].At) < s.now {
		s.hotStep++
	}
	return s.hotStep
}

// zipf are the cumulative shares of groups, or nil if they are alike.
func zipf(groups int, exponent float64) []float64 {
	if exponent == 0 || groups == 1 {
		return nil
	}
	sums := make([]float64, groups)
	total := 0.0
	for i := range sums {
		total += math.Pow(float64(i+1), -exponent)
		sums[i] = total
	}
	for i := range sums {
		sums[i] /= total
	}
	return sums
}

// send is one call with all pending messages.
func (s *sim) send() {
	s.res.SendCalls++
	ok := s.sends.take(s, int(s.slots[s.pending[0]].group))
	for _, slot := range s.pending {
		switch {
		case !ok:
			s.res.Throttled++
			s.sending--
			s.free = append(s.free, slot)
		case s.delayedSend:
			s.events.push(s.now+s.sendLatency.Next(s.rand.latency), event{kind: land, a: slot})
		default:
			s.accept(slot)
		}
	}
	s.pending = s.pending[:0]
}

// accept takes a message into the queue.
func (s *sim) accept(slot int32) {
	m := &s.slots[slot]
	s.sending--
	m.sent = s.now
	s.enter(slot)
	if s.res.Sent < int64(len(s.res.Trace)) {
		m.trace = int32(s.res.Sent)
		t := &s.res.Trace[m.trace]
		*t = Message{Group: int(m.group), Poison: m.flags&poison != 0, Sent: ns(s.now), First: -1, Last: -1, Processed: -1, Deleted: -1, Dead: -1, Expired: -1}
	}
	s.res.Sent++
	if s.c.Queue.Kind == FIFO {
		s.fifo.of[m.group].line.push(s.slots, slot)
	} else {
		s.shared.of[s.tenantOf(m)].sentAt = s.now
	}
	if s.c.Producer.ResendProbability > 0 {
		s.maybeResend(m.group, m.flags, s.now)
	}
	delay := int64(s.c.Queue.Delay)
	if s.timed {
		delay = min(s.timer.Next(s.rand.timer), maxDelay)
	}
	if delay == 0 {
		s.appear(slot, false)
		return
	}
	m = &s.slots[slot]
	m.state, m.due = delayed, s.now+delay
	s.delayed++
	s.delays.push(m.due, slot)
	s.expect(m.due)
}

// maybeResend plans the same message once more, first accepted at a time.
func (s *sim) maybeResend(group int32, f flags, accepted int64) {
	if s.rand.resend.Float64() >= s.c.Producer.ResendProbability {
		return
	}
	slot := s.newSlot()
	m := &s.slots[slot]
	*m = message{state: gone, trace: none, group: group, flags: f &^ (done | lapsed | rotten), sent: accepted, handle: m.handle}
	s.sending++
	s.events.push(s.now+s.resendDelay.Next(s.rand.resend), event{kind: again, a: slot})
}

// resend is a message that was sent before: a FIFO queue knows it within its window and accepts it without keeping it.
func (s *sim) resend(slot int32) {
	m := &s.slots[slot]
	s.res.SendCalls++
	s.res.Resent++
	other := s.rand.resend.Float64() < s.c.Producer.ResendOtherGroup
	if other {
		m.group = int32(s.rand.groups.IntN(s.c.Producer.Groups))
	}
	q := &s.c.Queue
	known := q.Kind == FIFO && s.now-m.sent < int64(q.DedupWindow) && !(other && q.DedupScope == PerGroup)
	if !known {
		s.accept(slot)
		return
	}
	s.res.Deduplicated++
	s.sending--
	group, f, accepted := m.group, m.flags, m.sent
	s.free = append(s.free, slot)
	s.maybeResend(group, f, accepted)
}

// quota is a limit of calls: one bucket of tokens a partition, holding a second's worth.
type quota struct {
	rate    float64
	buckets []bucket
}

type bucket struct {
	tokens float64
	at     int64
}

func newQuota(rate float64, partitions int) quota {
	if rate == 0 {
		return quota{}
	}
	q := quota{rate, make([]bucket, partitions)}
	for i := range q.buckets {
		q.buckets[i].tokens = max(rate, 1)
	}
	return q
}

// take spends a token of the partition that a number falls into.
func (q *quota) take(s *sim, who int) bool {
	if q.rate == 0 {
		return true
	}
	b := &q.buckets[rng.Seed(uint64(who))%uint64(len(q.buckets))]
	b.tokens = min(b.tokens+q.rate*des.Seconds(s.now-b.at), max(q.rate, 1))
	b.at = s.now
	if b.tokens < 1 {
		return false
	}
	b.tokens--
	return true
}
