package queue

import (
	"time"

	"cloudconcepts/internal/des"
	"cloudconcepts/internal/stats"
	"cloudconcepts/queue/internal/line"
)

// loss is how a message is lost.
type loss uint8

const (
	rejected loss = iota
	dropped
	expired
)

// discarded is what a discard by the line counts as.
func (e *engine) discarded() loss {
	if e.expire {
		return expired
	}
	return dropped
}

// lose counts a message that is not served.
func (e *engine) lose(it line.Item, how loss) {
	e.sample.row.Lost++
	if it.Mark != counted {
		return
	}
	e.out.total.lose(how)
	if e.out.classes != nil {
		e.out.classes[it.Class].lose(how)
	}
}

func (t *tally) lose(how loss) {
	switch how {
	case rejected:
		t.Rejected++
	case dropped:
		t.Dropped++
	case expired:
		t.Expired++
	}
}

// release lets the producer bring in what it holds, if there is a place now, and go on.
func (e *engine) release() {
	it := e.held
	e.holds, e.holding = false, 0
	since := e.since
	switch {
	case e.idle == 0:
		e.offer(it)
	case e.line.Judge(e.now, it) == line.Serve:
		e.start(it)
	default:
		e.lose(it, e.discarded())
	}
	if e.holds {
		e.since = since
		return
	}
	e.lag += e.now - since
	e.out.blocked += e.now - max(since, e.out.from)
	e.proceed()
}

// proceed goes on to the next message. If there is none, not even after the end of the run, the window is over.
func (e *engine) proceed() {
	e.advance()
	if e.coming == noEvent && !e.cut {
		e.over = true
		e.out.to = e.now
		e.out.busy = e.out.busy.Minus(e.running())
	}
}

// open begins the window at the first message that counts.
func (e *engine) open() {
	e.out.from = e.now
	e.out.waiting, e.out.busy = stats.Sum{}, e.running()
	e.out.departures, e.out.punctual, e.out.blocked = 0, 0, 0
}

func (e *engine) close() *run {
	e.out.end = e.now
	if e.cut || len(e.ends.heap) > 0 {
		e.out.end = e.horizon
	}
	if !e.over {
		e.now = e.horizon
		e.update()
		e.out.to = e.now
		e.out.busy = e.out.busy.Minus(e.running())
		if e.holds {
			e.out.blocked += e.now - max(e.since, e.out.from)
		}
	}
	e.out.total.close()
	for i := range e.out.classes {
		e.out.classes[i].close()
	}
	return &e.out
}

// Row is the state of the queue at a time, and what has happened since the row before.
type Row struct {
	At         float64 `json:"time_s"`
	Arrivals   int64   `json:"arrivals"`
	Departures int64   `json:"departures"`
	Lost       int64   `json:"lost"`
	Waiting    int     `json:"waiting"`
	InService  int     `json:"in_service"`
	OldestAge  float64 `json:"oldest_age_s"` // how long the first of those waiting has waited
}

// rows collects the rows of a run.
type rows struct {
	at   int64 // of the next row; noEvent if there is none
	step int64
	row  Row
}

func (r *rows) init(c Config) {
	r.at = noEvent
	if c.Sample > 0 {
		r.at, r.step = int64(c.Sample), int64(c.Sample)
	}
}

// takeRows writes the rows before the next event, or to the end of the run.
func (e *engine) takeRows(next int64) {
	last := min(next-1, e.horizon)
	if next == noEvent && e.out.config.Duration == 0 {
		last = e.now
	}
	for e.sample.at <= last {
		if len(e.out.rows) >= mostRows {
			e.out.cutRows = true
			e.sample.at = noEvent
			return
		}
		at := e.sample.at
		row := e.sample.row
		row.At = des.Seconds(at)
		row.Waiting, row.InService = e.line.Len(), e.servers-e.idle
		oldest := e.line.Oldest(at)
		if e.holds {
			row.Waiting++
			oldest = min(oldest, e.held.Arrived)
		}
		row.OldestAge = time.Duration(at - oldest).Seconds()
		e.out.rows = append(e.out.rows, row)
		e.sample.row = Row{}
		e.sample.at += e.sample.step
	}
}
