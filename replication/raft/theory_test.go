package raft

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

func TestSplitVote(t *testing.T) {
	assert.InDelta(t, .1808, SplitVote(5, 4, .2), 1e-12)
	assert.InDelta(t, 1-.9*.9*.9*.9-4*.1*.9*.9*.9, SplitVote(5, 4, .1), 1e-12)
	assert.InDelta(t, 1-.8*.8*.8, SplitVote(5, 3, .2), 1e-12)
	assert.InDelta(t, 1-.95*.95, SplitVote(3, 2, .05), 1e-12)
	assert.InDelta(t, .0257, SplitVote(9, 7, .1), 5e-5)
	assert.Equal(t, 1.0, SplitVote(5, 2, .1))
	assert.Equal(t, 1.0, SplitVote(5, 4, 7))
	assert.Zero(t, SplitVote(1, 1, .1))
	assert.True(t, math.IsNaN(SplitVote(5, 6, .1)))
	assert.True(t, math.IsNaN(SplitVote(5, 4, math.NaN())))
}

func TestFirstTimeout(t *testing.T) {
	assert.InDelta(t, .68, FirstTimeout(4, .25), .005) // dissertation, 9.2
	assert.Equal(t, 1.0, FirstTimeout(4, 2))
	assert.True(t, math.IsNaN(FirstTimeout(0, .5)))
	mean := 0.0
	for i := range 1000 {
		mean += (1 - FirstTimeout(4, (float64(i)+.5)/1000)) / 1000
	}
	assert.InDelta(t, .2, mean, 1e-6)
}

func TestTerms(t *testing.T) {
	sum, mean := 0.0, 0.0
	for k := range 200 {
		sum += Terms(.3, k)
		mean += float64(k) * Terms(.3, k)
	}
	assert.InDelta(t, 1, sum, 1e-12)
	assert.InDelta(t, 1/.7, mean, 1e-12)
}

// The dissertation's formula, where split votes are rare: exact but for them (tolerance: four standard errors and the
// share of split votes). Where they are common it is too long by up to 11 %, a gap that is kept.
func TestExpectedElection(t *testing.T) {
	c := dissertation54(time.Millisecond)
	c.Elections = few(60_000)
	r := simulate(t, c)
	assert.InDelta(t, 1.2+.002, ExpectedElection(c), 1e-4)
	assert.InDelta(t, ExpectedElection(c), r.ElectionMean, 4*r.ElectionSE)
	assert.Less(t, r.ElectionSE, .005*r.ElectionMean)
	for _, alive := range []int{4, 3} {
		c.Alive, c.OneWay = alive, timeouts(.2)
		gap := simulate(t, c).ElectionMean / ExpectedElection(c)
		assert.Greater(t, gap, .89)
		assert.Less(t, gap, .99)
	}
	c.Alive = 2
	assert.Equal(t, math.Inf(1), ExpectedElection(c))
	assert.True(t, math.IsNaN(ExpectedElection(EtcdServer())))
}

// The table of the formula without heartbeats and disk, n, s, l: digits of a computation of its own.
func TestExpectedElectionTable(t *testing.T) {
	for _, cell := range []struct {
		n, s    int
		l, mean float64
	}{{3, 2, .01, 1.381}, {3, 2, .2, 2.596}, {5, 4, .1, 1.472}, {5, 3, .2, 3.032}, {9, 7, .2, 1.755}} {
		c := dissertation54(0)
		c.Servers, c.Alive, c.OneWay = cell.n, cell.s, timeouts(cell.l)
		assert.InDelta(t, cell.mean, ExpectedElection(c), 6e-4)
	}
}

// With heartbeats the clock starts at the crash, half an interval after the last heartbeat left, which then took its
// time to arrive.
func TestElectionFromTheCrash(t *testing.T) {
	c := dissertation54(time.Millisecond)
	c.Elections, c.Heartbeat, c.Disk = few(60_000), 500*time.Millisecond, Const(3*time.Millisecond)
	r := simulate(t, c)
	assert.InDelta(t, ExpectedElection(c)+.001, r.ElectionMean, 4*r.ElectionSE)
	assert.InDelta(t, r.ElectionMean+.001, r.HeardMean, 1e-6)
}

func TestEtcdElection(t *testing.T) {
	assert.InDelta(t, 11, EtcdFirstTimeout(10, 4), 1e-12)
	for _, pre := range []bool{false, true} {
		c := etcdPlain(5, 4, 100*time.Microsecond)
		c.PreVote, c.Disk, c.Elections = pre, Const(200*time.Microsecond), few(60_000)
		r := simulate(t, c)
		assert.InDelta(t, EtcdElection(c), r.HeardMean, 4*r.HeardSE, "pre-vote %v", pre)
		assert.Less(t, r.HeardSE, .005*r.HeardMean)
		c.Heartbeat = 300 * time.Millisecond
		r = simulate(t, c)
		assert.InDelta(t, EtcdElection(c), r.HeardMean, 4*r.HeardSE, "slow heartbeats")
	}
}

// From the last contact, without conflicts: the order statistic, and 4l with pre-vote. The delay is far too short for
// conflicts, and the appends so dense that the last contact is the crash.
func TestHashicorpDetection(t *testing.T) {
	assert.InDelta(t, 2.052, HashicorpDetection(3, 2), 5e-4)
	assert.InDelta(t, 1.917, HashicorpDetection(5, 4), 5e-4)
	assert.InDelta(t, 2.198, HashicorpDetection(5, 3), 5e-4)
	assert.Equal(t, math.Inf(1), HashicorpDetection(5, 2))
	assert.Zero(t, HashicorpDetected(1))
	assert.InDelta(t, 2./3, HashicorpDetected(2), 1e-12)
	assert.Equal(t, 1.0, HashicorpDetected(3))
	for _, cell := range [][2]int{{3, 2}, {5, 4}, {5, 3}, {7, 5}} {
		c := HashicorpDefault()
		c.Servers, c.Alive, c.OneWay, c.CommitTimeout, c.Elections = cell[0], cell[1], Const(time.Microsecond), time.Microsecond, few(60_000)
		r := simulate(t, c)
		assert.InDelta(t, HashicorpDetection(cell[0], cell[1]), r.ElectionMean, 4*r.ElectionSE+1e-5)
		assert.Less(t, r.ElectionSE, .005*r.ElectionMean)
	}
}

func TestSplitVoteRandom(t *testing.T) {
	assert.InDelta(t, SplitVote(5, 3, .2), SplitVoteRandom(5, timeouts(.2), 1), 1e-6)
	for _, l := range []Law{Uniform(0, 200*time.Millisecond), Exp(100 * time.Millisecond)} {
		for _, servers := range []int{3, 5} {
			c := dissertation54(0)
			c.Servers, c.Alive, c.OneWay, c.Elections, c.Reorder = servers, servers/2+1, l, few(60_000), true
			p := SplitVoteRandom(servers, l, 1)
			assert.InDelta(t, p, simulate(t, c).SplitVoteFraction, 4*math.Sqrt(p*(1-p)/float64(c.Elections))+2e-4, "%v", l)
		}
	}
	assert.Zero(t, SplitVoteRandom(1, timeouts(.2), 1))
	assert.True(t, math.IsNaN(SplitVoteRandom(3, timeouts(.2), 0)))
}

// Order statistics of Erlang(2) answers, as fractions, and the simulation against the integral for other laws.
func TestCommitMean(t *testing.T) {
	const m = time.Millisecond
	c := CommitConfig{Servers: 3, Alive: 3, OneWay: Exp(m), Proposals: few(60_000)}
	assert.InDelta(t, 1.25e-3, CommitMean(c), 1e-8)
	c.Alive = 2
	assert.InDelta(t, 2e-3, CommitMean(c), 1e-8)
	c.Servers, c.Alive = 5, 3
	assert.InDelta(t, 2.75e-3, CommitMean(c), 1e-8)
	c.Alive = 4
	assert.InDelta(t, 197./108*1e-3, CommitMean(c), 1e-8)
	c.Alive = 2
	assert.Equal(t, math.Inf(1), CommitMean(c))
	for _, c := range []CommitConfig{
		{Servers: 5, Alive: 5, OneWay: Exp(m), Disk: Exp(m / 2)},
		{Servers: 5, Alive: 4, OneWay: Uniform(m, 2*m), Disk: Const(m)},
		{Servers: 3, Alive: 3, OneWay: Uniform(m, 2*m), LeaderDisk: Exp(10 * m)},
		{Servers: 4, Alive: 3, OneWay: Const(m), LeaderDisk: Exp(3 * m)},
	} {
		c.Proposals = few(60_000)
		r := commits(t, c)
		se := (r.MeanHigh - r.MeanLow) / 4
		assert.InDelta(t, CommitMean(c), r.CommitMean, 4*se+5e-4*r.CommitMean, "%+v", c)
		assert.InDelta(t, .5, CommitWithin(c, r.CommitP50), .01)
	}
	assert.InDelta(t, 2.5e-3, CommitMean(CommitConfig{Servers: 3, Alive: 3, OneWay: Const(m), Disk: Const(m / 2), Proposals: 1}), 1e-12)
	assert.InDelta(t, .007, CommitMean(CommitConfig{Servers: 3, Alive: 2, OneWay: Const(m), LeaderDisk: Const(7 * m), Proposals: 1}), 1e-12)
}

// A load so light that proposals do not meet is as good as none.
func TestLightLoadIsIsolated(t *testing.T) {
	c := CommitConfig{Servers: 5, Alive: 5, OneWay: Exp(time.Millisecond), Disk: Exp(time.Millisecond), Rate: .5, Proposals: few(40_000)}
	r := commits(t, c)
	assert.InDelta(t, CommitMean(c), r.CommitMean, .015*r.CommitMean)
	assert.InDelta(t, 8, r.Messages, .01)
}
