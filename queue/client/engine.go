package client

import (
	"math"
	"math/rand/v2"

	"cloudconcepts/internal/des"
	"cloudconcepts/internal/law"
	"cloudconcepts/internal/rng"
	"cloudconcepts/internal/stats"
	"cloudconcepts/queue/internal/line"
)

// place is where an attempt is.
type place uint8

const (
	nowhere   place = iota // its slot is free
	backing                // a retry that waits for its backoff
	held                   // at the client, for want of a credit or a place in the line
	waiting                // in the line
	running                // in service
	returning              // its answer is on the way
)

// attempt is a slot of the table of attempts. It is freed when the server has
// done with it, however long after its client gave up.
type attempt struct {
	born      int64   // its request was made
	sent      int64   // it was sent
	wait      int64   // backoff before it
	cost      float64 // tokens of the budget
	gen       uint32  // which attempt of its slot it is
	try       uint16  // 0 = the first of its request
	where     place
	abandoned bool
	fate      fate
}

// fate is the server's answer.
type fate uint8

const (
	served fate = iota
	dropped
	overRate
	refused
	lineFull
)

// expiry is when an attempt times out. Timeouts are constant, so they expire
// in the order in which they were set.
type expiry struct {
	at   int64
	slot int32
	gen  uint32
}

// reply is an answer on its way; they all take as long.
type reply struct {
	at   int64
	slot int32
}

// simulation is the state of a run.
type simulation struct {
	Config
	now, end int64

	arrivals  arrivals
	services  *rand.Rand
	backoffs  *rand.Rand
	throttles *rand.Rand
	service   law.Sampler

	slots    []attempt
	free     []int32
	timeouts des.Ring[expiry]
	replies  des.Ring[reply]
	retries  des.Queue[int32]
	running  des.Queue[int32]
	held     des.Ring[int32]
	line     line.Line

	idle     int
	inFlight int64 // attempts that clients wait for
	credits  int64 // left
	stalled  bool
	refusing bool
	outage   int   // index of the current or next one
	boundary int64 // when it starts or ends

	purse    purse
	tap      tap
	governor governor
	fuse     fuse

	count meter
	total Result
	wire  bool // RED looks at every arrival
}

// meter is what is counted on the way.
type meter struct {
	latency     stats.Histogram
	row         Row // sums of the current step
	rowEnd      int64
	lastTimeout int64
	tailStart   int64
	tailGood    int64
	tailBad     int64
	busyArea    float64 // busy servers times ns
	busyAt      int64
	queueArea   float64 // line times ns
	queueAt     int64
}

func newSimulation(c Config) *simulation {
	s := &simulation{
		Config: c, end: int64(c.Duration),
		services: rng.New(c.Seed, streamServices), backoffs: rng.New(c.Seed, streamBackoff), throttles: rng.New(c.Seed, streamThrottle),
		service: c.Server.Service.Sampler(),
		idle:    c.Server.Servers, credits: c.Credits,
		purse: newPurse(c.Budget), tap: newTap(c.Server.Bucket), governor: newGovernor(c.Throttle), fuse: newFuse(c.Breaker),
		wire: c.Server.Discipline == RED,
	}
	deadline := c.Server.Deadline
	if deadline == 0 {
		deadline = c.Timeout
	}
	s.line = line.New(line.Config{
		Discipline: c.Server.Discipline, Full: c.Server.Full, Places: c.Server.Places,
		Deadline: deadline, Classes: 2, Policy: c.Server.Policy,
	}, rng.New(c.Seed, streamLine))
	s.arrivals = newArrivals(c)
	s.boundary = math.MaxInt64
	if len(c.Outages) > 0 {
		s.boundary = int64(c.Outages[0].At)
	}
	s.count.tailStart = s.end - s.end/10
	s.count.rowEnd = math.MaxInt64
	if c.Sample > 0 {
		s.count.rowEnd = int64(c.Sample)
	}
	return s
}

// source is where the next event comes from. At one moment, services end
// before answers arrive, and answers arrive before timeouts.
type source uint8

const (
	fromServer source = iota
	fromReply
	fromTimeout
	fromRetry
	fromArrivals
	fromOutage
)

// next finds the earliest event.
func (s *simulation) next() (at int64, from source) {
	at = s.running.Next()
	if s.replies.Len() > 0 && s.replies.Front().at < at {
		at, from = s.replies.Front().at, fromReply
	}
	if s.timeouts.Len() > 0 && s.timeouts.Front().at < at {
		at, from = s.timeouts.Front().at, fromTimeout
	}
	if t := s.retries.Next(); t < at {
		at, from = t, fromRetry
	}
	if s.arrivals.at < at {
		at, from = s.arrivals.at, fromArrivals
	}
	if s.boundary < at {
		at, from = s.boundary, fromOutage
	}
	return at, from
}

func (s *simulation) run() {
	for s.total.Attempts.Sent < s.MaxAttempts {
		at, from := s.next()
		if at >= s.end {
			s.advance(s.end)
			return
		}
		s.advance(at)
		switch from {
		case fromServer:
			_, i := s.running.Pop()
			s.complete(i)
		case fromReply:
			s.answer(s.replies.PopFront().slot)
		case fromTimeout:
			s.expire(s.timeouts.PopFront())
		case fromRetry:
			_, i := s.retries.Pop()
			s.send(i)
		case fromArrivals:
			s.arrive()
		case fromOutage:
			s.switchOutage()
		}
	}
	s.total.Stopped = true
}

// advance moves the clock and closes the steps that have ended.
func (s *simulation) advance(to int64) {
	for s.count.rowEnd <= to {
		s.closeRow(s.count.rowEnd)
	}
	s.now = to
}

func (s *simulation) closeRow(at int64) {
	row, seconds := s.count.row, s.Sample.Seconds()
	row.At = des.Seconds(at)
	row.Offered /= seconds
	row.Attempts /= seconds
	row.Goodput /= seconds
	row.Timeouts /= seconds
	row.Rejected /= seconds
	row.Served /= seconds
	row.Queue, row.InFlight, row.Breaker = s.line.Len(), s.inFlight, s.fuse.state
	s.total.Rows = append(s.total.Rows, row)
	s.count.row = Row{}
	s.count.rowEnd = at + int64(s.Sample)
	if s.count.rowEnd > s.end {
		s.count.rowEnd = math.MaxInt64
	}
}

// queueChanges adds up the line's length over time; call it before a change.
func (s *simulation) queueChanges() {
	n := s.line.Len()
	s.count.queueArea += float64(n) * float64(s.now-s.count.queueAt)
	s.count.queueAt = s.now
	s.total.QueueMax = max(s.total.QueueMax, n)
}

// busyChanges adds up the servers at work; call it before a change.
func (s *simulation) busyChanges() {
	if !s.stalled {
		s.count.busyArea += float64(s.Server.Servers-s.idle) * float64(s.now-s.count.busyAt)
	}
	s.count.busyAt = s.now
}
