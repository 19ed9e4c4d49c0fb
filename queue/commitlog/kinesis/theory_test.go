package kinesis

import (
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"cloudconcepts/internal/law"
	"cloudconcepts/internal/stats"
)

func simulate(t testing.TB, c Config) Result {
	t.Helper()
	r, err := Simulate(c)
	require.NoError(t, err)
	checkInvariants(t, r)
	return r
}

func TestPollingDelay(t *testing.T) {
	delays := theory("mean delay by polling a shard", "half of max(poll, 0.2 s times the consumers), exported and simulated", "s")
	delays.Within(t, "1 consumer, as often as allowed, closed form", 0.1, PollingDelay(1, 0), 1e-12)
	delays.Within(t, "3 consumers, as often as allowed, closed form", 0.3, PollingDelay(3, 0), 1e-12)
	delays.Within(t, "3 consumers, every second, closed form", 0.5, PollingDelay(3, time.Second), 1e-12)
	for _, k := range []int{1, 3, 5} {
		c := Stream()
		c.Consumers, c.Shards, c.Rate, c.Duration = k, 2, 200, 300*time.Second
		var delay stats.Moments
		for c.Seed = range uint64(6) {
			r := simulate(t, c)
			delay.Add(r.DelayMean)
			assert.Zero(t, r.Rejected+r.RefusedCalls)
			assert.LessOrEqual(t, r.DelayP99, 0.2*float64(k))
		}
		// The first and the last call are cut short.
		delays.Relative(t, fmt.Sprintf("consumers: %d, as often as allowed, simulated", k), PollingDelay(k, 0), delay.Mean(), 0.003)
	}
}

// The write limits, in the fluid limit after the bucket's one second.
func TestRejectedShare(t *testing.T) {
	c := Stream()
	c.Regular, c.Rate, c.RecordBytes = true, 1500, 100
	c.Duration = 200 * time.Second
	rejected := theory("share of records that a shard rejects", "fluid: 1 - limit/rate, limits of 1000 records/s and 1 MB/s", "")
	largest := theory("share of the fullest of ten shards", "1 for one key, evenly for many", "")
	r := simulate(t, c)
	rejected.Within(t, "1500/s of 100 bytes, simulated", RejectedFraction(1500, 100), float64(r.Rejected)/float64(r.Offered), 0.005)
	c.RecordBytes = 4000 // 250 records of 4 kB are a megabyte
	r = simulate(t, c)
	rejected.Within(t, "1500/s of 4000 bytes, closed form", 1-250.0/1500, RejectedFraction(1500, 4000), 1e-12)
	rejected.Within(t, "1500/s of 4000 bytes, simulated", 1-250.0/1500, float64(r.Rejected)/float64(r.Offered), 0.005)
	assert.Zero(t, RejectedFraction(10, 10))
	// One hot key overloads one shard of ten, nine stay idle.
	c.RecordBytes, c.Shards, c.Keys = 100, 10, 1
	r = simulate(t, c)
	rejected.Within(t, "1500/s of 100 bytes with one key on ten shards, simulated", 1.0/3, float64(r.Rejected)/float64(r.Offered), 0.005)
	largest.Within(t, "one key", 1, r.LargestFraction, 1e-12)
	// A tenth of a thousand keys on each of ten shards fits.
	c.Keys, c.Rate = 10_000, 5000
	r = simulate(t, c)
	assert.Zero(t, r.Rejected)
	largest.Within(t, "10,000 keys", 0.1, r.LargestFraction, 0.02)
}

// Two megabytes a second are two consumers of a full shard; the third makes all of them fall behind.
func TestSharedRead(t *testing.T) {
	c := Stream()
	c.Regular, c.Rate, c.RecordBytes, c.Duration = true, 100, 9900, 500*time.Second
	c.Consumers = 2
	assert.Less(t, simulate(t, c).IteratorAgeMax, 2.0)
	c.Consumers = 4
	r := simulate(t, c)
	assert.Positive(t, r.RefusedCalls)
	read := theory("records that consumers read of an overloaded shard", "2 MB/s, shared", "")
	read.Within(t, "4 consumers, 9900 bytes, 500 s", 2e6*500/9900, float64(r.Delivered), 0.02*2e6*500/9900)
	assert.Greater(t, r.IteratorAgeMax, 100.0)
	c.FanOut = true // each has a pipe of its own
	r = simulate(t, c)
	pushed := theory("mean delay of a fan-out that nothing waits in", "bytes/(2 MB/s) and the push", "s")
	pushed.Within(t, "9900 bytes, push of 70 ms", 9900/2e6+0.07, r.DelayMean, 1e-4)
	assert.LessOrEqual(t, r.Behind, int64(4*10))
}

// A call returns 10,000 records or 10 MB at most, whatever waits.
func TestCallLimits(t *testing.T) {
	c := Stream()
	c.Regular, c.Rate, c.RecordBytes, c.Poll, c.Duration = true, 1000, 100, time.Minute, 601*time.Second
	calls := published("records of ten calls of GetRecords", `Amazon Kinesis Data Streams Developer Guide, "Quotas and limits": 10,000 records or 10 MB a call`, "")
	calls.Within(t, "100 bytes", 100_000, float64(simulate(t, c).Delivered), 0)
	c.Rate, c.RecordBytes = 500, 2000
	calls.Within(t, "2000 bytes", 50_000, float64(simulate(t, c).Delivered), 0)
}

// The pipe of a fan-out is M/D/1: D + rho D / (2 (1 - rho)), and the push.
func TestFanOutIsMD1(t *testing.T) {
	c := Stream()
	c.FanOut, c.Consumers = true, 1
	c.Rate, c.RecordBytes, c.Duration = 90, 10_000, 1500*time.Second
	c.Push = law.Exp(50 * time.Millisecond)
	d, rho := 0.005, 0.45
	var delay stats.Moments
	for c.Seed = range uint64(8) {
		delay.Add(simulate(t, c).DelayMean)
	}
	want := d + rho*d/(2*(1-rho)) + 0.05
	pipe := theory("mean delay of a fan-out", "M/D/1: D + rho D/(2 (1 - rho)), and the push", "s")
	pipe.Within(t, "90/s of 10 kB on 2 MB/s, push of 50 ms", want, delay.Mean(), 4*delay.StandardError())
}

func TestShardsFor(t *testing.T) {
	shards := theory("shards needed", "the most of rate/1000, bytes/1 MB and bytes times consumers/2 MB, rounded up", "")
	shards.Within(t, "2500/s of 100 bytes, 1 consumer", 3, float64(ShardsFor(2500, 100, 1, false)), 0)
	shards.Within(t, "1000/s of 5000 bytes, 2 consumers", 5, float64(ShardsFor(1000, 5000, 2, false)), 0)
	shards.Within(t, "1000/s of 5000 bytes, 4 consumers", 10, float64(ShardsFor(1000, 5000, 4, false)), 0)
	shards.Within(t, "1000/s of 5000 bytes, 4 consumers with a fan-out", 5, float64(ShardsFor(1000, 5000, 4, true)), 0)
	assert.Equal(t, 1, ShardsFor(math.NaN(), 1, 1, true))
	assert.Zero(t, ShardOf(1, 0))
}
