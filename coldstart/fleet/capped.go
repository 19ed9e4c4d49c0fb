package fleet

import (
	"context"
	"math"

	"cloudconcepts/coldstart/trace"
	"cloudconcepts/internal/des"
)

// capped runs all functions in one stream of arrivals.
func capped(ctx context.Context, c Config, functions []trace.Function) (Result, error) {
	e := newShared(&c, functions)
	var m merge
	m.start(functions, unit{0, len(functions)}, c.Spread, c.Seed)
	for arrivals := m.minute(); arrivals != nil; arrivals = m.minute() {
		if ctx.Err() != nil {
			return Result{}, ctx.Err()
		}
		if !e.minute(arrivals) {
			break
		}
	}
	e.finish()
	r := e.tally.result(c, len(functions))
	r.Clock, r.MemoryMaxMB = e.clock, float64(e.peak)/mib
	return r, nil
}

const mib = 1 << 20

// shared is the state of all units together.
type shared struct {
	config    *Config
	tally     *tally
	units     []member
	of        []int32 // the unit of each function
	instances []instance
	free      []int32 // unused instances
	rank      ranking
	events    des.Queue[event]
	uses      int64
	clock     float64
	most      int64 // bytes: the cap
	used      int64
	peak      int64
	idle      int64 // part of used that could be evicted
}

// member is a unit.
type member struct {
	keeper   keeper
	mb, cost float64
	bytes    int64
	init     int64
	finished int64 // last finish, -1 if there was none
	freq     int64 // uses of the instances there are
	idle     int32 // the instance that became idle last, or none
	coming   int32 // the one to be loaded that was planned last, or none
	busy     int32
	app      int32
	evicted  bool // the last one to go was
}

const none = -1

type state uint8

const (
	working state = iota
	resting
	coming
)

// instance is one, in a list of its unit if it is idle or to be loaded.
type instance struct {
	made, from, until int64
	alarm             int64 // time of its expiry event, 0 if there is none
	used              int64 // number of its last use
	uses              int64
	priority          float64
	unit              int32
	turn              uint32 // how often the slot was given up: events of before are void
	place             int32  // in the ranking
	next, previous    int32
	state             state
}

type event struct {
	slot int32
	turn uint32
	kind kind
}

type kind uint8

const (
	finishes kind = iota
	expires
	loads
)

func newShared(c *Config, functions []trace.Function) *shared {
	e := &shared{
		config: c, tally: newTally(c, 0, functions[len(functions)-1].App), of: make([]int32, len(functions)),
		most: int64(min(c.MemoryCapMB*mib, math.MaxInt64/4)),
	}
	for i, u := range units(functions, c.Unit) {
		f := &functions[u.first]
		e.units = append(e.units, member{
			keeper: c.KeepAlive.keeper(c.Seed, i), mb: f.MemoryMB, bytes: int64(math.Ceil(f.MemoryMB * mib)),
			init: int64(f.Init), cost: float64(f.Init) / 1e6, app: int32(f.App), finished: -1, idle: none, coming: none,
		})
		for k := u.first; k < u.end; k++ {
			e.of[k] = int32(i)
		}
	}
	return e
}

func (e *shared) minute(arrivals []trace.Arrival) bool {
	for i := range arrivals {
		a := &arrivals[i]
		if a.At >= e.tally.to {
			return false
		}
		e.advance(a.At)
		e.arrive(a.At, a.Work, e.of[a.Function])
	}
	return true
}

// advance does what happens up to now. An instance expires 1 ns after the last time at which it is warm.
func (e *shared) advance(now int64) {
	for e.events.Next() <= now {
		at, what := e.events.Pop()
		in := &e.instances[what.slot]
		if in.turn != what.turn {
			continue
		}
		switch what.kind {
		case finishes:
			e.rest(what.slot, at)
		case loads:
			e.load(what.slot, at)
		case expires:
			e.expire(what.slot, at)
		}
	}
}

func (e *shared) arrive(now, work int64, index int32) {
	u, t := &e.units[index], e.tally
	if u.keeper.histogram != nil && u.busy == 0 && u.finished >= 0 {
		u.keeper.histogram.add(now - u.finished)
	}
	counted := now >= t.from
	slot, warm := u.idle, u.idle != none
	if warm {
		e.leave(slot, now)
	} else {
		if !e.room(u.bytes, now) {
			if counted {
				t.requests++
				t.dropped++
			}
			return
		}
		e.blame(u, counted)
		slot = e.create(index, now)
		e.take(u.bytes)
	}
	if counted {
		t.count(int(u.app), !warm)
		t.work += work
	}
	if !warm {
		work += u.init
	}
	t.busy += float64(t.span(now, now+work)) * u.mb
	e.use(slot, now)
	u.busy++
	e.events.Push(now+work, event{slot, e.instances[slot].turn, finishes})
}

// use sets the priority.
func (e *shared) use(slot int32, now int64) {
	in := &e.instances[slot]
	u := &e.units[in.unit]
	e.uses++
	in.uses++
	u.freq++
	in.state, in.used = working, e.uses
	in.priority = e.config.Eviction.Priority(e.clock, u.freq, u.cost, u.mb, now)
}

// room evicts idle instances until there is room, if there can be.
func (e *shared) room(bytes, now int64) bool {
	if e.used-e.idle+bytes > e.most {
		return false
	}
	for e.used+bytes > e.most {
		victim := e.rank.slots[0]
		in := &e.instances[victim]
		if e.config.Eviction != LRU {
			e.clock = in.priority
		}
		if now >= e.tally.from {
			e.tally.evictions++
		}
		e.units[in.unit].evicted = true
		e.leave(victim, now)
		e.end(victim, now)
	}
	return true
}

// blame says why a request is cold. The instance that it makes takes the place of one still to be loaded.
func (e *shared) blame(u *member, counted bool) {
	planned := u.coming
	if planned != none {
		e.unlink(&u.coming, planned)
		e.giveUp(planned)
	}
	if !counted {
		return
	}
	c := &e.tally.causes
	e.tally.init += u.init
	switch {
	case u.busy > 0:
		c.Concurrency++
	case planned != none:
		c.Early++
	case u.finished < 0:
		c.First++
	case u.evicted:
		c.Evicted++
	default:
		c.Expired++
	}
}
