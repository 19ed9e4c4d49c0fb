package replication

import "cloudconcepts/internal/des"

// observe judges what a read of a client's last written row shows on a node.
func (e *engine) observe(ev event, n *node) {
	e.r.Reads++
	if n.leads >= 0 {
		e.r.PrimaryReads++
	}
	own := place{ev.lsn & (1<<keyShift - 1), int32(ev.gen >> 16)}
	key := ev.lsn >> keyShift
	has := e.holds(n, int(own.reign), own.lsn)
	if !has {
		e.r.ReadYourWrites++
	}
	version := place{}
	if len(n.keys) == 0 {
		key = own.lsn
		if has {
			version = own
		}
	} else if n.keys[key] > 0 {
		version = place{n.keys[key], int32(n.follows)}
	}
	e.judge(n, key, own)
	s := &e.clients[ev.arg]
	if s.seenKey == key && s.seen.lsn > 0 && !e.holds(n, int(s.seen.reign), s.seen.lsn) {
		e.r.MonotonicReads++
		return
	}
	if version.lsn > 0 {
		s.seen, s.seenKey = version, key
	}
}

// judge counts a read as stale if the newest reign has a committed version of the row that the node does not show.
func (e *engine) judge(n *node, key int64, own place) {
	r := e.reigns[e.current]
	leader := &e.nodes[r.leader]
	latest := own.lsn
	if len(n.keys) > 0 {
		latest = leader.keys[key]
	} else if !e.contains(e.current, r.last, int(own.reign), own.lsn) {
		return // lost for good: not a matter of staleness
	}
	if latest == 0 || e.holds(n, e.current, latest) {
		return
	}
	e.r.Stale++
	if len(n.keys) == 0 {
		e.versions.Add(1)
		if latest >= r.base {
			e.ages.Add(des.Seconds(e.now - max(r.at(latest).commit, 0)))
		}
		return
	}
	missing, oldest := 0, int64(-1)
	for lsn := max(e.shared(n, e.current)+1, r.base); lsn <= latest; lsn++ {
		rec := r.at(lsn)
		if rec.kind != rowWrite || int64(rec.key) != key || rec.commit < 0 {
			continue
		}
		missing++
		if oldest < 0 {
			oldest = rec.commit
		}
	}
	e.versions.Add(float64(missing))
	if oldest >= 0 {
		e.ages.Add(des.Seconds(e.now - oldest))
	}
}
