package raft

import "cloudconcepts/internal/enum"

// Rules is whose rules the servers follow.
type Rules int

// The three rule sets.
const (
	// Dissertation is Raft as its author analysed it (D. Ongaro, Stanford 2014, chapters 3 and 9): a timer of
	// U[TimeoutMin, TimeoutMax] is drawn anew when the leader is heard, a vote is granted or a candidacy begins; one vote
	// per term, to the first who asks with an up-to-date log, though a leader is known; the vote is on disk before it is
	// answered. Without Heartbeat the clock starts with fresh timers.
	Dissertation Rules = iota
	// Etcd is raft.go of go.etcd.io/raft v3.7.0: a server counts ticks of ElectionTimeout/Ticks, at a phase of its own. It
	// campaigns at the R-th tick after it last heard the leader; R is uniform on E..2E-1 and drawn anew only when its role
	// or term is reset, so that it keeps one R for a leader's whole reign: the time from contact to campaign is uniform on
	// [E-1, 2E-1]. With PreVote a campaign first asks, without a change of term; with CheckQuorum who knows a leader and
	// has counted fewer than E ticks drops requests without an answer. Requests and votes wait for the disk, pre-votes do
	// not. A candidacy that so many refuse that it cannot win is given up at once. If a tick and a message fall on one
	// instant, the tick comes first.
	//
	// Deviation: a new leader does not step down by check-quorum before the election is over.
	Etcd
	// Hashicorp is raft.go of github.com/hashicorp/raft v1.8.0: a follower's timer U[T, 2T] runs free; it is not reset by
	// contact, and when it fires the leader is given up only if the last contact is at least T old. A server that knows a
	// leader refuses every vote, whatever the term. So the loss is noticed at T plus a residual life, and a leader can be
	// elected only when q servers have noticed. With PreVote (its default) a candidacy first asks; it waits for its timer
	// U[T, 2T], however many refuse. Last contact is the younger of two streams, heartbeats and appends, each sent
	// U[x, 2x] after the reply to the one before.
	//
	// Deviations: the library stands still while it writes to its disk, and syncs term and vote apart; its leader's lease is
	// left out. With random delays the age of the last contact is drawn from a row of eight cycles, an approximation of the
	// stationary age within 1 % of a cycle.
	Hashicorp
)

// String is the name, as a flag takes it.
func (r Rules) String() string { return enum.Name(r, ruleNames()) }

func ruleNames() []string { return []string{"dissertation", "etcd", "hashicorp"} }

// MarshalText writes the name.
func (r Rules) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (r *Rules) UnmarshalText(text []byte) error {
	return enum.Parse(r, text, "raft: rules", ruleNames())
}
