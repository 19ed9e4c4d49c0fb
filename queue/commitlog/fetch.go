package commitlog

import "cloudconcepts/internal/des"

// state of a session.
type state uint8

const (
	idle     state = iota
	sent           // on its way to the broker
	parked         // waiting there for enough bytes
	done           // enough: the broker prepares the answer
	answered       // on its way back
)

// session is what one consumer and one broker have going: at most one fetch.
type session struct {
	state    state
	seq      uint32
	turn     uint32 // which partition comes first
	consumer int32
	broker   int32
	back     int64 // time of the way back
	have     int64 // bytes there, while parked
	named    []claim
}

// claim is a partition that a fetch names; it is void once the partition has
// had another owner.
type claim struct {
	partition int32
	epoch     uint32
	records   int64
}

// fetch sends a request to every broker that has none of this consumer and
// leads partitions of which nothing is buffered.
func (e *engine) fetch(i int32) {
	c := &e.consumers[i]
	first := int(i) * e.brokers
	for _, p := range c.parts {
		l := &e.partitions[p]
		if s := &e.sessions[first+int(l.broker)]; s.state == idle && l.buffered == 0 {
			s.named = append(s.named, claim{partition: p, epoch: l.epoch})
		}
	}
	for b := range e.brokers {
		s := &e.sessions[first+b]
		if s.state != idle || len(s.named) == 0 {
			continue
		}
		trip := e.trip.Next(e.trips)
		s.state = sent
		s.back = trip - trip/2
		e.tally.requests++
		if trip/2 == 0 {
			e.reach(int32(first + b))
		} else {
			e.later(trip/2, event{kind: atBroker, who: int32(first + b), seq: s.seq})
		}
	}
}

// later schedules an event unless the run is over by then.
func (e *engine) later(delay int64, v event) {
	if at := e.now + min(delay, des.Forever); at <= e.end {
		e.events.Push(at, v)
	}
}

func (e *engine) handleFetch(v event) {
	if e.sessions[v.who].seq != v.seq {
		return
	}
	switch v.kind {
	case atBroker:
		e.reach(v.who)
	case answer:
		e.respond(v.who)
	default:
		e.deliver(v.who)
	}
}

// reach is a fetch at its broker: answered at once or parked.
func (e *engine) reach(i int32) {
	s := &e.sessions[i]
	s.state = parked
	s.have = 0
	for _, m := range s.named {
		l := &e.partitions[m.partition]
		if l.epoch != m.epoch {
			continue
		}
		e.retain(m.partition)
		l.parked = i
		s.have += e.available(l)
	}
	if s.have >= e.cfg.Fetch.MinBytes {
		e.complete(i)
		return
	}
	e.timeouts.PushBack(timeout{at: e.now + int64(e.cfg.Fetch.MaxWait), session: i, seq: s.seq})
}

// available are the bytes of a partition that count toward MinBytes.
func (e *engine) available(l *partition) int64 {
	return min((l.end()-l.fetched)*e.bytes, e.cappedBytes)
}

// arrived tells the fetch that waits for a partition of its newest record.
func (e *engine) arrived(l *partition) {
	s := &e.sessions[l.parked]
	if s.state != parked {
		return
	}
	there := (l.end() - l.fetched) * e.bytes
	s.have += min(there, e.cappedBytes) - min(there-e.bytes, e.cappedBytes)
	if s.have >= e.cfg.Fetch.MinBytes {
		e.complete(l.parked)
	}
}

// recount is for a parked fetch that has lost a partition.
func (e *engine) recount(i int32) {
	s := &e.sessions[i]
	s.have = 0
	for _, m := range s.named {
		if l := &e.partitions[m.partition]; l.epoch == m.epoch {
			s.have += e.available(l)
		}
	}
}

// complete is a fetch that can be answered.
func (e *engine) complete(i int32) {
	s := &e.sessions[i]
	s.seq++
	if e.cfg.Fetch.DeliveryOverhead == 0 {
		e.respond(i)
		return
	}
	s.state = done
	e.later(int64(e.cfg.Fetch.DeliveryOverhead), event{kind: answer, who: i, seq: s.seq})
}

// respond fills a response within the limits and sends it. The partitions take
// turns at being first.
func (e *engine) respond(i int32) {
	s := &e.sessions[i]
	s.state = answered
	total := int64(0)
	s.turn++
	for j := range s.named {
		m := &s.named[(j+int(s.turn))%len(s.named)]
		l := &e.partitions[m.partition]
		if l.epoch != m.epoch {
			continue
		}
		l.parked = -1
		m.records = min(l.end()-l.fetched, e.byPartition, e.byResponse-total)
		if m.records == 0 && total == 0 && l.end() > l.fetched {
			m.records = 1 // the limits are soft
		}
		e.take(l, m.records)
		total += m.records
	}
	if e.now >= e.warm {
		e.tally.fetches++
		e.tally.fetched += total
		if total == 0 {
			e.tally.empty++
		}
	}
	transfer := des.Nanoseconds(float64(total*e.bytes) / e.cfg.Fetch.Bandwidth)
	e.tally.returning(e.now, s.back+transfer, total, e.warm)
	e.later(s.back+transfer, event{kind: response, who: i, seq: s.seq})
}

// take moves the fetched offset and counts how long the records waited.
func (e *engine) take(l *partition, n int64) {
	from := l.fetched
	l.fetched += n
	if e.now < e.warm {
		return
	}
	wait := int64(0)
	for o := from; o < l.fetched; o++ {
		wait += (e.now - l.at(o).at) >> 4 // units of 16 ns: no overflow
	}
	e.tally.fetchWait += 16 * float64(wait)
}

// deliver is a response at its consumer.
func (e *engine) deliver(i int32) {
	s := &e.sessions[i]
	s.state = idle
	c := &e.consumers[s.consumer]
	for _, m := range s.named {
		if l := &e.partitions[m.partition]; l.epoch == m.epoch && m.records > 0 {
			l.buffered += m.records
			c.buffered += m.records
			c.queue.PushBack(m.partition)
		}
	}
	s.named = s.named[:0]
	e.tally.buffered = max(e.tally.buffered, c.buffered)
	if c.waiting {
		e.poll(s.consumer)
	}
}
