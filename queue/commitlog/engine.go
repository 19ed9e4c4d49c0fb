package commitlog

import (
	"math"
	"math/rand/v2"

	"cloudconcepts/internal/des"
	"cloudconcepts/internal/rng"

	"cloudconcepts/internal/law"
)

// kind of an event.
type kind uint8

const (
	atBroker   kind = iota // a fetch reaches its broker
	answer                 // the broker answers a fetch after its overhead
	response               // a response reaches its consumer
	pollAgain              // a consumer is done and polls
	evict                  // a consumer has not polled for too long
	crash                  // a consumer dies
	detect                 // its session ends
	restart                // it is back
	change                 // a planned join or leave
	rebalanced             // the group has its new assignment
	handover               // moved partitions have their new owners
	sample
)

// An event concerns a session, a consumer or a change; it is stale if the
// sequence number has moved on.
type event struct {
	kind kind
	who  int32
	seq  uint32
}

// A timeout ends the wait of a parked fetch. All waits are equally long, so
// they end in order.
type timeout struct {
	at      int64
	session int32
	seq     uint32
}

// engine is one run.
type engine struct {
	cfg      Config
	now      int64
	end      int64
	warm     int64
	events   des.Queue[event]
	timeouts des.Ring[timeout]
	producer producer

	partitions []partition
	consumers  []consumer
	sessions   []session // consumer * brokers + broker
	brokers    int
	group      group

	service, trip     law.Sampler
	services, trips   *rand.Rand
	lastKey           []lastOfKey
	bytes             int64 // of a record
	byResponse        int64 // most records of one response
	byPartition       int64 // most records of one partition in one response, maybe 0
	parallel          bool  // several workers
	cappedBytes       int64 // most bytes that a partition counts toward MinBytes
	lag, committedLag int64
	tally             tally
	series            []Row
	lags              [][]int64
}

// lastOfKey is what was last done for a key, to see its order.
type lastOfKey struct{ at, finish int64 }

func newEngine(c Config) *engine {
	e := &engine{cfg: c, end: int64(c.Duration), warm: int64(c.Warmup), bytes: c.Producer.RecordBytes}
	e.producer = newProducer(&c)
	e.brokers = min(c.Brokers, c.Partitions)
	e.service, e.trip = c.Consumer.Service.Sampler(), c.Fetch.RoundTrip.Sampler()
	e.services = rng.New(c.Seed, streamService)
	e.trips = rng.New(c.Seed, streamRoundTrip)
	e.parallel = c.Consumer.Workers > 1
	e.byResponse = max(1, c.Fetch.MaxBytes/e.bytes)
	e.byPartition = c.Fetch.MaxPartitionBytes / e.bytes
	e.cappedBytes = c.Fetch.MaxPartitionBytes
	e.partitions = make([]partition, c.Partitions)
	for i := range e.partitions {
		e.partitions[i] = partition{owner: -1, heir: -1, parked: -1, broker: int32(i % e.brokers)}
	}
	if c.Producer.Keys > 0 {
		e.lastKey = make([]lastOfKey, c.Producer.Keys)
		for i := range e.lastKey {
			e.lastKey[i].at = -1
		}
	}
	return e
}

func (e *engine) start() {
	for i, c := range e.cfg.Group.Changes {
		if c.Kind != Crash { // crashes are known to their consumers
			e.events.Push(int64(c.At), event{kind: change, who: int32(i)})
		}
	}
	for range e.cfg.Group.Consumers {
		e.hire()
	}
	e.assignAll()
	if e.cfg.Sample > 0 {
		e.events.Push(int64(e.cfg.Sample), event{kind: sample})
	}
	for i := range e.consumers {
		e.poll(int32(i))
	}
}

func (e *engine) run() {
	for e.step() {
	}
}

// step merges three sources in order of time: records, events, ends of waits.
// It is false at the end of the run.
func (e *engine) step() bool {
	other := e.events.Next()
	wait := int64(math.MaxInt64)
	if e.timeouts.Len() > 0 {
		wait = e.timeouts.Front().at
	}
	if at := e.producer.next; at < min(other, wait, e.end+1) {
		e.now = at
		e.produce()
		return true
	}
	at := min(other, wait)
	if at > e.end {
		return false
	}
	e.now = at
	if other <= wait {
		_, what := e.events.Pop()
		e.handle(what)
		return true
	}
	t := e.timeouts.PopFront()
	if s := &e.sessions[t.session]; s.seq == t.seq && s.state == parked {
		e.complete(t.session)
	}
	return true
}

func (e *engine) handle(v event) {
	switch v.kind {
	case atBroker, answer, response:
		e.handleFetch(v)
	case pollAgain:
		if c := &e.consumers[v.who]; c.life == v.seq {
			e.poll(v.who)
		}
	case evict:
		if c := &e.consumers[v.who]; c.life == v.seq && c.member {
			e.tally.evictions++
			e.dismiss(v.who)
		}
	case crash:
		if c := &e.consumers[v.who]; c.life == v.seq && c.alive {
			e.crash(v.who)
		}
	case detect:
		e.detect(v)
	case restart:
		e.restart(v)
	case change:
		e.change(e.cfg.Group.Changes[v.who])
	case rebalanced:
		e.rebalanced()
	case handover:
		e.handover()
	case sample:
		e.sample()
	}
}

// produce appends the record at e.now.
func (e *engine) produce() {
	p := &e.producer
	key, i := p.pick()
	l := &e.partitions[i]
	l.log.PushBack(record{at: e.now, key: key})
	l.produced++
	e.lag++
	e.committedLag++
	if e.now >= e.warm {
		e.tally.lag = max(e.tally.lag, e.lag)
		e.tally.committedLag = max(e.tally.committedLag, e.committedLag)
		l.lagMax = max(l.lagMax, l.end()-l.position)
	}
	p.advance()
	if l.parked >= 0 {
		e.arrived(l)
	}
}
