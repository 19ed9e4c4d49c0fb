package raft

import (
	"fmt"
	"math"
	"math/rand/v2"
	"time"

	"cloudconcepts/internal/check"

	"cloudconcepts/internal/law"
	"cloudconcepts/internal/rng"
	"cloudconcepts/internal/stats"
)

// QuietConfig describes a group whose leader lives, and whose followers yet lose patience: because heartbeats are late,
// or because the leader pauses (garbage collection, a stalled virtual machine). Together with Config it answers how short
// an election timeout can be.
type QuietConfig struct {
	Servers int   `json:"servers"` // members, all alive, [2, 63]
	Rules   Rules `json:"rules"`

	TimeoutMin      time.Duration `json:"timeout_min_ns"`      // as in Config
	TimeoutMax      time.Duration `json:"timeout_max_ns"`      // as in Config
	ElectionTimeout time.Duration `json:"election_timeout_ns"` // as in Config
	Ticks           int           `json:"ticks"`               // as in Config
	Heartbeat       time.Duration `json:"heartbeat_ns"`        // the leader's interval, fixed for all rules, [1 us, 1 h]

	OneWay     Law           `json:"one_way"`        // of heartbeats, on FIFO links, mean in [0, 1 h]
	Pause      Law           `json:"pause"`          // how long the leader stands still, mean in [0, 1 h]
	PauseEvery time.Duration `json:"pause_every_ns"` // mean time from the end of a pause to the next, exponential, [Heartbeat, 10000 h]; 0 = none

	Heartbeats int    `json:"heartbeats"` // how many to watch, [1, 1e9]
	Seed       uint64 `json:"seed"`
}

// Validate says all that is wrong with c at once; every error wraps ErrInvalidConfig.
func (c QuietConfig) Validate() error {
	v := checks{check.Of(ErrInvalidConfig)}
	check.Count(&v.List, "Servers", c.Servers, 2, maxServers)
	v.Span("Heartbeat", c.Heartbeat, minTimeout, maxTimeout)
	switch c.Rules {
	case Dissertation:
		v.Span("TimeoutMin", c.TimeoutMin, minTimeout, maxTimeout)
		v.Span("TimeoutMax", c.TimeoutMax, max(c.TimeoutMin, minTimeout), maxTimeout)
	case Etcd:
		v.Span("ElectionTimeout", c.ElectionTimeout, minTimeout, maxTimeout)
		check.Count(&v.List, "Ticks", c.Ticks, 2, maxTicks)
		if c.Ticks >= 2 && c.Ticks <= maxTicks && c.ElectionTimeout >= minTimeout && int64(c.ElectionTimeout)/int64(c.Ticks) == 0 {
			v.Add("Ticks = %d, want ticks of at least 1ns of ElectionTimeout = %v", c.Ticks, c.ElectionTimeout)
		}
	case Hashicorp:
		v.Span("ElectionTimeout", c.ElectionTimeout, minTimeout, maxTimeout)
	default:
		v.Add("Rules = %d, want one of %v", int(c.Rules), ruleNames())
	}
	v.law("OneWay", c.OneWay)
	v.law("Pause", c.Pause)
	if c.PauseEvery != 0 {
		v.Span("PauseEvery", c.PauseEvery, max(c.Heartbeat, minTimeout), 10_000*time.Hour)
	}
	check.Count(&v.List, "Heartbeats", c.Heartbeats, 1, maxElections)
	return v.Err()
}

// QuietResult is how often followers lost patience with a living leader.
type QuietResult struct {
	Config QuietConfig `json:"config"`
	// End is the time that went by, s.
	End float64 `json:"watched_s"`
	// Needless counts intervals between heartbeats in which one follower or more timed out, and so the elections that
	// it starts. A pre-vote turns most of them down again, where the others still hear the leader.
	Needless         uint64  `json:"needless"`
	PerHour          float64 `json:"needless_per_hour"`
	NeedlessFraction float64 `json:"needless_share"` // of the intervals
	NeedlessLow      float64 `json:"needless_share_low"`
	NeedlessHigh     float64 `json:"needless_share_high"` // interval of 95 %, as if they were independent
	Pauses           uint64  `json:"pauses"`
}

// listener is a follower.
type listener struct {
	heard    int64 // the last heartbeat
	deadline int64 // Hashicorp: when its timer fires next
	phase    int64 // Etcd: one of its ticks
	timeout  int64 // Etcd: R
}

// SimulateQuiet watches the heartbeats. After a needless election all go on with fresh timers and the same leader.
func SimulateQuiet(c QuietConfig) (QuietResult, error) {
	if err := c.Validate(); err != nil {
		return QuietResult{}, err
	}
	q := quiet{
		c: c, delays: rng.New(c.Seed, forDelays), timers: rng.New(c.Seed, forTimers),
		oneWay: c.OneWay.Sampler(), followers: make([]listener, c.Servers-1),
	}
	pauses, pause := rng.New(c.Seed, forDisks), c.Pause.Sampler()
	r := QuietResult{Config: c}
	for i := range q.followers {
		q.fresh(&q.followers[i], q.delay())
	}
	at, next := int64(0), int64(math.MaxInt64)
	if c.PauseEvery > 0 {
		next = int64(pauses.ExpFloat64() * float64(c.PauseEvery))
	}
	n := 0
	for ; n < c.Heartbeats && at < farthest; n++ {
		at += int64(c.Heartbeat)
		for next <= at && at < farthest {
			r.Pauses++
			end := next + min(pause.Next(pauses), longest)
			at = max(at, end)
			next = end + 1 + int64(pauses.ExpFloat64()*float64(c.PauseEvery))
		}
		if q.beat(at) {
			r.Needless++
		}
	}
	r.End = float64(at) / 1e9
	r.PerHour = float64(r.Needless) / r.End * 3600
	r.NeedlessFraction = float64(r.Needless) / float64(n)
	r.NeedlessLow, r.NeedlessHigh, _ = stats.ClopperPearson(r.Needless, uint64(n), 0.95)
	return r, nil
}

// farthest is where the clock of a run stops, 73 years.
const farthest = math.MaxInt64 / 4

type quiet struct {
	c         QuietConfig
	followers []listener
	oneWay    law.Sampler
	delays    *rand.Rand
	timers    *rand.Rand
}

func (q *quiet) delay() int64 { return min(q.oneWay.Next(q.delays), longest) }

// beat sends a heartbeat and tells whether somebody timed out before it came.
func (q *quiet) beat(at int64) bool {
	late := false
	for i := range q.followers {
		f := &q.followers[i]
		arrives := max(at+q.delay(), f.heard)
		if q.expires(f, arrives) {
			late = true
			q.fresh(f, arrives)
		}
		f.heard = arrives
	}
	return late
}

// fresh starts a follower's timer anew.
func (q *quiet) fresh(f *listener, at int64) {
	f.heard = at
	t := int64(q.c.ElectionTimeout)
	switch q.c.Rules {
	case Etcd:
		tick := t / int64(q.c.Ticks)
		f.phase = int64(q.timers.Float64()*float64(tick)) - tick
		f.timeout = int64(q.c.Ticks) + q.timers.Int64N(int64(q.c.Ticks))
	case Hashicorp:
		f.deadline = at + int64(lengthBiased(float64(t), 2*float64(t), q.timers)*q.timers.Float64())
	}
}

// expires tells whether the timer runs out before the next heartbeat arrives.
func (q *quiet) expires(f *listener, arrives int64) bool {
	switch q.c.Rules {
	case Dissertation:
		low, high := float64(q.c.TimeoutMin), float64(q.c.TimeoutMax)
		return float64(arrives-f.heard) > low+q.timers.Float64()*(high-low)
	case Etcd:
		tick := int64(q.c.ElectionTimeout) / int64(q.c.Ticks)
		return (arrives-f.phase)/tick-(f.heard-f.phase)/tick >= f.timeout
	}
	t := float64(q.c.ElectionTimeout)
	for f.deadline <= arrives {
		fired := f.deadline
		f.deadline += int64(t + q.timers.Float64()*t)
		if fired-f.heard >= int64(t) {
			return true
		}
	}
	return false
}

// String is the result in one line.
func (r QuietResult) String() string {
	return fmt.Sprintf("%d needless elections in %.4g s: %.4g per hour", r.Needless, r.End, r.PerHour)
}
