package quiet

import (
	"math"
	"math/rand/v2"
	"time"

	"cloudconcepts/internal/law"
	"cloudconcepts/internal/rng"
	"cloudconcepts/internal/stats"
	"cloudconcepts/replication/raft"
	"cloudconcepts/replication/raft/internal/chance"
)

// The purposes of random numbers, and the most that one delay is taken to be, a year.
const (
	forTimers = iota + 1
	forDelays
	forPauses
	longest = int64(365 * 24 * time.Hour)
)

// listener is a follower.
type listener struct {
	heard    int64 // the last heartbeat
	deadline int64 // Hashicorp: when its timer fires next
	phase    int64 // Etcd: one of its ticks
	timeout  int64 // Etcd: R
}

// Simulate runs c. The same Config gives the same Result. After a needless election all go on with fresh timers and the same
// leader.
func Simulate(c Config) (Result, error) {
	if err := c.Validate(); err != nil {
		return Result{}, err
	}
	q := quiet{
		c: c, delays: rng.New(c.Seed, forDelays), timers: rng.New(c.Seed, forTimers),
		oneWay: c.OneWay.Sampler(), followers: make([]listener, c.Servers-1),
	}
	pauses, pause := rng.New(c.Seed, forPauses), c.Pause.Sampler()
	r := Result{Config: c}
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
	c         Config
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
	case raft.Etcd:
		tick := t / int64(q.c.Ticks)
		f.phase = int64(q.timers.Float64()*float64(tick)) - tick
		f.timeout = int64(q.c.Ticks) + q.timers.Int64N(int64(q.c.Ticks))
	case raft.Hashicorp:
		f.deadline = at + int64(chance.LengthBiased(float64(t), 2*float64(t), q.timers)*q.timers.Float64())
	}
}

// expires tells whether the timer runs out before the next heartbeat arrives.
func (q *quiet) expires(f *listener, arrives int64) bool {
	switch q.c.Rules {
	case raft.Dissertation:
		low, high := float64(q.c.TimeoutMin), float64(q.c.TimeoutMax)
		return float64(arrives-f.heard) > low+q.timers.Float64()*(high-low)
	case raft.Etcd:
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
