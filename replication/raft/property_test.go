package raft

import (
	"encoding/json"
	"math/rand/v2"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"cloudconcepts/internal/rng"
)

// anyConfig draws a valid Config in which anything may happen: delays as long as timeouts, old logs, few alive.
func anyConfig(r *rand.Rand) Config {
	c := Config{
		Servers: 1 + r.IntN(9), Rules: Rules(r.IntN(3)), TimeoutMin: 100 * time.Millisecond, TimeoutMax: 200 * time.Millisecond,
		ElectionTimeout: 100 * time.Millisecond, Ticks: 10, Reorder: r.IntN(2) == 0,
		Elections: 20, MaxTerms: 200, Seed: r.Uint64(), Trace: 20,
	}
	c.Alive = r.IntN(c.Servers + 1)
	if c.Alive > 0 && r.IntN(2) == 0 {
		c.Ineligible = r.IntN(c.Alive + 1)
	}
	c.PreVote = c.Rules != Dissertation && r.IntN(2) == 0
	c.CheckQuorum = c.Rules == Etcd && r.IntN(2) == 0
	c.Heartbeat = time.Duration(r.IntN(4)) * 10 * time.Millisecond
	c.CommitTimeout = time.Duration(r.IntN(3)) * 5 * time.Millisecond
	mean := time.Duration(1+r.IntN(40)) * time.Millisecond
	c.OneWay = []Law{Const(mean), Exp(mean), Uniform(0, 2*mean)}[r.IntN(3)]
	c.Disk = []Law{{}, Const(mean), Exp(mean)}[r.IntN(3)]
	return c
}

// The safety of Raft, over every message of random elections under all three rule sets: nobody votes twice in a term,
// a leader has a majority, a term has at most one leader, and an old log wins only by votes of old logs.
func TestElectionsAreSafe(t *testing.T) {
	r := rng.New(20140619)
	for range few(700) {
		c := anyConfig(r)
		res, err := Simulate(c)
		require.NoError(t, err, "%+v", c)
		checkResult(t, res)
		for _, trace := range res.Traces {
			checkTrace(t, c, trace)
		}
		if t.Failed() {
			t.Fatalf("%+v", c)
		}
	}
}

type inTerm struct{ server, term int }

func checkTrace(t *testing.T, c Config, trace Trace) {
	t.Helper()
	votes := map[inTerm]int{} // given to
	polls := map[inTerm]int{} // received by a candidate
	leaders := map[int]int{}  // of a term
	candidacies := map[inTerm]bool{}
	for _, s := range trace.States {
		switch s.Role {
		case "candidate":
			candidacies[inTerm{s.Server, s.Term}] = true
			_, voted := votes[inTerm{s.Server, s.Term}]
			assert.False(t, voted)
		case "leader":
			other, seen := leaders[s.Term]
			assert.False(t, seen && other != s.Server, "two leaders of term %d", s.Term)
			leaders[s.Term] = s.Server
			assert.True(t, candidacies[inTerm{s.Server, s.Term}])
		}
	}
	for _, m := range trace.Messages {
		if m.Kind == "vote-reply" && m.Granted {
			key := inTerm{m.From, m.Term}
			other, voted := votes[key]
			assert.False(t, voted && other != m.To, "server %d votes twice in term %d", m.From, m.Term)
			if !voted {
				polls[inTerm{m.To, m.Term}]++
			}
			votes[key] = m.To
			assert.False(t, candidacies[key], "a candidate votes for another one")
		}
		assert.GreaterOrEqual(t, m.Arrives, m.Sent)
	}
	for term, server := range leaders {
		assert.GreaterOrEqual(t, polls[inTerm{server, term}]+1, c.quorum())
		assert.False(t, server >= c.Alive-c.Ineligible && c.Ineligible < c.quorum(), "an old log has won")
	}
	if trace.Ended {
		assert.NotEmpty(t, leaders)
		assert.LessOrEqual(t, trace.Elected, trace.Heard)
	}
}

func checkResult(t *testing.T, r Result) {
	t.Helper()
	ended := 0
	for _, n := range r.Terms {
		ended += int(n)
	}
	assert.Equal(t, r.Config.Elections, ended+r.Blocked)
	assert.Equal(t, r.Blocked > 0, r.Cause != "")
	for _, row := range [][]float64{
		{0, r.ElectionP50, r.ElectionP90, r.ElectionP99, r.ElectionP999, r.ElectionMax * 1.002},
		{0, r.HeardP50, r.HeardP90, r.HeardP99, r.HeardP999, r.HeardMax * 1.002},
		{r.ElectionMean, r.HeardMean},
		{r.ElectionMax, r.HeardMax},
		{0, r.SplitVoteLow, r.SplitVoteFraction, r.SplitVoteHigh, 1},
	} {
		assert.IsNonDecreasing(t, row)
	}
	if ended > 0 {
		assert.GreaterOrEqual(t, r.TermsMean, 1.0)
		assert.InDelta(t, 1-r.SplitVoteFraction, float64(r.Terms[0])/float64(ended), 1e-12)
		assert.InDelta(t, 1, r.ElectedWithin(r.ElectionMax*1.01+1e-9), 1e-9)
	}
	_, err := json.Marshal(r)
	assert.NoError(t, err)
}

func TestNoMajorityIsBlocked(t *testing.T) {
	c := EtcdServer()
	c.Alive = 2
	r, err := Simulate(c)
	require.NoError(t, err)
	assert.Equal(t, c.Elections, r.Blocked)
	assert.Equal(t, "2 of 5 servers are alive, and a majority is 3", r.Cause)
	assert.Contains(t, r.String(), "blocked")
}

// Two of four have old logs, and of the others one is not enough: three votes are needed, and an old log's own vote and
// that of the other old log are two. With three old logs of four they elect one of themselves.
func TestOldLogs(t *testing.T) {
	c := dissertation54(time.Millisecond)
	c.Elections, c.Trace, c.Ineligible = 200, 200, 3
	old := 0
	for _, trace := range simulate(t, c).Traces {
		for _, s := range trace.States {
			if s.Role == "leader" && s.Server > 0 {
				old++
			}
		}
	}
	assert.Greater(t, old, 20)
	c.Ineligible = 2
	slow := simulate(t, c)
	c.Ineligible = 0
	assert.Greater(t, slow.ElectionMean, simulate(t, c).ElectionMean)
}

func TestSameSeedSameResultOnAnyProcessors(t *testing.T) {
	c := EtcdServer()
	c.OneWay, c.Elections, c.Trace = Exp(20*time.Millisecond), 2*blockSize+17, 2
	one := runtime.GOMAXPROCS(1)
	first := simulate(t, c)
	runtime.GOMAXPROCS(4)
	second := simulate(t, c)
	runtime.GOMAXPROCS(one)
	assert.Equal(t, first, second)
	c.Seed++
	assert.NotEqual(t, first.ElectionMean, simulate(t, c).ElectionMean)
}

// Times scale: with everything ten times as long, elections take ten times as long, term for term.
func TestTimesScale(t *testing.T) {
	for _, c := range []Config{EtcdServer(), HashicorpDefault(), DissertationLAN()} {
		c.Elections = few(20_000)
		slow := c
		slow.TimeoutMin, slow.TimeoutMax, slow.ElectionTimeout = 10*c.TimeoutMin, 10*c.TimeoutMax, 10*c.ElectionTimeout
		slow.Heartbeat, slow.CommitTimeout = 10*c.Heartbeat, 10*c.CommitTimeout
		slow.OneWay, slow.Disk = Const(25*time.Millisecond), Const(80*time.Millisecond)
		c.OneWay, c.Disk = Const(2500*time.Microsecond), Const(8*time.Millisecond)
		a, b := simulate(t, c), simulate(t, slow)
		assert.InEpsilon(t, 10*a.HeardMean, b.HeardMean, 1e-4, c.Rules)
		assert.InDelta(t, a.SplitVoteFraction, b.SplitVoteFraction, 2e-4, c.Rules)
	}
}

// The tick first: a whole tick of round trip leaves a candidacy that begins at a message on its own tick one tick more
// to wait than a delay a nanosecond shorter.
func TestTheTickComesFirst(t *testing.T) {
	c := EtcdServer()
	c.Servers, c.Alive, c.Elections = 5, 3, few(20_000)
	c.OneWay = Const(200 * time.Millisecond)
	at := simulate(t, c).HeardMean
	c.OneWay = Const(200*time.Millisecond - 1)
	before := simulate(t, c).HeardMean
	c.OneWay = Const(200*time.Millisecond + 1)
	after := simulate(t, c).HeardMean
	assert.InEpsilon(t, after, at, .01)
	assert.Greater(t, at, before*1.02)
}

func TestConfigsRoundTripAsJSON(t *testing.T) {
	for _, c := range []Config{EtcdServer(), HashicorpDefault(), DissertationLAN()} {
		text, err := json.Marshal(c)
		require.NoError(t, err)
		var back Config
		require.NoError(t, json.Unmarshal(text, &back))
		assert.Equal(t, c, back)
	}
	var r Rules
	assert.Error(t, r.UnmarshalText([]byte("paxos")))
	assert.Equal(t, "invalid", Rules(7).String())
}

func TestValidateReportsAll(t *testing.T) {
	c := Config{Servers: 64, Alive: -1, Rules: Dissertation, PreVote: true, CheckQuorum: true, TimeoutMin: time.Hour, Elections: 0}
	err := c.Validate()
	require.ErrorIs(t, err, ErrInvalidConfig)
	for _, field := range []string{"Servers = 64", "Alive = -1", "PreVote", "CheckQuorum", "TimeoutMax", "Elections = 0", "MaxTerms = 0"} {
		assert.ErrorContains(t, err, field)
	}
	assert.ErrorContains(t, Config{Rules: 9}.Validate(), "Rules = 9")
	bad := EtcdServer()
	bad.Ticks, bad.Heartbeat = 10, 150*time.Millisecond
	assert.ErrorContains(t, bad.Validate(), "Heartbeat = 150ms, want a multiple of the tick 100ms")
	bad.Ticks = 7
	assert.ErrorContains(t, bad.Validate(), "ElectionTimeout = 1s")
	hash := HashicorpDefault()
	hash.CheckQuorum = true
	assert.ErrorContains(t, hash.Validate(), "CheckQuorum = true")
}
