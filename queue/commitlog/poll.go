package commitlog

import (
	"cloudconcepts/internal/des"
)

// consumer is one member of the group, or one that was.
type consumer struct {
	alive, member   bool
	waiting         bool // in a poll that has found nothing yet
	ready           bool // takes part in the rebalance under way
	paused          bool // ... and has nothing to read until it ends
	leaving         bool
	undetected      bool // dead, and the group does not know
	returning       bool // restarted, and waits for its former self to be found dead
	life            uint32
	crashAt, joined int64
	nextCommit      int64
	buffered        int64 // records fetched and not handed out
	pending         int64 // records handed out and not settled, with several workers
	free            []int64
	parts           []int32
	dirty           []int32 // partitions with something to commit
	queue           des.Ring[int32]
}

// poll is one call of poll(), or its continuation when a response has come: it
// commits what came before, takes part in a rebalance, hands records out and,
// before it returns them, sends the next fetches.
func (e *engine) poll(i int32) {
	c := &e.consumers[i]
	c.waiting = true
	if !c.member {
		e.join(i)
		return
	}
	e.commitEarlier(c, false)
	if c.leaving {
		e.leave(i)
		return
	}
	e.takePart(i)
	if c.paused {
		return
	}
	n := e.handOut(i)
	if n == 0 || !e.cfg.Fetch.NoPrefetch {
		e.fetch(i)
	}
	if n == 0 {
		return
	}
	c.waiting = false
	e.tally.polls++
	next := e.nextPoll(c) - e.now
	e.later(next, event{kind: pollAgain, who: i, seq: c.life})
	if limit := int64(e.cfg.Group.MaxPollInterval); next > limit {
		e.later(limit, event{kind: evict, who: i, seq: c.life})
	}
}

// handOut gives at most MaxPollRecords to the workers, in the order in which
// the partitions came.
func (e *engine) handOut(i int32) int64 {
	c := &e.consumers[i]
	start := e.now + int64(e.cfg.Consumer.PollOverhead)
	if e.cfg.Consumer.Commit == CommitBefore {
		start += int64(e.cfg.Consumer.CommitTime)
	}
	most := int64(e.cfg.Consumer.MaxPollRecords)
	if e.parallel {
		most = max(1, min(most, int64(e.cfg.Consumer.MaxUncommitted)-c.pending))
	}
	n := int64(0)
	for n < most && c.queue.Len() > 0 {
		p := *c.queue.Front()
		l := &e.partitions[p]
		if l.owner != i || l.buffered == 0 {
			c.queue.PopFront()
			continue
		}
		if n == 0 {
			for w := range c.free {
				c.free[w] = max(c.free[w], start)
			}
		}
		k := min(l.buffered, most-n)
		e.process(c, l, k)
		e.enlist(l, p)
		n += k
		if e.cfg.Consumer.Commit == CommitBefore {
			e.commit(l, l.position)
		}
	}
	return n
}

// process gives k records of a partition to the workers. All times are known
// at once, a coming crash and the end of the run included.
func (e *engine) process(c *consumer, l *partition, k int64) {
	if e.now >= e.warm {
		age := e.now - l.at(l.position).at
		l.ageMax = max(l.ageMax, age)
	}
	limit := min(c.crashAt, e.end)
	atOnce := e.cfg.Consumer.Commit != Transactional
	for o := l.position; o < l.position+k; o++ {
		r := l.at(o)
		w := 0
		if e.parallel {
			w = e.worker(c, r.key)
		}
		start := c.free[w]
		finish := start + min(e.service.Next(e.services), des.Forever-min(start, des.Forever))
		c.free[w] = finish
		if e.parallel {
			l.finish.PushBack(finish)
		}
		e.tally.busy += float64(min(finish, limit) - min(start, limit))
		switch {
		case finish <= limit && atOnce:
			e.effect(r, start, finish)
		case finish <= limit:
			e.tally.processed++
		case c.crashAt > e.end:
			r.flags |= inHand
		}
	}
	if e.parallel {
		c.pending += k
	}
	l.position += k
	l.buffered -= k
	c.buffered -= k
	e.lag -= k
}

// worker is who takes a record.
func (e *engine) worker(c *consumer, key uint32) int {
	if e.cfg.Consumer.Order == KeyOrder {
		return int((uint64(key*0x9E3779B9) * uint64(len(c.free))) >> 32)
	}
	first := 0
	for w, at := range c.free {
		if at < c.free[first] {
			first = w
		}
	}
	return first
}

// effect is a record processed.
func (e *engine) effect(r *record, start, finish int64) {
	t := &e.tally
	t.processed++
	if r.done > 0 {
		t.duplicates++
		r.done = uint8(min(int(r.done)+1, 255))
		return
	}
	r.done = 1
	if r.at >= e.warm {
		t.latency.Add(finish - r.at)
	}
	if e.lastKey == nil {
		return
	}
	k := &e.lastKey[r.key]
	if r.at < k.at || start < k.finish {
		t.disorder++
	}
	if r.at >= k.at {
		k.at, k.finish = r.at, finish
	}
}

// nextPoll is when a worker is free again and a commit is over.
func (e *engine) nextPoll(c *consumer) int64 {
	next := c.free[0]
	for _, at := range c.free {
		next = min(next, at)
	}
	if e.parallel && c.pending >= int64(e.cfg.Consumer.MaxUncommitted) {
		next = max(next, e.firstFront(c))
	}
	if m := e.cfg.Consumer.Commit; m == CommitAfter || m == Transactional {
		next += int64(e.cfg.Consumer.CommitTime)
	}
	return max(next, e.now)
}

// firstFront is when the next record becomes fit for a commit.
func (e *engine) firstFront(c *consumer) int64 {
	first := int64(des.Forever)
	for _, p := range c.dirty {
		if l := &e.partitions[p]; l.finish.Len() > 0 {
			first = min(first, *l.finish.Front())
		}
	}
	return first
}

// commitEarlier commits what earlier polls handed out: with one worker all of
// it is done, with several what is done without a gap. AutoCommit takes what
// was handed out, done or not.
func (e *engine) commitEarlier(c *consumer, force bool) {
	mode := e.cfg.Consumer.Commit
	auto := mode == AutoCommit && (force || e.now >= c.nextCommit)
	if auto {
		c.nextCommit = e.now + int64(e.cfg.Consumer.CommitInterval)
	}
	keep := c.dirty[:0]
	for _, p := range c.dirty {
		l := &e.partitions[p]
		c.pending -= l.settle(e.now)
		switch {
		case mode == Transactional:
			e.effects(l)
			e.commit(l, l.safe())
		case mode == CommitAfter:
			e.commit(l, l.safe())
		case auto || mode == CommitBefore:
			e.commit(l, l.position)
		}
		l.queued = l.committed < l.position || l.finish.Len() > 0
		if l.queued {
			keep = append(keep, p)
		}
	}
	c.dirty = keep
}

// effects makes visible what a transaction commits.
func (e *engine) effects(l *partition) {
	for o := l.committed; o < l.safe(); o++ {
		r := l.at(o)
		if r.flags&expired != 0 {
			continue
		}
		e.tally.processed--
		e.effect(r, e.now, e.now)
	}
}
