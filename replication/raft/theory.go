package raft

import (
	"math"

	"cloudconcepts/replication/raft/internal/chance"
)

// FirstTimeout is P(M <= t) for the first of alive timeouts that are uniform on one unit of time:
// 1 - (1-t)^alive, with mean 1/(alive+1) (dissertation, section 9.2).
func FirstTimeout(alive int, t float64) float64 {
	if alive < 1 || math.IsNaN(t) {
		return math.NaN()
	}
	return 1 - math.Pow(1-min(max(t, 0), 1), float64(alive))
}

// SplitVote is the probability that the first term of an election has no winner, for timeouts that are uniform on one
// unit of time and a constant one-way latency of l units: P(Bin(alive, l) >= alive - floor(servers/2)), the chance
// that so many servers time out within l of the first that too few are left to vote for it (dissertation, 9.2).
// It is 1 without a majority and NaN for impossible numbers.
func SplitVote(servers, alive int, l float64) float64 {
	if servers < 1 || alive < 0 || alive > servers || servers > maxServers || !(l >= 0) {
		return math.NaN()
	}
	need := servers/2 + 1
	if alive < need {
		return 1
	}
	if need == 1 {
		return 0
	}
	return chance.AtLeast(alive, alive-servers/2, min(l, 1))
}

// SplitVoteRandom is SplitVote for a random one-way latency, in groups of which just a majority is alive, so that
// everybody's vote is needed; width is that of the timeouts in seconds. The election is split iff somebody times out
// before the first candidate's request reaches it: 1 - s times the integral over x in (0, 1) of (E max(x - L/width, 0))^(s-1).
// It is exact for a group of just a majority alive; with votes to spare a late request can be made up for: simulate.
func SplitVoteRandom(servers int, oneWay Law, width float64) float64 {
	if servers < 1 || servers > maxServers || !(width > 0) || oneWay.Validate() != nil {
		return math.NaN()
	}
	others := servers / 2
	if others == 0 {
		return 0
	}
	nodes := chance.Points(oneWay)
	const steps = 2000
	won := 0.0
	for i := range steps {
		left := (float64(i) + 0.5) / steps // of the width after the first timeout
		in := 0.0
		for _, n := range nodes {
			in += n.Weight * max(left-n.X/width, 0)
		}
		won += math.Pow(in, float64(others)) / steps
	}
	return min(max(1-float64(others+1)*won, 0), 1)
}

// Terms is the probability that an election needs just k terms, if each is split with probability split:
// (1-split) split^(k-1), with mean 1/(1-split).
func Terms(split float64, k int) float64 {
	if k < 1 {
		return 0
	}
	return (1 - split) * math.Pow(split, float64(k-1))
}

// ExpectedElection is the mean time in seconds until there is a leader by the formula of the dissertation (9.2), for
// timeouts on [TimeoutMin, TimeoutMax] of width w and latencies at their means L:
//
//	(TimeoutMin + w/(s+1) + L)/(1 - SplitVote) + L + disk - Heartbeat/2
//
// The last term is the -1/4 of the dissertation, where timers of 1..2 are reset by heartbeats every 1/2: the crash falls
// into the middle of an interval. The formula leaves out that the last heartbeat took L to arrive. It takes every
// term to begin afresh, and is too long by up to a tenth where split votes are common: the next timer is running
// already. +Inf without a majority; NaN for other rules.
func ExpectedElection(c Config) float64 {
	if c.Rules != Dissertation || c.Validate() != nil {
		return math.NaN()
	}
	low, width := c.TimeoutMin.Seconds(), (c.TimeoutMax - c.TimeoutMin).Seconds()
	latency, disk := c.OneWay.Mean(), c.Disk.Mean()
	split := 1.0
	if width > 0 {
		split = SplitVote(c.Servers, c.Alive, latency/width)
	}
	if split >= 1 {
		return math.Inf(1)
	}
	return (low+width/float64(c.Alive+1)+latency)/(1-split) + latency + disk - c.Heartbeat.Seconds()/2
}

// EtcdFirstTimeout is the mean of the first of alive timeouts of etcd in ticks since the last heartbeat arrived, for
// an election timeout of E ticks: (E-1) + E/(alive+1). R is uniform on E..2E-1 whole ticks, and the first tick comes
// after a uniform part of one, so that a timeout is uniform on [E-1, 2E-1].
func EtcdFirstTimeout(ticks, alive int) float64 {
	return float64(ticks-1) + float64(ticks)/float64(alive+1)
}

// EtcdElection is the mean time in seconds from the crash until a majority has heard the new leader, of etcd without
// check-quorum and with a constant delay l, if no vote is split: half a heartbeat interval before the crash plus l is
// the last contact; then come the first timeout and 3l (request, vote, append), with pre-vote 5l; the disk twice.
func EtcdElection(c Config) float64 {
	if c.Rules != Etcd || c.Validate() != nil || c.Alive < c.quorum() {
		return math.NaN()
	}
	tick := c.ElectionTimeout.Seconds() / float64(c.Ticks)
	beat := max(c.Heartbeat.Seconds(), tick)
	hops := 4.0
	if c.PreVote {
		hops = 6
	}
	return EtcdFirstTimeout(c.Ticks, c.Alive)*tick - beat/2 + hops*c.OneWay.Mean() + 2*c.Disk.Mean()
}

// HashicorpDetected is the probability that a follower of hashicorp/raft has noticed the loss of its leader t timeouts
// after its last contact. Its timer runs free with intervals U[1, 2]; it is noticed when the timer first fires after
// 1: at 1 + X, X being the residual life, with density 2/3 below 1 and (2-x) 2/3 from there to 2; mean 1 + 7/9.
func HashicorpDetected(t float64) float64 {
	x := t - 1
	switch {
	case !(x > 0):
		return 0
	case x < 1:
		return x / 1.5
	case x < 2:
		return 1 - (2-x)*(2-x)/3
	}
	return 1
}

// HashicorpDetection is the mean number of timeouts after the last contact at which enough followers have noticed
// the loss to elect a leader among themselves, a majority of all servers: as long as they believe in the old leader,
// they refuse to vote. It is +Inf without a majority.
func HashicorpDetection(servers, alive int) float64 {
	need := servers/2 + 1
	if servers < 1 || alive > servers || servers > maxServers {
		return math.NaN()
	}
	if alive < need {
		return math.Inf(1)
	}
	const steps = 4000
	mean := 1.0
	for i := range steps {
		x := 2 * (float64(i) + 0.5) / steps
		mean += (1 - chance.AtLeast(alive, need, HashicorpDetected(1+x))) * 2 / steps
	}
	return mean
}
