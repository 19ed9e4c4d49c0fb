package share

import (
	"math"
	"math/rand/v2"

	"cloudconcepts/internal/des"
	"cloudconcepts/internal/law"
	"cloudconcepts/internal/rng"
	"cloudconcepts/internal/stats"
)

const (
	streamArrivals uint64 = iota + 1
	streamService
	streamOutcome
	streamPoison
)

type state uint8

const (
	available state = iota
	locked
	accepted
	rejected
	archived
)

// record of the share partition.
type record struct {
	at         int64
	deliveries int32
	member     int32
	good       int32 // times worked on to a good end
	working    int32 // deliveries not worked on to an end
	state      state
	poison     bool
}

// work is a member on one delivery of a record.
type work struct {
	offset   int64
	member   int32
	delivery int32
}

// lock ends at a time, unless the delivery has ended before.
type lock struct {
	at, offset int64
	delivery   int32
}

type engine struct {
	cfg                               Config
	now, end                          int64
	next                              int64 // arrival
	log                               des.Ring[record]
	base                              int64
	fresh                             int64            // next offset never delivered
	again                             des.Queue[int64] // offsets available again, lowest first
	locks                             des.Ring[lock]
	held                              int
	ends                              des.Queue[work]
	idle                              des.Ring[int32]
	batches                           []des.Ring[work] // what each member has acquired
	members                           int32            // hired so far, with Members = 0
	service                           law.Sampler
	gaps, services, outcomes, poisons *rand.Rand
	latency                           stats.Histogram
	result                            Result
}

// Simulate runs c. The same Config gives the same Result.
func Simulate(c Config) (Result, error) {
	if err := c.Validate(); err != nil {
		return Result{}, err
	}
	e := &engine{
		cfg: c, end: int64(c.Duration), service: c.Service.Sampler(),
		gaps: rng.New(c.Seed, streamArrivals), services: rng.New(c.Seed, streamService),
		outcomes: rng.New(c.Seed, streamOutcome), poisons: rng.New(c.Seed, streamPoison),
		batches: make([]des.Ring[work], c.Members),
	}
	for i := range c.Members {
		e.idle.PushBack(int32(i))
	}
	e.result.Config = c
	e.arrive()
	e.run()
	return e.finish(), nil
}

func (e *engine) arrive() {
	if e.result.Produced == e.cfg.MaxRecords {
		e.next = math.MaxInt64
		return
	}
	e.next = e.now + des.Nanoseconds(e.gaps.ExpFloat64()/e.cfg.Rate)
}

func (e *engine) run() {
	for {
		expiry := int64(math.MaxInt64)
		if e.locks.Len() > 0 {
			expiry = e.locks.Front().at
		}
		at := min(e.next, expiry, e.ends.Next())
		if at > e.end || at == math.MaxInt64 {
			return
		}
		e.now = at
		switch at {
		case e.ends.Next():
			_, w := e.ends.Pop()
			e.finished(w)
		case expiry:
			e.expire(e.locks.PopFront())
		default:
			e.result.Produced++
			e.log.PushBack(record{at: at, poison: e.cfg.Poison > 0 && e.poisons.Float64() < e.cfg.Poison})
			e.arrive()
		}
		e.hand()
	}
}

func (e *engine) at(offset int64) *record { return e.log.At(int(offset - e.base)) }

// acquire locks the lowest available offset for a member; false if there is
// none.
func (e *engine) acquire(member int32) (work, bool) {
	if e.held >= e.cfg.MaxLocks {
		return work{}, false
	}
	var offset int64
	switch {
	case e.again.Len() > 0:
		offset, _ = e.again.Pop()
	case e.fresh < e.base+int64(e.log.Len()):
		offset = e.fresh
		e.fresh++
	default:
		return work{}, false
	}
	r := e.at(offset)
	r.state, r.member = locked, member
	r.deliveries++
	r.working++
	e.held++
	e.result.Deliveries++
	ends := e.now + int64(e.cfg.Lock)
	if s := int64(e.cfg.Sweep); s > 0 {
		ends = (ends + s - 1) / s * s
	}
	e.locks.PushBack(lock{ends, offset, r.deliveries})
	return work{offset, member, r.deliveries}, true
}

// hand lets idle members acquire what is available.
func (e *engine) hand() {
	if e.cfg.Members == 0 {
		for {
			w, ok := e.acquire(e.members)
			if !ok {
				return
			}
			e.members++
			e.begin(w)
		}
	}
	for e.idle.Len() > 0 {
		m := *e.idle.Front()
		if !e.batch(m) {
			return
		}
		e.idle.PopFront()
		e.begin(e.batches[m].PopFront())
	}
}

// batch fills the batch of a member; false if there is nothing.
func (e *engine) batch(m int32) bool {
	for e.batches[m].Len() < e.cfg.MaxPollRecords {
		w, ok := e.acquire(m)
		if !ok {
			break
		}
		e.batches[m].PushBack(w)
	}
	return e.batches[m].Len() > 0
}

func (e *engine) begin(w work) {
	e.ends.Push(e.now+min(e.service.Next(e.services), des.Forever), w)
}

// finished is the end of work on a record and its acknowledgement.
func (e *engine) finished(w work) {
	e.acknowledge(w)
	e.trim()
	if e.cfg.Members == 0 {
		return
	}
	if e.batches[w.member].Len() > 0 {
		e.begin(e.batches[w.member].PopFront())
		return
	}
	e.idle.PushBack(w.member)
}

func (e *engine) acknowledge(w work) {
	u := e.outcomes.Float64()
	r := e.at(w.offset)
	r.working--
	good := !r.poison && u >= e.cfg.Release+e.cfg.Reject+e.cfg.Silent
	if good {
		r.good++
		switch {
		case r.good > 1:
			e.result.Repeated++
		case r.state == archived:
			e.result.DoneDead++
		}
	}
	silent := !r.poison && u < e.cfg.Silent
	switch {
	case silent:
		return
	case r.state != locked || r.member != w.member:
		e.result.LateAcks++
		return
	case r.deliveries != w.delivery:
		e.result.SameMember++
	}
	e.held--
	e.result.End = des.Seconds(e.now)
	switch {
	case good:
		r.state = accepted
		e.result.Accepted++
		e.latency.Add(e.now - r.at)
	case !r.poison && u < e.cfg.Silent+e.cfg.Reject:
		r.state = rejected
		e.result.Rejected++
	default:
		e.free(r, w.offset)
	}
}

// free makes a record available again, or archives it.
func (e *engine) free(r *record, offset int64) {
	if int(r.deliveries) >= e.cfg.DeliveryLimit {
		r.state = archived
		e.result.Archived++
		if r.good > 0 {
			e.result.DoneDead++
		}
		return
	}
	r.state = available
	e.again.Push(offset, offset)
}

// expire ends a lock that is still held.
func (e *engine) expire(l lock) {
	if l.offset < e.base {
		return
	}
	r := e.at(l.offset)
	if r.state != locked || r.deliveries != l.delivery {
		return
	}
	e.result.Expired++
	e.result.End = des.Seconds(e.now)
	e.held--
	e.free(r, l.offset)
	e.trim()
}

// trim drops what is finished, and no member works on any more, from the front.
func (e *engine) trim() {
	for e.log.Len() > 0 && e.log.Front().state >= accepted && e.log.Front().working == 0 {
		e.log.PopFront()
		e.base++
	}
}
