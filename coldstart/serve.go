package coldstart

// attempt is a request that asks for an environment: first a provisioned one, then one on demand that is there, then a new
// one, unless a limit is in the way.
func (e *engine) attempt(t int64, q request) {
	q.tries++
	there := e.ready.count+e.room.count+e.idle.count+e.open.count > 0
	switch {
	case !there && e.clock.busy+int64(e.c.Provisioned.Count) >= e.limits.most:
		e.throttle(t, q, throttledConcurrency)
		return
	case !e.limits.requests.has(t):
		e.throttle(t, q, throttledRate)
		return
	case !there && !e.limits.allows(t, e.clock.busy):
		e.throttle(t, q, throttledScaling)
		return
	}
	e.limits.requests.take()
	if there {
		e.warm(t, q)
		return
	}
	e.limits.fresh.take()
	e.fresh(t, q)
}

// warm serves a request with an environment that is there.
func (e *engine) warm(t int64, q request) {
	var slot int32
	r := e.draws.picks
	switch {
	case e.room.count > 0:
		slot = e.room.take(e.all, r)
	case e.ready.count > 0:
		slot = e.ready.take(e.all, r)
		e.clock.providedIn++
	case e.open.count > 0:
		slot = e.open.take(e.all, r)
	default:
		slot = e.idle.take(e.all, r)
		e.clock.busy++
	}
	x := &e.all[slot]
	if x.active == 0 {
		e.log.span(x.id, Idle, x.free, t)
	}
	if q.counted && !q.ping {
		if x.provisioned {
			e.tally.provisioned++
		} else {
			e.tally.warm++
		}
	}
	e.begin(t, slot, q, nil)
}

// fresh serves a request with a new environment.
func (e *engine) fresh(t int64, q request) {
	cause := e.cause()
	live := e.clock.live
	slot := e.create(t)
	e.peak = max(e.peak, live+1)
	e.clock.busy++
	x := e.starts.next()
	switch {
	case q.ping:
		if t >= e.from {
			e.coldPings++
		}
	case q.counted:
		e.tally.cold++
		e.causes.count(cause)
		e.tally.begun(&x)
	}
	e.window.Cold++
	if t >= e.from {
		e.born++
	}
	e.log.cold(q.record, cause)
	e.begin(t, slot, q, &x)
}

// cause is why there is no environment for a request.
func (e *engine) cause() Cause { return causeOf(e.peak, e.clock.live) }

func causeOf(peak, live int64) Cause {
	switch {
	case peak == 0:
		return First
	case live == 0:
		return IdleExpired
	case live >= peak:
		return ScaleUp
	}
	return Concurrency
}

// begin lets an environment, which is in no shelf, work on a request; x is its cold start or nil.
func (e *engine) begin(t int64, slot int32, q request, x *start) {
	i := &e.all[slot]
	w := workOf(q.work, x, int64(e.c.Timeout))
	failed := false
	if e.c.ErrorProbability > 0 && !q.ping {
		failed = e.draws.errors.Float64() < e.c.ErrorProbability
	}
	end := t + w.response
	i.active++
	i.doomed = i.doomed || w.cut
	e.count(t, q, i.provisioned, w, x, failed)
	e.log.begin(q.record, i.id, t, w, !failed && !w.cut)
	if x != nil {
		e.log.span(i.id, Init, t, t+w.before)
	}
	e.log.span(i.id, Busy, t+w.before, end)
	e.events.Push(end, event{kind: finish, slot: slot})
	if failed || w.cut {
		e.again(end, q)
	}
	if e.c.PerInstance == 1 {
		return
	}
	switch {
	case x == nil:
		i.ready = true
	case x.whole < 0:
		e.events.Push(t+w.before, event{kind: awake, slot: slot, life: i.life})
	}
	e.shelve(slot)
}

// shelve puts an environment with requests where others find it, if it has room.
func (e *engine) shelve(slot int32) {
	i := &e.all[slot]
	if i.shelf != 0 || !i.ready || i.doomed || int(i.active) >= e.c.PerInstance {
		return
	}
	if i.provisioned {
		e.room.put(e.all, slot)
	} else {
		e.open.put(e.all, slot)
	}
}

// awake is an environment that has ended its init and may take more requests.
func (e *engine) awake(slot int32, life uint32) {
	if i := &e.all[slot]; i.life == life && i.active > 0 {
		i.ready = true
		e.shelve(slot)
	}
}

// finish is the end of a request in an environment.
func (e *engine) finish(t int64, slot int32) {
	i := &e.all[slot]
	i.active--
	i.ready = true
	if i.active > 0 {
		e.shelve(slot)
		return
	}
	if i.shelf != 0 {
		e.shelfOf(i).remove(e.all, slot)
	}
	i.free = t
	if i.provisioned {
		i.doomed = false // the platform replaces it
		e.clock.providedIn--
		e.ready.put(e.all, slot)
		return
	}
	e.clock.busy--
	if i.doomed {
		e.log.span(i.id, Expired, t, t)
		e.drop(slot, t)
		return
	}
	i.life++
	i.expires = t + e.keep.next()
	e.idle.put(e.all, slot)
	if e.keep.fixed < 0 {
		e.ends.Push(i.expires, expiry{slot, i.life})
	}
}

func (e *engine) shelfOf(i *instance) *shelf {
	return [...]*shelf{nil, &e.idle, &e.open, &e.ready, &e.room}[i.shelf]
}
