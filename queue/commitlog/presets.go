package commitlog

import "time"

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
