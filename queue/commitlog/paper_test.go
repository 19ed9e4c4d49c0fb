package commitlog

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

// TestMurmur2Vectors: apache/kafka, UtilsTest.testMurmur2, exact.
func TestMurmur2Vectors(t *testing.T) {
	vectors := published("test vectors of murmur2", "apache/kafka, UtilsTest.testMurmur2", "")
	for _, x := range []struct {
		key  string
		want int32
	}{
		{"21", -973932308},
		{"foobar", -790332482},
		{"a-little-bit-long-string", -985981536},
		{"a-little-bit-longer-string", -1486304829},
		{"lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58897971},
		{"abc", 479470107},
	} {
		got := Murmur2([]byte(x.key))
		vectors.Within(t, x.key, float64(x.want), float64(got), 0)
		assert.Equal(t, x.want, got, x.key)
	}
}

// TestMeasuredFetches: franz-go's kfake broker on loopback, Poisson 100 records/s, fetch.max.wait.ms 500, a round trip of
// about 5 ms. The wait was measured at the consumer, so it is the delivery here.
func TestMeasuredFetches(t *testing.T) {
	const source = "own measurement on franz-go's kfake broker over loopback: Poisson 100 records/s, fetch.max.wait.ms 500, round trip about 5 ms"
	inFetch := onSystem("records in a fetch of kfake", source, "")
	rate := onSystem("fetches of kfake", source, "/s")
	wait := onSystem("mean time from a record's append to its delivery by kfake", source, "s")
	measured := func(m int64) Result {
		c := Kafka()
		c.Fetch.MinBytes = m * c.Producer.RecordBytes
		c.Fetch.RoundTrip = Const(5 * time.Millisecond)
		c.Duration, c.Warmup = 5000*time.Second, 5*time.Second
		return simulate(t, c)
	}
	// 50.23 +- 0.20 records, 2.000 fetches/s, 254.9 ms: 4 standard errors; 1 %, as the rate that occurred was 0.5 % high; 2 %.
	t.Run("minimum 64", func(t *testing.T) {
		r := measured(64)
		inFetch.Within(t, "minimum of 64 records", 50.23, r.RecordsPerFetch, 0.8)
		rate.Relative(t, "minimum of 64 records", 2.000, r.FetchesPerS, 0.01)
		wait.Relative(t, "minimum of 64 records", 0.2549, r.FetchWaitMean, 0.02)
	})
	// 10.06 records, 9.84 fetches/s (a rate 1 % low), 46.7 ms: 1 %, 2 %, 3 %.
	t.Run("minimum 10", func(t *testing.T) {
		r := measured(10)
		inFetch.Relative(t, "minimum of 10 records", 10.06, r.RecordsPerFetch, 0.01)
		rate.Relative(t, "minimum of 10 records", 9.84, r.FetchesPerS, 0.02)
		wait.Relative(t, "minimum of 10 records", 0.0467, r.FetchWaitMean, 0.03)
	})
}

// TestKafkaDefaults: apache/kafka, ConsumerConfig.java, exact.
func TestKafkaDefaults(t *testing.T) {
	c := Kafka()
	const source = "apache/kafka, ConsumerConfig.java"
	sizes := published("default sizes of Kafka's consumer", source, "bytes")
	sizes.Within(t, "fetch.min.bytes", 1, float64(c.Fetch.MinBytes), 0)
	sizes.Within(t, "fetch.max.bytes", 52_428_800, float64(c.Fetch.MaxBytes), 0)
	sizes.Within(t, "max.partition.fetch.bytes", 1_048_576, float64(c.Fetch.MaxPartitionBytes), 0)
	published("default records of a poll of Kafka's consumer", source, "").
		Within(t, "max.poll.records", 500, float64(c.Consumer.MaxPollRecords), 0)
	times := published("default times of Kafka's consumer", source, "s")
	times.Within(t, "fetch.max.wait.ms", 0.5, c.Fetch.MaxWait.Seconds(), 0)
	times.Within(t, "max.poll.interval.ms", 300, c.Group.MaxPollInterval.Seconds(), 0)
	times.Within(t, "heartbeat.interval.ms", 3, c.Group.HeartbeatInterval.Seconds(), 0)
	times.Within(t, "session.timeout.ms", 45, c.Group.SessionTimeout.Seconds(), 0)
	times.Within(t, "auto.commit.interval.ms", 5, c.Consumer.CommitInterval.Seconds(), 0)
	assert.NoError(t, c.Validate())
}
