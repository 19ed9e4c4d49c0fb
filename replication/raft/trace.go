package raft

// Trace is one election, message by message: the material of a picture with a lane per server. Times are in seconds
// since the crash; a message that was under way at the end is listed with its time of arrival.
type Trace struct {
	Election int            `json:"election"`
	Ended    bool           `json:"ended"`     // false: blocked
	Elected  float64        `json:"elected_s"` // 0 if there was no leader
	Heard    float64        `json:"heard_s"`
	Terms    int            `json:"terms"`
	States   []StateChange  `json:"states"`
	Messages []TraceMessage `json:"messages"`
}

// StateChange is a server's step into a role, perhaps its old one.
type StateChange struct {
	At     float64 `json:"at_s"`
	Server int     `json:"server"`
	Role   string  `json:"role"` // follower, pre-candidate, candidate or leader
	Term   int     `json:"term"`
}

// TraceMessage is one message between servers that are alive.
type TraceMessage struct {
	Sent    float64 `json:"sent_s"`
	Arrives float64 `json:"arrives_s"`
	From    int     `json:"from"`
	To      int     `json:"to"`
	Kind    string  `json:"kind"` // pre-vote, pre-vote-reply, vote, vote-reply, append or append-refused
	Term    int     `json:"term"`
	Granted bool    `json:"granted"` // of replies to votes
}

// String is the role's name in a trace.
func (r role) String() string {
	return [...]string{"follower", "pre-candidate", "candidate", "leader"}[r&3]
}

// String is the kind's name in a trace.
func (k kind) String() string {
	names := [...]string{"pre-vote", "pre-vote-reply", "vote", "vote-reply", "append", "append-refused"}
	return names[min(int(k), len(names)-1)]
}

func (t *Trace) state(server int, r role, term int32, at int64) {
	t.States = append(t.States, StateChange{At: float64(at) / 1e9, Server: server, Role: r.String(), Term: int(term)})
}

func (t *Trace) message(m message, sent int64) {
	t.Messages = append(t.Messages, TraceMessage{
		Sent: float64(sent) / 1e9, Arrives: float64(m.at) / 1e9, From: int(m.from), To: int(m.to),
		Kind: m.kind.String(), Term: int(m.term), Granted: m.granted,
	})
}

func (t *Trace) close(e *engine, ended bool) {
	t.Ended = ended
	if e.elected >= 0 {
		t.Elected = float64(e.elected) / 1e9
	}
	if ended {
		t.Heard, t.Terms = float64(e.now)/1e9, int(e.leadTerm)
	}
}
