package autoscale

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cloudconcepts/queue/autoscale/load"
	"cloudconcepts/queue/theory"
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
		Arrivals: load.Burst(200, 2000, 0, time.Minute).Regular(), Service: Const(2 * time.Millisecond),
		Rule: Fixed{1}, Initial: 1, Max: 1, MetricPeriod: time.Minute, EvaluationPeriod: time.Minute,
		LatencyTarget: 10 * time.Second, Price: 3.6, Duration: 10 * time.Minute, MaxMessages: 1e6, Sample: time.Second, Seed: 1,
	}
}

// The fluid burst with a base of 200/s, a peak of 2000/s for 60 s and a capacity of 500/s: exact but for the message
// that is being processed and the grid of one arrival and one service.
func TestFlashSale(t *testing.T) {
	r := run(t, flashSale())
	f, err := theory.Burst{Base: 200, Peak: 2000, Duration: 60, Capacity: 500}.Solve()
	require.NoError(t, err)
	const source = "fluid: peak (lp - C) T, drained after peak/(C - l0), oldest peak/C, mean half of that; exported and simulated"
	const sale = "2000/s for 60 s, then 200/s, capacity 500/s"
	depth := formula("backlog of a flash sale at one worker", source, "")
	times := formula("times of a flash sale at one worker", source, "s")
	depth.Within(t, sale+", peak, closed form", 90_000, f.BacklogPeak, 0)
	times.Within(t, sale+", drain, closed form", 300, f.Drain, 0)
	times.Within(t, sale+", oldest, closed form", 180, f.AgeMax, 0)
	times.Within(t, sale+", mean wait, closed form", 90, f.DelayMean, 0)
	depth.Within(t, sale+", peak, simulated", f.BacklogPeak, float64(r.DepthPeak), 1)
	times.Within(t, sale+", of the peak, simulated", 60, r.PeakAt, 0.01)
	times.Within(t, sale+", when it is empty, simulated", 60+f.Drain, r.EmptyAt, 0.1)
	times.Within(t, sale+", oldest, simulated", f.AgeMax, r.AgeMax, 0.1)
	at60, at240 := r.Rows[60], r.Rows[240]
	times.Within(t, sale+", oldest after 60 s, simulated", 45, at60.OldestAge, 0.01)    // 60 - 30000/2000 s, when the queue is deepest
	times.Within(t, sale+", oldest after 240 s, simulated", 180, at240.OldestAge, 0.01) // its age is greatest 180 s later
	depth.Within(t, sale+", after 240 s, simulated", 36_000, float64(at240.Depth), 1)   // when 60 percent of the backlog has gone
	cost := formula("price of one worker in a flash sale", "time times price", "$")
	cost.Within(t, "ten minutes at a tenth of a cent per second", 0.6, r.Cost, 1e-12)
	// Older than 10 s while the wait is: from 40/3 s on (the wait is 3/4 of the time) until 10 s of backlog are left.
	times.Within(t, sale+", while a message is older than 10 s, simulated", 240+170/180.0*120-40.0/3, r.TimeOver, 0.05)
	over := formula("share of messages of a flash sale that take longer than 10 s", "fluid: those that come between 3.3 and 343.3 s", "")
	over.Within(t, sale, 170_000.0/228_000, r.OverTargetFraction, 1e-4)
}

// EC2 Auto Scaling guide, "Scaling policy based on Amazon SQS": 1500 messages on 10 instances, 0.1 s each, 10 s
// acceptable: the target is 100 messages per instance, the metric 150, and the group scales out by 5.
func TestBacklogPerInstanceExample(t *testing.T) {
	rule := AWS().Rule.(BacklogPerInstance)
	example := published("backlog per instance and instances of AWS's example", `Amazon EC2 Auto Scaling User Guide, "Scaling policy based on Amazon SQS"`, "")
	example.Within(t, "10 s of latency, 0.1 s each: target", 100, rule.Target(), 0)
	want := rule.Want(Observation{Visible: 1500, Measured: 10, Serving: 10, Capacity: 10})
	example.Within(t, "1500 messages, 10 instances: instances wanted", 15, float64(want), 0)
	c := AWS()
	c.Arrivals, c.Service = load.Constant(100).Regular(), Const(100*time.Millisecond)
	c.Backlog, c.Duration = 1510, 90*time.Second
	r := run(t, c)
	// In the run 1500 wait and 10 are in flight when the metric is read.
	example.Within(t, "1500 messages, 10 instances: instances wanted, simulated", 15, float64(r.Rows[len(r.Rows)-1].Wanted), 0)
	example.Within(t, "1500 messages, 10 instances: launched, simulated", 5, float64(r.Launched), 0)
}
