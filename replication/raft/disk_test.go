package raft

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

// A disk of 2 ms costs each election of the libraries twice as much, the request's and the vote's, and the dissertation's
// once: the candidate writes its own vote while the requests are on their way. The two runs draw the same timeouts; the
// tolerance is of the few elections that split.
func TestVotesWaitForTheDisk(t *testing.T) {
	claim := theory("mean election time with a disk of 2 ms, less that without", "2 syncs an election by the libraries' rules, 1 by the dissertation's", "s")
	plain := etcdPlain(5, 4, 0)
	pre := plain
	pre.PreVote = true
	for i, c := range []struct {
		Config
		syncs float64
	}{{plain, 2}, {pre, 2}, {HashicorpDefault(), 2}, {dissertation54(0), 1}} {
		c.OneWay, c.Elections = Const(100*time.Microsecond), few(20_000)
		without := simulate(t, c.Config).ElectionMean
		c.Disk = Const(2 * time.Millisecond)
		cell := []string{"etcd", "etcd with pre-vote", "hashicorp", "dissertation"}[i]
		claim.Within(t, cell, c.syncs*.002, simulate(t, c.Config).ElectionMean-without, .0012)
	}
}

// etcd keeps a voter's first answer to a candidacy.
func TestEtcdFirstAnswerCounts(t *testing.T) {
	e := etcdVoter()
	e.etcdCampaign(0)
	e.etcdMessage(message{kind: voteReply, from: 1, to: 0, term: 4})
	e.etcdMessage(message{kind: voteReply, from: 1, to: 0, term: 4, granted: true})
	e.etcdMessage(message{kind: voteReply, from: 2, to: 0, term: 4, granted: true})
	assert.Equal(t, candidate, e.servers[0].role)
	e.etcdMessage(message{kind: voteReply, from: 3, to: 0, term: 4, granted: true})
	assert.Equal(t, leader, e.servers[0].role)
}

// etcd gives a candidacy up when a majority can no longer be had, dead servers counting as open.
func TestEtcdLostCandidacyIsGivenUp(t *testing.T) {
	e := etcdVoter()
	e.etcdCampaign(0)
	e.etcdMessage(message{kind: voteReply, from: 1, to: 0, term: 4})
	e.etcdMessage(message{kind: voteReply, from: 2, to: 0, term: 4})
	assert.Equal(t, candidate, e.servers[0].role)
	e.etcdMessage(message{kind: voteReply, from: 3, to: 0, term: 4})
	assert.Equal(t, follower, e.servers[0].role)
	assert.Equal(t, int32(4), e.servers[0].term)
}

// hashicorp/raft: an old log gets no pre-vote, and a leader that is refused for a greater term steps down.
func TestHashicorpOldLogAndStaleLeader(t *testing.T) {
	c := HashicorpDefault()
	c.Ineligible = 1
	e := newEngine(c)
	e.seed(1, 0)
	e.reset()
	e.servers[0].lead = nobody
	e.hashicorpMessage(message{kind: askPreVote, from: 3, to: 0, term: 1})
	e.hashicorpMessage(message{kind: askPreVote, from: 1, to: 0, term: 1})
	assert.False(t, e.pending[0].granted)
	assert.True(t, e.pending[1].granted)
	e.servers[1].role = leader
	e.hashicorpMessage(message{kind: appendRefused, from: 0, to: 1, term: 2})
	assert.Equal(t, follower, e.servers[1].role)
}
