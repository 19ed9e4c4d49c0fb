package multileader

import (
	"time"

	"cloudconcepts/internal/law"
)

// Law is a law of random times: text such as "exp:1s", "lognormal:1s,cv=2" or "5ms+exp:1ms"; see internal/law for all.
type Law = law.Law

// Exp is exponential with the given mean.
func Exp(mean time.Duration) Law { return law.Exp(mean) }

// Const always takes d.
func Const(d time.Duration) Law { return law.Const(d) }

// ParseLaw reads a law from its text.
func ParseLaw(text string) (Law, error) { return law.Parse(text) }

// Config describes leaders that all take writes, and how they settle what happens at once. Every write is an increment: it reads the key's
// value at its own leader, adds one and stores the sum. It is a plain value: copy it, change a field, simulate again.
type Config struct {
	Leaders   int     `json:"leaders"`         // [2, 8]
	Keys      int     `json:"keys"`            // [1, 2e6/Leaders]
	Zipf      float64 `json:"zipf_exponent"`   // popularity of the i-th key is i^-Zipf, [0, 4]; 0 = uniform
	WriteRate float64 `json:"writes_per_s"`    // at each leader, of all keys, Poisson, (0, 1e9]
	Delay     Law     `json:"delay"`           // one way between two leaders; each pair's log keeps its order
	Policy    Policy  `json:"policy"`          // what becomes of writes that do not know of one another
	Skews     Offsets `json:"clock_offset_ns"` // how far each leader's clock is ahead, [-1 h, 1 h]; those beyond Leaders must be 0

	// Partitions cut a leader off from all others; what is sent then waits until the cut ends. They are in the order in which they
	// begin, at most 1000, and those of one leader do not overlap.
	Partitions []Partition `json:"partitions"`

	Duration  time.Duration `json:"duration_ns"` // writes arrive until then, [1 ns, 1 year]; afterwards all logs are delivered
	MaxWrites int64         `json:"max_writes"`  // no more writes after that many, [1, 1e10]
	Seed      uint64        `json:"seed"`
}

// mostLeaders bounds the vectors, which are arrays.
const mostLeaders = 8

// Offsets are the offsets of the leaders' clocks.
type Offsets [mostLeaders]time.Duration

// Partition is a time in which one leader is cut off from all others.
type Partition struct {
	Leader int           `json:"leader"` // from 0
	At     time.Duration `json:"at_ns"`  // [0, 1 year]
	For    time.Duration `json:"for_ns"` // [1 ns, 1 year]
}

// Default is two leaders 50 ms apart that write a thousand keys at 1000/s each for a minute.
func Default() Config {
	return Config{
		Leaders: 2, Keys: 1000, WriteRate: 1000, Delay: Const(50 * time.Millisecond), Policy: LastWriterWins,
		Duration: time.Minute, MaxWrites: 10_000_000, Seed: 1,
	}
}
