package sqs

import (
	"encoding/json"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// few is some messages at once for workers of a constant time.
func few(c Config, messages int, service time.Duration) Config {
	c.Queue.CallLimit = 0
	c.Producer = Producer{Messages: messages, Batch: 1, Groups: 1}
	c.Consumer.Service = Const(service)
	c.Trace = messages
	return c
}

// The worked example of ChangeMessageVisibility: a timeout of 60 s, set to 10 s after 15 s, ends at 25 s.
func TestChangeVisibilityRestartsTheClock(t *testing.T) {
	c := few(SQSStandard(), 1, 100*time.Second)
	c.Queue.Visibility, c.Queue.MaxReceives = 60*time.Second, 2
	c.Consumer.Heartbeat, c.Consumer.Extend = 15*time.Second, 10*time.Second
	r := run(t, c)
	example := published("worked example of ChangeMessageVisibility", "Amazon SQS API reference, ChangeMessageVisibility", "s")
	example.Within(t, "V = 60 s, set to 10 s after 15 s: delivered again", 25, r.Trace[0].Last.Seconds(), 0)
	assert.Equal(t, 50*time.Second, r.Trace[0].Dead)
}

// Heartbeats keep a message hidden, but not longer than 12 hours after its receive.
func TestHeartbeatsAndTheirCap(t *testing.T) {
	c := few(SQSStandard(), 1, 11*time.Hour)
	c.Consumer.Heartbeat, c.Consumer.Extend = 20*time.Second, 30*time.Second
	r := run(t, c)
	assert.Equal(t, int64(1), r.Deliveries)
	assert.Equal(t, int64(11*180-1), r.ChangeCalls)
	c.Consumer.Service = Const(13 * time.Hour)
	r = run(t, c)
	assert.Equal(t, int64(2), r.Deliveries)
	most := published("longest time that heartbeats hide a message of SQS", "Amazon SQS API reference, ChangeMessageVisibility", "s")
	most.Within(t, "processing of 13 hours", 12*3600, r.Trace[0].Last.Seconds(), 0)
	c.Queue.AWS, c.Queue.MaxVisibility = false, 0
	assert.Equal(t, int64(1), run(t, c).Deliveries)
}

// A message timer replaces the delay of the queue; both count from the send.
func TestDelays(t *testing.T) {
	c := few(SQSStandard(), 3, time.Second)
	c.Queue.Delay, c.Sample, c.Duration = 10*time.Second, 5*time.Second, time.Hour
	r := run(t, c)
	assert.Equal(t, 10*time.Second, r.Trace[2].First)
	assert.Equal(t, int64(3), r.Rows[1].Delayed)
	c.Producer.Timer = Const(45 * time.Second)
	assert.Equal(t, 45*time.Second, run(t, c).Trace[0].First)
}

// Retention ends a message wherever it is; a late attempt may still complete it.
func TestRetention(t *testing.T) {
	c := few(SQSStandard(), 5, 90*time.Second)
	c.Queue.Retention = time.Minute
	r := run(t, c)
	assert.Equal(t, []int64{5, 5, 5, 0}, []int64{r.Expired, r.ExpiredAndDone, r.Processed, r.Deleted})
	assert.Equal(t, time.Minute, r.Trace[0].Expired)
	assert.NotEmpty(t, r.Warnings)
}

// The dead-letter queue of a standard queue keeps the enqueue time, that of a FIFO queue starts anew.
func TestDeadLetterClock(t *testing.T) {
	for kind, gone := range map[Kind]time.Duration{Standard: 2 * time.Minute, FIFO: 3 * time.Minute} {
		c := few(SQSStandard(), 1, time.Second)
		c.Queue.Kind, c.Queue.MaxReceives, c.Queue.Visibility, c.Queue.DeadRetention = kind, 2, 30*time.Second, 2*time.Minute
		c.Producer.PoisonFirst, c.Sample, c.Duration = 1, time.Second, time.Hour
		c.Producer.Messages, c.Producer.Arrivals = 2, Regular
		c.Producer.Steps = []Step{{Rate: 1e-3}}
		c.Producer.PoisonFirst = 1
		r := run(t, c)
		last := 0.0
		for _, row := range r.Rows {
			if row.Dead > 0 {
				last = row.At - r.Trace[0].Sent.Seconds()
			}
		}
		assert.InDelta(t, gone.Seconds(), last, 1.1, "%v", kind)
		assert.Equal(t, int64(1), r.DeadExpired)
		row := r.Rows[1000+90]
		assert.Equal(t, 30*time.Second, row.DeadAge, "counted from the move")
	}
}

// A redrive task moves what was dead when it began, at its rate.
func TestRedrive(t *testing.T) {
	c := few(SQSStandard(), 100, time.Second)
	c.Queue.MaxReceives, c.Producer.PoisonFirst = 1, 100
	c.Queue.Redrive = Redrive{At: time.Hour, Rate: 10}
	c.Sample, c.Duration = time.Second, 2*time.Hour
	r := run(t, c)
	assert.Equal(t, []int64{200, 100}, []int64{r.DeadLettered, r.Redriven})
	assert.Equal(t, int64(89), r.Rows[3601].Dead, "eleven are moved in a second with both its ends")
	checkResult(t, r)
}

// A standard queue leaves poison out of the age metric after three receives; a FIFO queue does not.
func TestAgeOfOldestMessage(t *testing.T) {
	c := few(SQSStandard(), 1, time.Second)
	c.Producer.PoisonFirst, c.Producer.Messages = 1, 1
	c.Sample, c.Duration = time.Second, 5*time.Minute
	r := run(t, c)
	assert.Equal(t, 59*time.Second, r.Rows[59].CloudWatchAge)
	assert.Zero(t, r.Rows[61].CloudWatchAge, "received at 0, 30 and 60 s")
	assert.Equal(t, 61*time.Second, r.Rows[61].Age)
	c.Queue.Kind = FIFO
	r = run(t, c)
	assert.Equal(t, 299*time.Second, r.Rows[299].CloudWatchAge)
	assert.Equal(t, int64(1), r.Rows[299].GroupsInFlight)
}

// At the cap a short poll is refused, a long poll waits, and FIFO says nothing.
func TestInFlightCap(t *testing.T) {
	c := few(SQSStandard(), 10, 10*time.Second)
	c.Queue.InFlightCap, c.Consumer.Workers = 3, 5
	r := run(t, c)
	assert.Equal(t, int64(3), r.InFlightPeak)
	assert.Zero(t, r.OverLimit)
	c.Consumer.Wait, c.Consumer.Pause = 0, time.Second
	r = run(t, c)
	assert.Positive(t, r.OverLimit)
	c.Queue.Kind, c.Producer.Groups = FIFO, 10
	r = run(t, c)
	assert.Zero(t, r.OverLimit)
	assert.Positive(t, r.EmptyReceives)
}

// A backlog of one group deeper than the look-ahead window hides the groups behind it.
func TestLookAhead(t *testing.T) {
	c := few(SQSFIFO(), 0, time.Second)
	c.Producer = Producer{Messages: 200, Arrivals: Regular, Steps: []Step{{Rate: 1000, Hot: 1}, {At: 100 * time.Millisecond, Rate: 1000}}, Batch: 1, Groups: 1000}
	c.Trace = 200
	c.Queue.LookAhead = 50
	r := run(t, c)
	hidden := r.Trace[150]
	require.NotZero(t, hidden.Group)
	assert.GreaterOrEqual(t, hidden.First, 50*time.Second)
	c.Queue.LookAhead = 120_000
	assert.Equal(t, hidden.Sent, run(t, c).Trace[150].First)
}

// Duplicates are accepted and dropped for five minutes, in the scope of the queue or of the group.
func TestDeduplication(t *testing.T) {
	c := few(SQSFIFO(), 1000, time.Millisecond)
	c.Producer.Groups, c.Producer.ResendProbability = 10, 0.5
	c.Producer.ResendDelay = Const(time.Second)
	r := run(t, c)
	assert.Equal(t, []int64{1000, r.Resent}, []int64{r.Sent, r.Deduplicated})
	c.Producer.ResendDelay = Const(299 * time.Second)
	r = run(t, c)
	assert.Positive(t, r.Deduplicated, "the first resend is known")
	assert.Greater(t, r.Sent, int64(1000), "the second, after 598 s, is not")
	c.Producer.ResendDelay = Const(301 * time.Second)
	r = run(t, c)
	assert.Equal(t, 1000+r.Resent, r.Sent)
	c.Producer.ResendDelay, c.Producer.ResendOtherGroup, c.Queue.DedupScope = Const(time.Second), 1, PerGroup
	assert.Zero(t, run(t, c).Deduplicated)
	c.Queue.DedupScope = PerQueue
	assert.Positive(t, run(t, c).Deduplicated)
	c.Queue.Kind = Standard
	assert.Zero(t, run(t, c).Deduplicated)
}

// 300 calls/s: single sends of 1,000 messages/s are refused, batches of ten are not.
func TestCallLimit(t *testing.T) {
	c := SQSFIFO()
	c.Producer.Messages, c.Producer.Steps, c.Producer.Arrivals = 30_000, []Step{{Rate: 1000}}, Regular
	r := run(t, c)
	refused := formula("sends that the call limit of a FIFO queue refuses", "30,000 in 30 s, less 300 calls/s and the first 300", "")
	refused.Within(t, "1000 single sends/s for 30 s", 30_000-30*300-300, float64(r.Throttled), 10)
	c.Producer.Batch = 10
	r = run(t, c)
	assert.Zero(t, r.Throttled)
	assert.Equal(t, int64(3000), r.SendCalls)
}

// Long polls end empty after their time; a short poll costs many more calls.
func TestEmptyReceives(t *testing.T) {
	c := few(SQSStandard(), 1, time.Second)
	c.Producer.Messages, c.Producer.Arrivals, c.Producer.Steps = 1, Regular, []Step{{Rate: .001}}
	c.Consumer.Workers = 3
	long := run(t, c)
	assert.Equal(t, int64(3*50), long.EmptyReceives, "a poll that ends as the message arrives comes after it")
	c.Consumer.Wait, c.Consumer.Pause = 0, 100*time.Millisecond
	empty := formula("empty receives of short polls", "time over the pause, for each worker", "")
	empty.Within(t, "3 workers, 1000 s, pauses of 100 ms", 30_000, float64(run(t, c).EmptyReceives), 40)
}

// Lambda starts with 5 batches and gains 300 a minute up to its maximum; a slow batch fails whole, and a failure returns
// the whole batch unless it is reported item by item.
func TestLambda(t *testing.T) {
	c := few(SQSStandard(), short(200_000, 30_000), time.Second)
	c.Consumer.Lambda, c.Sample, c.Duration = LambdaPollers(5*time.Second), time.Second, time.Hour
	r := run(t, c)
	const lambda = `AWS Lambda Developer Guide, "Configuring scaling behavior for SQS event source mappings"`
	scaling := published("concurrent batches of Lambda on SQS: 5, 300 more a minute", lambda, "")
	scaling.Within(t, "at the start", 5, float64(r.Rows[0].Busy), 0)
	scaling.Within(t, "after a minute", 305, float64(r.Rows[60].Limit), 0)
	assert.LessOrEqual(t, r.Rows[len(r.Rows)-1].Limit, int64(1000))
	c.Consumer.Lambda.Max = 50
	for _, row := range run(t, c).Rows {
		require.LessOrEqual(t, row.Busy, int64(50))
	}
	c = few(SQSStandard(), 100, time.Second)
	c.Queue.MaxReceives, c.Consumer.Batch, c.Producer.PoisonFirst = 1, 10, 1
	c.Consumer.Lambda = LambdaPollers(20 * time.Second)
	assert.Equal(t, int64(10), run(t, c).DeadLettered)
	c.Consumer.PartialBatch = true
	assert.Equal(t, int64(1), run(t, c).DeadLettered)
	c.Consumer.Lambda.Timeout = 9 * time.Second
	assert.Equal(t, int64(100), run(t, c).DeadLettered)
	c.Queue.Kind, c.Producer.Groups, c.Consumer.Lambda = FIFO, 3, Lambda{Start: 20, Ramp: 180, Max: 200, Timeout: 20 * time.Second}
	assert.LessOrEqual(t, run(t, c).InFlightPeak, int64(30), "no more invocations than groups")
}

// Fair queues serve quiet tenants first: a flood hardly touches them, and without fairness it does.
func TestFairQueue(t *testing.T) {
	c := SQSFair()
	c.Producer.Messages = short(60_000, 36_000)
	fair := run(t, c)
	c.Queue.Kind = Standard
	plain := run(t, c)
	assert.Less(t, fair.DwellQuiet.Mean, .1*plain.DwellQuiet.Mean)
	assert.Greater(t, fair.DwellNoisy.Mean, plain.DwellNoisy.Mean*.95)
	assert.InDelta(t, plain.Dwell.Mean, fair.Dwell.Mean, .05*plain.Dwell.Mean, "the work is the same")
}

// A lost delete brings a message back; an old handle works with its probability.
func TestUnsureDeletes(t *testing.T) {
	c := few(SQSStandard(), 20_000, time.Millisecond)
	c.Queue.DuplicateProbability = .1
	r := run(t, c)
	again := formula("mean deliveries when deletes are lost", "1/(1 - p)", "")
	again.Within(t, "p = 0.1", 1/.9, r.DeliveriesPerMessage, .01)
	assert.Equal(t, r.Effects-r.Processed, r.LostDeletes)
	c = few(SQSStandard(), 20_000, 1500*time.Millisecond)
	c.Queue.Visibility, c.Queue.LateDelete, c.Queue.LateDeleteProbability, c.Queue.MaxReceives = time.Second, LateDeleteChance, .25, 2
	late := formula("share dead-lettered when late deletes work by chance", "1 - p with 2 receives at most", "")
	late.Within(t, "p = 0.25, S = 1.5 V", .75, run(t, c).DLQFraction, .013)
}

func TestMaxCallsEndsARunThatWouldNot(t *testing.T) {
	c := few(SQSStandard(), 1, 0)
	c.Producer.PoisonFirst, c.Consumer.Failure, c.MaxCalls = 1, Nack, 1000
	r := run(t, c)
	assert.False(t, r.Finished)
	assert.Equal(t, int64(1000), r.Deliveries)
	require.Len(t, r.Warnings, 1)
	assert.Contains(t, r.Warnings[0].Error(), "MaxCalls")
}

// Every limit of AWS is refused with the page that states it; the same settings pass where AWS does not rule.
func TestLimitsNameTheirSource(t *testing.T) {
	for want, change := range map[string]func(*Config){
		"Queue.Visibility = 12h0m1s, want in [0s, 12h0m0s] (AWS: ChangeMessageVisibility)": func(c *Config) { c.Queue.Visibility = 12*time.Hour + time.Second },
		"Queue.Delay = 15m1s, want in [0s, 15m0s] (AWS: SetQueueAttributes)":               func(c *Config) { c.Queue.Delay = 901 * time.Second },
		"Queue.Retention = 59s, want in [1m0s, 336h0m0s] (AWS: SetQueueAttributes)":        func(c *Config) { c.Queue.Retention = 59 * time.Second },
		"Queue.DeadRetention = 336h0m1s, want":                                             func(c *Config) { c.Queue.DeadRetention = 14*day + time.Second },
		"Queue.MaxReceives = 1001, want in [0, 1000] (AWS: Using dead-letter queues":       func(c *Config) { c.Queue.MaxReceives = 1001 },
		"Queue.InFlightCap = 120001, want in [1, 120000]":                                  func(c *Config) { c.Queue.InFlightCap = 120_001 },
		"Consumer.Batch = 11, want in [1, 10] (AWS: ReceiveMessage)":                       func(c *Config) { c.Consumer.Batch = 11 },
		"Producer.Batch = 11, want in [1, 10] (AWS: Amazon SQS message quotas)":            func(c *Config) { c.Producer.Batch = 11 },
		"Consumer.Wait = 21s, want in [0s, 20s] (AWS: ReceiveMessage)":                     func(c *Config) { c.Consumer.Wait = 21 * time.Second },
		"Consumer.NackDelay = 13h0m0s, want":                                               func(c *Config) { c.Consumer.NackDelay = 13 * time.Hour },
		"Producer.Timer = const:16m, want at most 15m (AWS: Amazon SQS message timers)":    func(c *Config) { c.Producer.Timer = Const(16 * time.Minute) },
		"Queue.MaxVisibility = 0s":                                                         func(c *Config) { c.Queue.MaxVisibility = 0 },
	} {
		c := SQSStandard()
		change(&c)
		err := c.Validate()
		require.ErrorIs(t, err, ErrInvalidConfig, want)
		assert.Contains(t, err.Error(), "sqs: invalid config: "+want)
		c.Queue.AWS = false
		if want[:9] != "Queue.Ret" {
			assert.NoError(t, c.Validate(), want)
		}
	}
	c := SQSFIFO()
	c.Producer.Timer = Const(time.Second)
	assert.ErrorContains(t, c.Validate(), "FIFO queues have no timers of messages")
	c = SQSStandard()
	c.Consumer.Lambda = LambdaPollers(time.Minute)
	assert.ErrorContains(t, c.Validate(), "Timeout = 1m0s, want at most Queue.Visibility = 30s")
	c.Queue.Redrive.Rate = 501
	assert.ErrorContains(t, c.Validate(), "(AWS: StartMessageMoveTask)")
	_, err := Simulate(c)
	assert.Error(t, err)
	c = SQSStandard()
	c.Consumer.FailureProbability, c.Producer.PoisonShare, c.Queue.CallLimit = math.NaN(), math.Inf(1), -1
	assert.Len(t, c.Validate().(interface{ Unwrap() []error }).Unwrap(), 3, "all at once")
}

func TestPresetsAreValidAndRoundTrip(t *testing.T) {
	for _, c := range []Config{SQSStandard(), SQSFIFO(), SQSFair(), JetStream(), RedisStreams()} {
		require.NoError(t, c.Validate())
		text, err := json.Marshal(c)
		require.NoError(t, err)
		var back Config
		require.NoError(t, json.Unmarshal(text, &back))
		require.Equal(t, c, back)
	}
	var k Kind
	assert.Error(t, k.UnmarshalText([]byte("priority")))
	assert.Equal(t, "invalid", Kind(9).String())
	assert.Equal(t, []string{"fifo", "fenced", "at-expiry", "group", "regular", "nack"},
		[]string{FIFO.String(), LateDeleteFenced.String(), AtExpiry.String(), PerGroup.String(), Regular.String(), Nack.String()})
}

func TestSeries(t *testing.T) {
	c := few(SQSStandard(), 10, time.Second)
	c.Sample, c.Duration = 500*time.Millisecond, time.Hour
	curve := run(t, c).Series(func(r Row) float64 { return float64(r.InFlight) })
	require.Equal(t, 3, curve.Len())
	x, y := curve.XY(1)
	assert.Equal(t, []float64{.5, 10}, []float64{x, y})
}
