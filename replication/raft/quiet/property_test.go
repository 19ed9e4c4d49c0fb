package quiet

import (
	"math"
	"testing"
	"time"

	"cloudconcepts/internal/law"
	"cloudconcepts/replication/raft"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func quietly(t testing.TB, c Config) Result {
	t.Helper()
	r, err := Simulate(c)
	require.NoError(t, err)
	return r
}

// Constant delays and no pauses: nobody loses patience, under any rules.
func TestPunctualLeaderIsLeftAlone(t *testing.T) {
	for rules := raft.Dissertation; rules <= raft.Hashicorp; rules++ {
		r := quietly(t, Config{
			Servers: 5, Rules: rules, TimeoutMin: 150 * time.Millisecond, TimeoutMax: 300 * time.Millisecond,
			ElectionTimeout: 150 * time.Millisecond, Ticks: 10, Heartbeat: 75 * time.Millisecond, OneWay: law.Const(time.Second),
			Heartbeats: 10_000,
		})
		assert.Zero(t, r.Needless, "%v", rules)
	}
}

// Pauses of a length P between heartbeats every H, of mean distance D much greater than both: a pause that begins at a
// uniform phase of the interval delays one heartbeat. The gap exceeds a fixed timeout t iff the phase plus P does; so of
// all intervals a share of about H/D times min(1, (P-(t-H))/H) ends in a timeout. Here 60 ms against 100 - 50: .2.
func TestPausesCostElections(t *testing.T) {
	c := Config{
		Servers: 2, Rules: raft.Dissertation, TimeoutMin: 100 * time.Millisecond, TimeoutMax: 100 * time.Millisecond,
		Heartbeat: 50 * time.Millisecond, Pause: law.Const(60 * time.Millisecond), PauseEvery: 10 * time.Second, Heartbeats: few(2_000_000),
	}
	r := quietly(t, c)
	// The next heartbeat comes at the end of the pause if that is after its time, so the gap is phase + P.
	want := float64(r.Pauses) / float64(c.Heartbeats) * .2
	const cell = "heartbeats every 50 ms, timeout 100 ms, pauses of 60 ms, 10 s apart on average"
	theory("share of heartbeat intervals that cost an election", "pauses an interval x (pause - (timeout - interval))/interval", "").Within(t, cell, want, r.NeedlessFraction, 4*math.Sqrt(want/float64(c.Heartbeats)))
	theory("pauses a heartbeat interval", "interval/(mean distance + pause)", "").Relative(t, cell, .05/10.06, float64(r.Pauses)/float64(c.Heartbeats), .05)
	c.Pause = law.Const(40 * time.Millisecond)
	assert.Zero(t, quietly(t, c).Needless)
}

// A longer timeout costs fewer needless elections; common random numbers make this hold draw by draw for pauses.
func TestPatienceCostsFewerElections(t *testing.T) {
	for rules := raft.Dissertation; rules <= raft.Hashicorp; rules++ {
		last := uint64(math.MaxUint64)
		for _, timeout := range []time.Duration{100 * time.Millisecond, 200 * time.Millisecond, 400 * time.Millisecond, 800 * time.Millisecond} {
			r := quietly(t, Config{
				Servers: 5, Rules: rules, TimeoutMin: timeout, TimeoutMax: 2 * timeout, ElectionTimeout: timeout, Ticks: 10,
				Heartbeat: 50 * time.Millisecond, OneWay: law.Exp(5 * time.Millisecond), Pause: law.Exp(200 * time.Millisecond),
				PauseEvery: 5 * time.Second, Heartbeats: few(100_000),
			})
			assert.Less(t, r.Needless, last, "%v %v", rules, timeout)
			last = r.Needless
		}
		assert.Positive(t, last)
	}
}

func TestValidateNamesEveryField(t *testing.T) {
	c := Config{OneWay: law.Const(-1), Pause: law.Const(-1), PauseEvery: 1, Rules: 9}
	err := c.Validate()
	require.ErrorIs(t, err, ErrInvalidConfig)
	for _, field := range []string{"Servers", "Heartbeat", "Rules", "OneWay", "Pause", "PauseEvery", "Heartbeats"} {
		assert.ErrorContains(t, err, "quiet: invalid config: "+field)
	}
	_, err = Simulate(c)
	require.ErrorIs(t, err, ErrInvalidConfig)
}
