package multileader

import "time"

// write is an increment at its own leader.
func (e *engine) write(now int64, leader, key int32) {
	e.result.Writes++
	at := int(leader)*e.c.Keys + int(key)
	e.knows[at][leader]++
	r := record{knows: e.knows[at], key: key, undelivered: int8(e.c.Leaders - 1)}
	switch e.c.Policy {
	case LastWriterWins, HybridClock:
		e.stamp(now, &e.stamped[at], leader, &r)
	case VersionVectors:
		e.merge(&e.version[at], leader, &r)
	case Counter:
	}
	e.logs[leader].PushBack(r)
}

// deliver is the next record of a log at another leader.
func (e *engine) deliver(now int64, i int32) {
	e.result.Delivered++
	e.result.End = time.Duration(now).Seconds()
	l := &e.links[i]
	l.arrivals.PopFront()
	if l.arrivals.Len() > 0 {
		e.events.Push(*l.arrivals.Front(), i)
	}
	r := e.logs[l.from].At(int(l.next - e.first[l.from]))
	l.next++
	at := int(l.to)*e.c.Keys + int(r.key)
	knows := &e.knows[at]
	if unseen := knows[l.to] - r.knows[l.to]; unseen > 0 {
		r.conflicts = true
		if l.from < l.to { // each pair meets once in each direction
			e.result.ConflictPairs += int64(unseen)
		}
	}
	knows[l.from]++
	switch e.c.Policy {
	case LastWriterWins, HybridClock:
		e.stamped[at].offer(r, l.from)
	case VersionVectors:
		e.beside(&e.version[at], l.from, r)
	case Counter:
	}
	if r.undelivered--; r.undelivered == 0 {
		e.settle(l.from)
	}
}

// settle takes records that all have out of a log.
func (e *engine) settle(leader int32) {
	log := &e.logs[leader]
	for log.Len() > 0 && log.Front().undelivered == 0 {
		if log.Front().conflicts {
			e.result.Conflicting++
		}
		log.PopFront()
		e.first[leader]++
	}
}

// stamp is an own write by its timestamp; it vanishes if what is kept has a greater one.
func (e *engine) stamp(now int64, at *stamped, leader int32, r *record) {
	r.stamp = max(now+int64(e.c.Skews[leader]), e.clocks[leader]+1)
	if e.c.Policy == HybridClock {
		r.stamp = max(r.stamp, at.stamp+1)
	}
	e.clocks[leader] = r.stamp
	r.chain = at.chain + 1
	if r.stamp < e.newest[r.key] {
		e.result.Inverted++
	}
	e.newest[r.key] = max(e.newest[r.key], r.stamp)
	if !at.offer(r, leader) {
		e.result.Swallowed++
	}
}

// offer keeps a write if its timestamp is the greatest; it tells whether it was.
func (at *stamped) offer(r *record, from int32) bool {
	if at.stamp > r.stamp || at.stamp == r.stamp && at.owner > from {
		return false
	}
	at.stamp, at.chain, at.owner = r.stamp, r.chain, from
	return true
}

// merge is an own write that has seen all siblings and takes their place, with the greatest of their counts and one more.
func (e *engine) merge(at *versions, leader int32, r *record) {
	found := 0
	for i, sibling := range at.siblings[:e.c.Leaders] {
		if sibling > 0 {
			found++
			r.chain = max(r.chain, at.chains[i])
		}
	}
	if found > 0 {
		e.looked++
		e.found += int64(found)
	}
	if found > 1 {
		e.result.Merges++
	}
	at.context[leader]++
	at.siblings = vector{}
	r.chain++
	at.siblings[leader], at.chains[leader] = at.context[leader], r.chain
	r.context = at.context
}

// beside is another leader's write by version vectors: it replaces what its writer had seen, and stands beside the rest. If something here
// follows it, nothing changes.
func (e *engine) beside(at *versions, from int32, r *record) {
	if r.context[from] <= at.context[from] {
		return
	}
	beside := 1
	for i := range e.c.Leaders {
		if at.siblings[i] <= r.context[i] {
			at.siblings[i] = 0
		} else {
			beside++
		}
		at.context[i] = max(at.context[i], r.context[i])
	}
	at.siblings[from], at.chains[from] = r.context[from], r.chain
	e.result.SiblingsMax = max(e.result.SiblingsMax, beside)
}
