package trace

import (
	"encoding/binary"
	"iter"
	"time"

	"cloudconcepts/internal/enum"
	"cloudconcepts/internal/law"
)

// MinutesPerDay is how many counts a row of the 2019 files has.
const MinutesPerDay = 1440

// Trigger is what calls a function.
type Trigger uint8

// The triggers of the 2019 data set.
const (
	HTTP Trigger = iota
	Timer
	Event
	Queue
	Storage
	Orchestration
	Others
)

const triggers = int(Others) + 1

func triggerNames() []string {
	return []string{"http", "timer", "event", "queue", "storage", "orchestration", "others"}
}

// String is the trigger's name in the files.
func (t Trigger) String() string { return enum.Name(t, triggerNames()) }

// MarshalText writes the name.
func (t Trigger) MarshalText() ([]byte, error) { return []byte(t.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (t *Trigger) UnmarshalText(text []byte) error {
	return enum.Parse(t, text, "trace: trigger", triggerNames())
}

// Law is a law of random times: text such as "exp:1s", "lognormal:1s,cv=0.5" or "5ms+exp:1ms"; see internal/law for
// all.
type Law = law.Law

// Function is one function and its requests: Counts, or Requests if their times are known.
type Function struct {
	App      int           `json:"app"` // index of its application, from 0; the functions of one follow one another
	Trigger  Trigger       `json:"trigger"`
	Counts   Counts        `json:"counts"`
	Requests []Request     `json:"requests,omitempty"` // in order of Start, in place of Counts
	Work     Law           `json:"work"`               // execution time
	MemoryMB float64       `json:"memory_mb"`          // of an instance
	Init     time.Duration `json:"init_ns"`            // of a cold start
}

// Total is the number of requests.
func (f *Function) Total() int64 { return f.Counts.total + int64(len(f.Requests)) }

// Request is one request of which the time is known.
type Request struct {
	Start    time.Duration `json:"start_ns"` // from the start of the trace, >= 0
	Duration time.Duration `json:"duration_ns"`
}

// Counts are requests per minute, packed: minutes without requests take no room, the others two bytes or a little more.
type Counts struct {
	packed []byte
	total  int64
	next   int // the minute after the last one
}

// Add appends the count of a minute, which has to be after those before it; if it is not, or the count is not positive,
// nothing happens.
func (c *Counts) Add(minute int, n int64) {
	if n <= 0 || minute < c.next {
		return
	}
	c.packed = binary.AppendUvarint(c.packed, uint64(minute-c.next))
	c.packed = binary.AppendUvarint(c.packed, uint64(n))
	c.total += n
	c.next = minute + 1
}

// Total is the sum of all counts.
func (c *Counts) Total() int64 { return c.total }

// All are the minutes that have requests, and how many.
func (c *Counts) All() iter.Seq2[int, int64] {
	return func(yield func(int, int64) bool) {
		w := walk{rest: c.packed}
		for w.step() {
			if !yield(w.minute, w.count) {
				return
			}
		}
	}
}

// walk goes through packed counts.
type walk struct {
	rest   []byte
	minute int
	count  int64
	next   int
}

func (w *walk) step() bool {
	if len(w.rest) == 0 {
		return false
	}
	gap, n := binary.Uvarint(w.rest)
	count, m := binary.Uvarint(w.rest[n:])
	w.rest = w.rest[n+m:]
	w.minute, w.count = w.next+int(gap), int64(count)
	w.next = w.minute + 1
	return true
}
