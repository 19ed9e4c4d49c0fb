package coldstart

import (
	"math"
	"slices"

	"cloudconcepts/internal/des"
	"cloudconcepts/internal/stats"
)

// stack simulates what needs no events: environments that work, in order of their ends, and those that are idle, a stack whose
// bottom expires first.
type stack struct {
	run
	starts starter
	feed   feed
	busy   []busy // the next to end is last
	idle   []idle // from first on
	first  int
	ttl    int64
	most   int
	peak   int64

	begun       stats.Sum // ns of all work begun
	before      stats.Sum // and done before the window
	begunBefore stats.Sum // and begun before it
	response    [blockSize]int64
	accepts     int
}

type busy struct{ end, born int64 }

type idle struct{ free, born int64 }

func newStack(c Config) *stack {
	draws := newRandomness(c.Seed)
	s := &stack{run: newRun(c), starts: newStarter(c, draws), feed: newFeed(c, draws), ttl: des.Forever, most: c.Limits.concurrency()}
	if c.KeepAlive.kind == byLaw {
		s.ttl = int64(c.KeepAlive.period())
	}
	if s.most == 0 {
		s.most = math.MaxInt
	}
	return s
}

func (s *stack) simulate() *run {
	point := s.checkpoint()
	for {
		if s.feed.refill() == 0 {
			break
		}
		s.feed.left -= int64(s.feed.n)
		at, work := s.feed.at[:s.feed.n], s.feed.work[:s.feed.n]
		for len(at) > 0 {
			n := len(at)
			if at[n-1] >= point {
				n, _ = slices.BinarySearch(at, point)
			}
			s.block(at[:n], work[:n])
			at, work = at[n:], work[n:]
			if len(at) == 0 {
				break
			}
			if point > s.end {
				return s.close()
			}
			s.check(point)
			point = min(s.checkpoint(), s.end+1)
		}
		if s.feed.left == 0 {
			s.end = s.feed.at[s.feed.n-1]
			return s.close()
		}
	}
	for ; point <= s.end; point = min(s.checkpoint(), s.end+1) {
		s.check(point)
	}
	return s.close()
}

// check reads a checkpoint, which no work before it has passed.
func (s *stack) check(t int64) {
	s.settle(t)
	s.run.point(t)
}

// settle brings all that is counted to time t.
func (s *stack) settle(t int64) {
	s.reach(t)
	s.clock.advance(t)
	done := s.begun
	for _, b := range s.busy {
		var rest stats.Sum
		rest.Add(b.end - t)
		done = done.Minus(rest)
	}
	if !s.opened {
		s.before, s.begunBefore = done, s.begun
	}
	s.clock.areas[1] = done.Minus(s.before)
}

func (s *stack) close() *run {
	s.settle(s.end)
	s.tally.response = s.begun.Minus(s.begunBefore)
	return &s.run
}

// reach moves those that have ended by t to the idle ones, and removes those that expired before t.
func (s *stack) reach(t int64) {
	for n := len(s.busy); n > 0 && s.busy[n-1].end <= t; n-- {
		s.push(idle{s.busy[n-1].end, s.busy[n-1].born})
		s.busy = s.busy[:n-1]
	}
	for s.first < len(s.idle) && s.idle[s.first].free+s.ttl < t {
		s.expire()
	}
}

// push puts an idle one on top, in the room that the expired left if there is no other.
func (s *stack) push(x idle) {
	if len(s.idle) == cap(s.idle) && s.first > 0 {
		n := copy(s.idle, s.idle[s.first:])
		s.idle, s.first = s.idle[:n], 0
	}
	s.idle = append(s.idle, x)
}

func (s *stack) expire() {
	x := s.idle[s.first]
	s.first++
	s.clock.advance(x.free + s.ttl)
	s.clock.live--
	s.gone(x.free+s.ttl, x.free+s.ttl-x.born)
}

// block serves requests that come before the next checkpoint.
func (s *stack) block(at, work []int64) {
	s.accepts = 0
	colds := 0
	for i, t := range at {
		s.reach(t)
		if n := len(s.idle); n > s.first {
			end := t + work[i]
			s.insert(busy{end, s.idle[n-1].born})
			s.idle = s.idle[:n-1]
			s.response[s.accepts] = work[i]
			s.accepts++
			continue
		}
		if len(s.busy) < s.most {
			s.response[s.accepts] = ^s.fresh(t, work[i])
			s.accepts++
			colds++
			continue
		}
		if t >= s.from {
			s.throttles.Concurrency++
			s.dropped++
		}
	}
	s.count(int64(len(at)), int64(colds))
}
