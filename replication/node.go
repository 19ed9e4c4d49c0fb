package replication

import (
	"math"
	"math/rand/v2"

	"cloudconcepts/internal/des"
	"cloudconcepts/internal/rng"
)

// The kinds of records.
const (
	rowWrite  uint8 = iota
	heartbeat       // the timestamp row
	slice           // a part of a large transaction that runs
	bigCommit       // its end
	schema          // a schema change: nothing is replayed beside it
)

// record is one entry of a log.
type record struct {
	issued int64 // by the client
	added  int64 // to the log
	commit int64 // committed on the primary, -1 = not yet
	acked  int64 // -1 = not yet
	bytes  int64 // of the log, this record included
	cost   int64 // fixed time of replay, or 0 for a draw
	client int32 // -1 = nobody
	key    int32
	kind   uint8
	level  int8 // position waited for
}

func logRing() *des.Ring[record] { return &des.Ring[record]{} }

// reign is the log of one primary, an epoch. Positions up to fork are those of its parent.
type reign struct {
	leader  int
	parent  int
	fork    int64
	base    int64 // position of the first record kept
	last    int64 // position of the last one
	bytes   int64
	before  int64 // bytes of what is not kept
	log     *des.Ring[record]
	open    bool // takes and acknowledges writes
	opened  int64
	closed  int64
	failed  int64 // when it was lost
	outage  int   // its element of Result.Outages, -1 = none
	settled bool

	released [positions]int64
	waiting  [positions]des.Ring[int64]
	timer    bool // the semi-synchronous timer is set
	async    bool // fallen back
	asyncAt  int64
	insync   uint32 // followers in the in-sync set
}

func (r *reign) at(lsn int64) *record { return r.log.At(int(lsn - r.base)) }

// bytesAt is the end of a record in the log's bytes.
func (r *reign) bytesAt(lsn int64) int64 {
	if lsn < r.base || lsn > r.last {
		if lsn < r.base {
			return r.before
		}
		return r.bytes
	}
	return r.at(lsn).bytes
}

// positionsOf is what a standby reports.
type positionsOf [positions]int64

// node is one member.
type node struct {
	id        int
	alive     bool
	gone      bool // for ever
	leads     int  // the reign it leads, or -1
	follows   int  // the reign that its log belongs to
	connected bool // streaming from that reign's leader
	life      uint32
	conn      uint32

	received, written, flushed, applied int64
	started                             int64 // last record given to an applier
	safe                                int64 // it may be replayed up to here
	busy                                bool  // its log writer
	ticking                             bool
	lastFlush                           int64
	pausedUntil                         int64
	replayPaused                        bool
	linkFactor, applyFactor, clock      float64

	// The link from the primary and back.
	next    int64 // first record not sent
	free    int64 // when the link can take more
	arrives int64
	returns int64
	replies des.Ring[positionsOf]

	// What the primary knows of it.
	known    positionsOf
	caughtUp int64
	reach    int64            // the end of the log when it came back
	lags     [positions]int64 // -1 = NULL
	idle     bool

	// Replay.
	running   int
	done      [64]bool
	barrier   bool
	drawn     int64 // the last record for which dependence was drawn
	dependent bool
	receipts  des.Ring[receipt]
	replayed  int64 // commit time of the last write replayed, -1 = none
	beat      int64 // time of the newest heartbeat row replayed
	catching  int64 // a fault ended then, -1 = no backlog is watched
	peak      int64
	keys      []int64 // newest version of each row that can be read, a position
	forked    []int64 // the same at the start of the reign that it leads

	flushes, delays, back, writing, apply, conflict *rand.Rand
}

type receipt struct{ lsn, at int64 }

func newNode(c *Config, i int) node {
	stream := func(purpose uint64) *rand.Rand { return rng.New(c.Seed, c.Run, purpose, uint64(i)) }
	return node{
		id: i, alive: true, leads: -1, connected: true, safe: safeAtFirst(c), lastFlush: -des.Forever,
		linkFactor: 1, applyFactor: 1, clock: 1, next: 1, replayed: -1, catching: -1, lags: [positions]int64{-1, -1, -1},
		keys:    make([]int64, c.Workload.Keys),
		flushes: stream(forFlush), delays: stream(forDelay), back: stream(forReturn),
		writing: stream(forWriting), apply: stream(forApply), conflict: stream(forConflict),
	}
}

// safeAtFirst is how far followers may replay: with majority only what they know to be committed.
func safeAtFirst(c *Config) int64 {
	if c.Mode == Majority {
		return 0
	}
	return des.Forever
}

// flushTime draws how long a flush takes that begins now.
func (e *engine) flushTime(n *node) int64 {
	d := e.law.flush.next(n.flushes)
	gap := e.c.Pipeline.FlushGap
	if gap > 0 {
		idle := e.law.idle.next(n.flushes)
		share := -math.Expm1(-float64(e.now-n.lastFlush) / float64(gap))
		d += int64(float64(idle-d) * share)
	}
	return max(d, 0)
}

// flush starts a flush of all that is in a node's log, unless one is going on: then the next one takes it all.
func (e *engine) flush(i int) {
	n := &e.nodes[i]
	upto := n.written
	if n.busy || upto <= n.flushed {
		return
	}
	d := e.flushTime(n)
	n.busy = true
	if d == 0 {
		e.flushed(i, upto)
		return
	}
	e.push(e.now+d, event{lsn: upto, gen: n.life, kind: evFlush, node: uint8(i)})
}

func (e *engine) flushed(i int, upto int64) {
	n := &e.nodes[i]
	n.busy = false
	n.lastFlush = e.now
	old := n.flushed
	n.flushed = max(n.flushed, upto)
	if n.leads >= 0 {
		e.leaderFlushed(n, old)
		return
	}
	e.answer(i)
	e.write(i)
	e.pump(i)
}

// write lets a standby hand what it has received to its OS, then flush it.
func (e *engine) write(i int) {
	n := &e.nodes[i]
	if n.busy || n.leads >= 0 || n.received <= n.written {
		return
	}
	n.busy = true
	d := e.law.write.next(n.writing)
	if d == 0 {
		e.wrote(i, n.received)
		return
	}
	e.push(e.now+d, event{lsn: n.received, gen: n.life, kind: evWrite, node: uint8(i)})
}

func (e *engine) wrote(i int, upto int64) {
	n := &e.nodes[i]
	n.busy = false
	n.written = max(n.written, upto)
	e.answer(i)
	if e.c.relays() {
		n.flushed = n.written
		e.pump(i)
		e.write(i)
		return
	}
	e.flush(i)
}

// receive takes a chunk in.
func (e *engine) receive(i int, upto int64) {
	n := &e.nodes[i]
	n.received = max(n.received, upto)
	if e.c.Pipeline.QueryConflicts > 0 {
		n.receipts.PushBack(receipt{upto, e.now})
	}
	e.write(i)
}
