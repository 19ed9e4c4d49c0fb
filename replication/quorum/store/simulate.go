package store

import (
	"math"
	"math/rand/v2"
	"time"

	"cloudconcepts/internal/des"
	"cloudconcepts/internal/law"
	"cloudconcepts/internal/rng"
	"cloudconcepts/replication/quorum"
)

// Simulate runs c. The same Config gives the same Result.
func Simulate(c Config) (Result, error) {
	if err := c.Validate(); err != nil {
		return Result{}, err
	}
	s := newStore(c)
	s.run()
	return s.finish(), nil
}

// history is how many versions of a key have their time of acknowledgement kept.
const history = 256

type kind uint8

const (
	startWrite kind = iota
	startRead
	atReplica  // a write arrives
	acked      // its acknowledgement does
	asked      // a read's request arrives
	answered   // its response does
	repairing  // a version arrives from a read
	repaired   // its acknowledgement does, at a read that waits for it
	handedOff  // a hint arrives
	goesDown   // a replica crashes
	comesUp    // and is back
	outageDown // likewise, as the list of outages has it
	outageUp   //
	levels     // anti-entropy
)

type event struct {
	version int64
	op      int32 // slot; -1 = none
	place   int32 // of the replica among the operation's
	node    int32
	key     int32
	kind    kind
}

// An operation is a write or a read under way. Its slot is used again when it is over and no message of it is left.
type operation struct {
	id        int64
	start     int64
	version   int64 // a write's; of a read the newest seen
	committed int64 // read: the newest acknowledged when it began
	floor     int64 // read: the newest returned by reads over by then
	key       int32
	targets   int32
	messages  int32 // under way
	count     int32 // acknowledgements or answers
	origin    int32 // data centre
	open      bool  // not decided
	write     bool
	waiting   bool // blocking repair
}

type target struct {
	node, home int32
	version    int64 // read: its answer; -1 = none yet
}

type keyState struct {
	version   int64 // of the last write begun
	committed int64 // newest acknowledged
	returned  int64 // newest that a read returned
}

type hint struct {
	version int64
	key     int32
	holder  int32 // spare; -1 = a coordinator
}

type deadline struct {
	at, id int64
	op     int32
}

type store struct {
	c      Config
	events des.Queue[event]
	expiry des.Ring[deadline]
	now    int64
	nextID int64

	nodes   int
	downs   []int32 // reasons for which a node is down
	since   []int64 // when it went down
	copies  []int64 // version of key k at node n: [n*Keys+k]
	keys    []keyState
	commits []int64 // time of acknowledgement, or -1: [k*history + version%history]
	hints   []des.Ring[hint]

	ops     []operation
	targets []target // of the operation in slot i: [i*N : i*N+N]
	free    []int32

	legs                                  [6]quorum.Sampler // the four, and those of repairs and hints
	arrivals, queries, pick, origins, mix *rand.Rand
	ups, downtimes                        []*rand.Rand
	up, down                              law.Sampler

	hintsUnderWay int64
	result        Result
	tallies
}

// The streams: the four legs, as in package quorum, and what only a store has.
const (
	purposeWrite uint64 = iota
	purposeAck
	purposeRead
	purposeResponse
	purposeRepair
	purposeRepairAck
	purposeArrivals
	purposeQueries
	purposeKeys
	purposeOrigins
	purposeMix
	purposeUp
	purposeDown
)

func newStore(c Config) *store {
	s := &store{c: c, nodes: c.N + c.Spares}
	s.downs = make([]int32, s.nodes)
	s.since = make([]int64, s.nodes)
	s.copies = make([]int64, s.nodes*c.Keys)
	s.keys = make([]keyState, c.Keys)
	s.commits = make([]int64, c.Keys*history)
	s.hints = make([]des.Ring[hint], c.N)
	s.up, s.down = c.Up.Sampler(), c.Down.Sampler()
	m := c.Latency
	for i, leg := range []quorum.Latency{m.Write, m.Ack, m.Read, m.Response, m.Write, m.Ack} {
		s.legs[i] = leg.Sampler(c.Seed, uint64(i))
	}
	s.arrivals, s.queries = rng.New(c.Seed, purposeArrivals), rng.New(c.Seed, purposeQueries)
	s.pick, s.origins, s.mix = rng.New(c.Seed, purposeKeys), rng.New(c.Seed, purposeOrigins), rng.New(c.Seed, purposeMix)
	s.arrive(startWrite)
	s.arrive(startRead)
	for i := range s.nodes {
		s.ups = append(s.ups, rng.New(c.Seed, purposeUp, uint64(i)))
		s.downtimes = append(s.downtimes, rng.New(c.Seed, purposeDown, uint64(i)))
		s.crashLater(int32(i))
	}
	for _, o := range c.Outages {
		s.push(int64(o.At), event{kind: outageDown, node: int32(o.Replica)})
		s.push(int64(o.At)+int64(o.For), event{kind: outageUp, node: int32(o.Replica)})
	}
	if c.AntiEntropy > 0 && c.AntiEntropy <= c.Duration {
		s.push(int64(c.AntiEntropy), event{kind: levels})
	}
	return s
}

func (s *store) clock() time.Duration { return time.Duration(s.now) }

func (s *store) push(at int64, e event) { s.events.Push(min(at, des.Forever), e) }

// send lets a message of an operation (or none) arrive after a leg's delay.
func (s *store) send(leg uint64, e event) {
	ms := s.legs[leg].Next()
	if e.op >= 0 {
		o := &s.ops[e.op]
		o.messages++
		if s.c.Latency.Remote > 0 && int(e.node)%s.c.N != int(o.origin) {
			ms += float64(s.c.Latency.Remote) * 1e-6
		}
	}
	s.push(s.now+int64(min(ms*1e6+0.5, des.Forever)), e)
}

// arrive plans the next write or read.
func (s *store) arrive(k kind) {
	rate, r := s.c.WriteRate, s.arrivals
	if k == startRead {
		rate, r = s.c.ReadRate, s.queries
	}
	if rate == 0 {
		return
	}
	gap := r.ExpFloat64() * 1e9 / rate
	if at := s.now + int64(math.Min(gap+0.5, des.Forever)); at < int64(s.c.Duration) {
		s.push(at, event{kind: k})
	}
}

func (s *store) run() {
	for s.result.Events < s.c.MaxEvents {
		if s.expiry.Len() > 0 && s.expiry.Front().at < s.events.Next() {
			d := s.expiry.PopFront()
			s.now = d.at
			s.expire(d)
			continue
		}
		if s.events.Len() == 0 {
			return
		}
		at, e := s.events.Pop()
		s.now = at
		s.result.Events++
		s.handle(e)
	}
}

func (s *store) handle(e event) {
	switch e.kind {
	case startWrite:
		s.beginWrite()
	case startRead:
		s.beginRead()
	case atReplica:
		s.arriveWrite(e)
	case acked:
		s.ack(e)
	case asked:
		s.ask(e)
	case answered:
		s.answer(e)
	case repairing:
		s.repairReplica(e)
	case repaired:
		s.repairAck(e)
	case handedOff:
		s.handOff(e)
	case goesDown, outageDown:
		s.crash(e)
	case comesUp, outageUp:
		s.recover(e)
	case levels:
		s.level()
	}
}
