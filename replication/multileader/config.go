package multileader

import (
	"fmt"
	"time"

	"cloudconcepts/internal/check"
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

const (
	year           = 365 * 24 * time.Hour
	mostCells      = 2_000_000
	mostPartitions = 1000
	mostUnderWay   = 20_000_000
)

// Validate says all that is wrong with c at once; every error wraps ErrInvalidConfig.
func (c Config) Validate() error {
	v := checks{check.Of(ErrInvalidConfig)}
	check.Count(&v.List, "Leaders", c.Leaders, 2, mostLeaders)
	check.Count(&v.List, "Keys", c.Keys, 1, mostCells/min(max(c.Leaders, 2), mostLeaders))
	v.Between("Zipf", c.Zipf, 0, 4, "")
	v.Between("WriteRate", c.WriteRate, 1e-9, 1e9, " writes/s")
	v.Law("Delay", c.Delay, 0, year)
	if c.Policy < 0 || c.Policy > Counter {
		v.Add("Policy = %d, want last-writer-wins, hybrid-clock, version-vectors or counter", int(c.Policy))
	}
	for i, skew := range c.Skews {
		if i < c.Leaders {
			v.Span(fmt.Sprintf("Skews[%d]", i), skew, -time.Hour, time.Hour)
		} else if skew != 0 {
			v.Add("Skews[%d] = %v, want 0: there is no such leader", i, skew)
		}
	}
	v.partitions(c)
	v.Span("Duration", c.Duration, 1, year)
	check.Count(&v.List, "MaxWrites", c.MaxWrites, 1, 1e10)
	if v.OK() {
		v.underWay(c)
	}
	return v.Err()
}

// checks collects what is wrong.
type checks struct{ check.List }

// underWay bounds the memory for what has not been delivered yet.
func (v *checks) underWay(c Config) {
	longest := c.Delay.Mean()
	for _, p := range c.Partitions {
		longest += p.For.Seconds()
	}
	writes := min(c.WriteRate*float64(c.Leaders)*min(longest, c.Duration.Seconds()), float64(c.MaxWrites))
	if writes > mostUnderWay {
		v.Add("WriteRate, Delay and Partitions leave %.3g writes under way at once, want at most %d", writes, mostUnderWay)
	}
}

func (v *checks) partitions(c Config) {
	if len(c.Partitions) > mostPartitions {
		v.Add("len(Partitions) = %d, want in [0, %d]", len(c.Partitions), mostPartitions)
		return
	}
	var ends [mostLeaders]time.Duration
	last := time.Duration(0)
	for i, p := range c.Partitions {
		name := fmt.Sprintf("Partitions[%d]", i)
		check.Count(&v.List, name+".Leader", p.Leader, 0, max(c.Leaders-1, 0))
		v.Span(name+".At", p.At, 0, year)
		v.Span(name+".For", p.For, 1, year)
		if p.At < last {
			v.Add("%s.At = %v, want at least %v, where the one before it begins", name, p.At, last)
		}
		last = max(last, p.At)
		if p.Leader >= 0 && p.Leader < mostLeaders {
			if p.At < ends[p.Leader] {
				v.Add("%s.At = %v, want at least %v, where the leader's partition before it ends", name, p.At, ends[p.Leader])
			}
			ends[p.Leader] = max(ends[p.Leader], min(p.At, year)+min(p.For, year))
		}
	}
}
