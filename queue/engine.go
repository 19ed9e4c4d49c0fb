package queue

import (
	"math"

	"cloudconcepts/internal/des"
	"cloudconcepts/internal/rng"
	"cloudconcepts/queue/internal/line"
)

// engine runs event by event: arrivals come from the feed and never enter the heap, which holds the ends of the
// services. Of events at one time, ends come before arrivals.
type engine struct {
	feed    *feed
	line    line.Line
	ends    des.Queue[bool] // whether the service began in time
	out     run
	over    bool // the window is: the last message has come, and what happens now is not entered in it
	servers int
	horizon int64
	late    int64 // longest wait that is in time
	expire  bool  // the line throws out what is late

	next    int   // index of the next message in the feed's block
	coming  int64 // when it arrives, by the producer's clock; math.MaxInt64 = none
	cut     bool  // arrivals go on after the horizon
	idle    int   // servers
	index   int64 // of the next message, from the start of the run
	now     int64
	updated int64 // the areas are known up to here

	held  line.Item // by the producer, when the queue is full and blocks
	holds bool
	since int64 // when it began to
	lag   int64 // how far the producer's clock is behind

	sample rows
}

const (
	counted uint8 = 1 // mark of a message after the warm-up
	noEvent       = math.MaxInt64
)

func simulateEvents(c Config) *run {
	places := -1
	if c.Capacity > 0 {
		places = c.Capacity - c.Servers
	}
	e := &engine{
		feed: newFeed(c), servers: c.Servers, idle: c.Servers, horizon: horizon(c), late: lateAfter(c),
		expire: c.Discipline == Expire,
		line: line.New(line.Config{
			Discipline: c.Discipline, Full: c.Full, Places: places, Deadline: c.Deadline,
			Classes: len(c.Classes), Policy: c.Policy,
		}, rng.New(c.Seed, drawLine)),
	}
	e.out.config, e.out.events = c, true
	if len(c.Classes) > 1 {
		e.out.classes = make([]tally, len(c.Classes))
	}
	e.sample.init(c)
	e.advance()
	e.loop()
	return e.close()
}

func (e *engine) loop() {
	for {
		arrival := e.coming
		at := min(e.ends.Next(), arrival)
		if at > e.sample.at {
			e.takeRows(at)
		}
		if at > e.horizon {
			return
		}
		e.now = at
		if arrival == at && e.ends.Next() > at {
			e.arrive()
		} else {
			e.end()
		}
	}
}

// advance finds the next message.
func (e *engine) advance() {
	if e.next == e.feed.n {
		e.next = 0
		if e.feed.refill(blockSize) == 0 {
			e.coming = noEvent
			return
		}
	}
	e.coming = e.feed.at[e.next] + e.lag
	if e.coming > e.horizon {
		e.cut = true
		e.coming = noEvent
	}
}

// update brings the areas up to now.
func (e *engine) update() {
	dt := e.now - e.updated
	e.updated = e.now
	if e.over {
		return
	}
	e.out.busy.addProduct(int64(e.servers-e.idle), dt)
	waiting := int64(e.line.Len())
	if e.holds {
		waiting++
	}
	if waiting > 0 {
		e.out.waiting.addProduct(waiting, dt)
	}
}

func (e *engine) arrive() {
	e.update()
	i := e.next
	it := line.Item{Arrived: e.now, Work: e.feed.work[i], Class: e.feed.class[i]}
	if e.index >= e.out.config.Warmup {
		if e.index == e.out.config.Warmup {
			e.open()
		}
		it.Mark = counted
		e.out.total.Offered++
		if e.out.classes != nil {
			e.out.classes[it.Class].Offered++
		}
	}
	e.index++
	e.next++
	e.sample.row.Arrivals++
	if e.idle > 0 {
		if e.line.Admit() {
			e.start(it)
		} else {
			e.lose(it, rejected)
		}
	} else {
		e.offer(it)
	}
	if !e.holds {
		e.proceed()
	}
}

// offer brings a message to the line.
func (e *engine) offer(it line.Item) {
	switch verdict, other := e.line.Offer(e.now, it); verdict {
	case line.Rejected:
		e.lose(other, rejected)
	case line.Replaced:
		e.lose(other, dropped)
	case line.Blocked:
		e.held, e.holds, e.since = it, true, e.now
		e.coming = noEvent
	}
}

// start begins a service on an idle server.
func (e *engine) start(it line.Item) {
	e.idle--
	wait := e.now - it.Arrived
	late := wait > e.late
	end := e.now + it.Work
	e.ends.Push(end, !late)
	if it.Mark != counted {
		return
	}
	ends := end <= e.horizon
	e.out.total.start(wait, it.Work, ends, late)
	if e.out.classes != nil {
		e.out.classes[it.Class].start(wait, it.Work, ends, late)
	}
}

// end is the end of a service, after which the server takes the next message.
func (e *engine) end() {
	e.update()
	_, punctual := e.ends.Pop()
	e.idle++
	if !e.over {
		e.out.departures++
		if punctual {
			e.out.punctual++
		}
	}
	e.sample.row.Departures++
	for e.line.Len() > 0 {
		it, fate := e.line.Take(e.now)
		if fate == line.Serve {
			e.start(it)
			break
		}
		e.lose(it, e.discarded())
	}
	if e.idle > 0 {
		e.line.Take(e.now) // tells it that it is empty
	}
	if e.holds {
		e.release()
	}
}
