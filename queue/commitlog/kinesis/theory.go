package kinesis

import (
	"crypto/md5"
	"encoding/binary"
	"math"
	"strconv"
	"time"
)

// ShardOf is the shard of the key "key-i" out of n equal ranges of the MD5 hash.
func ShardOf(i, n int) int {
	if n < 1 {
		return 0
	}
	sum := md5.Sum(strconv.AppendInt([]byte("key-"), int64(i), 10))
	share := float64(binary.BigEndian.Uint64(sum[:])>>11) / (1 << 53)
	return int(share * float64(n))
}

// interval is the time between two calls of a consumer on a shard.
func (c Config) interval() time.Duration {
	return max(c.Poll, time.Duration(c.Consumers)*time.Second/ReadCalls)
}

// PollingDelay is the mean time from append to the call that returns a record
// while calls keep up, in seconds: half the interval max(Poll, k/5 s).
func PollingDelay(consumers int, poll time.Duration) float64 {
	return Config{Consumers: consumers, Poll: poll}.interval().Seconds() / 2
}

// ShardsFor is the least number of evenly loaded shards that take a rate of
// records of a size and let k consumers read them.
func ShardsFor(rate, bytes float64, consumers int, fanOut bool) int {
	if !(rate > 0 && bytes >= 0 && rate*bytes < 1e15) {
		return 1
	}
	need := math.Max(rate/WriteRecords, rate*bytes/WriteBytes)
	if !fanOut {
		need = math.Max(need, rate*bytes*float64(max(consumers, 1))/ReadBytes)
	}
	return max(1, int(math.Ceil(need)))
}

// RejectedFraction is the share of a shard's records that its write limits reject
// in the long run, at a rate and a size in bytes (fluid: 1 - limit/rate). It is NaN
// if one of them is negative.
func RejectedFraction(rate, bytes float64) float64 {
	if rate < 0 || bytes < 0 {
		return math.NaN()
	}
	limit := math.Min(WriteRecords, WriteBytes/bytes)
	return math.Max(0, 1-limit/rate)
}
