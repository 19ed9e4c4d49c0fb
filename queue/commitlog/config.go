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

// Group is the consumer group. It rebalances when members join, leave, are found
// dead (SessionTimeout after the last heartbeat) or do not poll within
// MaxPollInterval: eager assignors take all partitions from everybody from the
// member's poll to the new assignment, CooperativeSticky only moves some. A
// rebalance waits for the poll of every member. Who was evicted processes what
// it has, in vain: these records come again elsewhere.
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
