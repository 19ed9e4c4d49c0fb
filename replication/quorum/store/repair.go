package store

// ask is a read's request at a replica.
func (s *store) ask(e event) {
	o := &s.ops[e.op]
	o.messages--
	if s.downs[e.node] > 0 {
		s.result.MessagesLost++
		s.last(e.op)
		return
	}
	e.kind, e.version = answered, s.copies[int(e.node)*s.c.Keys+int(e.key)]
	s.send(purposeResponse, e)
}

// answer is a replica's response at the coordinator.
func (s *store) answer(e event) {
	o := &s.ops[e.op]
	o.messages--
	s.of(e.op)[e.place].version = e.version
	if !o.open || o.waiting {
		s.last(e.op)
		return
	}
	o.count++
	o.version = max(o.version, e.version)
	if int(o.count) == s.c.R {
		if s.c.ReadRepair == BlockingRepair {
			s.writeBack(e.op)
		} else {
			s.done(o)
		}
	}
	s.last(e.op)
}

// last is called after each message of a read: with the last of them, an asynchronous repair begins.
func (s *store) last(slot int32) {
	o := &s.ops[slot]
	if o.messages == 0 && s.c.ReadRepair == AsyncRepair {
		s.repairAll(slot)
	}
	s.release(slot)
}

// repairAll sends the newest version to all that answered with an older one.
func (s *store) repairAll(slot int32) {
	o := &s.ops[slot]
	list := s.of(slot)
	var newest int64
	for _, t := range list {
		newest = max(newest, t.version)
	}
	for i, t := range list {
		if t.version >= 0 && t.version < newest {
			list[i].version = newest
			s.result.RepairsSent++
			s.send(purposeRepair, event{kind: repairing, op: -1, node: t.node, key: o.key, version: newest})
		}
	}
}

// writeBack sends the version read to all replicas not known to have it, and waits until W have.
func (s *store) writeBack(slot int32) {
	o := &s.ops[slot]
	list := s.of(slot)
	o.count = 0
	for _, t := range list {
		if t.version >= o.version {
			o.count++
		}
	}
	if int(o.count) >= s.c.W || o.version == 0 {
		s.done(o)
		return
	}
	o.waiting = true
	for i, t := range list {
		if t.version < o.version {
			s.result.RepairsSent++
			s.send(purposeRepair, event{kind: repairing, op: slot, place: int32(i), node: t.node, key: o.key, version: o.version})
		}
	}
}

// repairReplica is a version from a read at a replica.
func (s *store) repairReplica(e event) {
	if e.op >= 0 {
		s.ops[e.op].messages--
	}
	if s.downs[e.node] == 0 {
		s.keep(e.node, e.key, e.version)
	} else {
		s.result.MessagesLost++
	}
	if e.op < 0 {
		return
	}
	if s.downs[e.node] == 0 {
		e.kind = repaired
		s.send(purposeRepairAck, e)
	}
	s.release(e.op)
}

func (s *store) repairAck(e event) {
	o := &s.ops[e.op]
	o.messages--
	o.count++
	if o.open && int(o.count) == s.c.W {
		s.done(o)
	}
	s.release(e.op)
}

// done ends a read and judges what it returns.
func (s *store) done(o *operation) {
	o.open = false
	s.result.ReadsDone++
	s.read.Add(s.now - o.start)
	k := &s.keys[o.key]
	stale := o.version < o.committed
	if stale {
		s.stale(o, k)
	}
	if o.version < o.floor {
		s.result.Inversions++
		if !stale {
			s.result.InFlightInversions++
		}
	}
	k.returned = max(k.returned, o.version)
}

// stale counts the acknowledged versions that a read missed, as far as the history goes, and their age.
func (s *store) stale(o *operation, k *keyState) {
	s.result.StaleReads++
	var missed int64
	oldest := o.start
	for v := max(o.version, k.version-history) + 1; v <= o.committed; v++ {
		at := s.commits[int(o.key)*history+int(v%history)]
		if at >= 0 && at <= o.start {
			missed++
			oldest = min(oldest, at)
		}
	}
	s.missed += missed
	s.result.StaleVersionsMax = max(s.result.StaleVersionsMax, missed)
	s.age.Add(o.start - oldest)
}
