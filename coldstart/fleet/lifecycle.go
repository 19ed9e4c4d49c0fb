package fleet

// create makes an instance of a unit.
func (e *shared) create(unit int32, now int64) int32 {
	var slot int32
	if n := len(e.free); n > 0 {
		slot = e.free[n-1]
		e.free = e.free[:n-1]
	} else {
		slot = int32(len(e.instances))
		e.instances = append(e.instances, instance{})
	}
	e.instances[slot] = instance{made: now, unit: unit, turn: e.instances[slot].turn}
	return slot
}

// giveUp frees the slot.
func (e *shared) giveUp(slot int32) {
	e.instances[slot].turn++
	e.free = append(e.free, slot)
}

// take takes memory.
func (e *shared) take(bytes int64) {
	e.used += bytes
	e.peak = max(e.peak, e.used)
}

// end removes an instance that is in no list.
func (e *shared) end(slot int32, now int64) {
	in := &e.instances[slot]
	u := &e.units[in.unit]
	u.freq -= in.uses
	e.used -= u.bytes
	e.tally.area.interval(in.made, now, u.mb)
	e.giveUp(slot)
}

// rest makes an instance that has finished idle, or plans to load it again later.
func (e *shared) rest(slot int32, now int64) {
	in := &e.instances[slot]
	u := &e.units[in.unit]
	u.busy--
	u.finished = now
	from, until := e.config.KeepAlive.window(&u.keeper, now)
	if from > now {
		unit, used, priority := in.unit, in.used, in.priority
		u.evicted = false
		e.end(slot, now)
		next := e.create(unit, from)
		in = &e.instances[next]
		in.state, in.from, in.until, in.used, in.priority = coming, from, until, used, priority
		e.link(&u.coming, next)
		e.events.Push(from, event{next, in.turn, loads})
		return
	}
	in.until = until
	e.settle(slot, now)
}

// load loads an instance ahead of a request, if there is room without evicting one.
func (e *shared) load(slot int32, now int64) {
	in := &e.instances[slot]
	u := &e.units[in.unit]
	counted := now >= e.tally.from && now < e.tally.to
	e.unlink(&u.coming, slot)
	if e.used+u.bytes > e.most {
		u.evicted = true
		if counted {
			e.tally.lost++
		}
		e.giveUp(slot)
		return
	}
	if counted {
		e.tally.prewarms++
	}
	e.take(u.bytes)
	e.settle(slot, now)
}

// settle puts an instance among the idle.
func (e *shared) settle(slot int32, now int64) {
	in := &e.instances[slot]
	u := &e.units[in.unit]
	in.state, in.from = resting, now
	e.link(&u.idle, slot)
	e.rankPush(slot)
	e.idle += u.bytes
	if e.config.KeepAlive.Kind != NoEnd && (in.alarm == 0 || in.until+1 < in.alarm) {
		e.alarm(slot, in.until+1)
	}
}

func (e *shared) alarm(slot int32, at int64) {
	e.instances[slot].alarm = at
	e.events.Push(at, event{slot, e.instances[slot].turn, expires})
}

// expire is the alarm of an instance, which may have been used since: then it is set anew.
func (e *shared) expire(slot int32, at int64) {
	in := &e.instances[slot]
	if in.alarm != at {
		return
	}
	in.alarm = 0
	switch {
	case in.state != resting:
	case in.until >= at:
		e.alarm(slot, in.until+1)
	default:
		e.units[in.unit].evicted = false
		e.leave(slot, in.until)
		e.end(slot, in.until)
	}
}

// leave takes an instance from among the idle.
func (e *shared) leave(slot int32, now int64) {
	in := &e.instances[slot]
	u := &e.units[in.unit]
	e.tally.idle += float64(e.tally.span(in.from, now)) * u.mb
	e.unlink(&u.idle, slot)
	e.rankRemove(slot)
	e.idle -= u.bytes
}

func (e *shared) link(list *int32, slot int32) {
	in := &e.instances[slot]
	in.next, in.previous = *list, none
	if *list != none {
		e.instances[*list].previous = slot
	}
	*list = slot
}

func (e *shared) unlink(list *int32, slot int32) {
	in := &e.instances[slot]
	if in.previous == none {
		*list = in.next
	} else {
		e.instances[in.previous].next = in.next
	}
	if in.next != none {
		e.instances[in.next].previous = in.previous
	}
}

// finish counts what there is at the end.
func (e *shared) finish() {
	e.advance(e.tally.to)
	for len(e.rank.slots) > 0 {
		slot := e.rank.slots[0]
		e.leave(slot, e.tally.to)
		e.end(slot, e.tally.to)
	}
	for what := range e.left() {
		in := &e.instances[what]
		e.tally.area.interval(in.made, e.tally.to, e.units[in.unit].mb)
	}
}

// left are the instances that work.
func (e *shared) left() func(func(int32) bool) {
	return func(yield func(int32) bool) {
		for e.events.Len() > 0 {
			_, what := e.events.Pop()
			current := e.instances[what.slot].turn == what.turn
			if current && what.kind == finishes && !yield(what.slot) {
				return
			}
		}
	}
}
