package commitlog

import (
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"cloudconcepts/internal/stats"
)

func simulate(t testing.TB, c Config) Result {
	t.Helper()
	r, err := Simulate(c)
	require.NoError(t, err)
	return r
}

// near wants the mean of independent runs within 4 standard errors of a target, and the error to be small.
func near(t *testing.T, want, precision float64, what string, m stats.Moments) {
	t.Helper()
	z := (m.Mean() - want) / m.StandardError()
	t.Logf("%s: %.7g, want %.7g, z = %.2f", what, m.Mean(), want, z)
	assert.LessOrEqual(t, math.Abs(z), 4.0, what)
	if !testing.Short() {
		assert.LessOrEqual(t, m.StandardError(), precision*want, "%s: standard error", what)
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
		assert.InEpsilon(t, c.records, f.RecordsPerFetch, 1e-9)
		assert.InEpsilon(t, c.fetches, f.FetchesPerS, 1e-9)
		assert.InDelta(t, c.waits, f.Wait, 1e-9)
	}
}

func TestDelayedFetchDomain(t *testing.T) {
	for _, f := range []FetchCycle{
		DelayedFetch(0, 1, 1, 0), DelayedFetch(math.NaN(), 1, 1, 0), DelayedFetch(1, 0, 1, 0),
		DelayedFetch(1, 1, -1, 0), DelayedFetch(1, 1, 1, -1), DelayedFetch(math.Inf(1), 1, 1, 1),
	} {
		assert.True(t, math.IsNaN(f.RecordsPerFetch) && math.IsNaN(f.FetchesPerS) && math.IsNaN(f.Wait))
	}
	// A long round trip alone: what comes in it, half of it old on average.
	f := DelayedFetch(1000, 1, 500*time.Millisecond, 100*time.Millisecond)
	assert.InEpsilon(t, 100, f.RecordsPerFetch, 1e-9)
	assert.InEpsilon(t, 0.05, f.Wait, 1e-9)
}

func TestDelayedFetch(t *testing.T) {
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
				waits.Add(r.BrokerWait)
			}
			want := DelayedFetch(x.rate, int(x.m), c.Fetch.MaxWait, x.trip)
			near(t, want.RecordsPerFetch, 0.005, "records per fetch", records)
			near(t, want.FetchesPerS, 0.005, "fetches per second", fetches)
			near(t, want.Wait, 0.005, "mean wait", waits)
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
	near(t, 0.002, 0.005, "sojourn", sojourn)
}

func TestProcessingCeiling(t *testing.T) {
	c := Kafka()
	c.Producer.Rate, c.Producer.RecordBytes = 20000, 100
	c.Producer.Arrivals = Regular
	c.Partitions, c.Group.Consumers = 3, 5
	c.Consumer.Service, c.Consumer.PollOverhead = Const(time.Millisecond), 50*time.Millisecond
	c.Consumer.Commit, c.Consumer.CommitTime = CommitAfter, 10*time.Millisecond
	r := simulate(t, c)
	assert.InEpsilon(t, 3/(0.001+0.06/500), ProcessingCeiling(c), 1e-12)
	assert.InEpsilon(t, ProcessingCeiling(c), r.Throughput, 0.005)
	require.Len(t, r.Warnings, 3) // overload, idle consumers, few fetches
	assert.ErrorIs(t, r.Warnings[0], errOverload)
	assert.ErrorIs(t, r.Warnings[1], errIdle)
	assert.InDelta(t, 20000-ProcessingCeiling(c), float64(r.LagEnd)/60, 25)
	// Several workers, by key or not, have so many times the capacity.
	c.Consumer.PollOverhead, c.Consumer.CommitTime, c.Partitions = 0, 0, 1
	c.Consumer.Workers, c.Consumer.Order = 8, Unordered
	assert.InEpsilon(t, 8000, simulate(t, c).Throughput, 0.005)
	c.Consumer.MaxUncommitted = 4 // only so many at a time
	c.Consumer.MaxPollRecords = 4
	assert.InEpsilon(t, 4000, simulate(t, c).Throughput, 0.005)
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
	assert.InEpsilon(t, 250e3/12.5e-3+200e3/12e-3, FetchCeiling(c, 5), 1e-12)
	r := simulate(t, c)
	assert.InEpsilon(t, FetchCeiling(c, 5), r.Throughput*1000, 0.01)
	assert.LessOrEqual(t, float64(r.BufferedBytes), MemoryBound(c, 5))
	assert.Zero(t, FetchCeiling(c, 0))
	c.Fetch.DeliveryOverhead = 10 * time.Millisecond
	assert.InEpsilon(t, FetchCeiling(c, 5), simulate(t, c).Throughput*1000, 0.01)
}

// A burst in the fluid limit: 200/s, 2,000/s for 60 s, capacity 500/s: peak (2000-500) 60 = 90,000 records, gone
// 300 s later, oldest record 90,000/500 = 180 s.
func TestCatchUp(t *testing.T) {
	c := Kafka()
	c.Producer = Producer{Rate: 2000, RecordBytes: 1000, Arrivals: Regular, Steps: []Step{{At: 60 * time.Second, Rate: 200}}}
	c.Consumer.Service, c.Consumer.MaxPollRecords = Const(2*time.Millisecond), 1
	c.Duration, c.Sample = 500*time.Second, time.Second
	r := simulate(t, c)
	assert.InDelta(t, 90_000, r.LagMax, 2)
	assert.InDelta(t, 180, r.LagMaxSeconds, 0.1)
	empty := 0.0
	for _, row := range r.Series {
		if row.Lag > 10 {
			empty = row.At
		}
	}
	assert.InDelta(t, 60+CatchUp(90_000, 200, 500), empty, 1.01)
	assert.True(t, math.IsInf(CatchUp(1, 5, 5), 1))
	assert.Zero(t, CatchUp(0, 5, 5))
	assert.InDelta(t, 300, CatchUp(90_000, 200, 500), 1e-9)
}

func TestDetectionTime(t *testing.T) {
	c := Kafka()
	c.Group.CrashRate = 0.002
	c.Producer.Rate = 1
	c.Duration = long(100_000 * time.Second)
	c.Fetch.MaxWait = 20 * time.Second
	var seconds stats.Moments
	for c.Seed = range runs() {
		seconds.Add(simulate(t, c).Detection)
	}
	shortest, mean, longest := DetectionTime(c.Group)
	assert.Equal(t, []time.Duration{42 * time.Second, 43500 * time.Millisecond, 45 * time.Second}, []time.Duration{shortest, mean, longest})
	near(t, mean.Seconds(), 0.005, "detection", seconds)
}

func TestLargestShare(t *testing.T) {
	assert.InDelta(t, 1, LargestShare(1, 10), 0)
	assert.InDelta(t, 1, LargestShare(10, 1), 0)
	assert.True(t, math.IsNaN(LargestShare(0, 1)) && math.IsNaN(LargestShare(1, 0)))
	assert.InEpsilon(t, 0.75, LargestShare(2, 2), 0.09) // exact: 3/4
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
		assert.InEpsilon(t, sum/float64(sets), LargestShare(x.keys, x.n), 0.04, x)
	}
}

func TestPartitionShares(t *testing.T) {
	c := Kafka()
	c.Partitions = 6
	c.Producer.Keys, c.Producer.Skew, c.Producer.Rate = 50, 1.1, 5000
	c.Duration = long(c.Duration)
	want := PartitionShares(50, 1.1, 6)
	r := simulate(t, c)
	for i, p := range r.Partitions {
		se := math.Sqrt(want[i] * (1 - want[i]) / float64(r.Produced))
		assert.InDelta(t, want[i], p.Share, 4*se)
	}
	c.Producer.Skew = 0
	want = PartitionShares(50, 0, 6)
	for i, p := range simulate(t, c).Partitions {
		assert.InDelta(t, want[i], p.Share, 0.01)
	}
	assert.Nil(t, PartitionShares(0, 1, 1))
	assert.Nil(t, PartitionShares(1, math.NaN(), 1))
	assert.Zero(t, PartitionOf(3, 0))
}

// A consumer that is far behind, by its cycle of one response: 100 cycles and a backlog from the start on.
func TestCatchUpRate(t *testing.T) {
	base := Kafka()
	base.Producer.Arrivals, base.Fetch.RoundTrip = Regular, Const(5*time.Millisecond)
	base.Consumer.Service, base.Consumer.PollOverhead = Const(20*time.Microsecond), time.Millisecond
	for name, change := range map[string]func(*Config){
		"defaults":       func(*Config) {},
		"small fetches":  func(c *Config) { c.Fetch.MaxPartitionBytes = 64 << 10 },
		"small response": func(c *Config) { c.Fetch.MaxBytes = 10_000 },
		"small polls":    func(c *Config) { c.Consumer.MaxPollRecords = 7 },
		"one poll":       func(c *Config) { c.Consumer.MaxPollRecords = 5000 },
		"no prefetch":    func(c *Config) { c.Fetch.NoPrefetch = true },
		"commit after":   func(c *Config) { c.Consumer.Commit, c.Consumer.CommitTime = CommitAfter, 3*time.Millisecond },
		"long way":       func(c *Config) { c.Fetch.RoundTrip, c.Fetch.Bandwidth = Const(80*time.Millisecond), 1e7 },
		"random service": func(c *Config) { c.Consumer.Service = Exp(200 * time.Microsecond) },
		"larger records": func(c *Config) { c.Producer.RecordBytes = 3 << 20 },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := base
			change(&c)
			want := CatchUpRate(c)
			perResponse := max(float64(min(c.Fetch.MaxBytes, c.Fetch.MaxPartitionBytes)/c.Producer.RecordBytes), 1)
			c.Producer.Rate = 5 * want
			c.Duration = time.Duration(200 * perResponse / want * 1e9)
			r := simulate(t, c)
			assert.InEpsilon(t, want, r.Throughput, 0.01)
		})
	}
	for _, change := range []func(*Config){
		func(c *Config) { c.Group.Consumers = 2 }, func(c *Config) { c.Partitions = 2 }, func(c *Config) { c.Brokers = 2 },
		func(c *Config) { c.Consumer.Workers = 2 }, func(c *Config) { c.Producer.RecordBytes = 0 }, func(c *Config) { c.Consumer.MaxPollRecords = 0 },
	} {
		c := base
		change(&c)
		assert.True(t, math.IsNaN(CatchUpRate(c)))
	}
}
