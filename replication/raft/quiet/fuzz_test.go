package quiet

import (
	"testing"
	"time"

	"cloudconcepts/internal/law"
	"cloudconcepts/replication/raft"

	"github.com/stretchr/testify/require"
)

// lawOf makes a law of numbers that may be anything.
func lawOf(kind uint8, mean int64) Law {
	d := time.Duration(mean)
	return []Law{law.Const(d), law.Exp(d), law.Uniform(0, d), law.Uniform(d, 0)}[kind%4]
}

func FuzzQuiet(f *testing.F) {
	f.Add(5, uint8(1), int64(time.Second), int64(2*time.Second), 10, int64(100*time.Millisecond), uint8(1), int64(time.Millisecond), int64(time.Second), int64(time.Minute), uint64(1))
	f.Add(2, uint8(2), int64(1000), int64(1000), 2, int64(time.Hour), uint8(5), int64(time.Hour), int64(time.Hour), int64(time.Hour), uint64(1))
	f.Fuzz(func(t *testing.T, servers int, rules uint8, low, high int64, ticks int, beat int64, kind uint8, delay, pause, every int64, seed uint64) {
		c := Config{
			Servers: servers, Rules: raft.Rules(rules % 4), TimeoutMin: time.Duration(low), TimeoutMax: time.Duration(high),
			ElectionTimeout: time.Duration(low), Ticks: ticks, Heartbeat: time.Duration(beat), OneWay: lawOf(kind, delay),
			Pause: lawOf(kind/4, pause), PauseEvery: time.Duration(every), Heartbeats: 20, Seed: seed,
		}
		r, err := Simulate(c)
		if err != nil {
			require.ErrorIs(t, err, ErrInvalidConfig)
			return
		}
		require.LessOrEqual(t, r.Needless, uint64(20))
		require.Greater(t, r.End, 0.0)
	})
}
