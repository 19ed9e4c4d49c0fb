package raft

import (
	"math/rand/v2"

	"cloudconcepts/replication/raft/internal/chance"
)

// The rules of hashicorp/raft's raft.go at v1.8.0.

func (e *engine) hashicorpCrash() {
	e.reset()
	for i := range e.servers {
		s := &e.servers[i]
		s.contact = max(e.lastContact(), -int64(e.low)) // the leader was known until the crash
		// The timer runs free: the first time it fires at least T after the last contact is T plus the residual life
		// of a renewal process of U[T, 2T].
		s.deadline = s.contact + int64(e.low+e.residual(e.start))
	}
}

// residual draws the time that is left, at a random instant, of an interval U[low, low + width].
func (e *engine) residual(r *rand.Rand) float64 {
	return chance.LengthBiased(e.low, e.low+e.width, r) * r.Float64()
}

// lastContact is when the follower last heard the old leader, by heartbeat or by append: each is sent U[x, 2x] after
// the reply to the one before.
func (e *engine) lastContact() int64 {
	at := e.sentAt(e.beat) + e.beatDelay()
	if e.commit > 0 {
		at = max(at, e.sentAt(e.commit)+e.beatDelay())
	}
	return at
}

// sentAt is when, before the crash at 0, the last of a stream of messages was sent.
func (e *engine) sentAt(x float64) int64 {
	if e.fixedDelay >= 0 {
		return -int64(chance.LengthBiased(x+e.meanTrip, 2*x+e.meanTrip, e.start) * e.start.Float64())
	}
	// A random instant in a row of cycles, which picks a cycle with a chance near enough to its length.
	var ends [8]float64
	sum := 0.0
	for k := range ends {
		sum += x*(1+e.start.Float64()) + float64(e.beatDelay()+e.beatDelay())
		ends[k] = sum
	}
	at, begin := e.start.Float64()*sum, 0.0
	for _, end := range ends {
		if at < end {
			break
		}
		begin = end
	}
	return -int64(at - begin)
}

func (e *engine) hashicorpTimer(i int) {
	s := &e.servers[i]
	switch {
	case s.role == leader:
		s.deadline = e.now + int64(e.beat*(1+e.timers.Float64()))
		e.broadcast(i, appendEntries, s.term, 0)
	case s.role == follower && float64(e.now-s.contact) < e.low:
		s.deadline = e.now + e.timeout(e.timers)
	default:
		e.hashicorpCandidacy(i)
	}
}

// hashicorpCandidacy is runCandidate.
func (e *engine) hashicorpCandidacy(i int) {
	s := &e.servers[i]
	s.lead = nobody
	s.deadline = e.now + e.timeout(e.timers)
	if !e.preVote {
		e.hashicorpElect(i)
		return
	}
	s.epoch++
	s.granted = 1 << i
	e.become(i, preCandidate)
	if e.quorum == 1 {
		e.hashicorpElect(i)
		return
	}
	e.broadcast(i, askPreVote, s.term+1, 0)
}

// hashicorpElect is electSelf.
func (e *engine) hashicorpElect(i int) {
	s := &e.servers[i]
	s.epoch++
	s.raise(s.term + 1)
	s.vote, s.granted = int8(i), 1<<i
	e.become(i, candidate)
	wait := e.sync()
	if e.quorum == 1 {
		e.now += wait
		e.win(i)
		return
	}
	e.broadcast(i, askVote, s.term, wait)
}

// hashicorpFollow makes a server a follower, with a fresh timer unless it was one.
func (e *engine) hashicorpFollow(i int, term int32) {
	s := &e.servers[i]
	if term != s.term {
		s.raise(term)
	}
	s.lead = nobody
	if s.role == leader {
		s.contact = e.now
	}
	if s.role != follower {
		s.epoch++
		s.deadline = e.now + e.timeout(e.timers)
	}
	e.become(i, follower)
}

func (e *engine) hashicorpMessage(m message) {
	i := int(m.to)
	s := &e.servers[i]
	switch m.kind {
	case askPreVote:
		granted := (s.lead == nobody || s.lead == int8(m.from)) && m.term >= s.term
		term := s.term
		if granted {
			term = m.term
		}
		e.reply(m, preVoteReply, term, granted && e.upToDate(m.to, m.from), 0)
	case askVote:
		e.hashicorpVote(m)
	case preVoteReply, voteReply:
		e.hashicorpPoll(m)
	case appendEntries:
		if m.term < s.term {
			e.reply(m, appendRefused, s.term, false, 0)
			return
		}
		if m.term > s.term || s.role != follower {
			e.hashicorpFollow(i, m.term)
		}
		s.lead, s.contact = int8(m.from), e.now
		e.hear(i, m.term)
	case appendRefused:
		if s.role == leader && m.term > s.term {
			e.hashicorpFollow(i, m.term)
		}
	}
}

// hashicorpVote is requestVote.
func (e *engine) hashicorpVote(m message) {
	i := int(m.to)
	s := &e.servers[i]
	known := s.lead != nobody && s.lead != int8(m.from)
	if known || m.term < s.term {
		e.reply(m, voteReply, s.term, false, 0)
		return
	}
	wait := int64(-1)
	if m.term > s.term {
		e.hashicorpFollow(i, m.term)
		wait = e.sync()
	}
	granted := s.vote == int8(m.from)
	if s.vote == nobody && e.upToDate(m.to, m.from) {
		if wait < 0 {
			wait = e.sync()
		}
		granted = true
		s.vote, s.contact = int8(m.from), e.now+wait
	}
	e.reply(m, voteReply, s.term, granted, max(wait, 0))
}

// hashicorpPoll counts an answer to the present candidacy.
func (e *engine) hashicorpPoll(m message) {
	i := int(m.to)
	s := &e.servers[i]
	pre := s.role == preCandidate && m.kind == preVoteReply
	if m.epoch != s.epoch || !pre && (s.role != candidate || m.kind != voteReply) {
		return
	}
	most := s.term
	if pre {
		most++
	}
	if m.term > most {
		e.hashicorpFollow(i, m.term)
		return
	}
	if m.granted {
		s.granted |= 1 << m.from
	}
	switch {
	case ones(s.granted) < e.quorum:
	case pre:
		s.deadline = e.now + e.timeout(e.timers)
		e.hashicorpElect(i)
	default:
		s.deadline = e.now + int64(e.beat*(1+e.timers.Float64()))
		e.win(i)
	}
}
