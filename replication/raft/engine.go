package raft

import (
	"math"
	"math/rand/v2"

	"cloudconcepts/internal/des"
	"cloudconcepts/internal/law"
	"cloudconcepts/internal/rng"
)

// nobody is the vote of a server that has not voted and the leader of one that knows none; crashed is the old leader.
const (
	nobody  = -1
	crashed = -2
)

type role uint8

const (
	follower role = iota
	preCandidate
	candidate
	leader
)

// server is one that is alive.
type server struct {
	deadline int64  // when its timer fires
	contact  int64  // Etcd: when electionElapsed was last 0; Hashicorp: lastContact
	phase    int64  // Etcd: one of its ticks, before all that matters
	granted  uint64 // who voted for it in its candidacy
	refused  uint64 // who did not
	term     int32
	timeout  int32 // Etcd: R, the randomized election timeout in ticks
	epoch    int32 // Hashicorp: of its candidacy; replies to an older one are lost
	vote     int8
	lead     int8
	role     role
	log      uint8 // 1 = up to date, 0 = too old
}

type kind uint8

const (
	askPreVote kind = iota
	preVoteReply
	askVote
	voteReply
	appendEntries
	appendRefused
)

type message struct {
	at      int64
	term    int32
	epoch   int32
	kind    kind
	from    uint8
	to      uint8
	granted bool
}

// engine runs one election after the other. Nothing is allocated per election.
type engine struct {
	now      int64
	servers  []server
	pending  []message // from head on, by time of arrival and then by order of sending
	head     int
	rules    Rules
	preVote  bool
	lease    bool // Etcd: CheckQuorum
	quorum   int
	dead     int
	ordered  bool // links are FIFO and delays can differ
	eligible int
	maxFired int

	low, width  float64 // ns; Dissertation: of the timeouts; Hashicorp: both T
	tick        int64   // ns, Etcd
	ticks       int32   // E
	beatTicks   int64   // H
	beat        float64 // ns, interval of the heartbeats
	commit      float64 // ns, Hashicorp
	fixedDelay  int64
	fixedDisk   int64 // -1 = random
	oneWay      law.Sampler
	disk        law.Sampler
	meanTrip    float64 // ns, mean round trip
	last        []int64 // of a link from*len(servers)+to: when its last message arrives
	start       *rand.Rand
	timers      *rand.Rand
	delays      *rand.Rand
	disks       *rand.Rand
	trace       *Trace
	messages    int64
	fired       int
	elected     int64 // when there first was a leader, or -1
	electedTerm int32
	leadTerm    int32  // of the latest leader
	heard       uint64 // who has heard it
	done        bool
}

// The purposes of random numbers.
const (
	forStart = iota
	forTimers
	forDelays
	forDisks
)

func newEngine(c Config) *engine {
	e := &engine{
		servers: make([]server, c.Alive), pending: make([]message, 0, 8*maxServers), last: make([]int64, c.Alive*c.Alive),
		rules: c.Rules, preVote: c.PreVote, lease: c.CheckQuorum, quorum: c.quorum(), dead: c.Servers - c.Alive,
		eligible: c.Alive - c.Ineligible, maxFired: c.MaxTerms * c.Alive,
		low: float64(c.TimeoutMin), width: float64(c.TimeoutMax - c.TimeoutMin), beat: float64(c.Heartbeat),
		commit: float64(c.CommitTimeout), oneWay: c.OneWay.Sampler(), disk: c.Disk.Sampler(),
		fixedDelay: fixed(c.OneWay), fixedDisk: fixed(c.Disk), meanTrip: 2e9 * c.OneWay.Mean(),
	}
	e.ordered = !c.Reorder && (e.fixedDelay < 0 || e.fixedDisk != 0)
	switch c.Rules {
	case Etcd:
		e.ticks = int32(c.Ticks)
		e.tick = int64(c.ElectionTimeout) / int64(c.Ticks)
		e.beatTicks = max(int64(c.Heartbeat)/e.tick, 1)
		e.beat = float64(e.beatTicks * e.tick)
	case Hashicorp:
		e.low, e.width = float64(c.ElectionTimeout), float64(c.ElectionTimeout)
		if c.Heartbeat == 0 {
			e.beat = e.low / 10
		}
	}
	return e
}

// fixed is the time in ns that a law always takes, or -1.
func fixed(l Law) int64 {
	if d, ok := l.Fixed(); ok {
		return int64(d)
	}
	return -1
}

// seed starts the streams of a block of elections.
func (e *engine) seed(seed, block uint64) {
	e.start, e.timers = rng.New(seed, block, forStart), rng.New(seed, block, forTimers)
	e.delays, e.disks = rng.New(seed, block, forDelays), rng.New(seed, block, forDisks)
}

// election runs one to its end; false means that it is blocked.
func (e *engine) election() bool {
	e.pending, e.head = e.pending[:0], 0
	e.messages, e.fired, e.elected, e.leadTerm, e.done = 0, 0, -1, 0, false
	if e.ordered {
		for i := range e.last {
			e.last[i] = math.MinInt64
		}
	}
	e.crash()
	for !e.done {
		i, at := e.nextTimer()
		if e.head < len(e.pending) && e.pending[e.head].at < at {
			e.deliver()
			continue
		}
		if e.fired++; e.fired > e.maxFired || at > des.Forever {
			return false
		}
		e.now = at
		e.fire(i)
	}
	return true
}

// nextTimer is the server whose timer fires first. At equal times timers come before messages: the tick first.
func (e *engine) nextTimer() (i int, at int64) {
	at = e.servers[0].deadline
	for k := 1; k < len(e.servers); k++ {
		if d := e.servers[k].deadline; d < at {
			i, at = k, d
		}
	}
	return i, at
}

func (e *engine) crash() {
	switch e.rules {
	case Dissertation:
		e.dissertationCrash()
	case Etcd:
		e.etcdCrash()
	default:
		e.hashicorpCrash()
	}
}

func (e *engine) fire(i int) {
	switch e.rules {
	case Dissertation:
		e.dissertationTimer(i)
	case Etcd:
		e.etcdTimer(i)
	default:
		e.hashicorpTimer(i)
	}
}

// deliver hands the next message to its server.
func (e *engine) deliver() {
	m := e.pending[e.head]
	if e.head++; e.head == len(e.pending) {
		e.pending, e.head = e.pending[:0], 0
	}
	e.now = m.at
	switch e.rules {
	case Dissertation:
		e.dissertationMessage(m)
	case Etcd:
		e.etcdMessage(m)
	default:
		e.hashicorpMessage(m)
	}
}

// timeout is drawn from [low, low + width), ns.
func (e *engine) timeout(r *rand.Rand) int64 { return int64(e.low + r.Float64()*e.width) }

// lastBeat is when the last heartbeat reached a follower whose leader sent one every interval, the latest at -age.
// Of random delays an earlier heartbeat may be the last to arrive.
func (e *engine) lastBeat(age float64) int64 {
	at := -int64(age) + e.beatDelay()
	if e.fixedDelay >= 0 {
		return at
	}
	for range 15 {
		age += e.beat
		at = max(at, -int64(age)+e.beatDelay())
	}
	return at
}

// beatDelay is the delay of a heartbeat of the old leader; it is a matter of the start.
func (e *engine) beatDelay() int64 {
	if e.fixedDelay >= 0 {
		return e.fixedDelay
	}
	return min(e.oneWay.Next(e.start), longest)
}
