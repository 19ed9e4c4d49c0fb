package multileader

import (
	"errors"
	"fmt"
	"time"
)

// ErrInvalidConfig is wrapped by every error of Validate.
var ErrInvalidConfig = errors.New("multileader: invalid config")

const (
	year           = 365 * 24 * time.Hour
	mostCells      = 2_000_000
	mostPartitions = 1000
	mostUnderWay   = 20_000_000
)

// Validate reports every field that is out of range, all in one error that wraps ErrInvalidConfig. It changes nothing.
func (c Config) Validate() error {
	var v checks
	v.count("Leaders", int64(c.Leaders), 2, mostLeaders)
	v.count("Keys", int64(c.Keys), 1, int64(mostCells/min(max(c.Leaders, 2), mostLeaders)))
	if !(c.Zipf >= 0 && c.Zipf <= 4) {
		v.add("Zipf = %g, want in [0, 4]", c.Zipf)
	}
	if !(c.WriteRate >= 1e-9 && c.WriteRate <= 1e9) {
		v.add("WriteRate = %g, want in [1e-9, 1e9] writes/s", c.WriteRate)
	}
	if err := c.Delay.Validate(); err != nil {
		v.add("Delay = %v: %w", c.Delay, err)
	} else if c.Delay.Mean() > year.Seconds() {
		v.add("Delay has mean %g, want in [0, %g] s", c.Delay.Mean(), year.Seconds())
	}
	if c.Policy < 0 || c.Policy > Counter {
		v.add("Policy = %d, want last-writer-wins, hybrid-clock, version-vectors or counter", int(c.Policy))
	}
	for i, skew := range c.Skews {
		if i < c.Leaders {
			v.span(fmt.Sprintf("Skews[%d]", i), skew, -time.Hour, time.Hour)
		} else if skew != 0 {
			v.add("Skews[%d] = %v, want 0: there is no such leader", i, skew)
		}
	}
	v.partitions(c)
	v.span("Duration", c.Duration, 1, year)
	v.count("MaxWrites", c.MaxWrites, 1, 1e10)
	if len(v) == 0 {
		v.underWay(c)
	}
	return errors.Join(v...)
}

// underWay bounds the memory for what has not been delivered yet.
func (v *checks) underWay(c Config) {
	longest := c.Delay.Mean()
	for _, p := range c.Partitions {
		longest += (p.Until - p.From).Seconds()
	}
	writes := min(c.WriteRate*float64(c.Leaders)*min(longest, c.Duration.Seconds()), float64(c.MaxWrites))
	if writes > mostUnderWay {
		v.add("WriteRate, Delay and Partitions leave %.3g writes under way at once, want at most %d", writes, mostUnderWay)
	}
}

func (v *checks) partitions(c Config) {
	if len(c.Partitions) > mostPartitions {
		v.add("len(Partitions) = %d, want in [0, %d]", len(c.Partitions), mostPartitions)
		return
	}
	var ends [mostLeaders]time.Duration
	last := time.Duration(0)
	for i, p := range c.Partitions {
		name := fmt.Sprintf("Partitions[%d]", i)
		v.count(name+".Leader", int64(p.Leader), 0, int64(max(c.Leaders-1, 0)))
		v.span(name+".From", p.From, 0, year)
		v.span(name+".Until", p.Until, min(max(p.From, 0), year-1)+1, year)
		if p.From < last {
			v.add("%s.From = %v, want at least %v, where the one before it begins", name, p.From, last)
		}
		last = max(last, p.From)
		if p.Leader >= 0 && p.Leader < mostLeaders {
			if p.From < ends[p.Leader] {
				v.add("%s.From = %v, want at least %v, where the leader's partition before it ends", name, p.From, ends[p.Leader])
			}
			ends[p.Leader] = max(ends[p.Leader], p.Until)
		}
	}
}

// checks collects what is wrong.
type checks []error

func (v *checks) add(format string, args ...any) {
	*v = append(*v, fmt.Errorf("%w: "+format, append([]any{ErrInvalidConfig}, args...)...))
}

func (v *checks) count(name string, x, low, high int64) {
	if x < low || x > high {
		v.add("%s = %d, want in [%d, %d]", name, x, low, high)
	}
}

func (v *checks) span(name string, x, low, high time.Duration) {
	if x < low || x > high {
		v.add("%s = %v, want in [%v, %v]", name, x, low, high)
	}
}
