package line

import "math"

// codel is the state of CoDel as RFC 8289 has it: when even the shortest wait of an interval was above the target,
// items are dropped as they are taken, at times interval/sqrt(count) apart.
type codel struct {
	firstAbove      int64 // when an interval above the target will be over, 0 = not above
	next            int64 // time of the next drop
	count, previous int64 // drops since dropping began, and those of the time before
	dropping        bool
	entering        bool  // the first drop has just been made; the item behind it goes out
	dropped         bool  // a later drop has just been made
	lastEmpty       int64 // when an item last came into an empty line
}

// drops decides over an item that has waited so long and has left others behind it.
func (c *codel) drops(now, wait int64, left int, target, interval int64) bool {
	above := c.above(now, wait, left, target, interval)
	switch {
	case c.entering:
		c.entering = false
		return false
	case !c.dropping && above:
		c.enter(now, interval)
		return true
	case !c.dropping || !above:
		c.dropping, c.dropped = false, false
		return false
	}
	if c.dropped {
		c.next = spaced(c.next, interval, c.count)
	}
	c.dropped = now >= c.next
	if c.dropped {
		c.count++
	}
	return c.dropped
}

// above tells whether waits have been above the target for a whole interval. A line with at most one more item, the
// one packet of the RFC, is never too long.
func (c *codel) above(now, wait int64, left int, target, interval int64) bool {
	if wait < target || left <= 1 {
		c.firstAbove = 0
		return false
	}
	if c.firstAbove == 0 {
		c.firstAbove = now + interval
		return false
	}
	return now >= c.firstAbove
}

// enter makes the first drop; soon after a time of dropping it goes on at about the old rate.
func (c *codel) enter(now, interval int64) {
	c.dropping, c.entering = true, true
	grown := c.count - c.previous
	c.count = 1
	if grown > 1 && now-c.next < 16*interval {
		c.count = grown
	}
	c.next = spaced(now, interval, c.count)
	c.previous = c.count
}

func (c *codel) empty() {
	c.firstAbove = 0
	c.dropped = false
	if !c.entering {
		c.dropping = false
	}
	c.entering = false
}

func spaced(at, interval, count int64) int64 {
	return at + int64(float64(interval)/math.Sqrt(float64(count)))
}

// shed is the state of folly's Codel: the least wait of each interval decides whether the next one counts as
// overloaded; while it does, all that has waited more than twice the target is dropped, but never the first item of
// an interval (facebook/folly, folly/executors/Codel.cpp).
type shed struct {
	least      int64 // wait
	until      int64 // end of the interval
	fresh      bool  // no item yet in this interval
	overloaded bool
}

func (s *shed) drops(now, wait, target, interval int64) bool {
	if now > s.until && !s.fresh {
		s.fresh = true
		s.until = now + interval
		s.overloaded = s.least > target
	}
	if s.fresh {
		s.fresh = false
		s.least = wait
		return false
	}
	s.least = min(s.least, wait)
	return s.overloaded && wait > 2*target
}

// timedOut is the rule in Maurer's article (ACM Queue, 2015): the line allows a wait of interval, but only of target
// if it has not been empty within the last interval.
func (l *Line) timedOut(now, wait int64) bool {
	if now-l.codel.lastEmpty > l.interval {
		return wait > l.target
	}
	return wait > l.interval
}

// red is the state of random early detection (Floyd and Jacobson, 1993).
type red struct {
	mean      float64 // moving mean of the line's length at arrivals
	sinceDrop int     // arrivals since the last drop, -1 = the mean was below the minimum
}

// redDrops decides over an arrival.
func (l *Line) redDrops() bool {
	p, r := &l.policy, &l.red
	r.mean += p.MeanWeight * (float64(l.n) - r.mean)
	switch {
	case r.mean < p.MinQueue:
		r.sinceDrop = -1
		return false
	case r.mean >= p.MaxQueue:
		r.sinceDrop = 0
		return true
	}
	r.sinceDrop++
	share := p.MaxDrop * (r.mean - p.MinQueue) / (p.MaxQueue - p.MinQueue)
	spread := 1 - float64(r.sinceDrop)*share
	if l.random.Float64()*spread >= share { // share/spread; a spread of nothing drops
		return false
	}
	r.sinceDrop = 0
	return true
}
