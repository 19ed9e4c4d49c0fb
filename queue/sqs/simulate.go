package sqs

import (
	"math/rand/v2"
	"time"

	"cloudconcepts/internal/des"
	"cloudconcepts/internal/law"
	"cloudconcepts/internal/rng"
	"cloudconcepts/internal/stats"
)

// Simulate runs c. The same Config gives the same Result.
func Simulate(c Config) (Result, error) {
	if err := c.Validate(); err != nil {
		return Result{}, err
	}
	s := newSim(c)
	for s.step() {
	}
	return s.report(), nil
}

const (
	apiBatch      = 10                           // messages per call
	throttlePause = int64(10 * time.Millisecond) // before a refused receive is tried again
	maxDelay      = int64(15 * 60 * time.Second) // of a message timer
)

// event is what happens at a time of its own; whatever is a constant time away stands in a lane or ring.
type event struct {
	kind kind
	a    int32
}

type kind uint8

const (
	finish      kind = iota // worker a has worked through an item or batch
	pollNext                // worker a receives
	land                    // message a reaches the queue
	again                   // message a is sent again
	redriveNext             // a dead letter moves back
	rampNext                // Lambda changes its concurrency
)

// sim is a run. Events of one time happen in this order: deletes and other calls, expiries, delays, heartbeats, sends,
// long polls that end, retention; then what has become visible is handed out; then a row of the series is taken.
type sim struct {
	c   Config
	res Result
	now int64

	slots  []message
	free   []int32
	order  list  // all messages of the queue, oldest first
	graves list  // the dead-letter queue
	cursor int32 // oldest message that the age metric counts, or one before it
	edge   int32 // newest message of the look-ahead window
	window int   // messages in it
	seq    int64
	newest int64 // highest seq that a worker turned to

	visible, delayed, inFlight, working, sending, lockedGroups int

	fifo   groups
	shared tenants

	events                  agenda
	expiries, delays, decay lane
	waiting                 des.Ring[stamp] // long polls: until when, and whose
	beats                   des.Ring[beat]
	polls                   des.Ring[int32] // workers that receive now, after all events of this time
	soon                    int64           // nothing of lanes and rings, and no end of retention, is before it
	putOff                  int64
	visibility              int64
	wake                    bool // something may have become available
	redriving, redriven     bool
	toRedrive               int

	workers []worker
	bench   []int32
	failed  []bool
	busy    int
	turn    int // worker whose buffer was topped up last
	limit   int // of Lambda, 0 = none
	ramp    float64
	whole   bool // batches are deleted at their end
	atOnce  bool // a message is worked on as soon as it is delivered
	calls   int64

	source          source
	nextArrival     int64
	made, hotStep   int
	pending         []int32
	popularity      []float64
	sends, receives quota

	rand                                                                    streams
	service, sendLatency, receiveLatency, deleteLatency, timer, resendDelay law.Sampler
	delayedSend, delayedReceive, delayedDelete, timed                       bool

	sampleAt                                          int64
	area, toiled, wasted                              float64 // message ns, ns of attempts, and of those in vain
	areaAt                                            int64
	dwellQuiet, dwellNoisy, sojourn, deadAfter, waits stats.Histogram
}

type beat struct {
	at     int64
	worker int32
	round  uint32
}

// streams are the random numbers, one stream a purpose.
type streams struct {
	arrivals, groups, marks, service, failure, latency, late, timer, resend, polls, putOff *rand.Rand
}

func newStreams(seed uint64) streams {
	of := func(purpose uint64) *rand.Rand { return rng.New(seed, 0, purpose) }
	return streams{of(1), of(2), of(3), of(4), of(5), of(6), of(7), of(8), of(9), of(10), of(11)}
}

func newSim(c Config) *sim {
	s := &sim{
		c: c, order: emptyList(), graves: emptyList(), cursor: none, edge: none, newest: -1,
		visibility: int64(c.Queue.Visibility), rand: newStreams(c.Seed),
		source:     newSource(c.Producer),
		popularity: zipf(c.Producer.Groups, c.Producer.Zipf),
		sends:      newQuota(c.Queue.CallLimit, c.Queue.Partitions), receives: newQuota(c.Queue.CallLimit, c.Queue.Partitions),
		service: c.Consumer.Service.Sampler(), sendLatency: c.Producer.Latency.Sampler(),
		receiveLatency: c.Consumer.ReceiveLatency.Sampler(), deleteLatency: c.Consumer.DeleteLatency.Sampler(),
		timer: c.Producer.Timer.Sampler(), resendDelay: c.Producer.ResendDelay.Sampler(),
		delayedSend: !c.Producer.Latency.IsZero(), delayedReceive: !c.Consumer.ReceiveLatency.IsZero(),
		delayedDelete: !c.Consumer.DeleteLatency.IsZero(), timed: !c.Producer.Timer.IsZero(),
		whole:    c.Consumer.DeleteAtEnd || c.Consumer.Lambda.Max > 0,
		atOnce:   c.Consumer.Batch == 1 && c.Consumer.ReceiveLatency.IsZero(),
		redriven: c.Queue.Redrive.Rate == 0, sampleAt: des.Forever,
	}
	s.res.Config = c
	s.res.Trace = make([]Message, min(c.Trace, c.Producer.Messages))
	if c.Sample > 0 {
		s.sampleAt = 0
	}
	s.people()
	s.nextArrival = s.source.next(s)
	if !s.redriven {
		s.events.push(int64(c.Queue.Redrive.At), event{kind: redriveNext})
	}
	return s
}

// people sets up groups or tenants, and workers or pollers.
func (s *sim) people() {
	switch s.c.Queue.Kind {
	case FIFO:
		s.fifo.of = make([]group, s.c.Producer.Groups)
		for i := range s.fifo.of {
			s.fifo.of[i].line = emptyList()
		}
	case Fair:
		s.shared.of = make([]tenant, s.c.Producer.Groups)
	default:
		s.shared.of = make([]tenant, 1)
	}
	for i := range s.shared.of {
		s.shared.of[i].fresh, s.shared.of[i].returned = emptyList(), emptyList()
	}
	if l := s.c.Consumer.Lambda; l.Max > 0 {
		s.limit, s.ramp = min(l.Start, l.Max), float64(l.Start)
		s.events.push(int64(time.Second), event{kind: rampNext})
		return
	}
	s.workers = make([]worker, s.c.Consumer.Workers)
	for i := range s.workers {
		if s.c.Consumer.Prefetch {
			break
		}
		s.events.push(0, event{kind: pollNext, a: int32(i)})
	}
}

// scale changes Lambda's concurrency once a second: up while messages wait, down to the start while none do.
func (s *sim) scale() {
	l := s.c.Consumer.Lambda
	if by := float64(l.Ramp) / 60; s.visible > 0 {
		s.ramp = min(s.ramp+by, float64(l.Max))
	} else {
		s.ramp = max(s.ramp-by, float64(min(l.Start, l.Max)))
	}
	if limit := max(int(s.ramp), 1); limit != s.limit {
		s.limit, s.wake = limit, true
	}
	s.events.push(s.now+int64(time.Second), event{kind: rampNext})
}

func ns(t int64) time.Duration { return time.Duration(t) }
