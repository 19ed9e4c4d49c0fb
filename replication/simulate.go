package replication

import (
	"math"
	"math/rand/v2"

	"cloudconcepts/internal/des"
	"cloudconcepts/internal/law"
	"cloudconcepts/internal/rng"
	"cloudconcepts/internal/stats"
)

// The kinds of events.
const (
	evArrival   uint8 = iota // a Poisson write is issued
	evIssue                  // a session writes
	evInsert                 // a write reaches the log
	evFlush                  // a flush of a node's log is over
	evTick                   // mode off: the log writer wakes up
	evChunk                  // records reach a standby
	evWrite                  // it has written them
	evReply                  // its reply reaches the primary
	evNotice                 // majority: it learns what is committed
	evApply                  // one record is replayed
	evRead                   // a client reads
	evReadAt                 // the read reaches the member
	evToken                  // a waiting read is out of patience
	evSemi                   // the semi-synchronous timer
	evSet                    // the in-sync set is checked
	evStatus                 // a standby reports
	evStep                   // the rate changes
	evBig                    // a slice of a large transaction
	evHeartbeat              // a heartbeat row is written
	evSample                 // a row of the series
	evFault                  // a fault begins
	evEnd                    // it ends
	evTimeout                // a connection gives up
	evConnect                // a standby streams again
	evLease                  // a lease ends
	evDetect                 // the failover, phase by phase
	evDecide
	evFence
	evPromote
	evReroute
	evRejoin
)

type event struct {
	lsn  int64 // a position, or a key and a position
	from int64 // when a client issued it
	arg  int32 // a client or an index
	gen  uint32
	kind uint8
	node uint8
}

// The purposes of random streams.
const (
	forArrivals = iota
	forWrites
	forClients
	forInserts
	forThinking
	forReads
	forLegs
	forFailover
	forFlush // and the rest once for each node
	forDelay
	forReturn
	forWriting
	forApply
	forConflict
	purposes
)

// timer draws times of a law.
type timer struct {
	law  law.Sampler
	zero bool
}

func newTimer(l Law) timer { return timer{l.Sampler(), l.IsZero()} }

func (t *timer) next(r *rand.Rand) int64 {
	if t.zero {
		return 0
	}
	return t.law.Next(r)
}

type timers struct {
	insert, flush, idle, write, apply, query, reconnect, client timer
	think, gap, decide, stonith, promote, reroute, rejoin       timer
	delay, back, leg                                            []timer
}

// engine is one run.
type engine struct {
	c      *Config
	now    int64
	end    int64
	warm   int64
	events des.Queue[event]
	count  uint64

	nodes   []node
	reigns  []*reign
	current int // the newest reign
	clients []client
	law     timers
	random  [forFlush]*rand.Rand

	rate     float64
	arrivals uint32 // generation of the arrival process
	issued   int
	near     int // clients below it are on the primary's side of a partition

	cut      uint32 // the nodes that are cut off
	cutUntil int64
	cutGen   uint32
	nearCut  bool      // the near clients are with the nodes that are cut off
	waiting  string    // why no failover goes on
	target   [2]int    // where far and near clients write
	tokens   []token   // reads that wait
	free     []int32   // unused slots of tokens
	failing  *failover // the one going on
	watch    uint32    // generation of failovers

	versions, ages stats.Moments
	r              *Result
}

// Simulate runs c. The same Config gives the same Result. Loss, blocked writes and overload are results; an error is an
// invalid Config.
func Simulate(c Config) (Result, error) {
	if err := c.Validate(); err != nil {
		return Result{}, err
	}
	r := Result{Config: c}
	e := engine{c: &c, end: int64(c.Duration), warm: int64(c.Warmup), r: &r, rate: c.Workload.WriteRate}
	e.prepare()
	e.schedule()
	for e.events.Len() > 0 && e.events.Next() <= e.end {
		at, ev := e.events.Pop()
		e.now = at
		e.count++
		e.handle(ev)
	}
	e.now = e.end
	e.finish()
	return r, nil
}

func (e *engine) prepare() {
	c := e.c
	for i := range e.random {
		e.random[i] = rng.New(c.Seed, c.Run, uint64(i))
	}
	p := &c.Pipeline
	e.law = timers{
		insert: newTimer(p.Insert), flush: newTimer(p.Flush), idle: newTimer(p.FlushIdle), write: newTimer(p.Write),
		apply: newTimer(p.Apply), query: newTimer(p.Query), reconnect: newTimer(p.Reconnect), client: newTimer(c.Workload.ClientLeg),
		think: newTimer(c.Reads.Think), gap: newTimer(c.Reads.Gap), decide: newTimer(c.Failover.Decide),
		stonith: newTimer(c.Failover.Stonith), promote: newTimer(c.Failover.Promote), reroute: newTimer(c.Failover.Reroute),
		rejoin: newTimer(c.Failover.Rejoin),
	}
	e.nodes = make([]node, c.Replicas+1)
	e.reigns = []*reign{{log: logRing(), fork: 0, base: 1, open: true, parent: -1, outage: -1}}
	for i := range e.nodes {
		e.nodes[i] = newNode(c, i)
		back := p.Return
		if len(back) == 0 {
			back = p.Delay
		}
		e.law.delay = append(e.law.delay, newTimer(pick(p.Delay, i-1)))
		e.law.back = append(e.law.back, newTimer(pick(back, i-1)))
		e.law.leg = append(e.law.leg, newTimer(pick(c.Reads.Leg, i)))
	}
	e.nodes[0].leads, e.nodes[0].connected = 0, false
	e.clients = make([]client, max(c.Workload.Sessions, c.Workload.Clients*btoi(c.Workload.Sessions == 0)))
	for i := range e.clients {
		e.clients[i].busy = -1
	}
	e.near = int(math.Round(c.Workload.Near * float64(len(e.clients))))
}

// pick is element i of one law for all or one for each; node 0's links are those of a former primary: the first law.
func pick(laws []Law, i int) Law {
	switch {
	case len(laws) == 0:
		return Law{}
	case i < 0 || i >= len(laws):
		return laws[0]
	}
	return laws[i]
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// push adds an event, unless it would come after the end of the run.
func (e *engine) push(at int64, ev event) {
	if at <= e.end {
		e.events.Push(at, ev)
	}
}

// deferred puts an event off if its node stands still or its link is cut, and tells whether it did.
func (e *engine) deferred(ev event) bool {
	n := &e.nodes[ev.node]
	until := n.pausedUntil
	switch ev.kind {
	case evChunk, evNotice, evReply:
		leader := e.reigns[n.follows].leader
		if ev.kind == evReply {
			until = e.nodes[leader].pausedUntil
		}
		if e.severed(int(ev.node), leader) {
			until = max(until, e.cutUntil)
		}
	}
	if until <= e.now {
		return false
	}
	e.push(until, ev)
	return true
}

func (e *engine) severed(a, b int) bool { return (e.cut>>a^e.cut>>b)&1 != 0 }

func (e *engine) handle(ev event) {
	switch ev.kind {
	case evArrival:
		e.arrival(ev)
	case evIssue:
		e.issue(ev.arg, ev.gen)
	case evFlush, evTick, evWrite, evApply:
		if ev.gen == e.nodes[ev.node].life && !e.deferred(ev) {
			e.local(ev)
		}
	case evChunk, evReply, evNotice:
		if ev.gen == e.nodes[ev.node].conn && !e.deferred(ev) {
			e.message(ev)
		}
	case evInsert:
		if !e.deferred(ev) {
			e.insert(ev)
		}
	case evRead:
		e.read(ev)
	case evReadAt:
		e.readAt(ev)
	case evToken:
		e.tokenTimeout(ev)
	default:
		e.seldom(ev)
	}
}

func (e *engine) local(ev event) {
	n := &e.nodes[ev.node]
	switch ev.kind {
	case evFlush:
		e.flushed(int(ev.node), ev.lsn)
	case evTick:
		n.ticking = false
		e.flush(int(ev.node))
	case evWrite:
		e.wrote(int(ev.node), ev.lsn)
	case evApply:
		e.replayDone(int(ev.node), ev.lsn)
	}
}

func (e *engine) message(ev event) {
	switch ev.kind {
	case evChunk:
		e.receive(int(ev.node), ev.lsn)
	case evReply:
		e.reply(int(ev.node))
	case evNotice:
		n := &e.nodes[ev.node]
		n.safe = max(n.safe, ev.lsn)
		e.pump(int(ev.node))
	}
}
