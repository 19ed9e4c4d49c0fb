package store

import (
	"time"

	"cloudconcepts/internal/check"
	"cloudconcepts/internal/law"
	"cloudconcepts/replication/quorum"
)

// Law is a law of random times: text such as "exp:1s", "lognormal:1s,cv=2" or "5ms+exp:1ms"; see internal/law for all.
type Law = law.Law

// Config describes a replicated key-value store under load: the event model. Coordinators send each write to the N home
// replicas of its key (all keys have the same ones), and each read to them or to R of them.
type Config struct {
	N          int           `json:"n"`                 // home replicas, [1, 100]
	R          int           `json:"r"`                 // answers that a read waits for, [1, N]
	W          int           `json:"w"`                 // acknowledgements that a write waits for, [1, N]
	Keys       int           `json:"keys"`              // each as likely as the others, [1, 10000]
	WriteRate  float64       `json:"writes_per_second"` // of all keys, Poisson, [0, 1e9]
	ReadRate   float64       `json:"reads_per_second"`  // of all keys, Poisson, [0, 1e9]
	Latency    quorum.Model  `json:"latency"`
	ReadFanOut quorum.FanOut `json:"read_fan_out"`

	ReadRepair Repair `json:"read_repair"`
	// HintWindow is how long after a replica went down writes that it misses are still noted for it; they are replayed
	// when it is back (Cassandra's max_hint_window, 3 h by default). [0, 1 year], 0 = no hinted handoff.
	HintWindow time.Duration `json:"hint_window_ns"`
	// Spares are further replicas that stand in for home replicas that are down, for reads and writes, and count: sloppy
	// quorums, as in Dynamo. [0, 100], 0 = strict quorums.
	Spares      int           `json:"spares"`
	AntiEntropy time.Duration `json:"anti_entropy_ns"` // period in which each replica levels its keys with a random other one, [1 ms, 1 year]; 0 = never

	Up      Law      `json:"up"`      // how long a replica runs until it crashes; const:0s = it never does
	Down    Law      `json:"down"`    // how long it is then down
	Wipe    bool     `json:"wipe"`    // a crash takes its data with it
	Outages []Outage `json:"outages"` // further times when replicas are down, in the order in which they begin

	Timeout   time.Duration `json:"timeout_ns"`  // a write or read that is not done by then has failed, [1 ns, 1 h]; a failed write is not undone
	Duration  time.Duration `json:"duration_ns"` // writes and reads begin until then, [1 ns, 1 year]; what is under way then is finished
	MaxEvents int64         `json:"max_events"`  // the run ends here in any case, [1, 1e11]
	Seed      uint64        `json:"seed"`
}

// Outage is a time when a replica is down.
type Outage struct {
	Replica int           `json:"replica"` // home replicas from 0, then the spares
	At      time.Duration `json:"at_ns"`   // [0, 1 year]
	For     time.Duration `json:"for_ns"`  // [1 ns, 1 year]
}

// Default is a store of N = 3, R = W = 1 on LinkedInDisk with ten keys, 1000 writes and 1000 reads a second, for 100 s,
// without repair or failures.
func Default() Config {
	return Config{
		N: 3, R: 1, W: 1, Keys: 10, WriteRate: 1000, ReadRate: 1000, Latency: quorum.LinkedInDisk(),
		Timeout: 10 * time.Second, Duration: 100 * time.Second, MaxEvents: 1_000_000_000, Seed: 1,
	}
}

const (
	year         = 365 * 24 * time.Hour
	mostReplicas = 100
)

// checks collects what is wrong.
type checks struct{ check.List }

// Validate says all that is wrong with c at once; every error wraps ErrInvalidConfig.
func (c Config) Validate() error {
	v := checks{check.Of(ErrInvalidConfig)}
	check.Count(&v.List, "N", c.N, 1, mostReplicas)
	check.Count(&v.List, "R", c.R, 1, min(max(c.N, 1), mostReplicas))
	check.Count(&v.List, "W", c.W, 1, min(max(c.N, 1), mostReplicas))
	check.Count(&v.List, "Keys", c.Keys, 1, 10_000)
	v.Between("WriteRate", c.WriteRate, 0, 1e9, " per s")
	v.Between("ReadRate", c.ReadRate, 0, 1e9, " per s")
	if err := c.Latency.Validate(); err != nil {
		v.Add("Latency: %w", err)
	}
	if c.ReadFanOut != quorum.ToAll && c.ReadFanOut != quorum.ToQuorum {
		v.Add("ReadFanOut = %d, want all or quorum", c.ReadFanOut)
	}
	if c.ReadRepair < NoRepair || c.ReadRepair > BlockingRepair {
		v.Add("ReadRepair = %d, want none, async or blocking", c.ReadRepair)
	}
	v.Span("HintWindow", c.HintWindow, 0, year)
	check.Count(&v.List, "Spares", c.Spares, 0, 100)
	if c.AntiEntropy != 0 {
		v.Span("AntiEntropy", c.AntiEntropy, time.Millisecond, year)
	}
	v.law("Up", c.Up)
	v.law("Down", c.Down)
	v.outages(c.Outages, c.N+c.Spares)
	v.Span("Timeout", c.Timeout, 1, time.Hour)
	v.Span("Duration", c.Duration, 1, year)
	if c.MaxEvents < 1 || c.MaxEvents > 1e11 {
		v.Add("MaxEvents = %d, want in [1, 1e11]", c.MaxEvents)
	}
	return v.Err()
}

func (v *checks) law(name string, l Law) {
	if err := l.Validate(); err != nil {
		v.Add("%s = %v: %w", name, l, err)
	}
}

// outages wants them to begin in order, and none to begin at a replica before its last one is over.
func (v *checks) outages(list []Outage, replicas int) {
	var last time.Duration
	over := map[int]time.Duration{}
	for i, o := range list {
		if o.Replica < 0 || o.Replica >= replicas {
			v.Add("Outages[%d].Replica = %d, want in [0, %d]", i, o.Replica, replicas-1)
		}
		if o.At < 0 || o.At > year {
			v.Add("Outages[%d].At = %v, want in [0s, %v]", i, o.At, year)
		}
		if o.For < 1 || o.For > year {
			v.Add("Outages[%d].For = %v, want in [1ns, %v]", i, o.For, year)
		}
		if o.At < last {
			v.Add("Outages[%d].At = %v, want at least %v: outages in the order in which they begin", i, o.At, last)
		}
		if end := over[o.Replica]; o.At < end {
			v.Add("Outages[%d].At = %v, want at least %v: replica %d is down until then", i, o.At, end, o.Replica)
		}
		last = max(last, o.At)
		over[o.Replica] = max(over[o.Replica], min(o.At, year)+min(o.For, year))
	}
}
