package index

import (
	"time"

	"cloudconcepts/internal/check"
	"cloudconcepts/internal/des"
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

const (
	year        = 365 * 24 * time.Hour
	mostWaiting = 100_000_000
)

// Validate says all that is wrong with c at once; every error wraps ErrInvalidConfig.
func (c Config) Validate() error {
	v := check.Of(ErrInvalidConfig)
	v.Between("WriteRate", c.WriteRate, 1e-9, 1e9, " writes/s")
	if c.ReadRate != 0 {
		v.Between("ReadRate", c.ReadRate, 1e-9, 1e9, " reads/s, or 0")
	}
	check.Count(&v, "Keys", c.Keys, 1, 1_000_000)
	v.Between("Zipf", c.Zipf, 0, 4, "")
	check.Count(&v, "Partitions", c.Partitions, 1, 1000)
	v.Law("Propagation", c.Propagation, 0, year)
	v.Law("Service", c.Service, 1, year)
	check.Count(&v, "MaxBacklog", c.MaxBacklog, 1, min(10_000_000, mostWaiting/min(max(c.Partitions, 1), 1000)))
	if c.Throttle != ThrottleKey && c.Throttle != ThrottleTable {
		v.Add("Throttle = %d, want key or table", int(c.Throttle))
	}
	v.Span("Duration", c.Duration, 1, year)
	check.Count(&v, "MaxWrites", c.MaxWrites, 1, 1e10)
	if reads := c.ReadRate * c.Duration.Seconds(); reads > 1e10 {
		v.Add("ReadRate and Duration make %g reads, want at most 1e10", reads)
	}
	return v.Err()
}
