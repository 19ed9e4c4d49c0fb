package quorum

import "cloudconcepts/internal/enum"

import "cloudconcepts/internal/check"

import "time"

// Store describes a replicated key-value store under load: the event model. Coordinators send each write to the N home
// replicas of its key (all keys have the same ones), and each read to them or to R of them.
type Store struct {
	N          int     `json:"n"`                 // home replicas, [1, 100]
	R          int     `json:"r"`                 // answers that a read waits for, [1, N]
	W          int     `json:"w"`                 // acknowledgements that a write waits for, [1, N]
	Keys       int     `json:"keys"`              // each as likely as the others, [1, 10000]
	WriteRate  float64 `json:"writes_per_second"` // of all keys, Poisson, [0, 1e9]
	ReadRate   float64 `json:"reads_per_second"`  // of all keys, Poisson, [0, 1e9]
	Latency    Model   `json:"latency"`
	ReadFanOut FanOut  `json:"read_fan_out"`

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

// Repair is what a read does about answers that differ.
type Repair int

// The three ways.
const (
	NoRepair Repair = iota
	// AsyncRepair returns, and when all answers are in, sends the newest version to those who had an older one.
	AsyncRepair
	// BlockingRepair returns only when W replicas are known to have the version: the write-back of Attiya, Bar-Noy and
	// Dolev. With R + W > N a later read cannot then return an older one.
	BlockingRepair
)

func repairs() []string { return []string{"none", "async", "blocking"} }

// String is the name, as a flag takes it.
func (r Repair) String() string { return enum.Name(r, repairs()) }

// MarshalText writes the name.
func (r Repair) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (r *Repair) UnmarshalText(text []byte) error {
	return enum.Parse(r, text, "quorum: read repair", repairs())
}

// DefaultStore is a store of N = 3, R = W = 1 on LinkedInDisk with ten keys, 1000 writes and 1000 reads a second, for 100 s,
// without repair or failures.
func DefaultStore() Store {
	return Store{
		N: 3, R: 1, W: 1, Keys: 10, WriteRate: 1000, ReadRate: 1000, Latency: LinkedInDisk(),
		Timeout: 10 * time.Second, Duration: 100 * time.Second, MaxEvents: 1_000_000_000, Seed: 1,
	}
}

const year = 365 * 24 * time.Hour

// Validate says all that is wrong with c at once; every error wraps ErrInvalidConfig.
func (s Store) Validate() error {
	v := checks{check.Of(ErrInvalidConfig)}
	v.quorums(s.N, s.R, s.W)
	check.Count(&v.List, "Keys", s.Keys, 1, 10_000)
	v.Between("WriteRate", s.WriteRate, 0, 1e9, " per s")
	v.Between("ReadRate", s.ReadRate, 0, 1e9, " per s")
	v.model("Latency", s.Latency)
	if s.ReadFanOut != ToAll && s.ReadFanOut != ToQuorum {
		v.Add("ReadFanOut = %d, want all or quorum", s.ReadFanOut)
	}
	if s.ReadRepair < NoRepair || s.ReadRepair > BlockingRepair {
		v.Add("ReadRepair = %d, want none, async or blocking", s.ReadRepair)
	}
	v.Span("HintWindow", s.HintWindow, 0, year)
	check.Count(&v.List, "Spares", s.Spares, 0, 100)
	if s.AntiEntropy != 0 {
		v.Span("AntiEntropy", s.AntiEntropy, time.Millisecond, year)
	}
	v.law("Up", s.Up)
	v.law("Down", s.Down)
	v.outages(s.Outages, s.N+s.Spares)
	v.Span("Timeout", s.Timeout, 1, time.Hour)
	v.Span("Duration", s.Duration, 1, year)
	if s.MaxEvents < 1 || s.MaxEvents > 1e11 {
		v.Add("MaxEvents = %d, want in [1, 1e11]", s.MaxEvents)
	}
	return joined(v)
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
