package multileader

import (
	"fmt"
	"time"

	"cloudconcepts/internal/check"
)

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
