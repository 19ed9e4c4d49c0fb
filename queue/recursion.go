package queue

import (
	"slices"

	"cloudconcepts/internal/arrival"
	"cloudconcepts/internal/des"
	"cloudconcepts/internal/stats"
)

// recursion computes the start of every message from those before it, without events (Lindley 1952 for one server,
// Kiefer and Wolfowitz 1955 for more). It works through blocks of messages.
type recursion struct {
	feed    *feed
	out     run
	free    []int64 // when the servers are free: in rising order, or as a ring for constant work
	oldest  int     // of the ring
	ring    bool
	horizon int64
	late    int64 // longest wait that is in time

	// Of the messages of a block.
	start, wait, stay      [blockSize]int64
	blockWaits, blockWorks stats.Sum

	// All messages so far, and those of them that are still there at the last arrival.
	waits, works    stats.Sum
	messages, tardy int64
	line            des.Ring[span]
	serving         []span
}

// span is a service.
type span struct {
	start, end int64
	late       bool
}

func recurse(c Config) *run {
	r := &recursion{feed: newFeed(c), free: make([]int64, c.Servers), horizon: horizon(c), late: lateAfter(c)}
	r.out.config = c
	_, r.ring = c.Service.Fixed()
	r.ring = r.ring && len(c.Trace.Service) == 0
	before := c.Warmup
	cut := false
	for !cut {
		most := int64(blockSize)
		if before > 0 {
			most = min(most, before)
		}
		n := r.feed.refill(most)
		if n == 0 {
			break
		}
		at := r.feed.at[:n]
		if at[n-1] > r.horizon {
			at = at[:slices.IndexFunc(at, func(t int64) bool { return t > r.horizon })]
			cut = true
		}
		if len(at) == 0 {
			break
		}
		r.block(at, before > 0)
		before = max(before-int64(n), 0)
	}
	return r.close(cut)
}

// block computes the starts of a block and counts it.
func (r *recursion) block(at []int64, warmup bool) {
	if !warmup && r.out.total.Offered == 0 {
		r.open(at[0])
	}
	r.out.to = at[len(at)-1]
	work, start := r.feed.work[:len(at)], r.start[:len(at)]
	switch {
	case r.ring:
		r.alike(at, start, work[0])
	case len(r.free) == 1:
		r.free[0] = lindley(at, work, start, r.free[0])
	case len(r.free) == 4:
		kiefer4((*[4]int64)(r.free), at, work, start)
	default:
		kiefer(r.free, at, work, start)
	}
	r.sum(at, work, start)
	r.keep(work, start, at)
	if !warmup {
		r.count(at, work, start)
	}
}

func lindley(at, work, start []int64, free int64) int64 {
	work, start = work[:len(at)], start[:len(at)]
	for i, t := range at {
		t = max(t, free)
		start[i] = t
		free = min(t+work[i], arrival.TooLate)
	}
	return free
}

// kiefer keeps the times at which the servers are free in order; a message takes the first.
func kiefer(free, at, work, start []int64) {
	work, start = work[:len(at)], start[:len(at)]
	for i, t := range at {
		t = max(t, free[0])
		start[i] = t
		end := min(t+work[i], arrival.TooLate)
		if len(free) <= fewServers {
			sink(free, end)
			continue
		}
		j := 1
		for ; j < len(free) && free[j] < end; j++ {
			free[j-1] = free[j]
		}
		free[j-1] = end
	}
}

// kiefer4 is kiefer for four servers, without branches.
func kiefer4(free *[4]int64, at, work, start []int64) {
	work, start = work[:len(at)], start[:len(at)]
	a, b, c, d := free[0], free[1], free[2], free[3]
	for i, t := range at {
		t = max(t, a)
		start[i] = t
		end := min(t+work[i], arrival.TooLate)
		a, end = min(b, end), max(b, end)
		b, end = min(c, end), max(c, end)
		c, d = min(d, end), max(d, end)
	}
	free[0], free[1], free[2], free[3] = a, b, c, d
}

// alike serves messages that all take the same time: the servers take turns.
func (r *recursion) alike(at, start []int64, work int64) {
	for i, t := range at {
		t = max(t, r.free[r.oldest])
		start[i] = t
		r.free[r.oldest] = min(t+work, arrival.TooLate)
		if r.oldest++; r.oldest == len(r.free) {
			r.oldest = 0
		}
	}
}

// sum adds a block to the areas.
func (r *recursion) sum(at, work, start []int64) {
	wait, stay := r.wait[:len(at)], r.stay[:len(at)]
	work, start = work[:len(at)], start[:len(at)]
	for i, t := range at {
		wait[i] = start[i] - t
		stay[i] = wait[i] + work[i]
	}
	r.blockWaits, r.blockWorks = sumOf(wait), sumOf(work)
	r.waits, r.works = r.waits.Plus(r.blockWaits), r.works.Plus(r.blockWorks)
	r.messages += int64(len(at))
	if r.late >= arrival.TooLate {
		return
	}
	for _, w := range wait {
		if w > r.late {
			r.tardy++
		}
	}
}

// keep remembers the messages that are still there at the block's last arrival.
func (r *recursion) keep(work, start, at []int64) {
	now := at[len(at)-1]
	r.serving = slices.DeleteFunc(r.serving, func(s span) bool { return s.end <= now })
	for r.line.Len() > 0 && r.line.Front().start <= now {
		if s := r.line.PopFront(); s.end > now {
			r.serving = append(r.serving, s)
		}
	}
	start = start[:len(work)]
	for i, w := range work {
		if start[i]+w <= now {
			continue
		}
		s := span{start[i], start[i] + w, start[i]-at[i] > r.late}
		if s.start > now {
			r.line.PushBack(s)
		} else {
			r.serving = append(r.serving, s)
		}
	}
}

// count enters a block into the statistics.
func (r *recursion) count(at, work, start []int64) {
	t := &r.out.total
	t.Offered += int64(len(at))
	stay := r.stay[:len(at)]
	if r.late < arrival.TooLate || max(start[len(start)-1], slices.Max(stay)) > r.horizon/2 {
		r.countEach(at, work, start)
		return
	}
	t.wait.AddAll(r.wait[:len(at)], r.blockWaits)
	t.means.addAll(r.wait[:len(at)])
	t.sojourn.AddAll(stay, r.blockWaits.Plus(r.blockWorks))
	t.Served += int64(len(at))
}

func (r *recursion) countEach(at, work, start []int64) {
	for i, a := range at {
		if start[i] > r.horizon {
			continue
		}
		wait := start[i] - a
		r.out.total.start(wait, work[i], start[i]+work[i] <= r.horizon, wait > r.late)
	}
}

// open begins the window.
func (r *recursion) open(now int64) {
	r.out.from = now
	r.out.waiting, r.out.busy, r.out.departures, r.out.punctual = r.until(now)
}

// until are the areas and departures from the start of the run to now.
func (r *recursion) until(now int64) (waiting, busy stats.Sum, departures, punctual int64) {
	waiting, busy, departures, punctual = r.waits, r.works, r.messages, r.messages-r.tardy
	gone := func(s *span) {
		var waits, works stats.Sum
		waits.Add(max(s.start-now, 0))
		works.Add(max(s.end-max(s.start, now), 0))
		waiting, busy = waiting.Minus(waits), busy.Minus(works)
		if s.end > now {
			departures--
			if !s.late {
				punctual--
			}
		}
	}
	for i := range r.line.Len() {
		gone(r.line.At(i))
	}
	for i := range r.serving {
		gone(&r.serving[i])
	}
	return waiting, busy, departures, punctual
}

func (r *recursion) close(cut bool) *run {
	out := &r.out
	out.end = min(slices.Max(r.free), r.horizon)
	if cut {
		out.to, out.end = r.horizon, r.horizon
	}
	if out.total.Offered == 0 {
		return out
	}
	waiting, busy, departures, punctual := r.until(out.to)
	out.waiting, out.busy = waiting.Minus(out.waiting), busy.Minus(out.busy)
	out.departures, out.punctual = departures-out.departures, punctual-out.punctual
	out.total.close()
	return out
}
