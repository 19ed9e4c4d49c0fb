package raft

import (
	"time"

	"cloudconcepts/internal/enum"
	"cloudconcepts/internal/law"
)

// Law is a law of random times: text such as "exp:1s", "lognormal:1s,cv=2" or "5ms+exp:1ms"; see internal/law for all.
type Law = law.Law

// Exp is exponential with the given mean.
func Exp(mean time.Duration) Law { return law.Exp(mean) }

// Const always takes d.
func Const(d time.Duration) Law { return law.Const(d) }

// Uniform lies evenly between low and high.
func Uniform(low, high time.Duration) Law { return law.Uniform(low, high) }

// ParseLaw reads a law from its text.
func ParseLaw(text string) (Law, error) { return law.Parse(text) }

// Rules is whose rules the servers follow.
type Rules int

// The three rule sets.
const (
	// Dissertation is Raft as its author analysed it (D. Ongaro, Stanford 2014, chapters 3 and 9): a timer of
	// U[TimeoutMin, TimeoutMax] is drawn anew when the leader is heard, a vote is granted or a candidacy begins; one vote
	// per term, to the first who asks with an up-to-date log, though a leader is known; the vote is on disk before it is
	// answered. Without Heartbeat the clock starts with fresh timers.
	Dissertation Rules = iota
	// Etcd is raft.go of go.etcd.io/raft v3.7.0: a server counts ticks of ElectionTimeout/Ticks, at a phase of its own. It
	// campaigns at the R-th tick after it last heard the leader; R is uniform on E..2E-1 and drawn anew only when its role
	// or term is reset, so that it keeps one R for a leader's whole reign: the time from contact to campaign is uniform on
	// [E-1, 2E-1]. With PreVote a campaign first asks, without a change of term; with CheckQuorum who knows a leader and
	// has counted fewer than E ticks drops requests without an answer. Requests and votes wait for the disk, pre-votes do
	// not. A candidacy that so many refuse that it cannot win is given up at once. If a tick and a message fall on one
	// instant, the tick comes first.
	//
	// Deviation: a new leader does not step down by check-quorum before the election is over.
	Etcd
	// Hashicorp is raft.go of github.com/hashicorp/raft v1.8.0: a follower's timer U[T, 2T] runs free; it is not reset by
	// contact, and when it fires the leader is given up only if the last contact is at least T old. A server that knows a
	// leader refuses every vote, whatever the term. So the loss is noticed at T plus a residual life, and a leader can be
	// elected only when q servers have noticed. With PreVote (its default) a candidacy first asks; it waits for its timer
	// U[T, 2T], however many refuse. Last contact is the younger of two streams, heartbeats and appends, each sent
	// U[x, 2x] after the reply to the one before.
	//
	// Deviations: the library stands still while it writes to its disk, and syncs term and vote apart; its leader's lease is
	// left out. With random delays the age of the last contact is drawn from a row of eight cycles, an approximation of the
	// stationary age within 1 % of a cycle.
	Hashicorp
)

// String is the name, as a flag takes it.
func (r Rules) String() string { return enum.Name(r, ruleNames()) }

func ruleNames() []string { return []string{"dissertation", "etcd", "hashicorp"} }

// MarshalText writes the name.
func (r Rules) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (r *Rules) UnmarshalText(text []byte) error {
	return enum.Parse(r, text, "raft: rules", ruleNames())
}

// Config describes one group whose leader has just crashed, and how often to watch it elect the next one.
type Config struct {
	Servers    int `json:"servers"`    // members of the group, n, [1, 63]
	Alive      int `json:"alive"`      // of them, those that answer, s, [0, Servers]; Servers = the whole group starts afresh
	Ineligible int `json:"ineligible"` // of Alive, those whose log is too old to be voted for by the others, [0, Alive]

	Rules       Rules `json:"rules"`
	PreVote     bool  `json:"pre_vote"`     // Etcd and Hashicorp: ask whether a vote could be won before the term is raised
	CheckQuorum bool  `json:"check_quorum"` // Etcd: ignore requests for votes within ElectionTimeout of hearing from a leader

	TimeoutMin time.Duration `json:"timeout_min_ns"` // Dissertation: least election timeout, [1 us, 1 h]
	TimeoutMax time.Duration `json:"timeout_max_ns"` // Dissertation: greatest, [TimeoutMin, 1 h]
	// ElectionTimeout is T: of Etcd the E ticks of its option ElectionTick, so that timeouts are E..2E-1 ticks; of
	// Hashicorp HeartbeatTimeout and ElectionTimeout; [1 us, 1 h].
	ElectionTimeout time.Duration `json:"election_timeout_ns"`
	Ticks           int           `json:"ticks"` // Etcd: E, ticks in ElectionTimeout, [2, 10000]; the etcd server has 10
	// Heartbeat is the interval of the leader's heartbeats, [0, 1 h]. The leader crashes at a uniform phase of it. With 0
	// Dissertation starts all timers afresh at time 0; Etcd takes one tick; Hashicorp waits U[T/10, T/5] after each reply
	// (otherwise U[Heartbeat, 2 Heartbeat]).
	Heartbeat time.Duration `json:"heartbeat_ns"`
	// CommitTimeout is Hashicorp's: besides heartbeats, followers hear an append U[CommitTimeout, 2 CommitTimeout] after
	// each reply, [0, 1 h]; 0 = none.
	CommitTimeout time.Duration `json:"commit_timeout_ns"`

	OneWay  Law  `json:"one_way"` // delay of a message, mean in [0, 1 h]
	Disk    Law  `json:"disk"`    // time until a vote is durable, mean in [0, 1 h]
	Reorder bool `json:"reorder"` // messages may overtake each other on a link; false = FIFO, as on a TCP connection

	Elections int    `json:"elections"` // [1, 1e9]
	MaxTerms  int    `json:"max_terms"` // an election still open after this many timeouts per server is blocked, [1, 10000]
	Seed      uint64 `json:"seed"`
	Trace     int    `json:"trace"` // how many of the first elections to record message by message, [0, 1000]
}

// Defaults of the presets.
const (
	defaultElections = 100_000
	defaultMaxTerms  = 1000
)

// DissertationLAN is the group of Fig. 16 of the Raft paper (Ongaro and Ousterhout, USENIX ATC 2014) with the timeouts
// that it recommends, 150-300 ms: five servers, the leader crashes, two of the four others have old logs, heartbeats
// at half the least timeout. The delay and the disk are chosen for its broadcast time of about 15 ms.
func DissertationLAN() Config {
	return Config{
		Servers: 5, Alive: 4, Ineligible: 2, Rules: Dissertation,
		TimeoutMin: 150 * time.Millisecond, TimeoutMax: 300 * time.Millisecond, Heartbeat: 75 * time.Millisecond,
		OneWay: Const(2500 * time.Microsecond), Disk: Uniform(7500*time.Microsecond, 10*time.Millisecond),
		Elections: defaultElections, MaxTerms: defaultMaxTerms,
	}
}

// EtcdServer is a group of the etcd server's defaults (server/embed/config.go): ticks and heartbeats of 100 ms, an
// election timeout of 1 s, pre-vote and check-quorum on.
func EtcdServer() Config {
	return Config{
		Servers: 5, Alive: 4, Rules: Etcd, PreVote: true, CheckQuorum: true,
		ElectionTimeout: time.Second, Ticks: 10, Heartbeat: 100 * time.Millisecond,
		OneWay: Const(time.Millisecond), Elections: defaultElections, MaxTerms: defaultMaxTerms,
	}
}

// HashicorpDefault is a group of hashicorp/raft's DefaultConfig: timeouts of 1 s, appends every 50-100 ms, pre-vote on.
func HashicorpDefault() Config {
	return Config{
		Servers: 5, Alive: 4, Rules: Hashicorp, PreVote: true,
		ElectionTimeout: time.Second, CommitTimeout: 50 * time.Millisecond,
		OneWay: Const(time.Millisecond), Elections: defaultElections, MaxTerms: defaultMaxTerms,
	}
}

// quorum is the majority of all servers, dead ones too.
func (c Config) quorum() int { return c.Servers/2 + 1 }
