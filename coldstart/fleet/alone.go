package fleet

import (
	"context"

	"cloudconcepts/coldstart/trace"
	"cloudconcepts/internal/des"
	"cloudconcepts/internal/par"
)

// pieces is into how many parts the units are cut, whatever the number of processors: so sums are always the same.
const pieces = 128

// alone runs units one after the other, which is exact where they do not compete for memory.
func alone(ctx context.Context, c *Config, functions []trace.Function) (*tally, error) {
	list := units(functions, c.Unit)
	n := min(pieces, len(list))
	parts, err := par.Map(ctx, n, func(ctx context.Context, i int) (*tally, error) {
		// Every n-th would balance better, but the counts of applications want neighbours.
		return piece(ctx, c, functions, list, len(list)*i/n, len(list)*(i+1)/n)
	})
	if err != nil {
		return nil, err
	}
	sum := newTally(c, 0, functions[len(functions)-1].App)
	for _, t := range parts {
		sum.add(t)
	}
	return sum, nil
}

func piece(ctx context.Context, c *Config, functions []trace.Function, list []unit, from, to int) (*tally, error) {
	t := newTally(c, functions[list[from].first].App, functions[list[to-1].first].App)
	s := single{config: c, tally: t}
	for i := from; i < to; i++ {
		s.start(functions, list[i], i)
		for arrivals := s.merge.minute(); arrivals != nil; arrivals = s.merge.minute() {
			if ctx.Err() != nil {
				return t, ctx.Err()
			}
			if !s.minute(arrivals) {
				break
			}
		}
		s.finish()
	}
	return t, nil
}

// single is one unit.
type single struct {
	config *Config
	tally  *tally
	merge  merge
	keeper keeper
	app    int
	mb     float64
	init   int64

	working  des.Queue[int64] // when each instance was made, by its finish
	idle     []idle           // in order of the finish
	finished int64            // the last finish, -1 if there was none
	busyTime int64
	idleTime int64
}

// idle is an instance that is loaded from one time to another, or will be.
type idle struct {
	from, until, made int64
	ahead             bool // loaded ahead of a request
}

func (s *single) start(functions []trace.Function, u unit, index int) {
	f := &functions[u.first]
	s.app, s.mb, s.init = f.App, f.MemoryMB, int64(f.Init)
	s.merge.start(functions, u, s.config.Spread, s.config.Seed)
	if s.keeper.histogram == nil {
		s.keeper = s.config.KeepAlive.keeper(s.config.Seed, index)
	} else {
		s.keeper.histogram.reset()
	}
	s.working.Clear()
	s.idle = s.idle[:0]
	s.finished, s.busyTime, s.idleTime = -1, 0, 0
}

// minute takes arrivals in; it tells whether the run goes on.
func (s *single) minute(arrivals []trace.Arrival) bool {
	for i := range arrivals {
		if arrivals[i].At >= s.tally.to {
			return false
		}
		s.arrive(arrivals[i].At, arrivals[i].Work)
	}
	return true
}

func (s *single) arrive(now, work int64) {
	s.settle(now)
	if s.keeper.histogram != nil && s.working.Len() == 0 && s.finished >= 0 {
		s.keeper.histogram.add(now - s.finished)
	}
	t := s.tally
	made, warm := s.take(now)
	counted := now >= t.from
	if counted {
		t.count(s.app, !warm)
		t.work += work
	}
	if !warm {
		made = now
		s.blame(counted)
		work += s.init
	}
	s.busyTime += t.span(now, now+work)
	s.working.Push(now+work, made)
}

// settle makes idle what has finished.
func (s *single) settle(now int64) {
	for s.working.Next() <= now {
		at, made := s.working.Pop()
		s.finished = at
		from, until := s.config.KeepAlive.window(&s.keeper, at)
		if from > at {
			s.tally.area.interval(made, at, s.mb)
			made = from
		}
		s.idle = append(s.idle, idle{from, until, made, from > at})
	}
}

// take finds the instance that became idle last, and forgets those that are gone.
func (s *single) take(now int64) (made int64, ok bool) {
	for i := len(s.idle) - 1; i >= 0; i-- {
		e := s.idle[i]
		if e.from > now {
			continue
		}
		s.idle = append(s.idle[:i], s.idle[i+1:]...)
		s.leave(e, min(now, e.until))
		if e.until >= now {
			return e.made, true
		}
		s.tally.area.interval(e.made, e.until, s.mb)
	}
	return 0, false
}

// leave ends the idle time of an instance.
func (s *single) leave(e idle, now int64) {
	s.idleTime += s.tally.span(e.from, now)
	if e.ahead && e.from >= s.tally.from && e.from < s.tally.to {
		s.tally.prewarms++
	}
}

// blame says why a request is cold. The instance that it makes takes the place of one still to be loaded.
func (s *single) blame(counted bool) {
	coming := len(s.idle) > 0
	if coming {
		s.idle = s.idle[:len(s.idle)-1]
	}
	if !counted {
		return
	}
	t := s.tally
	t.init += s.init
	switch {
	case s.working.Len() > 0:
		t.causes.Concurrency++
	case coming:
		t.causes.Early++
	case s.finished < 0:
		t.causes.First++
	default:
		t.causes.Expired++
	}
}

// finish counts what there is at the end.
func (s *single) finish() {
	t := s.tally
	s.settle(t.to)
	for _, e := range s.idle {
		if e.from < t.to {
			s.leave(e, min(t.to, e.until))
			t.area.interval(e.made, min(t.to, e.until), s.mb)
		}
	}
	for s.working.Len() > 0 {
		_, made := s.working.Pop()
		t.area.interval(made, t.to, s.mb)
	}
	t.busy += float64(s.busyTime) * s.mb
	t.idle += float64(s.idleTime) * s.mb
}
