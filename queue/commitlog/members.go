package commitlog

// dismiss takes a member out of the group: it was found dead, has not polled
// for too long, or leaves.
func (e *engine) dismiss(i int32) {
	e.remove(i)
	e.removed()
}

func (e *engine) remove(i int32) {
	c, g := &e.consumers[i], &e.group
	c.member = false
	g.members--
	if c.ready && g.phase == joining {
		g.ready--
	}
	for _, p := range c.parts {
		e.disown(&e.partitions[p])
	}
	c.parts, c.dirty = c.parts[:0], c.dirty[:0]
	c.queue.Clear()
}

// removed is what the group does about it.
func (e *engine) removed() {
	g := &e.group
	switch g.phase {
	case joining:
		e.checkReady()
	case moving:
		g.again = true
		e.checkMoved()
	default:
		e.trigger()
	}
}

// crash stops a consumer at once. The group finds out when the session ends.
func (e *engine) crash(i int32) {
	c := &e.consumers[i]
	e.tally.crashes++
	e.stop(i)
	if c.member {
		c.undetected = true
		beat := int64(e.cfg.Group.HeartbeatInterval)
		last := c.joined + (e.now-c.joined)/beat*beat
		found := max(e.now, last+int64(e.cfg.Group.SessionTimeout))
		e.tally.detection += float64(found - e.now)
		e.tally.detections++
		e.later(found-e.now, event{kind: detect, who: i, seq: c.life})
	}
	e.later(int64(e.cfg.Group.RestartTime), event{kind: restart, who: i, seq: c.life})
}

// stop ends a consumer's life and its connections.
func (e *engine) stop(i int32) {
	c := &e.consumers[i]
	c.alive, c.waiting = false, false
	c.life++
	for b := range e.brokers {
		s := &e.sessions[int(i)*e.brokers+b]
		for _, m := range s.named {
			l := &e.partitions[m.partition]
			if l.epoch == m.epoch {
				l.parked = -1
			}
		}
		s.named = s.named[:0]
		s.state = idle
		s.seq++
	}
}

// detect is the end of a dead member's session.
func (e *engine) detect(v event) {
	c := &e.consumers[v.who]
	c.undetected = false
	e.remove(v.who)
	back := c.returning && !c.leaving
	c.returning = false
	if !back || e.group.phase != stable { // otherwise one rebalance does for both
		e.removed()
	}
	if back {
		e.revive(v.who)
	}
}

// restart is a crashed consumer that is back. As long as the group believes
// its former self to be alive no rebalance could end, so it waits for that.
func (e *engine) restart(v event) {
	c := &e.consumers[v.who]
	if c.undetected {
		c.returning = true
		return
	}
	e.revive(v.who)
}

func (e *engine) revive(i int32) {
	c := &e.consumers[i]
	if c.leaving {
		return
	}
	c.alive = true
	for w := range c.free {
		c.free[w] = e.now
	}
	c.nextCommit = e.now + int64(e.cfg.Consumer.CommitInterval)
	e.fate(i)
	e.poll(i)
}

// leave is an orderly farewell.
func (e *engine) leave(i int32) {
	c := &e.consumers[i]
	member := c.member
	if member {
		e.commitEarlier(c, true)
	}
	e.stop(i)
	if member {
		e.dismiss(i)
	}
}

// change is a planned join or leave.
func (e *engine) change(c Change) {
	if c.Kind == Join {
		e.poll(e.hire())
		return
	}
	if c.Consumer >= len(e.consumers) {
		return
	}
	who := &e.consumers[c.Consumer]
	who.leaving = true
	if who.waiting {
		e.poll(int32(c.Consumer))
	}
}
