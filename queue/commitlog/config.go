package commitlog

import (
	"time"

	"cloudconcepts/internal/law"
)

// Law is a law of random times: text such as "exp:1s", "lognormal:1s,cv=2" or "5ms+exp:1ms"; see internal/law for all.
type Law = law.Law

// Exp is exponential.
func Exp(mean time.Duration) Law { return law.Exp(mean) }

// Const always takes d.
func Const(d time.Duration) Law { return law.Const(d) }

// Config is one topic, the producer that fills it and the group that reads it.
// It is a plain value: copy it, change a field, simulate again. Start from
// [Kafka].
type Config struct {
	Producer Producer `json:"producer"`
	Fetch    Fetch    `json:"fetch"`
	Consumer Consumer `json:"consumer"`
	Group    Group    `json:"group"`

	Partitions int           `json:"partitions"`   // [1, 100000]
	Brokers    int           `json:"brokers"`      // [1, 1000]; partition p is led by broker p mod Brokers
	Retention  time.Duration `json:"retention_ns"` // records older than this are gone, read or not; [1 ms, 10 years]

	Duration   time.Duration `json:"duration_ns"` // simulated time, (0, 10 years]
	Warmup     time.Duration `json:"warmup_ns"`   // cut from means, quantiles and maxima (not from the counts of records); [0, Duration)
	MaxRecords int64         `json:"records"`     // the producer stops after this many, [1, 1e10]
	Sample     time.Duration `json:"sample_ns"`   // interval of Result.Series, 0 for none
	Trace      bool          `json:"trace"`       // also Result.PartitionLag, the lag of every partition at every sample
	Seed       uint64        `json:"seed"`
}

// Producer is what is written.
type Producer struct {
	Rate        float64     `json:"rate_per_s"`   // records/s, [0, 1e9]
	Arrivals    Arrivals    `json:"arrivals"`     // how they are spaced
	Steps       []Step      `json:"steps"`        // changes of the rate, times strictly rising, or nil
	RecordBytes int64       `json:"record_bytes"` // of every record, [1, 1 GiB]
	Keys        int         `json:"keys"`         // distinct keys, [0, 1e6]; 0 for records without keys
	Zipf        float64     `json:"skew"`         // the i-th key is chosen in proportion to 1/i^Zipf, [0, 4]; 0 is uniform
	Partitioner Partitioner `json:"partitioner"`  // of records
}

// Step changes the rate at a time.
type Step struct {
	At   time.Duration `json:"at_ns"`
	Rate float64       `json:"rate_per_s"` // records/s, [0, 1e9]
}

// Arrivals is how the producer spaces its records.
type Arrivals int

// The two spacings; both follow Steps.
const (
	Poisson Arrivals = iota // at random
	Regular                 // evenly
)

// Partitioner chooses the partition of a record.
type Partitioner int

// The partitioners.
const (
	ByKey      Partitioner = iota // murmur2 of the key, as Kafka's producer does; without keys like RoundRobin
	RoundRobin                    // one after the other
	AtRandom                      // each equally likely
)

// Fetch is the consumer's side of reading from a broker; names and defaults
// are those of Kafka's ConsumerConfig.
type Fetch struct {
	MinBytes          int64         `json:"min_bytes"`             // fetch.min.bytes: a fetch is parked until this much is there, [1, 1 TiB]
	MaxWait           time.Duration `json:"max_wait_ns"`           // fetch.max.wait.ms: ... or it has been parked this long, [1 ms, 1 h]
	MaxBytes          int64         `json:"max_bytes"`             // fetch.max.bytes of one response, [1, 1 TiB]; soft: the first record always goes
	MaxPartitionBytes int64         `json:"max_partition_bytes"`   // max.partition.fetch.bytes of one response, likewise
	RoundTrip         Law           `json:"round_trip"`            // of a fetch, without transfer; half of it each way
	Bandwidth         float64       `json:"bandwidth_bytes_per_s"` // of one connection for responses, [1, 1e15]
	NoPrefetch        bool          `json:"no_prefetch"`           // fetch only when the buffer is empty and the application asks
	DeliveryOverhead  time.Duration `json:"delivery_overhead_ns"`  // broker time between a fetch that can be answered and the answer, [0, 1 min]; what arrives meanwhile goes along
}

// Consumer is what a member of the group does with records.
type Consumer struct {
	MaxPollRecords int           `json:"max_poll_records"` // max.poll.records handed out by one poll, [1, 1e7]
	Service        Law           `json:"service"`          // time for one record
	PollOverhead   time.Duration `json:"poll_overhead_ns"` // time for one poll that returns records, [0, 1 h]
	Workers        int           `json:"workers"`          // records processed at once by one consumer, [1, 1000]
	Order          Order         `json:"order"`            // which worker takes which record
	MaxUncommitted int           `json:"max_uncommitted"`  // with several workers: no further poll while this many records wait for a commit, [1, 1e9]

	Commit         Commit        `json:"commit"`             // when offsets are committed
	CommitInterval time.Duration `json:"commit_interval_ns"` // auto.commit.interval.ms of AutoCommit, [1 ms, 1 h]
	CommitTime     time.Duration `json:"commit_time_ns"`     // what a commit (all but AutoCommit) costs the polling thread, [0, 1 min]
}

// Order is how several workers of one consumer share its records.
type Order int

// The two orders.
const (
	KeyOrder  Order = iota // records of one key always go to the same worker, so stay in order
	Unordered              // the next free worker takes the next record
)

// Commit is when offsets are committed, hence what a crash costs.
type Commit int

// The four modes.
const (
	AutoCommit    Commit = iota // positions of earlier polls, at a poll, every CommitInterval
	CommitAfter                 // after processing: at least once
	CommitBefore                // before processing: at most once
	Transactional               // with the results, in one transaction: effects exactly once
)

// Group is the consumer group.
type Group struct {
	Consumers         int           `json:"consumers"`             // at the start, [1, 10000]
	Assignor          Assignor      `json:"assignor"`              // who reads which partition
	MaxPollInterval   time.Duration `json:"max_poll_interval_ns"`  // max.poll.interval.ms: a member that does not poll for longer is out, [1 ms, 10 years]
	HeartbeatInterval time.Duration `json:"heartbeat_interval_ns"` // heartbeat.interval.ms, [1 ms, SessionTimeout]
	SessionTimeout    time.Duration `json:"session_timeout_ns"`    // session.timeout.ms: a member is dead this long after its last heartbeat, [1 ms, 1 h]
	RebalanceTime     time.Duration `json:"rebalance_time_ns"`     // from the moment all members take part to the new assignment, [0, 1 h]
	CrashRate         float64       `json:"crash_rate_per_s"`      // crashes of each running consumer, [0, 1000]/s
	RestartTime       time.Duration `json:"restart_time_ns"`       // from a crash until the consumer is back, [0, 10 years]
	Changes           []Change      `json:"changes"`               // planned crashes, joins and leaves, or nil
}

// Change happens to the group at a time.
type Change struct {
	At       time.Duration `json:"at_ns"`
	Kind     ChangeKind    `json:"kind"`
	Consumer int           `json:"consumer"` // who crashes or leaves, from 0; those that join are numbered on
}

// ChangeKind is what happens to the group.
type ChangeKind int

// The kinds of changes.
const (
	Crash ChangeKind = iota // no farewell; found by the session timeout
	Join                    // a further consumer
	Leave                   // a farewell at its next poll, after a commit
)

// Assignor shares the partitions out.
type Assignor int

// The assignors. With the first two a rebalance stops everybody (eager); with
// the third only partitions that move stand still.
const (
	RangeAssignor Assignor = iota
	RoundRobinAssignor
	CooperativeSticky
)

// Kafka is one consumer of one partition with the defaults of the Java client
// (apache/kafka, ConsumerConfig.java): fetch.min.bytes 1, fetch.max.wait.ms
// 500, fetch.max.bytes 50 MiB, max.partition.fetch.bytes 1 MiB,
// max.poll.records 500, max.poll.interval.ms 300,000, heartbeats every 3 s,
// session.timeout.ms 45,000, auto commit every 5 s, range assignor. Load (100
// records/s of 1,000 bytes for a minute), a connection of 10 Gbit/s, a second
// for a rebalance and ten for a restart are this package's choice.
func Kafka() Config {
	return Config{
		Producer: Producer{Rate: 100, RecordBytes: 1000},
		Fetch: Fetch{
			MinBytes: 1, MaxWait: 500 * time.Millisecond, MaxBytes: 50 << 20, MaxPartitionBytes: 1 << 20,
			Bandwidth: 1.25e9,
		},
		Consumer: Consumer{
			MaxPollRecords: 500, Workers: 1, MaxUncommitted: 1000,
			Commit: AutoCommit, CommitInterval: 5 * time.Second,
		},
		Group: Group{
			Consumers: 1, Assignor: RangeAssignor, MaxPollInterval: 5 * time.Minute,
			HeartbeatInterval: 3 * time.Second, SessionTimeout: 45 * time.Second,
			RebalanceTime: time.Second, RestartTime: 10 * time.Second,
		},
		Partitions: 1, Brokers: 1, Retention: 7 * 24 * time.Hour,
		Duration: time.Minute, MaxRecords: 1e9,
	}
}
