package commitlog

import (
	"math/rand/v2"

	"cloudconcepts/internal/des"
	"cloudconcepts/internal/rng"
)

// phase of a rebalance.
type phase uint8

const (
	stable  phase = iota
	joining       // waits until all members take part
	joined        // they do; the new assignment is being made
	moving        // cooperative: waits until old owners let go of what moves
	handing       // ... which then goes to its new owners
)

// group is the state of the rebalance.
type group struct {
	phase   phase
	again   bool // something happened that needs a further rebalance
	members int
	ready   int
	moving  int // partitions that their old owners still hold
	crashes []*rand.Rand
}

// hire adds a running consumer that is not a member yet.
func (e *engine) hire() int32 {
	i := int32(len(e.consumers))
	c := consumer{alive: true, free: make([]int64, e.cfg.Consumer.Workers)}
	e.consumers = append(e.consumers, c)
	for b := range e.brokers {
		e.sessions = append(e.sessions, session{consumer: i, broker: int32(b)})
	}
	if e.cfg.Group.CrashRate > 0 {
		e.group.crashes = append(e.group.crashes, rng.New(e.cfg.Seed, streamCrashes, uint64(i)))
	}
	e.fate(i)
	return i
}

// fate decides when a running consumer crashes next.
func (e *engine) fate(i int32) {
	c := &e.consumers[i]
	c.crashAt = des.Forever
	for _, p := range e.cfg.Group.Changes {
		if p.Kind == Crash && int32(p.Consumer) == i && int64(p.At) > e.now {
			c.crashAt = int64(p.At)
			break
		}
	}
	if e.cfg.Group.CrashRate > 0 {
		gap := des.Nanoseconds(e.group.crashes[i].ExpFloat64() / e.cfg.Group.CrashRate)
		c.crashAt = min(c.crashAt, e.now+max(gap, 1))
	}
	e.later(c.crashAt-e.now, event{kind: crash, who: i, seq: c.life})
}

// join makes a running consumer a member; it polls on as one.
func (e *engine) join(i int32) {
	c := &e.consumers[i]
	if c.leaving {
		e.leave(i)
		return
	}
	c.member, c.paused, c.ready = true, true, false
	c.joined = e.now
	e.group.members++
	if e.group.phase == joining {
		e.takePart(i)
		return
	}
	e.trigger()
}

// trigger starts a rebalance, or notes that one more is needed.
func (e *engine) trigger() {
	g := &e.group
	if g.phase != stable {
		g.again = true
		return
	}
	g.again = false
	if g.members == 0 {
		return
	}
	g.phase, g.ready = joining, 0
	e.tally.rebalances++
	for i := range e.consumers {
		e.consumers[i].ready = false
	}
	e.pollWaiting()
	e.checkReady()
}

// pollWaiting lets those that sit in a poll look again.
func (e *engine) pollWaiting() {
	for i := range e.consumers {
		if c := &e.consumers[i]; c.waiting && c.member {
			e.poll(int32(i))
		}
	}
}

// takePart is a member's share in the rebalance under way, at its poll: an
// eager one gives up all partitions, a cooperative one those that move.
func (e *engine) takePart(i int32) {
	c, g := &e.consumers[i], &e.group
	switch {
	case g.phase == joining && !c.ready:
		c.ready = true
		g.ready++
		if e.cfg.Group.Assignor != CooperativeSticky {
			e.giveUp(i, false)
			c.paused = true
		}
		e.checkReady()
	case g.phase == moving:
		e.giveUp(i, true)
		e.checkMoved()
	}
}

// giveUp commits and lets go of all partitions, or of those that move.
func (e *engine) giveUp(i int32, onlyMoving bool) {
	c := &e.consumers[i]
	e.commitEarlier(c, true)
	keep := c.parts[:0]
	for _, p := range c.parts {
		l := &e.partitions[p]
		if onlyMoving && l.heir < 0 {
			keep = append(keep, p)
			continue
		}
		e.disown(l)
	}
	c.parts = keep
	dirty := c.dirty[:0]
	for _, p := range c.dirty {
		if e.partitions[p].owner == i {
			dirty = append(dirty, p)
		}
	}
	c.dirty = dirty
}

// checkReady goes on when every member takes part.
func (e *engine) checkReady() {
	g := &e.group
	if g.phase != joining || g.ready < g.members {
		return
	}
	g.phase = joined
	e.later(int64(e.cfg.Group.RebalanceTime), event{kind: rebalanced})
}

func (e *engine) checkMoved() {
	g := &e.group
	if g.phase != moving || g.moving > 0 {
		return
	}
	g.phase = handing
	e.later(int64(e.cfg.Group.RebalanceTime), event{kind: handover})
}

// rebalanced gives partitions without an owner to their new one; those that
// still have another one are moved first.
func (e *engine) rebalanced() {
	g := &e.group
	for p, to := range e.targets() {
		l := &e.partitions[p]
		switch {
		case to < 0:
		case l.owner < 0:
			e.assign(int32(p), to)
		case l.owner != to:
			l.heir = to
			g.moving++
		}
	}
	for i := range e.consumers {
		if c := &e.consumers[i]; c.member {
			c.paused = false
		}
	}
	if g.moving > 0 {
		g.phase = moving
		e.pollWaiting()
		return
	}
	e.settled()
}

// handover ends a cooperative rebalance.
func (e *engine) handover() {
	for p := range e.partitions {
		l := &e.partitions[p]
		if to := l.heir; to >= 0 && l.owner < 0 && e.consumers[to].member {
			e.assign(int32(p), to)
		} else if l.owner < 0 {
			e.group.again = true
		}
		l.heir = -1
	}
	e.settled()
}

func (e *engine) settled() {
	e.group.phase = stable
	if e.group.again {
		e.trigger()
		return
	}
	e.pollWaiting()
}

// assign gives a partition without owner to a consumer, from the committed
// offset on.
func (e *engine) assign(p, to int32) {
	l := &e.partitions[p]
	e.retain(p)
	e.tally.orphaned += float64(e.now - l.orphaned)
	l.owner = to
	l.epoch++
	c := &e.consumers[to]
	c.parts = append(c.parts, p)
}
