package raft

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// lawOf makes a law of numbers that may be anything.
func lawOf(kind uint8, mean int64) Law {
	d := time.Duration(mean)
	return []Law{Const(d), Exp(d), Uniform(0, d), Uniform(d, 0)}[kind%4]
}

func FuzzSimulate(f *testing.F) {
	f.Add(5, 4, 0, uint8(1), uint8(3), int64(time.Second), int64(2*time.Second), 10, int64(100*time.Millisecond), uint8(1), int64(time.Millisecond), int64(0), uint64(1))
	f.Add(3, 2, 1, uint8(0), uint8(0), int64(time.Second), int64(2*time.Second), 0, int64(0), uint8(0), int64(math.MaxInt64), int64(1), uint64(1))
	f.Add(63, 63, 0, uint8(2), uint8(1), int64(time.Hour), int64(-1), 1, int64(math.MaxInt64), uint8(2), int64(time.Hour), int64(time.Hour), uint64(0))
	f.Add(1, 1, 0, uint8(1), uint8(7), int64(1000), int64(1000), 1000, int64(0), uint8(3), int64(math.MinInt64), int64(1), uint64(math.MaxUint64))
	f.Fuzz(func(t *testing.T, servers, alive, old int, rules, flags uint8, low, high int64, ticks int, beat int64, kind uint8, delay, disk int64, seed uint64) {
		c := Config{
			Servers: servers, Alive: alive, Ineligible: old, Rules: Rules(rules % 4), PreVote: flags&1 > 0, CheckQuorum: flags&2 > 0,
			TimeoutMin: time.Duration(low), TimeoutMax: time.Duration(high), ElectionTimeout: time.Duration(low), Ticks: ticks,
			Heartbeat: time.Duration(beat), CommitTimeout: time.Duration(beat), OneWay: lawOf(kind, delay), Disk: lawOf(kind/4, disk),
			Reorder: flags&4 > 0, Elections: 3, MaxTerms: 5, Seed: seed, Trace: 1,
		}
		r, err := Simulate(c)
		if err != nil {
			require.ErrorIs(t, err, ErrInvalidConfig)
			require.Error(t, c.Validate())
			return
		}
		checkResult(t, r)
		for _, trace := range r.Traces {
			checkTrace(t, c, trace)
		}
	})
}
