package sqs

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"cloudconcepts/internal/law"
)

// JetStream tests the maximum when the last delivery expires, whether anybody asks for the message or not; SQS tests it
// at the next receive, which a late delete can forestall.
func TestMaximumAtExpiryNeedsNoReceive(t *testing.T) {
	c := few(JetStream(), 1, 100*time.Second)
	c.Queue.Visibility, c.Queue.MaxReceives, c.Consumer.Workers = 10*time.Second, 1, 1
	r := run(t, c)
	assert.Equal(t, 10001*time.Millisecond, r.Trace[0].Dead)
	assert.Equal(t, []int64{1, 1, 0}, []int64{r.DeadLettered, r.DeadAndDone, r.Deleted})
	c.Queue.MaxTested = AtReceive
	r = run(t, c)
	assert.Equal(t, []int64{0, 1}, []int64{r.DeadLettered, r.LateDeletesWorked})
	assert.Equal(t, 100*time.Second, r.Trace[0].Deleted)
}

// A scan finds a delivery that times out at the very moment of the scan; a nanosecond later it takes the next one.
func TestScanAtItsGridPoint(t *testing.T) {
	c := few(RedisStreams(), 1, 100*time.Second)
	c.Queue.Visibility, c.Queue.MaxReceives = 2*time.Second, 2
	r := run(t, c)
	assert.Equal(t, []time.Duration{2 * time.Second, 4 * time.Second}, []time.Duration{r.Trace[0].Last, r.Trace[0].Dead})
	c.Queue.Visibility++
	r = run(t, c)
	assert.Equal(t, []time.Duration{3 * time.Second, 6 * time.Second}, []time.Duration{r.Trace[0].Last, r.Trace[0].Dead})
}

// The redrive task moves each message that was dead at its start once, although they die again while it runs; a moved
// message is as old as its move.
func TestRedriveMovesOnceAndStartsAnew(t *testing.T) {
	c := few(SQSStandard(), 20, 100*time.Millisecond)
	c.Queue.MaxReceives, c.Queue.Visibility, c.Producer.PoisonFirst = 1, time.Second, 20
	c.Queue.Redrive = Redrive{At: time.Hour, Rate: 10}
	r := run(t, c)
	assert.Equal(t, []int64{40, 20}, []int64{r.DeadLettered, r.Redriven}, "2 s of moves, and each dies 1 s after its own")
	checkResult(t, r)
	c.Queue.Visibility, c.Sample, c.Duration = 30*time.Second, time.Second, 2*time.Hour
	r = run(t, c)
	assert.Equal(t, 10*time.Second, r.Rows[3610].Age)
	assert.Equal(t, 30*time.Second, r.AgePeak)
	c.Queue.Retention = time.Minute
	assert.Zero(t, run(t, c).Expired, "an hour after they were sent")
}

// A handle is old only when there is a newer one: until the message is delivered again, its delete works after the
// timeout, too.
func TestNewestHandleDeletesLate(t *testing.T) {
	c := few(SQSStandard(), 1, 1500*time.Millisecond)
	c.Queue.Visibility, c.Queue.MaxReceives, c.Consumer.Workers = time.Second, 5, 1
	for late, deliveries := range map[LateDelete]int64{LateDeleteWorks: 1, LateDeleteFails: 5, LateDeleteFenced: 1, LateDeleteChance: 1} {
		c.Queue.LateDelete = late
		r := run(t, c)
		assert.Equal(t, deliveries, r.Deliveries, "%v", late)
		assert.Equal(t, r.Deliveries == 1, r.LateDeletesWorked == 1, "%v", late)
	}
	c.Consumer.Workers, c.Queue.LateDelete = 0, LateDeleteChance
	r := run(t, c)
	assert.Equal(t, []int64{0, 4}, []int64{r.LateDeletesWorked, r.LateDeletesFailed}, "four handles are old, and the fifth comes half a second after the move")
}

// An attempt that outlives its message even in the dead-letter queue still completes it.
func TestDoneAfterADeadLetterExpired(t *testing.T) {
	c := few(SQSStandard(), 1, 90*time.Second)
	c.Queue.Visibility, c.Queue.MaxReceives, c.Queue.DeadRetention = 10*time.Second, 1, time.Minute
	r := run(t, c)
	assert.Equal(t, []int64{1, 1, 1, 1}, []int64{r.DeadLettered, r.DeadExpired, r.Processed, r.DeadAndDone})
	assert.Equal(t, 90*time.Second, r.Trace[0].Processed)
	checkResult(t, r)
}

// A message that comes back is not out of order; one whose timer ends after that of a later one is.
func TestOutOfOrderCountsFirstDeliveries(t *testing.T) {
	c := few(SQSStandard(), 2, 1500*time.Millisecond)
	c.Queue.Visibility = time.Second
	r := run(t, c)
	assert.Equal(t, []int64{4, 0}, []int64{r.Deliveries, r.OutOfOrder})
	c = few(SQSStandard(), 1000, time.Second)
	c.Producer.Timer = law.Empirical(time.Second, 10*time.Minute)
	r = run(t, c)
	late, behind := int64(0), int64(0)
	for _, m := range r.Trace {
		if m.First == time.Second {
			late = behind
			continue
		}
		require.Equal(t, 10*time.Minute, m.First)
		behind++
	}
	assert.Equal(t, late, r.OutOfOrder, "those of ten minutes that stand before one of a second")
	assert.Greater(t, late, int64(400))
}

// What is left of a gap at the end of a stretch runs on at the next rate, and a rate of 0 stops it.
func TestStepsCarryTheRest(t *testing.T) {
	c := few(SQSStandard(), 4, time.Second)
	c.Producer.Arrivals = Regular
	second := func(steps ...Step) []float64 {
		c.Producer.Steps = steps
		var at []float64
		for _, m := range run(t, c).Trace {
			at = append(at, m.Sent.Seconds())
		}
		return at
	}
	half := 2500 * time.Millisecond
	assert.Equal(t, []float64{1, 2, 2.75, 3.25}, second(Step{Rate: 1}, Step{At: half, Rate: 2}))
	assert.Equal(t, []float64{1, 2, 10.5, 11.5}, second(Step{Rate: 1}, Step{At: half}, Step{At: 10 * time.Second, Rate: 1}))
	assert.Equal(t, []float64{1, 2, 3, 4}, second(Step{Rate: 1}, Step{At: half, Rate: 1}))
	assert.Equal(t, []float64{1, 2}, second(Step{Rate: 1}, Step{At: half}), "and the others never come")
}

// Lambda gains 5 batches a second while messages wait and loses as many while none do, down to where it started.
func TestLambdaScalesDown(t *testing.T) {
	c := few(SQSStandard(), 101, 10*time.Second)
	c.Producer.Arrivals, c.Producer.Steps = Regular, []Step{{Rate: 1e6}, {At: 100 * time.Microsecond, Rate: 0.01}}
	c.Consumer.Lambda, c.Sample, c.Duration = LambdaPollers(20*time.Second), time.Second, time.Hour
	r := run(t, c)
	var limits []int64
	for _, row := range r.Rows[:30] {
		limits = append(limits, row.Limit)
	}
	// 5 + 5 n work after n seconds, the first 5 are free again after 10 s, so that all 100 are handed out at 14 s.
	want := []int64{5}
	for n := int64(1); n < 30; n++ {
		want = append(want, max(5+5*min(n, 28-n), 5))
	}
	assert.Equal(t, want, limits)
	assert.Equal(t, int64(5), r.Rows[len(r.Rows)-1].Limit)
}

// An empty short poll takes its latency and then pauses.
func TestShortPollTakesItsLatency(t *testing.T) {
	c := few(SQSStandard(), 1, time.Second)
	c.Producer.Arrivals, c.Producer.Steps = Regular, []Step{{Rate: .1}}
	c.Consumer.Workers, c.Consumer.Wait, c.Consumer.Pause, c.Consumer.ReceiveLatency = 1, 0, time.Second, Const(time.Second)
	r := run(t, c)
	assert.Equal(t, int64(6), r.EmptyReceives, "at 0, 2, 4, 6, 8 and 10 s, just before the message")
	assert.Equal(t, []time.Duration{12 * time.Second, 14 * time.Second}, []time.Duration{r.Trace[0].First, r.Trace[0].Deleted})
}

// A receive of a FIFO queue sees no further than the look-ahead window, within a group as well.
func TestLookAheadWithinAGroup(t *testing.T) {
	c := few(SQSFIFO(), 10, time.Second)
	c.Queue.LookAhead, c.Consumer.Workers, c.Consumer.Batch = 3, 1, 10
	for i, m := range run(t, c).Trace {
		assert.Equal(t, time.Duration(i/3*3)*time.Second, m.First, "message %d", i)
	}
}

// A batch that takes the function's whole timeout is in time; one that takes longer ends there, and all of it fails,
// whatever is reported item by item. A batch deleted at its end by other workers has no timeout.
func TestFunctionTimeout(t *testing.T) {
	c := few(SQSStandard(), 100, time.Second)
	c.Queue.MaxReceives, c.Consumer.Batch, c.Producer.PoisonFirst, c.Consumer.PartialBatch = 1, 10, 1, true
	c.Consumer.Lambda = LambdaPollers(10 * time.Second)
	r := run(t, c)
	assert.Equal(t, []int64{1, 99, 10}, []int64{r.DeadLettered, r.Deleted, r.DeleteCalls})
	assert.InDelta(t, 100, r.BusySeconds, 0)
	c.Consumer.Lambda.Timeout--
	r = run(t, c)
	assert.Equal(t, []int64{100, 0, 0}, []int64{r.DeadLettered, r.Deleted, r.DeleteCalls})
	assert.InDelta(t, 100, r.BusySeconds, 1e-7, "ten batches of a timeout each")
	assert.Less(t, r.BusySeconds, 100.0)
	c.Consumer.Service = Const(100 * time.Second)
	assert.Equal(t, 31*time.Second, run(t, c).End, "stopped after ten seconds, the last five batches begun after one")
	c.Consumer.Service = Const(time.Second)
	c.Consumer.Lambda, c.Consumer.DeleteAtEnd = Lambda{}, true
	r = run(t, c)
	assert.Equal(t, []int64{1, 99, 10}, []int64{r.DeadLettered, r.Deleted, r.DeleteCalls})
	assert.InDelta(t, 100, r.BusySeconds, 0)
	c.Consumer.PartialBatch = false
	assert.Equal(t, int64(10), run(t, c).DeadLettered)
}

// Delays and retention end on time in the midst of other events.
func TestRareEventsComeOnTime(t *testing.T) {
	c := few(SQSStandard(), 100, time.Hour)
	c.Producer.Arrivals, c.Producer.Steps = Regular, []Step{{Rate: 1}}
	c.Queue.Visibility, c.Queue.Retention = 2*time.Hour, time.Minute
	for _, m := range run(t, c).Trace {
		require.Equal(t, m.Sent+time.Minute, m.Expired)
	}
	c.Queue.Delay = 10 * time.Second
	for _, m := range run(t, c).Trace {
		require.Equal(t, m.Sent+10*time.Second, m.First)
	}
}
