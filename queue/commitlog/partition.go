package commitlog

import "cloudconcepts/internal/des"

// A record of the log. The log keeps those at and after the committed offset.
type record struct {
	at    int64
	key   uint32
	done  uint8 // times processed, at most 255
	flags uint8
}

const (
	expired uint8 = 1 << iota // passed over unread: older than the retention
	inHand                    // with a consumer at the end of the run
)

// partition is one log and what the group knows of it.
//
//	base = committed <= safe <= position <= fetched <= end
//
// Records before safe are processed; those before position were handed out,
// those before fetched are with the consumer or on their way to it.
type partition struct {
	log       des.Ring[record]
	committed int64
	position  int64
	fetched   int64
	buffered  int64 // with the consumer, not handed out: the first ones after position
	start     int64 // first offset within the retention
	// finish are the times at which the records from safe to position are done.
	finish des.Ring[int64]

	owner  int32 // consumer or -1
	heir   int32 // who gets it next in a cooperative rebalance, or -1
	parked int32 // session whose waiting fetch names it, or -1
	broker int32
	epoch  uint32 // of ownership
	queued bool   // in its owner's list of partitions to commit

	orphaned int64 // since when it has no owner
	produced int64
	consumed int64
	lagMax   int64
	ageMax   int64
}

func (l *partition) end() int64              { return l.committed + int64(l.log.Len()) }
func (l *partition) at(offset int64) *record { return l.log.At(int(offset - l.committed)) }

// settle drops what is done from the front of finish.
func (l *partition) settle(now int64) int64 {
	n := int64(0)
	for l.finish.Len() > 0 && *l.finish.Front() <= now {
		l.finish.PopFront()
		n++
	}
	return n
}

func (l *partition) safe() int64 { return l.position - int64(l.finish.Len()) }

// commit moves the committed offset and files the records before it.
func (e *engine) commit(l *partition, to int64) {
	if to > l.committed {
		e.tally.commits++
	}
	for l.committed < to {
		r := l.log.PopFront()
		l.committed++
		e.committedLag--
		e.file(l, r)
	}
}

// file counts a record for the last time.
func (e *engine) file(l *partition, r record) {
	switch {
	case r.done > 0:
		e.tally.consumed++
		l.consumed++
	case r.flags&expired != 0:
		e.tally.expired++
	case r.flags&inHand != 0:
		e.tally.inHand++
	default:
		e.tally.lost++
	}
}

// retain moves the start of the log, and the position of a group that would
// read what is gone: as with auto.offset.reset=earliest.
func (e *engine) retain(i int32) {
	l := &e.partitions[i]
	limit := e.now - int64(e.cfg.Retention)
	if limit < 0 {
		return
	}
	l.start = max(l.start, l.committed)
	for l.start < l.end() && l.at(l.start).at < limit {
		l.start++
	}
	if l.fetched != l.position || l.position >= l.start {
		return
	}
	for o := l.position; o < l.start; o++ {
		l.at(o).flags |= expired
		if e.parallel && l.owner >= 0 {
			l.finish.PushBack(0)
			e.consumers[l.owner].pending++
		}
	}
	e.lag -= l.start - l.position
	l.position, l.fetched = l.start, l.start
	if l.owner >= 0 {
		e.enlist(l, i)
		return
	}
	e.commit(l, l.position)
}

// enlist notes that a partition has something to commit.
func (e *engine) enlist(l *partition, i int32) {
	if !l.queued {
		l.queued = true
		c := &e.consumers[l.owner]
		c.dirty = append(c.dirty, i)
	}
}

// disown takes a partition from its owner: what was handed out and not
// committed will be read again.
func (e *engine) disown(l *partition) {
	c := &e.consumers[l.owner]
	c.buffered -= l.buffered
	c.pending -= int64(l.finish.Len())
	if l.heir >= 0 {
		e.group.moving--
	}
	l.owner = -1
	l.epoch++
	l.orphaned = e.now
	l.finish.Clear()
	e.lag += l.position - l.committed
	l.position, l.fetched, l.buffered = l.committed, l.committed, 0
	l.queued = false
	if s := l.parked; s >= 0 {
		l.parked = -1
		e.recount(s)
	}
}
