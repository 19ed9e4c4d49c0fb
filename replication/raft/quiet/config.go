package quiet

import (
	"time"

	"cloudconcepts/internal/check"
	"cloudconcepts/internal/law"
	"cloudconcepts/replication/raft"
)

// Law is a law of random times: text such as "exp:1s", "lognormal:1s,cv=2" or "5ms+exp:1ms"; see internal/law for all.
type Law = law.Law

// The bounds, as in package raft.
const (
	mostServers    = 63
	mostTicks      = 10_000
	mostHeartbeats = 1_000_000_000
	leastTimeout   = time.Microsecond
	mostTimeout    = time.Hour
)

// Config describes a group whose leader lives, and whose followers yet lose patience: because heartbeats are late,
// or because the leader pauses (garbage collection, a stalled virtual machine). Together with raft.Config it answers how short
// an election timeout can be.
type Config struct {
	Servers int        `json:"servers"` // members, all alive, [2, 63]
	Rules   raft.Rules `json:"rules"`

	TimeoutMin      time.Duration `json:"timeout_min_ns"`      // as in raft.Config
	TimeoutMax      time.Duration `json:"timeout_max_ns"`      // as in raft.Config
	ElectionTimeout time.Duration `json:"election_timeout_ns"` // as in raft.Config
	Ticks           int           `json:"ticks"`               // as in raft.Config
	Heartbeat       time.Duration `json:"heartbeat_ns"`        // the leader's interval, fixed for all rules, [1 us, 1 h]

	OneWay     Law           `json:"one_way"`        // of heartbeats, on FIFO links, mean in [0, 1 h]
	Pause      Law           `json:"pause"`          // how long the leader stands still, mean in [0, 1 h]
	PauseEvery time.Duration `json:"pause_every_ns"` // mean time from the end of a pause to the next, exponential, [Heartbeat, 10000 h]; 0 = none

	Heartbeats int    `json:"heartbeats"` // how many to watch, [1, 1e9]
	Seed       uint64 `json:"seed"`
}

// Validate says all that is wrong with c at once; every error wraps ErrInvalidConfig.
func (c Config) Validate() error {
	v := check.Of(ErrInvalidConfig)
	check.Count(&v, "Servers", c.Servers, 2, mostServers)
	v.Span("Heartbeat", c.Heartbeat, leastTimeout, mostTimeout)
	switch c.Rules {
	case raft.Dissertation:
		v.Span("TimeoutMin", c.TimeoutMin, leastTimeout, mostTimeout)
		v.Span("TimeoutMax", c.TimeoutMax, max(c.TimeoutMin, leastTimeout), mostTimeout)
	case raft.Etcd:
		v.Span("ElectionTimeout", c.ElectionTimeout, leastTimeout, mostTimeout)
		check.Count(&v, "Ticks", c.Ticks, 2, mostTicks)
		if c.Ticks >= 2 && c.Ticks <= mostTicks && c.ElectionTimeout >= leastTimeout && int64(c.ElectionTimeout)/int64(c.Ticks) == 0 {
			v.Add("Ticks = %d, want ticks of at least 1ns of ElectionTimeout = %v", c.Ticks, c.ElectionTimeout)
		}
	case raft.Hashicorp:
		v.Span("ElectionTimeout", c.ElectionTimeout, leastTimeout, mostTimeout)
	default:
		v.Add("Rules = %d, want dissertation, etcd or hashicorp", int(c.Rules))
	}
	v.Law("OneWay", c.OneWay, 0, mostTimeout)
	v.Law("Pause", c.Pause, 0, mostTimeout)
	if c.PauseEvery != 0 {
		v.Span("PauseEvery", c.PauseEvery, max(c.Heartbeat, leastTimeout), 10_000*time.Hour)
	}
	check.Count(&v, "Heartbeats", c.Heartbeats, 1, mostHeartbeats)
	return v.Err()
}
