package raft

import "math"

// CommitWithin is the probability that a proposal that meets no other one is committed within t seconds: a majority
// has it on disk and the leader knows, from OneWay + Disk + OneWay of each follower that is alive and, for the leader,
// LeaderDisk. The leader counts like the others; if its disk is slow, a majority of followers does without it.
func CommitWithin(c CommitConfig, t float64) float64 {
	if c.Validate() != nil || c.Alive < c.quorum() {
		return math.NaN()
	}
	return newCommitLaw(c).within(t)
}

// CommitMean is the mean of the same time in seconds, the order statistic of a majority, by numerical integration: good
// to 1e-4 for smooth laws, to 1e-2 for empirical ones. +Inf without a majority.
func CommitMean(c CommitConfig) float64 {
	if c.Validate() != nil {
		return math.NaN()
	}
	if c.Alive < c.quorum() {
		return math.Inf(1)
	}
	l := newCommitLaw(c)
	scale := 2*c.OneWay.Mean() + c.Disk.Mean() + c.LeaderDisk.Mean()
	if c.quorum() == 1 {
		return c.LeaderDisk.Mean()
	}
	if scale == 0 {
		return 0
	}
	if trip, fixed := l.fixedTrip(); fixed {
		if own := fixed2(c.LeaderDisk); own >= 0 {
			return l.exact(trip, own)
		}
	}
	// t = scale v/(1-v) takes all times into (0, 1).
	const steps = 2000
	mean := 0.0
	for i := range steps {
		v := (float64(i) + 0.5) / steps
		mean += (1 - l.within(scale*v/(1-v))) * scale / ((1 - v) * (1 - v)) / steps
	}
	return mean
}

// commitLaw is the law of a commit.
type commitLaw struct {
	c         CommitConfig
	delay     []node // of one leg
	disk      []node
	followers int
	need      int // servers
}

func newCommitLaw(c CommitConfig) commitLaw {
	l := commitLaw{c: c, delay: nodesOf(c.OneWay), disk: nodesOf(c.Disk), followers: c.Alive - 1, need: c.quorum()}
	if len(l.disk) > 1 {
		l.disk = thin(c.Disk, 1.0/8)
		l.delay = thin(c.OneWay, 1.0/16)
	}
	return l
}

// within is P(committed by t).
func (l commitLaw) within(t float64) float64 {
	if !(t >= 0) {
		return 0
	}
	own := 1 - l.c.LeaderDisk.Survival(t)
	answered := l.answered(t)
	return own*atLeast(l.followers, l.need-1, answered) + (1-own)*atLeast(l.followers, l.need, answered)
}

// answered is P(a follower's answer is back by t).
func (l commitLaw) answered(t float64) float64 {
	sum := 0.0
	for _, f := range l.disk {
		for _, d := range l.delay {
			if rest := t - f.x - d.x; rest >= 0 {
				sum += f.weight * d.weight * (1 - l.c.OneWay.Survival(rest))
			}
		}
	}
	return min(sum, 1)
}

// fixedTrip is a follower's answer time if it is always the same.
func (l commitLaw) fixedTrip() (float64, bool) {
	d, f := fixed2(l.c.OneWay), fixed2(l.c.Disk)
	return 2*d + f, d >= 0 && f >= 0
}

// fixed2 is the time in seconds that a law always takes, or -1.
func fixed2(l Law) float64 {
	if d, ok := l.Fixed(); ok {
		return d.Seconds()
	}
	return -1
}

// exact is the commit time if nothing is random.
func (l commitLaw) exact(trip, own float64) float64 {
	if l.followers < l.need {
		return max(trip, own)
	}
	return trip
}

// node is a point of a law with its share, for integrals over it.
type node struct{ x, weight float64 }

func nodesOf(l Law) []node { return thin(l, 1.0/32) }

// thin takes the points of the double exponential rule in steps of h, which lie dense at both ends of the law.
func thin(l Law, h float64) []node {
	if x := fixed2(l); x >= 0 {
		return []node{{x, 1}}
	}
	var nodes []node
	sum := 0.0
	for u := -3.0; u <= 3; u += h {
		s := math.Pi / 2 * math.Sinh(u)
		p := 1 / (1 + math.Exp(-2*s))
		if p >= 1 {
			break
		}
		w := math.Cosh(u) / (math.Cosh(s) * math.Cosh(s))
		nodes = append(nodes, node{l.Quantile(p), w})
		sum += w
	}
	for i := range nodes {
		nodes[i].weight /= sum
	}
	return nodes
}
