package coldstart

import (
	"math"

	"cloudconcepts/internal/des"
	"cloudconcepts/internal/law"
)

// engine simulates event by event.
type engine struct {
	run
	draws  *randomness
	starts starter
	keep   keeper
	limits limiter
	events des.Queue[event]
	ends   des.Queue[expiry] // of idle environments, if they do not end in order
	feed   feed

	all        []instance
	spare      []int32 // places in all
	idle, open shelf   // on demand: without requests, and with room beside them
	ready      shelf   // provisioned: without requests
	room       shelf   // and with room beside them
	created    int64
	peak       int64 // most environments on demand at once
	provided   int64
	pingWork   law.Sampler
	demanded   int64
	pending    int64 // retries to come
	sample     int64
	log        log
}

type eventKind uint8

const (
	finish eventKind = iota
	awake
	retry
	ping
	provide
	undemand
)

type event struct {
	kind eventKind
	slot int32
	life uint32
	q    request
}

// request is one request on its way.
type request struct {
	first   int64 // when it came
	work    int64 // ns of the handler
	tries   int32
	errors  int32
	record  int32 // its row in the log; -1 = none
	counted bool
	ping    bool
}

// expiry is the end of an idle environment, if it is still the same life.
type expiry struct {
	slot int32
	life uint32
}

func newEngine(c Config) *engine {
	draws := newRandomness(c.Seed)
	e := &engine{
		run: newRun(c), draws: draws, starts: newStarter(c, draws), keep: newKeeper(c.KeepAlive, draws.keep),
		limits: newLimiter(c.Limits), feed: newFeed(c, draws), sample: des.Forever, log: newLog(c.Records),
		idle: newShelf(1, c.Selection), open: newShelf(2, c.Selection),
		ready: newShelf(3, c.Selection), room: newShelf(4, c.Selection), pingWork: c.Warmer.Work.Sampler(),
	}
	if c.Sample > 0 {
		e.sample = 0
	}
	if c.Warmer.Concurrent > 0 {
		e.events.Push(0, event{kind: ping})
	}
	if c.Provisioned.Count > 0 {
		e.provide(0)
	}
	return e
}

// simulate runs to the end.
func (e *engine) simulate() *run {
	for {
		at := e.feed.next()
		t, point := min(at, e.events.Next()), e.checkpoint()
		if point <= t && point <= e.end && point < e.events.Next() {
			e.reach(point)
			e.point(point)
			continue
		}
		if t > e.end {
			break
		}
		e.reach(t)
		if e.events.Next() <= at {
			_, what := e.events.Pop()
			e.handle(t, what)
			continue
		}
		e.arrive(t)
		if e.feed.left == 0 {
			e.end = t
			break
		}
	}
	e.reach(e.end)
	e.clock.advance(e.end)
	e.waiting = e.pending
	return &e.run
}

// checkpoint is when something is read that is no event.
func (e *engine) checkpoint() int64 { return min(e.run.checkpoint(), e.sample) }

// point reads it.
func (e *engine) point(t int64) {
	e.clock.advance(t)
	e.run.point(t)
	if t == e.sample {
		e.row(t)
		e.sample += int64(e.c.Sample)
	}
}

// reach removes the environments that end before t and counts the time up to it.
func (e *engine) reach(t int64) {
	if e.keep.fixed >= 0 {
		for e.idle.count > 0 && e.all[e.idle.first].expires < t {
			e.expire(e.idle.first)
		}
	} else {
		for e.ends.Next() < t {
			_, x := e.ends.Pop()
			if i := &e.all[x.slot]; i.life == x.life && i.shelf == e.idle.number {
				e.expire(x.slot)
			}
		}
	}
	e.clock.advance(t)
}

func (e *engine) expire(slot int32) {
	x := &e.all[slot]
	e.idle.remove(e.all, slot)
	e.clock.advance(x.expires)
	e.log.span(x.id, Idle, x.free, x.expires)
	e.log.span(x.id, Expired, x.expires, x.expires)
	e.drop(slot, x.expires)
}

// drop removes an environment that is in no shelf.
func (e *engine) drop(slot int32, t int64) {
	x := &e.all[slot]
	e.clock.live--
	e.gone(t, t-x.born)
	x.id, x.life = 0, x.life+1
	e.spare = append(e.spare, slot)
}

func (e *engine) handle(t int64, what event) {
	switch what.kind {
	case finish:
		e.finish(t, what.slot)
	case awake:
		e.awake(what.slot, what.life)
	case retry:
		if what.q.counted {
			e.pending--
		}
		e.attempt(t, what.q)
	case ping:
		for range e.c.Warmer.Concurrent {
			e.attempt(t, request{first: t, work: e.pingWork.Next(e.draws.pings), record: -1, ping: true})
		}
		e.events.Push(t+int64(e.c.Warmer.Every), what)
	case provide:
		e.provide(t)
	case undemand:
		e.demanded--
	}
}

// provide brings up provisioned environments: all, or one and the event of the next.
func (e *engine) provide(t int64) {
	p := e.c.Provisioned
	for e.provided < int64(p.Count) {
		e.provided++
		slot := e.create(t)
		e.all[slot].provisioned, e.all[slot].ready = true, true
		e.clock.live--
		e.clock.provided++
		e.ready.put(e.all, slot)
		if p.Ramp > 0 {
			break
		}
	}
	if p.Ramp > 0 && e.provided < int64(p.Count) {
		at := int64(math.Round(float64(e.provided) * 60e9 / float64(p.Ramp)))
		e.events.Push(max(at, t), event{kind: provide})
	}
}

// create makes an environment.
func (e *engine) create(t int64) int32 {
	var slot int32
	if n := len(e.spare); n > 0 {
		slot = e.spare[n-1]
		e.spare = e.spare[:n-1]
	} else {
		slot = int32(len(e.all))
		e.all = append(e.all, instance{})
	}
	e.created++
	e.all[slot] = instance{id: e.created, born: t, free: t, life: e.all[slot].life + 1, next: nobody, before: nobody}
	e.clock.live++
	return slot
}

// arrive is a new request.
func (e *engine) arrive(t int64) {
	q := request{first: t, work: e.feed.take(), record: e.log.request(t), counted: t >= e.from}
	if q.counted {
		e.requests++
	}
	if e.c.Sample > 0 {
		e.demanded++
		e.window.Arrivals++
		e.events.Push(t+e.feed.demand(), event{kind: undemand})
	}
	e.attempt(t, q)
}
