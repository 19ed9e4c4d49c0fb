package raft

// The rules of the dissertation: section 3.4 (elections), 3.6 (up-to-date logs). A timer is reset when the leader is
// heard, when a vote is granted and when a candidacy begins. The candidate's own vote is written while the requests
// are on their way.

func (e *engine) dissertationCrash() {
	e.reset()
	age := 0.0
	if e.beat > 0 {
		age = e.beat * e.start.Float64()
	}
	for i := range e.servers {
		s := &e.servers[i]
		s.deadline = e.timeout(e.start)
		if e.beat > 0 {
			s.deadline += e.lastBeat(age)
		}
	}
}

func (e *engine) dissertationTimer(i int) {
	s := &e.servers[i]
	if s.role == leader {
		s.deadline = e.now + e.nextBeat()
		e.broadcast(i, appendEntries, s.term, 0)
		return
	}
	s.term++
	s.vote, s.lead = int8(i), nobody
	s.granted = 1 << i
	s.deadline = e.now + e.timeout(e.timers)
	e.become(i, candidate)
	if e.quorum == 1 {
		e.now += e.sync()
		e.win(i)
		return
	}
	e.broadcast(i, askVote, s.term, 0)
}

// nextBeat is the new leader's interval.
func (e *engine) nextBeat() int64 {
	if e.beat > 0 {
		return int64(e.beat)
	}
	return int64(e.low / 2)
}

func (e *engine) dissertationMessage(m message) {
	i := int(m.to)
	s := &e.servers[i]
	if m.term > s.term {
		s.raise(m.term)
		if s.role == leader {
			s.deadline = e.now + e.timeout(e.timers)
		}
		if s.role != follower {
			e.become(i, follower)
		}
	}
	switch m.kind {
	case askVote:
		granted := m.term == s.term && (s.vote == nobody || s.vote == int8(m.from)) && e.upToDate(m.to, m.from)
		wait := int64(0)
		if granted {
			s.vote = int8(m.from)
			s.deadline = e.now + e.timeout(e.timers)
			wait = e.sync()
		}
		e.reply(m, voteReply, s.term, granted, wait)
	case voteReply:
		if s.role != candidate || m.term != s.term || !m.granted {
			return
		}
		if s.granted |= 1 << m.from; ones(s.granted) >= e.quorum {
			s.deadline = e.now + e.nextBeat()
			e.win(i)
		}
	case appendEntries:
		if m.term < s.term {
			e.reply(m, appendRefused, s.term, false, 0)
			return
		}
		if s.role != follower {
			e.become(i, follower)
		}
		s.lead = int8(m.from)
		s.deadline = e.now + e.timeout(e.timers)
		e.hear(i, m.term)
	}
}
