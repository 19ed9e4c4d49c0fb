package raft

import "math/bits"

// The rules of etcd's raft.go at v3.7.0. A server counts ticks; electionElapsed is the number of its ticks since
// contact, and it campaigns at the tick that makes it R. R is drawn from E..2E-1, anew only in resetTimer.

func (e *engine) etcdCrash() {
	e.reset()
	age := e.beat * e.start.Float64()
	for i := range e.servers {
		s := &e.servers[i]
		s.phase = int64(e.start.Float64()*float64(e.tick)) - (e.beatTicks+2)*e.tick
		s.timeout = e.ticks + int32(e.start.IntN(int(e.ticks)))
		s.contact = e.lastBeat(age)
		e.etcdArm(s, s.contact, int64(s.timeout))
	}
}

// etcdArm sets the timer to the n-th tick after a time; a tick at that very time has been.
func (e *engine) etcdArm(s *server, after, n int64) {
	s.deadline = after - (after-s.phase)%e.tick + n*e.tick
}

// elapsed is electionElapsed.
func (e *engine) elapsed(s *server) int64 {
	return (e.now-s.phase)/e.tick - (s.contact-s.phase)/e.tick
}

// resetTimer is etcd's reset, but for the term.
func (e *engine) resetTimer(s *server) {
	s.lead = nobody
	s.timeout = e.ticks + int32(e.timers.IntN(int(e.ticks)))
	s.granted, s.refused = 0, 0
	e.restart(s)
}

// restart sets electionElapsed to 0.
func (e *engine) restart(s *server) {
	s.contact = e.now
	e.etcdArm(s, e.now, int64(s.timeout))
}

func (e *engine) etcdFollow(i int, term int32, lead int8) {
	s := &e.servers[i]
	if s.term != term {
		s.raise(term)
	}
	e.resetTimer(s)
	s.lead = lead
	e.become(i, follower)
}

func (e *engine) etcdTimer(i int) {
	s := &e.servers[i]
	if s.role == leader {
		s.contact = e.now
		s.deadline += e.beatTicks * e.tick
		e.broadcast(i, appendEntries, s.term, 0)
		return
	}
	e.restart(s)
	if !e.preVote {
		e.etcdCampaign(i)
		return
	}
	s.lead = nobody
	s.granted, s.refused = 1<<i, 0
	e.become(i, preCandidate)
	if e.quorum == 1 {
		e.etcdCampaign(i)
		return
	}
	e.broadcast(i, askPreVote, s.term+1, 0)
}

// etcdCampaign begins a real candidacy; the requests leave when the vote for itself is durable.
func (e *engine) etcdCampaign(i int) {
	s := &e.servers[i]
	s.raise(s.term + 1)
	e.resetTimer(s)
	s.vote, s.granted = int8(i), 1<<i
	e.become(i, candidate)
	wait := e.sync()
	if e.quorum == 1 {
		e.now += wait
		e.etcdWin(i)
		return
	}
	e.broadcast(i, askVote, s.term, wait)
}

func (e *engine) etcdWin(i int) {
	s := &e.servers[i]
	e.resetTimer(s)
	e.etcdArm(s, e.now, e.beatTicks)
	e.win(i)
}

func (e *engine) etcdMessage(m message) {
	i := int(m.to)
	s := &e.servers[i]
	raised := false
	switch {
	case m.term > s.term:
		asked := m.kind == askVote || m.kind == askPreVote
		if asked && e.lease && s.lead != nobody && e.elapsed(s) < int64(e.ticks) {
			return
		}
		if m.kind == askPreVote || m.kind == preVoteReply && m.granted {
			break
		}
		lead := int8(nobody)
		if m.kind == appendEntries {
			lead = int8(m.from)
		}
		e.etcdFollow(i, m.term, lead)
		raised = true
	case m.term < s.term:
		if m.kind == appendEntries && (e.lease || e.preVote) {
			e.reply(m, appendRefused, s.term, false, 0)
		}
		if m.kind == askPreVote {
			e.reply(m, preVoteReply, s.term, false, 0)
		}
		return
	}
	switch m.kind {
	case askVote, askPreVote:
		e.etcdVote(m, s, raised)
	case voteReply, preVoteReply:
		e.etcdPoll(m, s)
	case appendEntries:
		if s.role != follower {
			e.etcdFollow(i, m.term, int8(m.from))
		}
		s.lead = int8(m.from)
		e.restart(s)
		e.hear(i, m.term)
	}
}

// etcdVote answers a request of the server's own term, or of a greater one for a pre-vote.
func (e *engine) etcdVote(m message, s *server, raised bool) {
	can := s.vote == int8(m.from) || s.vote == nobody && s.lead == nobody || m.kind == askPreVote && m.term > s.term
	granted := can && e.upToDate(m.to, m.from)
	if m.kind == askPreVote {
		term := s.term
		if granted {
			term = m.term
		}
		e.reply(m, preVoteReply, term, granted, 0)
		return
	}
	if granted {
		s.vote = int8(m.from)
		e.restart(s)
	}
	wait := int64(0)
	if granted || raised {
		wait = e.sync()
	}
	e.reply(m, voteReply, s.term, granted, wait)
}

// etcdPoll counts an answer to the present candidacy.
func (e *engine) etcdPoll(m message, s *server) {
	if s.role == preCandidate && m.kind != preVoteReply || s.role == candidate && m.kind != voteReply {
		return
	}
	if s.role == follower || s.role == leader {
		return
	}
	voter := uint64(1) << m.from
	if (s.granted|s.refused)&voter == 0 {
		if m.granted {
			s.granted |= voter
		} else {
			s.refused |= voter
		}
	}
	i := int(m.to)
	switch {
	case ones(s.granted) >= e.quorum && s.role == preCandidate:
		e.etcdCampaign(i)
	case ones(s.granted) >= e.quorum:
		e.etcdWin(i)
	case len(e.servers)+e.dead-ones(s.refused) < e.quorum:
		e.etcdFollow(i, s.term, nobody)
	}
}

func ones(set uint64) int { return bits.OnesCount64(set) }
