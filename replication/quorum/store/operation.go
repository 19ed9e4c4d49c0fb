package store

import (
	"slices"

	"cloudconcepts/replication/quorum"
)

// begin takes a slot for an operation on a random key, and chooses its targets: the home replicas that are up, and for each
// that is down a spare that is, if there is one. It returns -1 if there are fewer than need.
func (s *store) begin(write bool, need int) int32 {
	slot := s.slot()
	o := &s.ops[slot]
	s.nextID++
	*o = operation{id: s.nextID, start: s.now, key: int32(s.pick.IntN(s.c.Keys)), open: true, write: write}
	if s.c.Latency.Remote > 0 {
		o.origin = int32(s.origins.IntN(s.c.N))
	}
	spare := s.c.N
	for home := range s.c.N {
		node := home
		for node == home && s.downs[home] > 0 {
			for spare < s.nodes && s.downs[spare] > 0 {
				spare++
			}
			node = spare
			spare++
		}
		if node < s.nodes {
			s.targets[int(slot)*s.c.N+int(o.targets)] = target{node: int32(node), home: int32(home), version: -1}
			o.targets++
		}
	}
	if int(o.targets) >= need {
		return slot
	}
	o.open = false
	s.release(slot)
	return -1
}

func (s *store) slot() int32 {
	if n := len(s.free); n > 0 {
		slot := s.free[n-1]
		s.free = s.free[:n-1]
		return slot
	}
	s.ops = append(s.ops, operation{})
	s.targets = append(s.targets, make([]target, s.c.N)...)
	return int32(len(s.ops) - 1)
}

// release gives a slot back if nothing needs it any more.
func (s *store) release(slot int32) {
	if o := &s.ops[slot]; !o.open && o.messages == 0 {
		s.free = append(s.free, slot)
	}
}

// of are the operation's targets.
func (s *store) of(slot int32) []target {
	at := int(slot) * s.c.N
	return s.targets[at : at+int(s.ops[slot].targets)]
}

// timeout starts the clock of an operation; clocks of operations that are over are thrown away as they come to the front.
func (s *store) timeout(slot int32) {
	for s.expiry.Len() > 0 {
		d := s.expiry.Front()
		if o := &s.ops[d.op]; o.id == d.id && o.open {
			break
		}
		s.expiry.PopFront()
	}
	s.expiry.PushBack(deadline{at: s.now + int64(s.c.Timeout), id: s.ops[slot].id, op: slot})
}

func (s *store) expire(d deadline) {
	o := &s.ops[d.op]
	if o.id != d.id || !o.open {
		return
	}
	o.open = false
	if o.write {
		s.result.WritesFailed++
	} else {
		s.result.ReadsFailed++
	}
	s.release(d.op)
}

func (s *store) beginWrite() {
	s.result.Writes++
	s.arrive(startWrite)
	slot := s.begin(true, s.c.W)
	if slot < 0 {
		s.result.WritesRefused++
		return
	}
	o := &s.ops[slot]
	k := &s.keys[o.key]
	k.version++
	o.version = k.version
	s.commits[int(o.key)*history+int(o.version%history)] = -1
	s.timeout(slot)
	present := s.of(slot)
	for i, t := range present {
		s.send(purposeWrite, event{kind: atReplica, op: slot, place: int32(i), node: t.node, key: o.key, version: o.version})
	}
	for home := range s.c.N {
		i := slices.IndexFunc(present, func(t target) bool { return int(t.home) == home })
		if i < 0 {
			s.noteHint(int32(home), hint{o.version, o.key, -1})
		}
	}
}

// arriveWrite is a write at a replica. If that is down, the coordinator, which gets no acknowledgement, notes a hint; a spare
// notes one for the replica that it stands in for.
func (s *store) arriveWrite(e event) {
	o := &s.ops[e.op]
	o.messages--
	home := s.of(e.op)[e.place].home
	if s.downs[e.node] > 0 {
		s.result.MessagesLost++
		s.noteHint(home, hint{e.version, e.key, -1})
		s.release(e.op)
		return
	}
	s.keep(e.node, e.key, e.version)
	if e.node != home {
		s.noteHint(home, hint{e.version, e.key, e.node})
	}
	e.kind = acked
	s.send(purposeAck, e)
}

func (s *store) keep(node, key int32, version int64) bool {
	at := &s.copies[int(node)*s.c.Keys+int(key)]
	if *at >= version {
		return false
	}
	*at = version
	return true
}

func (s *store) ack(e event) {
	o := &s.ops[e.op]
	o.messages--
	o.count++
	if o.open && int(o.count) == s.c.W {
		o.open = false
		s.result.WritesAcked++
		s.tallies.write.Add(s.now - o.start)
		k := &s.keys[o.key]
		k.committed = max(k.committed, o.version)
		if o.version > k.version-history {
			s.commits[int(o.key)*history+int(o.version%history)] = s.now
		}
	}
	s.release(e.op)
}

func (s *store) beginRead() {
	s.result.Reads++
	s.arrive(startRead)
	slot := s.begin(false, s.c.R)
	if slot < 0 {
		s.result.ReadsRefused++
		return
	}
	o := &s.ops[slot]
	o.committed, o.floor = s.keys[o.key].committed, s.keys[o.key].returned
	s.timeout(slot)
	list := s.of(slot)
	if s.c.ReadFanOut == quorum.ToQuorum {
		for i := range s.c.R {
			j := i + s.mix.IntN(len(list)-i)
			list[i], list[j] = list[j], list[i]
		}
		list = list[:s.c.R]
	}
	for i, t := range list {
		s.send(purposeRead, event{kind: asked, op: slot, place: int32(i), node: t.node, key: o.key})
	}
}
