package commitlog

import (
	"fmt"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"cloudconcepts/internal/stats"
	"cloudconcepts/internal/validation"
)

func simulate(t testing.TB, c Config) Result {
	t.Helper()
	r, err := Simulate(c)
	require.NoError(t, err)
	return r
}

// near wants the mean of independent runs within 4 standard errors of a target, and the error to be small.
func near(t *testing.T, claim validation.Claim, cell string, want, precision float64, m stats.Moments) {
	t.Helper()
	claim.Within(t, cell, want, m.Mean(), 4*m.StandardError())
	if !testing.Short() {
		assert.LessOrEqual(t, m.StandardError(), precision*want, "%s, %s: standard error", claim.Name, cell)
	}
}

// long is the length of a run, a tenth of it in a short test.
func long(d time.Duration) time.Duration {
	if testing.Short() {
		return d / 10
	}
	return d
}

// runs is how many replications a test makes.
func runs() uint64 {
	if testing.Short() {
		return 6
	}
	return 12
}

// The formula without a round trip, computed to 10 digits with another program.
func TestDelayedFetchTable(t *testing.T) {
	const source = "Poisson records until the minimum or the time is reached: sum over k < m of P(Poisson(rate T) > k); in 10 digits, by another program"
	records := theory("records in a delayed fetch", source, "")
	fetches := theory("rate of delayed fetches", source, "/s")
	wait := theory("mean wait for a delayed fetch", source, "s")
	for _, c := range []struct {
		rate                    float64
		m                       int
		records, fetches, waits float64
	}{
		{100, 64, 49.91843352, 2.00326799, 0.2493258142},
		{120, 64, 58.48074074, 2.051957593, 0.2418144462},
		{1000, 64, 64, 15.625, 0.0315},
		{50, 1, 1, 50, 0},
	} {
		f := DelayedFetch(c.rate, c.m, 500*time.Millisecond, 0)
		cell := fmt.Sprintf("%v records/s, minimum %d, at most 500 ms", c.rate, c.m)
		records.Relative(t, cell, c.records, f.RecordsPerFetch, 1e-9)
		fetches.Relative(t, cell, c.fetches, f.FetchesPerS, 1e-9)
		wait.Within(t, cell, c.waits, f.WaitMean, 1e-9)
	}
}

func TestDelayedFetchDomain(t *testing.T) {
	for _, f := range []FetchCycle{
		DelayedFetch(0, 1, 1, 0), DelayedFetch(math.NaN(), 1, 1, 0), DelayedFetch(1, 0, 1, 0),
		DelayedFetch(1, 1, -1, 0), DelayedFetch(1, 1, 1, -1), DelayedFetch(math.Inf(1), 1, 1, 1),
	} {
		assert.True(t, math.IsNaN(f.RecordsPerFetch) && math.IsNaN(f.FetchesPerS) && math.IsNaN(f.WaitMean))
	}
	// A long round trip alone: what comes in it, half of it old on average.
	f := DelayedFetch(1000, 1, 500*time.Millisecond, 100*time.Millisecond)
	const cell = "1000 records/s, minimum 1, round trip 100 ms"
	theory("records in a fetch after a long round trip", "rate r", "").Relative(t, cell, 100, f.RecordsPerFetch, 1e-9)
	theory("mean wait for a fetch after a long round trip", "r/2", "s").Relative(t, cell, 0.05, f.WaitMean, 1e-9)
}

func TestDelayedFetch(t *testing.T) {
	const source = "exported closed form, by twelve simulations"
	inFetch := theory("records in a delayed fetch, simulated", source, "")
	rate := theory("rate of delayed fetches, simulated", source, "/s")
	wait := theory("mean wait for a delayed fetch, simulated", source, "s")
	for _, x := range []struct {
		rate        float64
		m           int64
		trip, spare time.Duration
	}{{100, 64, 0, 0}, {100, 64, 5 * time.Millisecond, 0}, {100, 10, 40 * time.Millisecond, 0}, {1000, 64, 50 * time.Millisecond, 0}, {30, 20, 200 * time.Millisecond, 0}} {
		t.Run(fmt.Sprint(x), func(t *testing.T) {
			c := Kafka()
			c.Producer.Rate = x.rate
			c.Fetch.MinBytes = x.m * c.Producer.RecordBytes
			c.Fetch.RoundTrip = Const(x.trip)
			c.Fetch.Bandwidth = 1e15
			c.Duration, c.Warmup = long(min(3000, time.Duration(3e5/x.rate))*time.Second), 10*time.Second
			var records, fetches, waits stats.Moments
			for c.Seed = range runs() {
				r := simulate(t, c)
				records.Add(r.RecordsPerFetch)
				fetches.Add(r.FetchesPerS)
				waits.Add(r.BrokerWaitMean)
			}
			want := DelayedFetch(x.rate, int(x.m), c.Fetch.MaxWait, x.trip)
			cell := fmt.Sprintf("%v records/s, minimum %d, round trip %v", x.rate, x.m, x.trip)
			near(t, inFetch, cell, want.RecordsPerFetch, 0.005, records)
			near(t, rate, cell, want.FetchesPerS, 0.005, fetches)
			near(t, wait, cell, want.WaitMean, 0.005, waits)
		})
	}
}

// Without delays the fetch loop loses no time: one consumer is M/M/1, sojourn 1/(mu - lambda).
func TestOneConsumerIsMM1(t *testing.T) {
	c := Kafka()
	c.Producer.Rate = 500
	c.Fetch.Bandwidth = 1e15
	c.Consumer.Service = Exp(time.Millisecond)
	c.Duration, c.Warmup = long(400*time.Second), time.Second
	var sojourn stats.Moments
	for c.Seed = range runs() {
		r := simulate(t, c)
		sojourn.Add(r.LatencyMean)
		assert.InDelta(t, 0.5, r.Utilization, 0.03)
	}
	near(t, theory("mean latency of one consumer, simulated", "M/M/1: 1/(mu - lambda)", "s"), "500 records/s, 1 ms each", 0.002, 0.005, sojourn)
}

func TestProcessingCeiling(t *testing.T) {
	c := Kafka()
	c.Producer.Rate, c.Producer.RecordBytes = 20000, 100
	c.Producer.Arrivals = Regular
	c.Partitions, c.Group.Consumers = 3, 5
	c.Consumer.Service, c.Consumer.PollOverhead = Const(time.Millisecond), 50*time.Millisecond
	c.Consumer.Commit, c.Consumer.CommitTime = CommitAfter, 10*time.Millisecond
	r := simulate(t, c)
	ceiling := theory("most records that consumers process", "workers/(service + overhead of a poll/its records), exported and simulated", "/s")
	const three = "3 partitions, 1 ms a record, 60 ms a poll of 500"
	ceiling.Relative(t, three+", closed form", 3/(0.001+0.06/500), c.ProcessingCeiling(), 1e-12)
	ceiling.Relative(t, three+", simulated", c.ProcessingCeiling(), r.Throughput, 0.005)
	require.Len(t, r.Warnings, 3) // overload, idle consumers, few fetches
	assert.ErrorIs(t, r.Warnings[0], errOverload)
	assert.ErrorIs(t, r.Warnings[1], errIdle)
	theory("growth of the lag of overloaded consumers", "rate less the ceiling of processing", "/s").
		Within(t, "20,000 records/s, "+three, 20000-c.ProcessingCeiling(), float64(r.LagEnd)/60, 25)
	// Several workers, by key or not, have so many times the capacity.
	c.Consumer.PollOverhead, c.Consumer.CommitTime, c.Partitions = 0, 0, 1
	c.Consumer.Workers, c.Consumer.Order = 8, Unordered
	ceiling.Relative(t, "8 workers, 1 ms a record, simulated", 8000, simulate(t, c).Throughput, 0.005)
	c.Consumer.MaxUncommitted = 4 // only so many at a time
	c.Consumer.MaxPollRecords = 4
	ceiling.Relative(t, "8 workers, 4 records uncommitted at most, 1 ms a record, simulated", 4000, simulate(t, c).Throughput, 0.005)
}

func TestFetchCeiling(t *testing.T) {
	c := Kafka()
	c.Producer.Rate, c.Producer.Arrivals = 200_000, Regular
	c.Partitions, c.Brokers = 5, 2
	c.Fetch.RoundTrip, c.Fetch.Bandwidth = Const(10*time.Millisecond), 1e8
	c.Fetch.MaxPartitionBytes, c.Fetch.MaxBytes = 100_000, 250_000
	c.Consumer.MaxPollRecords = 10_000
	c.Duration = max(5*time.Second, long(20*time.Second))
	// Brokers lead 3 and 2 partitions: 250 kB and 200 kB a time, in 12.5 ms and 12 ms.
	ceiling := theory("most bytes that a consumer fetches", "bytes of a response/(round trip + transfer), summed over the brokers", "bytes/s")
	const brokers = "5 partitions on 2 brokers, 100 kB each, round trip 10 ms"
	ceiling.Relative(t, brokers+", closed form", 250e3/12.5e-3+200e3/12e-3, c.FetchCeiling(5), 1e-12)
	r := simulate(t, c)
	ceiling.Relative(t, brokers+", simulated", c.FetchCeiling(5), r.Throughput*1000, 0.01)
	assert.LessOrEqual(t, float64(r.BufferedBytesMax), c.MemoryBound(5))
	assert.Zero(t, c.FetchCeiling(0))
	c.Fetch.DeliveryOverhead = 10 * time.Millisecond
	ceiling.Relative(t, brokers+", overhead of 10 ms, simulated", c.FetchCeiling(5), simulate(t, c).Throughput*1000, 0.01)
}

// A burst in the fluid limit: 200/s, 2,000/s for 60 s, capacity 500/s: peak (2000-500) 60 = 90,000 records, gone
// 300 s later, oldest record 90,000/500 = 180 s.
func TestCatchUp(t *testing.T) {
	c := Kafka()
	c.Producer = Producer{Rate: 2000, RecordBytes: 1000, Arrivals: Regular, Steps: []Step{{At: 60 * time.Second, Rate: 200}}}
	c.Consumer.Service, c.Consumer.MaxPollRecords = Const(2*time.Millisecond), 1
	c.Duration, c.Sample = 500*time.Second, time.Second
	r := simulate(t, c)
	const source = "fluid: peak (lambda_p - C) T, drained after peak/(C - lambda_0), oldest peak/C"
	const sale = "2000/s for 60 s, then 200/s, capacity 500/s"
	lag := theory("largest lag of a burst on a log, simulated", source, "")
	times := theory("times of a burst on a log", source, "s")
	lag.Within(t, sale, 90_000, float64(r.LagMax), 2)
	times.Within(t, sale+", largest lag", 180, r.LagMaxSeconds, 0.1)
	empty := 0.0
	for _, row := range r.Rows {
		if row.Lag > 10 {
			empty = row.At
		}
	}
	times.Within(t, sale+", when the lag is gone, seen every second", 60+CatchUp(90_000, 200, 500), empty, 1.01)
	assert.True(t, math.IsInf(CatchUp(1, 5, 5), 1))
	assert.Zero(t, CatchUp(0, 5, 5))
	times.Within(t, sale+", catching up, closed form", 300, CatchUp(90_000, 200, 500), 1e-9)
}

func TestDetectionTime(t *testing.T) {
	c := Kafka()
	c.Group.CrashRate = 0.002
	c.Producer.Rate = 1
	c.Duration = long(100_000 * time.Second)
	c.Fetch.MaxWait = 20 * time.Second
	var seconds stats.Moments
	for c.Seed = range runs() {
		seconds.Add(simulate(t, c).DetectionMean)
	}
	shortest, mean, longest := c.Group.DetectionTime()
	found := theory("time until a crashed consumer is found", "session timeout less the age of the last heartbeat, even between 0 and the interval", "s")
	const kafka = "timeout 45 s, heartbeats every 3 s"
	found.Within(t, kafka+", shortest", 42, shortest.Seconds(), 0)
	found.Within(t, kafka+", mean", 43.5, mean.Seconds(), 0)
	found.Within(t, kafka+", longest", 45, longest.Seconds(), 0)
	near(t, found, kafka+", mean, simulated", mean.Seconds(), 0.005, seconds)
}

func TestLargestFraction(t *testing.T) {
	largest := theory("expected share of the fullest partition", "mean of the largest of n binomial counts; 500 sets of keys hashed by murmur2", "")
	largest.Within(t, "1 key, 10 partitions", 1, LargestFraction(1, 10), 0)
	largest.Within(t, "10 keys, 1 partition", 1, LargestFraction(10, 1), 0)
	assert.True(t, math.IsNaN(LargestFraction(0, 1)) && math.IsNaN(LargestFraction(1, 0)))
	largest.Relative(t, "2 keys, 2 partitions: exactly 3/4", 0.75, LargestFraction(2, 2), 0.09)
	// Against murmur2 over many disjoint sets of keys.
	for _, x := range []struct{ keys, n int }{{30, 6}, {100, 12}, {1000, 12}, {1000, 100}} {
		sum, sets := 0.0, 500
		for s := range sets {
			counts := make([]int, x.n)
			most := 0
			for k := range x.keys {
				p := PartitionOf(s*x.keys+k, x.n)
				counts[p]++
				most = max(most, counts[p])
			}
			sum += float64(most) / float64(x.keys)
		}
		largest.Relative(t, fmt.Sprintf("%d keys, %d partitions", x.keys, x.n), sum/float64(sets), LargestFraction(x.keys, x.n), 0.04)
	}
}

// The formula takes counts as independent that are not, and is too low. The mean over all ways to hash a few keys shows it.
func TestLargestFractionIsTooLow(t *testing.T) {
	for _, x := range []struct {
		keys, n int
		low     float64 // share by which it is
	}{{2, 2, 0.0834}, {3, 2, 0.1251}, {3, 3, 0.1135}, {6, 4, 0.10}} {
		ways := int(math.Pow(float64(x.n), float64(x.keys)))
		sum := 0
		for way := range ways {
			counts := make([]int, x.n)
			for rest, k := way, 0; k < x.keys; rest, k = rest/x.n, k+1 {
				counts[rest%x.n]++
			}
			sum += slices.Max(counts)
		}
		exact := float64(sum) / float64(ways*x.keys)
		got := LargestFraction(x.keys, x.n)
		assert.True(t, got < exact && got > exact*(1-x.low), "%d keys, %d partitions: %v, exactly %v", x.keys, x.n, got, exact)
	}
}

func TestPartitionFractions(t *testing.T) {
	shares := theory("share of each partition", "weights of the keys that murmur2 gives it", "")
	c := Kafka()
	c.Partitions = 6
	c.Producer.Keys, c.Producer.Zipf, c.Producer.Rate = 50, 1.1, 5000
	c.Duration = long(c.Duration)
	want := PartitionFractions(50, 1.1, 6)
	r := simulate(t, c)
	for i, p := range r.Partitions {
		se := math.Sqrt(want[i] * (1 - want[i]) / float64(r.Produced))
		shares.Within(t, fmt.Sprintf("50 keys, skew 1.1, partition %d of 6", i), want[i], p.Fraction, 4*se)
	}
	c.Producer.Zipf = 0
	want = PartitionFractions(50, 0, 6)
	for i, p := range simulate(t, c).Partitions {
		shares.Within(t, fmt.Sprintf("50 keys, no skew, partition %d of 6", i), want[i], p.Fraction, 0.01)
	}
	assert.Nil(t, PartitionFractions(0, 1, 1))
	assert.Nil(t, PartitionFractions(1, math.NaN(), 1))
	assert.Zero(t, PartitionOf(3, 0))
}

// A consumer that is far behind, by its cycle of one response: 100 cycles and a backlog from the start on.
func TestCatchUpRate(t *testing.T) {
	base := Kafka()
	base.Producer.Arrivals, base.Fetch.RoundTrip = Regular, Const(5*time.Millisecond)
	base.Consumer.Service, base.Consumer.PollOverhead = Const(20*time.Microsecond), time.Millisecond
	rate := theory("rate of a consumer that is far behind", "records of a response/(full polls + max(last poll, round trip + transfer)); the sum without prefetch", "/s")
	for _, x := range []struct {
		name   string
		change func(*Config)
	}{
		{"defaults", func(*Config) {}},
		{"fetches of 64 KiB a partition", func(c *Config) { c.Fetch.MaxPartitionBytes = 64 << 10 }},
		{"responses of 10 kB", func(c *Config) { c.Fetch.MaxBytes = 10_000 }},
		{"polls of 7 records", func(c *Config) { c.Consumer.MaxPollRecords = 7 }},
		{"one poll for a response", func(c *Config) { c.Consumer.MaxPollRecords = 5000 }},
		{"no prefetch", func(c *Config) { c.Fetch.NoPrefetch = true }},
		{"commits of 3 ms after polls", func(c *Config) { c.Consumer.Commit, c.Consumer.CommitTime = CommitAfter, 3*time.Millisecond }},
		{"round trip 80 ms, 10 MB/s", func(c *Config) { c.Fetch.RoundTrip, c.Fetch.Bandwidth = Const(80*time.Millisecond), 1e7 }},
		{"exponential service of 0.2 ms", func(c *Config) { c.Consumer.Service = Exp(200 * time.Microsecond) }},
		{"records of 3 MiB", func(c *Config) { c.Producer.RecordBytes = 3 << 20 }},
	} {
		t.Run(x.name, func(t *testing.T) {
			c := base
			x.change(&c)
			want := c.CatchUpRate()
			perResponse := max(float64(min(c.Fetch.MaxBytes, c.Fetch.MaxPartitionBytes)/c.Producer.RecordBytes), 1)
			c.Producer.Rate = 5 * want
			c.Duration = time.Duration(200 * perResponse / want * 1e9)
			r := simulate(t, c)
			rate.Relative(t, x.name, want, r.Throughput, 0.01)
		})
	}
	for _, change := range []func(*Config){
		func(c *Config) { c.Group.Consumers = 2 }, func(c *Config) { c.Partitions = 2 }, func(c *Config) { c.Brokers = 2 },
		func(c *Config) { c.Consumer.Workers = 2 }, func(c *Config) { c.Producer.RecordBytes = 0 }, func(c *Config) { c.Consumer.MaxPollRecords = 0 },
	} {
		c := base
		change(&c)
		assert.True(t, math.IsNaN(c.CatchUpRate()))
	}
}
