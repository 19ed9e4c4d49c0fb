package commitlog

import (
	"fmt"
	"strings"
	"time"

	"cloudconcepts/internal/check"
)

const (
	year       = 365 * 24 * time.Hour
	tib        = int64(1) << 40
	mostEvents = 1e10 // of a run: fetches that return nothing, samples, crashes
)

// Validate says all that is wrong with c at once; every error wraps ErrInvalidConfig.
func (c Config) Validate() error {
	v := checks{check.Of(ErrInvalidConfig)}
	check.Count(&v.List, "Partitions", c.Partitions, 1, 100_000)
	check.Count(&v.List, "Brokers", c.Brokers, 1, 1000)
	v.Span("Retention", c.Retention, time.Millisecond, 10*year)
	v.Span("Duration", c.Duration, 1, 10*year)
	v.Span("Warmup", c.Warmup, 0, max(c.Duration-1, 0))
	v.whole("MaxRecords", c.MaxRecords, 1, 1e10, "")
	v.Span("Sample", c.Sample, 0, 10*year)
	v.producer(c.Producer)
	v.fetch(c.Fetch)
	v.consumer(c.Consumer)
	v.group(c.Group)
	if v.OK() {
		v.quotients(c)
	}
	return v.Err()
}

// checks collects what is wrong.
type checks struct{ check.List }

func (v *checks) whole(name string, x, low, high int64, unit string) {
	if x < low || x > high {
		v.Add("%s = %d, want in [%d, %d]%s", name, x, low, high, unit)
	}
}

func (v *checks) law(name string, l Law) {
	if err := l.Validate(); err != nil {
		v.Add("%s = %v: %w", name, l, err)
	}
}

func (v *checks) named(name string, i int, names []string) {
	if i < 0 || i >= len(names) {
		v.Add("%s = %d, want one of %s", name, i, strings.Join(names, ", "))
	}
}

func (v *checks) producer(p Producer) {
	v.Between("Producer.Rate", p.Rate, 0, 1e9, " records/s")
	v.named("Producer.Arrivals", int(p.Arrivals), arrivalNames())
	v.whole("Producer.RecordBytes", p.RecordBytes, 1, 1<<30, " bytes")
	check.Count(&v.List, "Producer.Keys", p.Keys, 0, 1_000_000)
	v.Between("Producer.Zipf", p.Zipf, 0, 4, " (the skew of the keys)")
	v.named("Producer.Partitioner", int(p.Partitioner), partitionerNames())
	before := time.Duration(-1)
	for i, s := range p.Steps {
		v.Span(fmt.Sprintf("Producer.Steps[%d].At", i), s.At, 0, 10*year)
		v.Between(fmt.Sprintf("Producer.Steps[%d].Rate", i), s.Rate, 0, 1e9, " records/s")
		if s.At <= before {
			v.Add("Producer.Steps[%d].At = %v, want later than %v", i, s.At, before)
		}
		before = s.At
	}
}

func (v *checks) fetch(f Fetch) {
	v.whole("Fetch.MinBytes", f.MinBytes, 1, tib, " bytes")
	v.Span("Fetch.MaxWait", f.MaxWait, time.Millisecond, time.Hour)
	v.whole("Fetch.MaxBytes", f.MaxBytes, 1, tib, " bytes")
	v.whole("Fetch.MaxPartitionBytes", f.MaxPartitionBytes, 1, tib, " bytes")
	v.law("Fetch.RoundTrip", f.RoundTrip)
	v.Between("Fetch.Bandwidth", f.Bandwidth, 1, 1e15, " bytes/s")
	v.Span("Fetch.DeliveryOverhead", f.DeliveryOverhead, 0, time.Minute)
}

func (v *checks) consumer(c Consumer) {
	check.Count(&v.List, "Consumer.MaxPollRecords", c.MaxPollRecords, 1, 10_000_000)
	v.law("Consumer.Service", c.Service)
	v.Span("Consumer.PollOverhead", c.PollOverhead, 0, time.Hour)
	check.Count(&v.List, "Consumer.Workers", c.Workers, 1, 1000)
	v.named("Consumer.Order", int(c.Order), orderNames())
	check.Count(&v.List, "Consumer.MaxUncommitted", c.MaxUncommitted, 1, 1_000_000_000)
	v.named("Consumer.Commit", int(c.Commit), commitNames())
	v.Span("Consumer.CommitInterval", c.CommitInterval, time.Millisecond, time.Hour)
	v.Span("Consumer.CommitTime", c.CommitTime, 0, time.Minute)
}

func (v *checks) group(g Group) {
	check.Count(&v.List, "Group.Consumers", g.Consumers, 1, 10_000)
	v.named("Group.Assignor", int(g.Assignor), assignorNames())
	v.Span("Group.MaxPollInterval", g.MaxPollInterval, time.Millisecond, 10*year)
	v.Span("Group.SessionTimeout", g.SessionTimeout, time.Millisecond, time.Hour)
	v.Span("Group.HeartbeatInterval", g.HeartbeatInterval, time.Millisecond, max(g.SessionTimeout, time.Millisecond))
	v.Span("Group.RebalanceTime", g.RebalanceTime, 0, time.Hour)
	v.Between("Group.CrashRate", g.CrashRate, 0, 1000, "/s")
	v.Span("Group.RestartTime", g.RestartTime, 0, 10*year)
	if len(g.Changes) > 10_000 {
		v.Add("Group.Changes has %d entries, want at most 10000", len(g.Changes))
		return
	}
	members, before := g.Consumers, time.Duration(0)
	for i, c := range g.Changes {
		name := fmt.Sprintf("Group.Changes[%d]", i)
		v.Span(name+".At", c.At, before, 10*year)
		v.named(name+".Kind", int(c.Kind), changeNames())
		before = max(c.At, before)
		if c.Kind == Join {
			members++
		} else {
			check.Count(&v.List, name+".Consumer", c.Consumer, 0, max(members-1, 0))
		}
	}
}

// quotients bounds what a run can cost beyond its records.
func (v *checks) quotients(c Config) {
	if n := (c.Group.Consumers + len(c.Group.Changes)) * c.Brokers; n > 1_000_000 {
		v.Add("Group.Consumers times Brokers = %d, want at most 1000000", n)
	}
	connections := float64(min((c.Group.Consumers+len(c.Group.Changes))*c.Brokers, c.Partitions))
	v.most("Duration over Fetch.MaxWait, times connections", connections*float64(c.Duration)/float64(c.Fetch.MaxWait))
	v.most("Duration times Group.CrashRate times Group.Consumers", c.Duration.Seconds()*c.Group.CrashRate*float64(c.Group.Consumers))
	if c.Sample > 0 {
		rows := 1.0
		if c.Trace {
			rows = float64(c.Partitions)
		}
		v.Between("Duration over Sample (times Partitions with Trace)", rows*float64(c.Duration)/float64(c.Sample), 0, 1e7, " rows")
	}
}

func (v *checks) most(name string, x float64) {
	if !(x <= mostEvents) {
		v.Add("%s = %.3g events, want at most %g", name, x, float64(mostEvents))
	}
}
