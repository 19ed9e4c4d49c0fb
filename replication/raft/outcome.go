package raft

// win makes a server the leader, whose first append goes to all others at once.
func (e *engine) win(i int) {
	s := &e.servers[i]
	e.become(i, leader)
	s.lead = int8(i)
	if e.elected < 0 {
		e.elected, e.electedTerm = e.now, s.term
	}
	e.leadTerm, e.heard = s.term, 1<<i
	e.done = e.quorum <= 1
	e.broadcast(i, appendEntries, s.term, 0)
}

// hear notes that a server has accepted a leader; when a majority has, the election is over.
func (e *engine) hear(i int, term int32) {
	if term == e.leadTerm {
		e.heard |= 1 << i
		e.done = ones(e.heard) >= e.quorum
	}
}

// become changes the role.
func (e *engine) become(i int, r role) {
	e.servers[i].role = r
	if e.trace != nil {
		e.trace.state(i, r, e.servers[i].term, e.now)
	}
}

// raise takes over a greater term, in which the server has not voted.
func (s *server) raise(term int32) { s.term, s.vote = term, nobody }

// upToDate tells whether a server's log lets it vote for the other one.
func (e *engine) upToDate(voter, asker uint8) bool {
	return e.servers[asker].log >= e.servers[voter].log
}

// reset makes all servers followers of the old leader, in term 0.
func (e *engine) reset() {
	for i := range e.servers {
		s := &e.servers[i]
		*s = server{vote: crashed, lead: crashed}
		if i < e.eligible {
			s.log = 1
		}
	}
}
