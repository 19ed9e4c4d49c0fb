package index

import (
	"time"

	"cloudconcepts/internal/des"
	"cloudconcepts/internal/enum"
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

// PerSecond is the law of a partition that always takes 1/rate for a write: its capacity in writes/s.
func PerSecond(rate float64) Law { return law.Const(time.Duration(des.Nanoseconds(1 / rate))) }

// Config describes a table, an index of it that follows later, and their load. It is a plain value: copy it, change a field, simulate again.
type Config struct {
	WriteRate  float64 `json:"writes_per_s"`  // offered to the table, Poisson, [1e-9, 1e9]; each changes one item of the index
	ReadRate   float64 `json:"reads_per_s"`   // of the index, Poisson, by the keys' popularity, [0, 1e9]
	Keys       int     `json:"index_keys"`    // values of the indexed attribute, [1, 1e6]
	Zipf       float64 `json:"zipf_exponent"` // popularity of the i-th is i^-Zipf, [0, 4]; 0 = uniform
	Partitions int     `json:"partitions"`    // of the index; each key lies in one, by its hash, [1, 1000]

	Propagation Law `json:"propagation"` // from the table's acknowledgement to the index partition, which takes writes in their order
	Service     Law `json:"service"`     // that a partition needs for a write; its capacity is 1/mean

	// BacklogMax is how many writes a partition may have accepted and not applied, [1, 1e7], at most 1e8 for all; beyond it the table is
	// throttled.
	MaxBacklog int      `json:"max_backlog"`
	Throttle   Throttle `json:"throttle"`

	Duration  time.Duration `json:"duration_ns"` // writes and reads arrive until then, [1 ns, 1 year]
	MaxWrites int64         `json:"max_writes"`  // the run ends after that many offered writes, [1, 1e10]
	Seed      uint64        `json:"seed"`
}

// Throttle is which writes the table refuses while a partition of the index has too many waiting.
type Throttle int

// The two ways.
const (
	ThrottleKey   Throttle = iota // those that would go to that partition
	ThrottleTable                 // all
)

func throttles() []string { return []string{"key", "table"} }

// String is the name, as a flag takes it.
func (t Throttle) String() string { return enum.Name(t, throttles()) }

// MarshalText writes the name.
func (t Throttle) MarshalText() ([]byte, error) { return []byte(t.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (t *Throttle) UnmarshalText(text []byte) error {
	return enum.Parse(t, text, "index: throttle", throttles())
}

// DynamoDB is a global secondary index of four partitions that each take 1000 writes/s, the limit that AWS documents for a partition,
// under 2000 writes/s of 1000 keys. That the delay is 50 ms and the bound 1000 writes is assumed: AWS says only that an index
// follows within a fraction of a second, and that a table is throttled when its index cannot follow.
func DynamoDB() Config {
	return Config{
		WriteRate: 2000, ReadRate: 1000, Keys: 1000, Partitions: 4,
		Propagation: Const(50 * time.Millisecond), Service: PerSecond(1000), MaxBacklog: 1000,
		Duration: time.Minute, MaxWrites: 100_000_000, Seed: 1,
	}
}
