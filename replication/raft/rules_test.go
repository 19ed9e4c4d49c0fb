package raft

import (
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

// Further elections of go.etcd.io/raft v3.7.0, unmodified, 4,000 a cell on a virtual clock of whole nanoseconds, each tick
// before messages of its instant, FIFO links; E = 10, heartbeats every tick, from the crash until a majority has heard.
// Within three standard errors of both, and 2.5 %.
func TestEtcdMeasuredOptions(t *testing.T) {
	mean := onLibrary(etcdRaft, "etcd by options: mean time until a majority has heard the leader", "T")
	split := onLibrary(etcdRaft, "etcd by options: share of elections that need more than one term", "")
	for _, cell := range []struct {
		servers, alive int
		pre, check     bool
		random         bool
		l              float64
		mean, se       float64
		split          float64
	}{
		{5, 3, true, true, false, .1, 2.2461, .0172, .2835},
		{5, 3, true, true, false, .2, 3.8212, .0356, .4810},
		{5, 3, true, false, false, .103, 2.2943, .0183, .2895},
		{5, 4, false, true, false, .01, 1.2311, .0056, .1050},
		{5, 4, false, true, false, .103, 1.5328, .0060, .0540},
		{3, 2, false, true, false, .203, 2.7348, .0213, .3653},
		{5, 4, false, false, true, .1, 1.5977, .0086, .1288},
		{5, 4, true, true, true, .1, 1.9061, .0102, .1318},
		{5, 3, true, true, true, .1, 2.4748, .0165, .2492},
		{5, 4, false, true, true, .05, 1.4496, .0074, .1570},
		{7, 5, true, true, false, .103, 1.7540, .0074, .0800},
		{4, 3, true, true, false, .103, 2.2690, .0179, .2742},
	} {
		t.Run(fmt.Sprintf("%d of %d/pre-vote=%v/check-quorum=%v/exp=%v/l=%v", cell.alive, cell.servers, cell.pre, cell.check, cell.random, cell.l), func(t *testing.T) {
			c := etcdPlain(cell.servers, cell.alive, 0)
			c.PreVote, c.CheckQuorum, c.OneWay, c.Elections = cell.pre, cell.check, timeouts(cell.l), few(20_000)
			if cell.random {
				c.OneWay = Exp(time.Duration(cell.l * 1e9))
			}
			r := simulate(t, c)
			law := map[bool]string{true: "exponential", false: "constant"}[cell.random]
			name := fmt.Sprintf("%s, pre-vote %v, check-quorum %v, %s delay %g T", alive(cell.alive, cell.servers), cell.pre, cell.check, law, cell.l)
			mean.Within(t, name, cell.mean, r.HeardMean, min(3*math.Hypot(cell.se, r.HeardStandardError), .025*cell.mean))
			split.Within(t, name, cell.split, r.SplitVoteFraction, 3*math.Sqrt(cell.split*(1-cell.split)*(1./4000+1/float64(c.Elections))))
		})
	}
}

// etcdVoter is an engine of etcd's rules with server 0 in term 3, that has not voted, 5 ticks after it last counted from 0.
func etcdVoter() *engine {
	e := newEngine(etcdPlain(5, 4, time.Millisecond))
	e.seed(1, 0)
	e.reset()
	s := &e.servers[0]
	s.raise(3)
	s.lead, s.timeout = nobody, 12
	e.now = 5 * e.tick
	return e
}

// In the candidate's own term etcd grants a vote only if neither vote nor leader is known; a grant restarts the timer with
// the same R, a refusal does not.
func TestEtcdVoteInTheSameTerm(t *testing.T) {
	e := etcdVoter()
	e.etcdMessage(message{kind: askVote, from: 1, to: 0, term: 3})
	assert.Equal(t, int8(1), e.servers[0].vote)
	assert.Equal(t, e.now, e.servers[0].contact)
	assert.Equal(t, e.now+12*e.tick, e.servers[0].deadline)
	assert.True(t, e.pending[0].granted)

	e = etcdVoter()
	e.servers[0].lead = 2
	e.etcdMessage(message{kind: askVote, from: 1, to: 0, term: 3})
	assert.Equal(t, int8(nobody), e.servers[0].vote)
	assert.Zero(t, e.servers[0].contact)
	assert.False(t, e.pending[0].granted)
}

// A pre-vote changes nothing at the voter, and one for a greater term is granted though a leader is known.
func TestEtcdPreVoteChangesNothing(t *testing.T) {
	e := etcdVoter()
	e.servers[0].lead = 2
	before := e.servers[0]
	e.etcdMessage(message{kind: askPreVote, from: 1, to: 0, term: 4})
	assert.True(t, e.pending[0].granted)
	assert.Equal(t, int32(4), e.pending[0].term)
	assert.Equal(t, before, e.servers[0])
	e.etcdMessage(message{kind: askPreVote, from: 1, to: 0, term: 2})
	assert.False(t, e.pending[1].granted)
	assert.Equal(t, int32(3), e.pending[1].term)
}

// Within E ticks of hearing from a leader, check-quorum drops a request: no answer, no change of term.
func TestEtcdLease(t *testing.T) {
	for _, elapsed := range []int64{9, 10} {
		e := etcdVoter()
		e.lease, e.servers[0].lead, e.now = true, 2, elapsed*e.tick
		e.etcdMessage(message{kind: askVote, from: 1, to: 0, term: 9})
		if elapsed < 10 {
			assert.Empty(t, e.pending)
			assert.Equal(t, int32(3), e.servers[0].term)
			continue
		}
		assert.True(t, e.pending[0].granted)
		assert.Equal(t, int32(9), e.servers[0].term)
	}
}

// A stale append is answered with the greater term under pre-vote or check-quorum, and ignored otherwise; a leader that
// gets the answer steps down.
func TestEtcdStaleLeader(t *testing.T) {
	e := etcdVoter()
	e.etcdMessage(message{kind: appendEntries, from: 1, to: 0, term: 2})
	assert.Empty(t, e.pending)
	e.preVote = true
	e.servers[1].role, e.servers[1].term = leader, 2
	e.etcdMessage(message{kind: appendEntries, from: 1, to: 0, term: 2})
	assert.Equal(t, appendRefused, e.pending[0].kind)
	e.etcdMessage(e.pending[0])
	assert.Equal(t, follower, e.servers[1].role)
	assert.Equal(t, int32(3), e.servers[1].term)
}

// hashicorp/raft: a follower that raises its term keeps its running timer, a candidate starts a fresh one; a vote
// counts as contact; and a known leader blocks every vote.
func TestHashicorpVote(t *testing.T) {
	e := newEngine(HashicorpDefault())
	e.seed(1, 0)
	e.reset()
	e.now = 7e9
	e.servers[0].lead, e.servers[0].deadline = nobody, 8e9
	e.hashicorpMessage(message{kind: askVote, from: 1, to: 0, term: 3})
	assert.True(t, e.pending[0].granted)
	assert.Equal(t, int64(8e9), e.servers[0].deadline)
	assert.Equal(t, e.now, e.servers[0].contact)
	e.servers[2].lead, e.servers[2].role, e.servers[2].deadline = nobody, candidate, 7e9
	e.hashicorpMessage(message{kind: askVote, from: 1, to: 2, term: 3})
	assert.GreaterOrEqual(t, e.servers[2].deadline, int64(8e9))
	assert.Equal(t, follower, e.servers[2].role)
	e.hashicorpMessage(message{kind: askVote, from: 1, to: 3, term: 9})
	assert.False(t, e.pending[2].granted)
	assert.Zero(t, e.servers[3].term)
}

// hashicorp/raft's answers to an earlier candidacy are lost.
func TestHashicorpStaleAnswers(t *testing.T) {
	e := newEngine(HashicorpDefault())
	e.seed(1, 0)
	e.reset()
	e.now = 7e9
	e.hashicorpCandidacy(0)
	old := e.servers[0].epoch
	e.hashicorpCandidacy(0)
	for from := range uint8(3) {
		e.hashicorpMessage(message{kind: preVoteReply, from: from + 1, to: 0, term: 1, epoch: old, granted: true})
	}
	assert.Equal(t, preCandidate, e.servers[0].role)
	e.hashicorpMessage(message{kind: preVoteReply, from: 1, to: 0, term: 5, epoch: old + 1})
	assert.Equal(t, follower, e.servers[0].role)
	assert.Equal(t, int32(5), e.servers[0].term)
}
