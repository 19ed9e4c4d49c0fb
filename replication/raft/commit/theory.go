package commit

import (
	"math"

	"cloudconcepts/replication/raft/internal/chance"
)

// Within is the probability that a proposal that meets no other one is committed within t seconds: a majority
// has it on disk and the leader knows, from OneWay + Disk + OneWay of each follower that is alive and, for the leader,
// LeaderDisk. The leader counts like the others; if its disk is slow, a majority of followers does without it.
func Within(c Config, t float64) float64 {
	if c.Validate() != nil || c.Alive < c.quorum() {
		return math.NaN()
	}
	return newWaitLaw(c).within(t)
}

// Mean is the mean of the same time in seconds, the order statistic of a majority, by numerical integration: good
// to 1e-4 for smooth laws, to 1e-2 for empirical ones. +Inf without a majority.
func Mean(c Config) float64 {
	if c.Validate() != nil {
		return math.NaN()
	}
	if c.Alive < c.quorum() {
		return math.Inf(1)
	}
	l := newWaitLaw(c)
	scale := 2*c.OneWay.Mean() + c.Disk.Mean() + c.LeaderDisk.Mean()
	if c.quorum() == 1 {
		return c.LeaderDisk.Mean()
	}
	if scale == 0 {
		return 0
	}
	if trip, fixed := l.fixedTrip(); fixed {
		if own := chance.Fixed(c.LeaderDisk); own >= 0 {
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

// waitLaw is the law of a commit.
type waitLaw struct {
	c         Config
	delay     []chance.Point // of one leg
	disk      []chance.Point
	followers int
	need      int // servers
}

func newWaitLaw(c Config) waitLaw {
	l := waitLaw{c: c, delay: chance.Points(c.OneWay), disk: chance.Points(c.Disk), followers: c.Alive - 1, need: c.quorum()}
	if len(l.disk) > 1 {
		l.disk = chance.Thin(c.Disk, 1.0/8)
		l.delay = chance.Thin(c.OneWay, 1.0/16)
	}
	return l
}

// within is P(committed by t).
func (l waitLaw) within(t float64) float64 {
	if !(t >= 0) {
		return 0
	}
	own := 1 - l.c.LeaderDisk.Survival(t)
	answered := l.answered(t)
	return own*chance.AtLeast(l.followers, l.need-1, answered) + (1-own)*chance.AtLeast(l.followers, l.need, answered)
}

// answered is P(a follower's answer is back by t).
func (l waitLaw) answered(t float64) float64 {
	sum := 0.0
	for _, f := range l.disk {
		for _, d := range l.delay {
			if rest := t - f.X - d.X; rest >= 0 {
				sum += f.Weight * d.Weight * (1 - l.c.OneWay.Survival(rest))
			}
		}
	}
	return min(sum, 1)
}

// fixedTrip is a follower's answer time if it is always the same.
func (l waitLaw) fixedTrip() (float64, bool) {
	d, f := chance.Fixed(l.c.OneWay), chance.Fixed(l.c.Disk)
	return 2*d + f, d >= 0 && f >= 0
}

// exact is the commit time if nothing is random.
func (l waitLaw) exact(trip, own float64) float64 {
	if l.followers < l.need {
		return max(trip, own)
	}
	return trip
}
