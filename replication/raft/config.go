package raft

import (
	"time"

	"cloudconcepts/internal/check"
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

// quorum is the majority of all servers, dead ones too.
func (c Config) quorum() int { return c.Servers/2 + 1 }

const (
	maxServers   = 63
	maxTicks     = 10_000
	maxElections = 1_000_000_000
	mostTerms    = 10_000
	mostTraces   = 1000
	minTimeout   = time.Microsecond
	maxTimeout   = time.Hour
)

// Validate says all that is wrong with c at once; every error wraps ErrInvalidConfig.
func (c Config) Validate() error {
	v := checks{check.Of(ErrInvalidConfig)}
	check.Count(&v.List, "Servers", c.Servers, 1, maxServers)
	check.Count(&v.List, "Alive", c.Alive, 0, max(c.Servers, 0))
	check.Count(&v.List, "Ineligible", c.Ineligible, 0, max(c.Alive, 0))
	switch c.Rules {
	case Dissertation:
		v.dissertation(c)
	case Etcd:
		v.etcd(c)
	case Hashicorp:
		v.hashicorp(c)
	default:
		v.Add("Rules = %d, want one of %v", int(c.Rules), ruleNames())
	}
	v.law("OneWay", c.OneWay)
	v.law("Disk", c.Disk)
	check.Count(&v.List, "Elections", c.Elections, 1, maxElections)
	check.Count(&v.List, "MaxTerms", c.MaxTerms, 1, mostTerms)
	check.Count(&v.List, "Trace", c.Trace, 0, mostTraces)
	return v.Err()
}

// checks collects what is wrong.
type checks struct{ check.List }

func (v *checks) law(name string, l Law) {
	if err := l.Validate(); err != nil {
		v.Add("%s = %v: %w", name, l, err)
		return
	}
	if m := l.Mean(); !(m >= 0 && m <= maxTimeout.Seconds()) {
		v.Add("%s = %v with mean %g s, want in [0, %g] s", name, l, m, maxTimeout.Seconds())
	}
}

// off refuses an option that a rule set does not have.
func (v *checks) off(name string, on bool, rules Rules) {
	if on {
		v.Add("%s = true, want false: the rules %v have no such option", name, rules)
	}
}

func (v *checks) dissertation(c Config) {
	v.Span("TimeoutMin", c.TimeoutMin, minTimeout, maxTimeout)
	v.Span("TimeoutMax", c.TimeoutMax, max(c.TimeoutMin, minTimeout), maxTimeout)
	v.Span("Heartbeat", c.Heartbeat, 0, max(c.TimeoutMin, 0))
	v.off("PreVote", c.PreVote, c.Rules)
	v.off("CheckQuorum", c.CheckQuorum, c.Rules)
}

func (v *checks) etcd(c Config) {
	v.Span("ElectionTimeout", c.ElectionTimeout, minTimeout, maxTimeout)
	check.Count(&v.List, "Ticks", c.Ticks, 2, maxTicks)
	if c.ElectionTimeout < minTimeout || c.Ticks < 2 {
		return
	}
	if c.Ticks <= maxTicks && c.ElectionTimeout%time.Duration(c.Ticks) != 0 {
		v.Add("ElectionTimeout = %v, want a whole number of nanoseconds in each of the %d Ticks", c.ElectionTimeout, c.Ticks)
		return
	}
	tick := c.ElectionTimeout / time.Duration(c.Ticks)
	if c.Heartbeat < 0 || c.Heartbeat >= c.ElectionTimeout || c.Heartbeat%tick != 0 {
		v.Add("Heartbeat = %v, want a multiple of the tick %v below ElectionTimeout = %v", c.Heartbeat, tick, c.ElectionTimeout)
	}
}

func (v *checks) hashicorp(c Config) {
	v.Span("ElectionTimeout", c.ElectionTimeout, minTimeout, maxTimeout)
	v.Span("Heartbeat", c.Heartbeat, 0, max(c.ElectionTimeout/2, 0))
	v.Span("CommitTimeout", c.CommitTimeout, 0, maxTimeout)
	v.off("CheckQuorum", c.CheckQuorum, c.Rules)
}
