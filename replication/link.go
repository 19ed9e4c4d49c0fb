package replication

import "cloudconcepts/internal/des"

// departure is when something that is ready now leaves on the link between a standby and its primary.
func (e *engine) departure(i, leader int) int64 {
	if e.severed(i, leader) {
		return e.cutUntil
	}
	return e.now
}

// send hands the log up to a position to all connected standbys.
func (e *engine) send(r *reign, id int, upto int64) {
	for i := range e.nodes {
		n := &e.nodes[i]
		if n.connected && n.follows == id && i != r.leader && n.next <= upto {
			e.sendTo(i, r, upto)
		}
	}
}

func (e *engine) sendTo(i int, r *reign, upto int64) {
	n := &e.nodes[i]
	leave := e.departure(i, r.leader)
	if rate := e.c.Pipeline.Bandwidth; rate > 0 {
		bytes := float64(r.bytesAt(upto) - r.bytesAt(n.next-1))
		n.free = max(n.free, leave) + des.Nanoseconds(bytes/rate)
		leave = n.free
	}
	n.next = upto + 1
	d := e.scaled(e.law.delay[i].next(n.delays), n, r.leader)
	n.arrives = max(n.arrives, min(leave+d, des.Forever))
	if n.arrives == e.now {
		e.receive(i, upto)
		return
	}
	e.push(n.arrives, event{lsn: upto, gen: n.conn, kind: evChunk, node: uint8(i)})
}

// scaled is a delay on a link with slow ends.
func (e *engine) scaled(d int64, n *node, leader int) int64 {
	if f := n.linkFactor * e.nodes[leader].linkFactor; f != 1 {
		return int64(min(float64(d)*f, des.Forever))
	}
	return d
}

// answer sends a standby's positions to its primary.
func (e *engine) answer(i int) {
	n := &e.nodes[i]
	if !n.connected {
		return
	}
	leader := e.reigns[n.follows].leader
	d := e.scaled(e.law.back[i].next(n.back), n, leader)
	n.returns = max(n.returns, min(e.departure(i, leader)+d, des.Forever))
	n.replies.PushBack(positionsOf{n.written, n.flushed, n.applied})
	if n.returns == e.now {
		e.reply(i)
		return
	}
	e.push(n.returns, event{gen: n.conn, kind: evReply, node: uint8(i)})
}

// reply reaches the primary.
func (e *engine) reply(i int) {
	n := &e.nodes[i]
	if n.replies.Len() == 0 {
		return
	}
	p := n.replies.PopFront()
	r := e.reigns[n.follows]
	if !n.connected || !e.nodes[r.leader].alive || e.nodes[r.leader].leads != n.follows {
		return
	}
	e.readLags(n, r, p)
	for k := range p {
		n.known[k] = max(n.known[k], p[k])
	}
	if e.c.Mode == InSync {
		e.keepUp(i, n, r)
	}
	e.release(r)
	if r.async {
		e.rearm(n, r)
	}
}

// readLags keeps what pg_stat_replication shows: from the local flush of the newest record reported until now; NULL after
// two reports in a row that nothing is missing.
func (e *engine) readLags(n *node, r *reign, p positionsOf) {
	for k := range p {
		if p[k] <= n.known[k] || p[k] < r.base || p[k] > r.last {
			continue
		}
		if c := r.at(p[k]).commit; c >= 0 {
			n.lags[k] = e.now - c
		}
	}
	complete := p[applied] >= n.next-1
	if complete && n.idle {
		n.lags = [positions]int64{-1, -1, -1}
	}
	n.idle = complete
}

// drop closes a standby's connection; what is under way is lost, unless the sender's OS still delivers it.
func (e *engine) drop(i int, delivered bool) {
	n := &e.nodes[i]
	n.connected = false
	if delivered {
		return
	}
	n.conn++
	n.replies.Clear()
}
