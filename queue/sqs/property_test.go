package sqs

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"cloudconcepts/internal/law"
	"cloudconcepts/internal/rng"
)

// checkResult wants what holds of any run.
func checkResult(t *testing.T, r Result) {
	t.Helper()
	c := r.Config
	require.Equal(t, r.Sent, r.Deleted+r.DeadLettered-r.Redriven+r.Expired+r.InSystem, "%+v", r)
	require.Equal(t, r.Sent, r.Processed+(r.DeadLettered-r.Redriven-r.DeadAndDone)+(r.Expired-r.ExpiredAndDone)+(r.InSystem-r.InSystemDone), "%+v", r)
	require.Equal(t, r.Finished, r.InSystem == 0 && r.Attempts == r.Deliveries && r.Finished)
	if r.Finished {
		require.Equal(t, int64(c.Producer.Messages)+r.Resent, r.Sent+r.Deduplicated+r.Throttled+unsent(c, r))
		require.Equal(t, r.Deliveries, r.Attempts)
	}
	require.LessOrEqual(t, r.Attempts, r.Deliveries)
	require.LessOrEqual(t, r.Processed, r.Effects)
	require.LessOrEqual(t, r.Duplicated, r.Delivered)
	require.LessOrEqual(t, r.Delivered, r.Deliveries)
	require.LessOrEqual(t, r.Delivered, r.Sent+r.Redriven)
	require.LessOrEqual(t, r.EmptyReceives+r.ThrottledReceives+r.OverLimit, r.ReceiveCalls)
	require.LessOrEqual(t, r.End, c.Duration)
	require.LessOrEqual(t, r.AgePeak, c.Duration)
	if c.Queue.MaxReceives > 0 {
		require.LessOrEqual(t, r.DeliveriesPerMessage, float64(c.Queue.MaxReceives))
	}
	if !c.Queue.Expiry.ReturnsIgnoreCap {
		require.LessOrEqual(t, r.InFlightPeak, int64(c.Queue.InFlightCap))
	}
	for _, x := range []float64{r.DeliveriesPerMessage, r.DuplicatesFraction, r.DLQFraction, r.SystemMean, r.Sojourn.Mean, r.BusySeconds, r.WastedSeconds} {
		require.False(t, math.IsNaN(x) || math.IsInf(x, 0) || x < 0, "%+v", r)
	}
	require.LessOrEqual(t, r.WastedSeconds, r.BusySeconds*(1+1e-9)+1e-6)
	_, err := json.Marshal(r)
	require.NoError(t, err)
}

// unsent are messages that never arrive because the rate ends at 0.
func unsent(c Config, r Result) int64 {
	steps := c.Producer.Steps
	if c.Producer.Arrivals == AtOnce || steps[len(steps)-1].Rate > 0 {
		return 0
	}
	return int64(c.Producer.Messages) + r.Resent - r.Sent - r.Deduplicated - r.Throttled
}

// walk steps through a run and looks at the whole state after every event.
func walk(t *testing.T, c Config) Result {
	t.Helper()
	require.NoError(t, c.Validate(), "%+v", c)
	s := newSim(c)
	last := s.now
	for s.step() {
		require.GreaterOrEqual(t, s.now, last)
		last = s.now
		checkState(t, s)
	}
	r := s.report()
	checkResult(t, r)
	return r
}

func checkState(t *testing.T, s *sim) {
	t.Helper()
	var count [5]int
	inWindow, before, oldest := 0, int64(-1), none
	batches := map[int32]int64{}
	ahead := map[int32]int64{}
	working := 0
	for slot := s.order.head; slot != none; slot = s.slots[slot].next {
		m := &s.slots[slot]
		require.Greater(t, m.seq, before)
		before = m.seq
		count[m.state]++
		if s.edge != none && m.seq <= s.slots[s.edge].seq {
			inWindow++
		}
		if oldest == none && (s.c.Queue.Kind == FIFO || int(m.receives) < s.c.Queue.AgeReceives) {
			oldest = slot
		}
		if r := s.c.Queue.MaxReceives; r > 0 {
			require.LessOrEqual(t, int(m.receives), r)
		}
		if m.state == inFlightState {
			require.GreaterOrEqual(t, m.due, s.now)
			checkBatch(t, s, m, batches)
		}
		checkOrder(t, s, m, ahead)
	}
	for i := range s.slots {
		working += int(s.slots[i].working)
	}
	require.Equal(t, s.working, working)
	require.Equal(t, [5]int{0, s.delayed, s.visible, s.inFlight, 0}, count)
	require.Equal(t, s.order.n, count[delayed]+count[visible]+count[inFlightState])
	require.Equal(t, min(s.order.n, s.c.Queue.LookAhead), inWindow)
	require.Equal(t, oldest, s.counted())
	if s.c.Queue.Kind == Standard {
		require.Equal(t, s.visible, s.shared.of[0].waiting())
	}
}

// checkBatch wants all messages of a group that are in flight to be of one batch, and so received at one time.
func checkBatch(t *testing.T, s *sim, m *message, batches map[int32]int64) {
	t.Helper()
	if s.c.Queue.Kind != FIFO {
		return
	}
	received, ok := batches[m.group]
	require.True(t, !ok || received == m.received, "two batches of a group in flight")
	batches[m.group] = m.received
}

// checkOrder wants all that stand before a message in flight, in its group of a FIFO queue, to have been in its batch.
func checkOrder(t *testing.T, s *sim, m *message, ahead map[int32]int64) {
	t.Helper()
	if s.c.Queue.Kind != FIFO {
		return
	}
	received := m.received
	if m.receives == 0 {
		received = -1
	}
	before, ok := ahead[m.group]
	if m.state == inFlightState && ok {
		require.Equal(t, before, received, "a message overtook one of its group")
	}
	if ok && before != received {
		received = -2
	}
	ahead[m.group] = received
}

// random is some configuration, small enough to look at after every event.
func random(r *rand.Rand) Config {
	c := []Config{SQSStandard(), SQSFIFO(), SQSFair(), JetStream(), RedisStreams()}[r.IntN(5)]
	either := func(odds float64) bool { return r.Float64() < odds }
	some := func(d time.Duration) time.Duration { return time.Duration(r.Int64N(int64(d)) + 1) }
	of := func(d time.Duration) Law {
		return []Law{Exp(d), Const(d), law.Uniform(0, 2*d), law.Lognormal(d, 1.5)}[r.IntN(4)]
	}
	q, p, w := &c.Queue, &c.Producer, &c.Consumer
	p.Messages, p.Groups, p.Batch = 1+r.IntN(150), 1+r.IntN(6), 1+r.IntN(10)
	p.Arrivals = Arrivals(r.IntN(3))
	p.Steps = []Step{{Rate: 1 + 20*r.Float64(), Hot: r.Float64()}, {At: some(10 * time.Second), Rate: 5 * float64(r.IntN(2))}}
	q.Visibility, q.MaxReceives = some(8*time.Second), r.IntN(4)
	q.LateDelete, q.LateDeleteProbability = LateDelete(r.IntN(4)), r.Float64()
	q.InFlightCap, q.LookAhead = 1+r.IntN(30), 1+r.IntN(30)
	q.Retention, q.DeadRetention = time.Minute+some(5*time.Minute), time.Minute+some(5*time.Minute)
	if either(.3) {
		q.Delay, q.DuplicateProbability = some(20*time.Second), .3*r.Float64()
	}
	if either(.3) {
		q.Redrive = Redrive{At: some(time.Minute), Rate: 500 * r.Float64()}
	}
	if either(.3) {
		p.ResendProbability, p.ResendDelay, p.ResendOtherGroup = .5, of(4*time.Minute), r.Float64()
		q.DedupScope = Scope(r.IntN(2))
	}
	if either(.3) {
		p.Latency, w.ReceiveLatency, w.DeleteLatency = of(20*time.Millisecond), of(100*time.Millisecond), of(300*time.Millisecond)
	}
	p.PoisonShare, p.SlowShare, p.SlowFactor = .2*r.Float64(), .2*r.Float64(), 5
	w.Service, w.FailureProbability, w.Failure = of(some(3*time.Second)), .5*r.Float64(), Failure(r.IntN(2))
	w.Workers, w.Batch, w.NackDelay = r.IntN(5), 1+r.IntN(10), some(3*time.Second)
	if either(.3) {
		w.Wait, w.Pause, q.ShortPollMiss = 0, some(time.Second)+time.Millisecond, .5*r.Float64()
	}
	if either(.3) {
		w.Heartbeat, w.Extend = some(5*time.Second)+time.Second, some(10*time.Second)
	}
	w.DeleteAtEnd, w.PartialBatch = either(.3), either(.5)
	w.Prefetch = either(.3) && w.Workers > 0 && !w.DeleteAtEnd
	if either(.2) && !w.Prefetch {
		q.Visibility += 20 * time.Second
		w.Lambda = Lambda{Start: 1 + r.IntN(3), Ramp: r.IntN(600), Max: 2 + r.IntN(20), Timeout: time.Second + some(19*time.Second)}
	}
	c.Duration, c.MaxCalls, c.Seed = some(20*time.Minute), 50_000, r.Uint64()
	c.Sample, c.Trace = 10*time.Second, 20
	return c
}

func TestStateAfterEveryEvent(t *testing.T) {
	r := rng.New(11)
	n := 40
	if testing.Short() {
		n = 5
	}
	finished := 0
	for range n {
		c := random(r)
		got := walk(t, c)
		again := run(t, c)
		require.Equal(t, got, again)
		if got.Finished {
			finished++
		}
	}
	assert.Greater(t, finished, n/4)
}

// The first deliveries of a group rise with the places of its messages.
func TestFIFOKeepsOrder(t *testing.T) {
	r := rng.New(12)
	for range 60 {
		c := random(r)
		c.Queue.Kind, c.Trace = FIFO, 1000
		c.Producer.Timer = Law{}
		got := run(t, c)
		ahead := map[int]Message{}
		for _, m := range got.Trace {
			if m.First < 0 {
				continue
			}
			if a, ok := ahead[m.Group]; ok && a.First >= 0 && c.Queue.Redrive.Rate == 0 {
				require.LessOrEqual(t, a.First, m.First)
			}
			ahead[m.Group] = m
		}
	}
}

// Little's law on the path: the area under the number in the system is the sum of the stays.
func TestLittlesLaw(t *testing.T) {
	c := SQSStandard()
	c.Producer.Messages, c.Producer.Steps = 20_000, []Step{{Rate: 100}}
	c.Consumer.Workers, c.Consumer.Service, c.Trace = 120, Exp(time.Second), 20_000
	r := run(t, c)
	sum := 0.0
	for _, m := range r.Trace {
		sum += (m.Deleted - m.Sent).Seconds()
	}
	assert.InEpsilon(t, sum/r.End.Seconds(), r.SystemMean, 1e-9)
	assert.InEpsilon(t, sum/float64(r.Sent), r.Sojourn.Mean, 1e-9)
}

// A changed policy meets the same arrivals, and a longer timeout never makes more deliveries here.
func TestCommonRandomNumbers(t *testing.T) {
	c := SQSStandard()
	c.Producer.Messages, c.Trace = 500, 500
	c.Queue.Visibility = time.Second
	a := run(t, c)
	c.Queue.Visibility, c.Consumer.Service = time.Minute, Const(2*time.Second)
	b := run(t, c)
	for i := range a.Trace {
		require.Equal(t, a.Trace[i].Sent, b.Trace[i].Sent)
	}
	assert.Less(t, b.Deliveries, a.Deliveries)
}

// Times twice as long change no count.
func TestTimeScales(t *testing.T) {
	c := SQSFIFO()
	c.Queue.CallLimit = 0
	c.Producer.Messages, c.Producer.Groups, c.Queue.MaxReceives = 5000, 20, 3
	c.Producer.Steps = []Step{{Rate: 8}}
	c.Queue.Visibility = 2 * time.Second
	a := run(t, c)
	c.Producer.Steps = []Step{{Rate: 4}}
	c.Queue.Visibility, c.Consumer.Service = 4*time.Second, Exp(2*time.Second)
	c.Queue.Retention *= 2
	b := run(t, c)
	assert.Equal(t, []int64{a.Deliveries, a.DeadLettered, a.Deleted, a.Duplicated}, []int64{b.Deliveries, b.DeadLettered, b.Deleted, b.Duplicated})
	assert.InEpsilon(t, 2*a.Sojourn.Mean, b.Sojourn.Mean, 1e-6)
}
