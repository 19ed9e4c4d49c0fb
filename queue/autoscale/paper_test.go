package autoscale

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"cloudconcepts/queue/autoscale/load"
)

func run(t *testing.T, c Config) Result {
	t.Helper()
	r, err := Simulate(c)
	require.NoError(t, err)
	return r
}

// flashSale is one worker of 500 messages/s, 200/s before it and after it and 2000/s for a minute.
func flashSale() Config {
	return Config{
		Arrivals: load.Burst(200, 2000, 0, time.Minute).Evenly(), Service: Const(2 * time.Millisecond),
		Rule: Fixed{1}, Initial: 1, Max: 1, MetricPeriod: time.Minute, EvaluationPeriod: time.Minute,
		LatencyTarget: 10 * time.Second, Price: 3.6, Duration: 10 * time.Minute, MaxMessages: 1e6, Step: time.Second, Seed: 1,
	}
}

// The fluid burst with a base of 200/s, a peak of 2000/s for 60 s and a capacity of 500/s: exact but for the message
// that is being processed and the grid of one arrival and one service.
func TestFlashSale(t *testing.T) {
	r := run(t, flashSale())
	f := BurstFluid(200, 2000, 60, 500)
	assert.Equal(t, Fluid{Peak: 90_000, Drain: 300, MaxAge: 180, Mean: 90}, f)
	assert.InDelta(t, f.Peak, r.PeakDepth, 1)
	assert.InDelta(t, 60, r.PeakAt, 0.01)
	assert.InDelta(t, 60+f.Drain, r.EmptyAt, 0.1)
	assert.InDelta(t, f.MaxAge, r.MaxAge, 0.1)
	at60, at240 := r.Rows[60], r.Rows[240]
	assert.InDelta(t, 45, at60.OldestAge, 0.01, "when the burst ends the queue is deepest, and 60 - 30000/2000 s old")
	assert.InDelta(t, 180, at240.OldestAge, 0.01, "its age is greatest 180 s later")
	assert.InDelta(t, 36_000, at240.Depth, 1, "when 60 percent of the backlog has gone")
	assert.InDelta(t, 600, r.Dollars*1000, 1e-9, "one instance for ten minutes at a tenth of a cent per second")
	// Older than 10 s while the wait is: from 40/3 s on (the wait is 3/4 of the time) until 10 s of backlog are left.
	assert.InDelta(t, 240+170/180.0*120-40.0/3, r.TimeOver, 0.05)
	assert.InDelta(t, 170_000.0/228_000, r.OverTarget, 1e-4, "those that come between 3.3 s and 343.3 s")
}

// EC2 Auto Scaling guide, "Scaling policy based on Amazon SQS": 1500 messages on 10 instances, 0.1 s each, 10 s
// acceptable: the target is 100 messages per instance, the metric 150, and the group scales out by 5.
func TestBacklogPerInstanceExample(t *testing.T) {
	rule := AWS().Rule.(BacklogPerInstance)
	assert.InDelta(t, 100, rule.Target(), 0)
	assert.Equal(t, 15, rule.Want(Observation{Visible: 1500, Measured: 10, Serving: 10, Capacity: 10}))
	c := AWS()
	c.Arrivals, c.Service = load.Constant(100).Evenly(), Const(100*time.Millisecond)
	c.Backlog, c.Duration = 1510, 90*time.Second
	r := run(t, c)
	assert.Equal(t, 15, r.Rows[len(r.Rows)-1].Wanted, "in the run: 1500 wait and 10 are in flight when the metric is read")
	assert.Equal(t, 5, r.Launched)
}
