package coldstart

import (
	"time"

	"cloudconcepts/internal/enum"
)

// Cause is why a request found no environment.
type Cause uint8

// The causes.
const (
	NotCold     Cause = iota
	First             // there never was one
	IdleExpired       // there is none any more
	Concurrency       // all that there are work; there once were more
	ScaleUp           // all that there are work, and there never were more
)

func causeNames() []string {
	return []string{"not-cold", "first", "idle-expired", "concurrency", "scale-up"}
}

// String is the name.
func (c Cause) String() string { return enum.Name(c, causeNames()) }

// MarshalText writes the name.
func (c Cause) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (c *Cause) UnmarshalText(text []byte) error {
	return enum.Parse(c, text, "coldstart: cause", causeNames())
}

// State is what an environment does in a Span, or what became of the request of a Record.
type State uint8

// The states.
const (
	Init    State = iota // of an environment: it starts
	Busy                 // it works on a request
	Idle                 // it waits for one
	Expired              // it was removed at that moment
	Pending              // of a request: not served by the end of the run, or not yet
	Served
	Failed  // function error or timeout, and nobody tried again
	Dropped // throttled, and nobody tried again
	Dead    // in the dead-letter queue
)

func stateNames() []string {
	return []string{"init", "busy", "idle", "expired", "pending", "served", "failed", "dropped", "dead"}
}

// String is the name.
func (s State) String() string { return enum.Name(s, stateNames()) }

// MarshalText writes the name.
func (s State) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (s *State) UnmarshalText(text []byte) error {
	return enum.Parse(s, text, "coldstart: state", stateNames())
}

// Record is one of the first requests. Times are since the start of the run.
type Record struct {
	Arrival  time.Duration `json:"arrival_ns"`
	Start    time.Duration `json:"start_ns"`   // of its last invocation
	Handler  time.Duration `json:"handler_ns"` // of its handler: later than Start after a cold start in phases
	End      time.Duration `json:"end_ns"`
	Instance int64         `json:"instance"` // environments are numbered from 1 as they are created; 0 = none
	Cause    Cause         `json:"cause"`
	Attempts int           `json:"invocations"`
	State    State         `json:"state"`
}

// Span is what an environment did for a while, for a Gantt chart.
type Span struct {
	Instance int64         `json:"instance"`
	State    State         `json:"state"`
	From     time.Duration `json:"from_ns"`
	To       time.Duration `json:"to_ns"`
}

// log keeps the first requests, and spans until about the last of them.
type log struct {
	most    int
	records []Record
	spans   []Span
}

func newLog(most int) log { return log{most: most} }

// request opens a row; -1 if there are enough.
func (l *log) request(t int64) int32 {
	if len(l.records) >= l.most {
		return -1
	}
	l.records = append(l.records, Record{Arrival: time.Duration(t), State: Pending})
	return int32(len(l.records) - 1)
}

func (l *log) span(instance int64, s State, from, to int64) {
	if len(l.spans) >= 6*l.most || to < from || to == from && s != Expired {
		return
	}
	l.spans = append(l.spans, Span{instance, s, time.Duration(from), time.Duration(to)})
}

func (l *log) cold(record int32, why Cause) {
	if record >= 0 {
		l.records[record].Cause = why
	}
}

func (l *log) begin(record int32, instance, t int64, w work, good bool) {
	if record < 0 {
		return
	}
	r := &l.records[record]
	r.Instance, r.Start, r.Handler, r.End = instance, time.Duration(t), time.Duration(t+w.before), time.Duration(t+w.response)
	r.Attempts++
	r.State = Failed
	if good {
		r.State = Served
	}
}

func (l *log) end(record int32, s State) {
	if record >= 0 {
		l.records[record].State = s
	}
}

// row is the state at a sample.
func (e *engine) row(t int64) {
	c := &e.clock
	row := e.window
	row.At = time.Duration(t).Seconds()
	row.Demanded, row.Busy, row.Idle = e.demanded, c.busy+c.providedIn, c.live-c.busy
	row.Provisioned, row.Tokens, row.Waiting = c.provided, e.limits.tokens(t, c.busy), e.pending
	e.rows = append(e.rows, row)
	e.window = Row{}
}
