package index

import "time"

// DynamoDB is a global secondary index of four partitions that each take 1000 writes/s, the limit that AWS documents for a partition,
// under 2000 writes/s of 1000 keys. That the delay is 50 ms and the bound 1000 writes is assumed: AWS says only that an index
// follows within a fraction of a second, and that a table is throttled when its index cannot follow.
func DynamoDB() Config {
	return Config{
		WriteRate: 2000, ReadRate: 1000, Keys: 1000, Partitions: 4,
		Propagation: Const(50 * time.Millisecond), Service: PerSecond(1000), MaxBacklog: 1000,
		Duration: time.Minute, MaxWrites: 100_000_000, Seed: 1,
	}
}
