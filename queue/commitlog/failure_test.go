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

// A crash repeats what was processed since the last commit. With auto commit every I, crashes at a rate r and
// q = e^(-rI), that is 1/r - I q/(1 - q) of records on average (nearly I/2), and all that the crash before repeated if
// there was no commit in between, with probability 1 - q: over q. Crashes are found at once here, as otherwise one soon
// after a restart repeats the backlog too.
func TestAutoCommitRepeats(t *testing.T) {
	c := Kafka()
	c.Group.CrashRate, c.Group.RestartTime, c.Group.RebalanceTime = 0.01, 0, 0
	c.Group.SessionTimeout, c.Group.HeartbeatInterval = 10*time.Millisecond, 10*time.Millisecond
	c.Duration = long(4000 * time.Second)
	var repeats stats.Moments
	for c.Seed = range runs() {
		r := simulate(t, c)
		require.Zero(t, r.Lost)
		repeats.Add(float64(r.Duplicates) / float64(r.Crashes))
	}
	q := math.Exp(-0.01 * 5)
	again := theory("records done twice for each crash with auto commit", "rate (1/r - I q/(1 - q))/q, q = e^(-r I)", "")
	again.Within(t, "100 records/s, commits every 5 s, a crash in 100 s", 100*(1/0.01-5*q/(1-q))/q, repeats.Mean(), 4*repeats.StandardError())
}

// Overloaded consumers always have a full poll of 100 in work. A random crash finds half of it done: at least once
// repeats this half, at most once loses the other one, a transaction undoes it.
func TestCrashInTheMiddleOfAPoll(t *testing.T) {
	c := Kafka()
	c.Producer.Rate, c.Group.RebalanceTime = 1500, 0
	c.Fetch.MaxPartitionBytes = 100 * c.Producer.RecordBytes // so that every poll is full
	c.Consumer.MaxPollRecords, c.Consumer.Service = 100, Const(time.Millisecond)
	c.Group.CrashRate, c.Group.RestartTime = 0.1, 0
	c.Group.SessionTimeout, c.Group.HeartbeatInterval = time.Second, time.Second
	c.Duration = max(100*time.Second, long(300*time.Second))
	half := theory("records that a crash repeats, loses or undoes in the middle of a poll", "half of the poll", "")
	for _, x := range []struct {
		name  string
		mode  Commit
		count func(Result) int64
	}{
		{"committed after: repeated", CommitAfter, func(r Result) int64 { return r.Duplicates }},
		{"committed before: lost", CommitBefore, func(r Result) int64 { return r.Lost }},
		{"transactions: undone", Transactional, func(r Result) int64 { return r.Aborted }},
	} {
		c.Consumer.Commit = x.mode
		var m stats.Moments
		for c.Seed = range runs() {
			r := simulate(t, c)
			checkInvariants(t, r)
			m.Add(float64(x.count(r)) / float64(r.Crashes))
		}
		half.Within(t, "polls of 100, "+x.name, 50, m.Mean(), 4*m.StandardError()+0.5)
		assert.Less(t, m.StandardError(), 8.0)
	}
}

// With several workers a committed position runs ahead of the work, and a crash loses records; the lowest offset
// without a gap never does.
func TestWorkersAndCommits(t *testing.T) {
	c := Kafka()
	c.Producer.Rate, c.Producer.Keys = 500, 100
	c.Consumer.Workers, c.Consumer.Service, c.Consumer.CommitInterval = 8, Exp(10*time.Millisecond), time.Millisecond
	c.Group.CrashRate, c.Group.SessionTimeout, c.Group.HeartbeatInterval = 0.02, time.Second, time.Second
	c.Duration = max(300*time.Second, long(1000*time.Second))
	assert.Positive(t, simulate(t, c).Lost)
	c.Consumer.Commit = CommitAfter
	r := simulate(t, c)
	assert.Zero(t, r.Lost)
	assert.Positive(t, r.Duplicates)
	c.Group.CrashRate = 0
	assert.Zero(t, simulate(t, c).Disorder)
	c.Consumer.Order = Unordered
	assert.Positive(t, simulate(t, c).Disorder)
}

// 500 records of a second each take longer than max.poll.interval.ms: the member is out, comes back, and starts again
// from the same offset. 250 fit.
func TestMaxPollInterval(t *testing.T) {
	c := Kafka()
	c.Producer.Rate, c.Duration = 50, 2*time.Hour
	c.Consumer.Service, c.Consumer.Commit = Const(time.Second), CommitAfter
	r := simulate(t, c)
	checkInvariants(t, r)
	assert.Greater(t, r.Evictions, int64(10))
	assert.Less(t, r.Consumed, r.Processed/4)
	require.NotEmpty(t, r.Warnings)
	c.Consumer.MaxPollRecords = 250
	r = simulate(t, c)
	assert.Zero(t, r.Evictions+r.Duplicates)
	assert.InDelta(t, 7200, r.Processed, 10)
	// Two slow members take turns at the same records.
	c.Consumer.MaxPollRecords, c.Group.Consumers, c.Partitions = 500, 2, 2
	r = simulate(t, c)
	checkInvariants(t, r)
	assert.Positive(t, r.Duplicates)
}

// A consumer joins a group of two with six partitions: eager stops all six for the rebalance, cooperative the two that
// move, once.
func TestRebalance(t *testing.T) {
	c := Kafka()
	c.Partitions, c.Group.Consumers, c.Producer.Rate = 6, 2, 600
	c.Group.RebalanceTime, c.Duration = 6*time.Second, 100*time.Second
	c.Group.Changes = []Change{{At: 30 * time.Second, Kind: Join}}
	stopped := theory("share of the partitions' time that a rebalance takes", "partitions that stop, times the time that they do", "")
	lag := theory("largest lag of a rebalance, and the time until a crash is found", "time of the rebalance, session timeout", "s")
	for _, x := range []struct {
		by    Assignor
		share float64
	}{{RangeAssignor, 0.06}, {RoundRobinAssignor, 0.06}, {CooperativeSticky, 0.02}} {
		by := x.by
		c.Group.Assignor = by
		r := simulate(t, c)
		checkInvariants(t, r)
		stopped.Within(t, fmt.Sprintf("%v: a third consumer of 6 partitions, 6 s of 100 s", by), x.share, r.UnavailableFraction, 0.001)
		assert.EqualValues(t, 1, r.Rebalances, by)
		assert.Zero(t, r.Duplicates+r.Lost+r.Crashes, by)
		lag.Within(t, fmt.Sprintf("%v: a third consumer, rebalance of 6 s", by), 6, r.LagMaxSeconds, 0.5)
	}
	// A crash is found after the session timeout, less the age of the last heartbeat (at 30 s: 0); then the rebalance.
	c.Group.Changes = []Change{{At: 30 * time.Second, Kind: Crash, Consumer: 1}}
	c.Group.Assignor, c.Group.RestartTime, c.Consumer.Commit = CooperativeSticky, time.Hour, CommitAfter
	r := simulate(t, c)
	lag.Within(t, "a crash just after a heartbeat, until it is found after 45 s", 45, r.DetectionMean, 1e-9)
	lag.Within(t, "a crash just after a heartbeat, 45 s and 6 s", 51, r.LagMaxSeconds, 0.5)
	stopped.Within(t, "a crash of one of two consumers, 6 s of 100 s", 0.5*0.06, r.UnavailableFraction, 0.001)
	// An orderly farewell needs no timeout and loses nothing.
	c.Group.Changes[0].Kind = Leave
	r = simulate(t, c)
	lag.Within(t, "a consumer leaves in order, rebalance of 6 s", 6, r.LagMaxSeconds, 0.5)
	assert.Zero(t, r.Duplicates+r.Lost+r.Crashes)
}

func TestAssignors(t *testing.T) {
	owners := make([]int32, 7)
	share(owners, []int32{0, 2, 5}, RangeAssignor)
	assert.Equal(t, []int32{0, 0, 0, 2, 2, 5, 5}, owners)
	share(owners, []int32{0, 2, 5}, RoundRobinAssignor)
	assert.Equal(t, []int32{0, 2, 5, 0, 2, 5, 0}, owners)
	share(owners, []int32{0, 5}, CooperativeSticky) // what 2 had goes to 5, which has too few
	assert.Equal(t, []int32{0, 0, 5, 0, 5, 5, 0}, owners)
	share(owners, []int32{0, 1, 5}, CooperativeSticky) // 0 gives one, 5 gives one
	assert.Equal(t, []int32{0, 0, 5, 0, 5, 1, 1}, owners)
	share(owners, []int32{4, 5, 6, 7, 8, 9, 10, 11}, CooperativeSticky) // more than partitions
	for _, o := range owners {
		assert.GreaterOrEqual(t, o, int32(4))
	}
}

// Half of what comes in is read in time; the other half grows older than the retention and is gone.
func TestRetentionLosesUnread(t *testing.T) {
	c := Kafka()
	c.Producer.Rate, c.Producer.Arrivals = 200, Regular
	c.Consumer.Service, c.Consumer.MaxPollRecords = Const(10*time.Millisecond), 10
	c.Retention, c.Duration = 60*time.Second, 1000*time.Second
	c.Fetch.MaxPartitionBytes = 10_000
	r := simulate(t, c)
	checkInvariants(t, r)
	counts := theory("records of a log whose reader is half as fast as its writer", "fluid: capacity times time are read, a retention's worth is in the log, the rest expired", "")
	const at = "200/s, 100/s read, retention 60 s, 1000 s"
	counts.Within(t, at+": read", 100_000, float64(r.Consumed), 50)
	counts.Within(t, at+": in the log", 60*200, float64(r.InLog), 250)
	counts.Within(t, at+": expired", 200_000-100_000-60*200, float64(r.Expired), 300)
	counts.Within(t, at+": lag at the end", 12_000, float64(r.LagEnd), 250)
	theory("largest lag of a log whose reader is too slow", "the retention", "s").Within(t, at, 60, r.LagMaxSeconds, 0.5)
}

// The next fetch overlaps with processing: with prefetch a cycle is the longer of both, without it their sum.
func TestPrefetch(t *testing.T) {
	c := Kafka()
	c.Producer.Rate, c.Producer.Arrivals = 5000, Regular
	c.Fetch.RoundTrip, c.Fetch.Bandwidth, c.Fetch.MaxPartitionBytes = Const(50*time.Millisecond), 1e15, 100_000
	c.Consumer.Service, c.Consumer.MaxPollRecords = Const(time.Millisecond), 100
	cycle := theory("throughput with and without prefetch", "records of a response over the longer of fetch and processing, or over their sum", "/s")
	cycle.Relative(t, "100 records of 1 ms, round trip 50 ms, prefetch", 1000, simulate(t, c).Throughput, 0.01)
	c.Fetch.NoPrefetch = true
	cycle.Relative(t, "100 records of 1 ms, round trip 50 ms, no prefetch", 100/0.15, simulate(t, c).Throughput, 0.01)
	// max.poll.records cuts what is handed out, not what is fetched.
	c.Consumer.MaxPollRecords = 10
	r := simulate(t, c)
	handed := theory("records of a fetch and of its polls", "max.poll.records cuts what is handed out, not what is fetched", "")
	handed.Relative(t, "100 records in a response, polls of 10: fetch", 100, r.RecordsPerFetch, 0.01)
	handed.Relative(t, "100 records in a response, polls of 10: poll", 10, float64(r.Processed)/float64(r.Polls), 0.01)
}

// Limits are soft: a record larger than both of them is returned alone.
func TestSoftLimits(t *testing.T) {
	c := Kafka()
	c.Fetch.MaxBytes, c.Fetch.MaxPartitionBytes, c.Partitions = 500, 500, 4
	r := simulate(t, c)
	checkInvariants(t, r)
	assert.Positive(t, r.Consumed)
	assert.InDelta(t, 1, r.RecordsPerFetch, 0.05)
	// The bytes that count toward MinBytes are capped per partition: 4 x 500 never make 2,001, so every fetch waits 0.5 s.
	c.Fetch.MinBytes = 2001
	idle := theory("rate of fetches whose minimum is never reached", "1/MaxWait", "/s")
	idle.Within(t, "four partitions of 500 bytes, minimum 2001", 2, simulate(t, c).FetchesPerS, 0.05)
}

// A consumer that is idle asks twice a second for nothing.
func TestEmptyFetches(t *testing.T) {
	c := Kafka()
	c.Producer.Rate = 0
	r := simulate(t, c)
	theory("fetches of an idle consumer", "time/MaxWait", "").Within(t, "60 s, 500 ms", 120, float64(r.EmptyFetches), 0)
	assert.Zero(t, r.Produced)
	assert.Zero(t, r.LagMaxSeconds)
	assert.Zero(t, r.BrokerWaitMean)
}

func TestSeries(t *testing.T) {
	c := Kafka()
	c.Partitions, c.Sample, c.Trace = 3, 10*time.Second, true
	c.Consumer.Service = Const(20 * time.Millisecond)
	r := simulate(t, c)
	require.Len(t, r.Rows, 6)
	require.Len(t, r.PartitionLag, 6)
	for i, row := range r.Rows {
		sum := int64(0)
		for _, lag := range r.PartitionLag[i] {
			sum += lag
		}
		assert.Equal(t, row.Lag, sum)
		assert.GreaterOrEqual(t, row.CommittedLag, row.Lag)
		assert.LessOrEqual(t, row.LagSeconds, r.LagMaxSeconds)
	}
	assert.InDelta(t, 60, r.Rows[5].At, 0)
	assert.Equal(t, r.Produced, r.Rows[5].Produced)
}

// Partitions take turns at being first in a response that has room for one record.
func TestPartitionsTakeTurns(t *testing.T) {
	c := Kafka()
	c.Partitions, c.Fetch.MaxBytes, c.Producer.Rate = 3, 1, 1000
	c.Fetch.RoundTrip = Const(10 * time.Millisecond)
	r := simulate(t, c)
	for _, p := range r.Partitions {
		assert.InDelta(t, float64(r.Consumed)/3, p.Consumed, 2)
	}
}

// Regular records keep to their rate though their gap is no whole number of nanoseconds, and work that takes years does
// not overflow the clock.
func TestLongAndShortTimes(t *testing.T) {
	c := Kafka()
	c.Producer.Rate, c.Producer.Arrivals, c.Duration = 300_000, Regular, time.Second
	c.Fetch.MinBytes, c.Consumer.Service = 500*c.Producer.RecordBytes, Const(365*24*time.Hour)
	r := simulate(t, c)
	assert.InDelta(t, 300_000, r.Produced, 1)
	assert.Zero(t, r.Processed)
	assert.True(t, r.Utilization > 0 && r.Utilization <= 1)
	checkInvariants(t, r)
}
