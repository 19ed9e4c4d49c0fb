package queue

import (
	"math"

	"cloudconcepts/internal/rng"
	"cloudconcepts/internal/stats"
	"cloudconcepts/queue/internal/line"
)

// engine runs event by event: arrivals come from the feed and never enter the heap, which holds the ends of the
// services. Of events at one time, ends come before arrivals.
type engine struct {
	feed    *feed
	line    line.Line
	ends    ends
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

	held    line.Item // by the producer, when the queue is full and blocks
	holds   bool
	since   int64 // when it began to
	holding int64 // how many it holds, 0 or 1
	lag     int64 // how far the producer's clock is behind

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
	e.ends.few = c.Servers <= fewServers
	e.out.config, e.out.events = c, true
	if len(c.Classes) > 1 {
		for range c.Classes {
			e.out.classes = append(e.out.classes, tally{})
		}
	}
	e.sample.init(c)
	e.advance()
	e.loop()
	return e.close()
}

func (e *engine) loop() {
	for {
		arrival := e.coming
		end := e.ends.next()
		at := min(end, arrival)
		if at > e.sample.at {
			e.takeRows(at)
		}
		if at > e.horizon {
			return
		}
		e.now = at
		if arrival < end {
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
	if !e.over {
		e.out.waiting.AddProduct(int64(e.line.Len())+e.holding, dt)
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
		e.held, e.holds, e.holding, e.since = it, true, 1, e.now
		e.coming = noEvent
	}
}

// start begins a service on an idle server.
func (e *engine) start(it line.Item) {
	e.idle--
	e.ends.push(e.serve(it))
}

// serve counts a message whose service begins and returns its end, for the heap.
func (e *engine) serve(it line.Item) int64 {
	wait := e.now - it.Arrived
	end := e.now + it.Work
	if !e.over {
		e.out.busy.Add(it.Work)
	}
	late := wait > e.late
	if it.Mark == counted {
		ends := end <= e.horizon
		e.out.total.start(wait, it.Work, ends, late)
		if e.out.classes != nil {
			e.out.classes[it.Class].start(wait, it.Work, ends, late)
		}
	}
	return endOf(end, !late)
}

// end is the end of a service, after which the server takes the next message.
func (e *engine) end() {
	e.update()
	if !e.over {
		e.out.departures++
		e.out.punctual += e.ends.heap[0] & 1
	}
	e.sample.row.Departures++
	for {
		it, fate := e.line.Take(e.now)
		if fate == line.Serve {
			e.ends.replace(e.serve(it))
			break
		}
		if fate == line.Empty {
			e.ends.pop()
			e.idle++
			break
		}
		e.lose(it, e.discarded())
	}
	if e.holds {
		e.release()
	}
}

// running is what the services that run have still to do, x ns.
func (e *engine) running() (left stats.Sum) {
	for _, end := range e.ends.heap {
		left.Add(end>>1 - e.now)
	}
	return left
}
