package decouple

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"cloudconcepts/queue/autoscale/load"
)

// check is what must hold for every run.
func checkRun(t *testing.T, r Result) {
	t.Helper()
	s, a := r.Sync, r.Async
	assert.Equal(t, s.Requests, a.Requests, "both ways meet the same requests")
	assert.Equal(t, s.Requests, s.Succeeded+s.Failed+s.Pending)
	assert.Equal(t, s.Attempts, s.Succeeded+s.Timeouts+s.Dropped+s.Errors+s.Open)
	assert.Equal(t, s.Calls, s.Succeeded+s.Errors+s.Wasted)
	assert.GreaterOrEqual(t, s.Open, 0)
	assert.LessOrEqual(t, s.Open, r.Config.Sync.Threads+r.Config.Sync.Backlog)
	assert.GreaterOrEqual(t, s.Pending, s.Open)
	assert.LessOrEqual(t, s.Attempts, s.Requests*(1+r.Config.Sync.Retries))
	assert.Equal(t, a.Requests, a.Completed+a.Dead+a.Expired+a.Pending)
	assert.Equal(t, a.Calls, a.Completed+a.Dead+a.Retries)
	assert.GreaterOrEqual(t, a.Pending, 0)
	assert.Equal(t, s.Succeeded, s.Latency.Count)
	assert.Equal(t, a.Completed, a.Latency.Count)
	assert.True(t, s.SuccessFraction >= 0 && s.SuccessFraction <= 1 && s.WastedFraction >= 0 && s.WastedFraction <= 1+1e-9)
	assert.True(t, s.BusyFraction >= 0 && s.BusyFraction <= 1+1e-9, "%g", s.BusyFraction)
	if t0 := r.Config.Sync.Timeout; t0 > 0 && r.Config.Sync.Retries == 0 {
		assert.LessOrEqual(t, s.Latency.Max, t0.Seconds())
	}
	for _, row := range s.Rows {
		assert.True(t, row.Threads <= r.Config.Sync.Threads && row.Backlog <= r.Config.Sync.Backlog)
	}
	for _, row := range a.Rows {
		assert.LessOrEqual(t, row.InFlight, min(r.Config.Async.Workers, r.Config.Provider.Servers))
	}
	_, err := json.Marshal(r)
	require.NoError(t, err)
}

func TestConservation(t *testing.T) {
	for seed := range uint64(40) {
		c := Shop()
		c.Seed, c.Duration = seed, 4*time.Minute
		c.Arrivals = load.Burst(float64(20+seed*6), 400, time.Minute, 20*time.Second)
		c.Provider.Windows = []Window{
			{10 * time.Second, 5 * time.Second, Kind(seed % 3), 3},
			{20 * time.Second, 15 * time.Second, Kind((seed / 3) % 3), 10},
			{2 * time.Minute, 30 * time.Second, Kind((seed / 9) % 3), 100},
		}
		c.Provider.Failure = float64(seed%4) * 0.1
		c.Sync.Retries, c.Sync.SkipGone = int(seed%5), seed%2 == 0
		c.Sync.Threads = 5 + int(seed)*3
		c.Async.MaxReceives, c.Async.RetryDelay = 1+int(seed%4), time.Duration(seed%3)*time.Second
		c.Async.Retention = time.Minute
		checkRun(t, run(t, c))
	}
}

// Rows add up to the totals.
func TestRowsAddUp(t *testing.T) {
	r := run(t, Shop())
	var requests, succeeded, dropped, timeouts, wasted, completed int
	for _, row := range r.Sync.Rows {
		requests, succeeded = requests+row.Requests, succeeded+row.Succeeded
		dropped, timeouts, wasted = dropped+row.Dropped, timeouts+row.Timeouts, wasted+row.Wasted
	}
	for _, row := range r.Async.Rows {
		completed += row.Completed
	}
	s := r.Sync
	assert.Equal(t, []int{s.Requests, s.Succeeded, s.Dropped, s.Timeouts, s.Wasted}, []int{requests, succeeded, dropped, timeouts, wasted})
	assert.Equal(t, r.Async.Completed, completed)
	assert.Len(t, s.Rows, 600)
	depth := r.Async.Series(func(r AsyncRow) float64 { return float64(r.Depth) })
	x, y := depth.XY(179)
	assert.Equal(t, 600, depth.Len())
	assert.InDelta(t, 180, x, 0)
	assert.InDelta(t, 6000, y, 300, "a minute of requests waits when the outage ends")
	assert.Equal(t, 600, s.Series(func(r SyncRow) float64 { return r.P99 }).Len())
}

// A queue changes when, not how much: over its capacity both ways do the same work, and it says so.
func TestAQueueAddsNoCapacity(t *testing.T) {
	c := Shop()
	c.Provider.Windows, c.Arrivals = nil, load.Constant(300)
	c.Sync.Timeout, c.Duration = 0, 5*time.Minute
	r := run(t, c)
	done := formula("requests done and waiting of an overloaded provider", "fluid: capacity times time, and the rest", "")
	done.Within(t, "300/s on 200/s for 300 s, queue, done", 200*300, float64(r.Async.Completed), 4*300)
	done.Within(t, "300/s on 200/s for 300 s, API, done as by the queue", float64(r.Async.Completed), float64(r.Sync.Succeeded), 600)
	done.Within(t, "300/s on 200/s for 300 s, queue, waiting", 100*300, float64(r.Async.Pending), 2000)
	assert.Contains(t, fmt.Sprint(r.Warnings), "the backlog grows for ever")
	assert.Contains(t, fmt.Sprint(r.Warnings), "the API is overloaded")
}

// With retries an overload outlives its cause: 2 x 170 is more than 200 requests/s, 2 x 60 is not. All of it is work
// for users who have left.
func TestRetryStorm(t *testing.T) {
	for _, x := range []struct {
		rate  float64
		stuck bool
	}{{60, false}, {170, true}} {
		c := Shop()
		c.Arrivals, c.Duration = load.Constant(x.rate), 15*time.Minute
		c.Sync = Sync{Threads: 20, Backlog: 1e6, Timeout: time.Second, Retries: 1}
		r := run(t, c)
		last := r.Sync.Rows[len(r.Sync.Rows)-1]
		assert.Equal(t, x.stuck, last.Timeouts > 50, "%g/s: %+v", x.rate, last)
		assert.Equal(t, x.stuck, len(r.Warnings) > 0)
		assert.Equal(t, r.Async.Requests-r.Async.Pending, r.Async.Completed, "the queue has recovered")
		assert.Less(t, r.Async.EmptyAt, 600.0)
		// Not to begin what nobody waits for is no cure: the oldest request that has not timed out has waited for almost
		// the whole second, and times out while it is served.
		c.Sync.SkipGone = true
		skipping := run(t, c).Sync
		assert.Equal(t, x.stuck, skipping.Rows[len(skipping.Rows)-1].Timeouts > 50, "%+v", skipping.Rows[len(skipping.Rows)-1])
	}
}

// What the provider does in a window.
func TestWindows(t *testing.T) {
	c := Shop()
	c.Provider = Provider{Servers: 1, Service: Const(time.Second), ErrorLatency: 50 * time.Millisecond, Windows: []Window{
		{10 * time.Second, 4 * time.Second, Slow, 2}, {20 * time.Second, 3 * time.Second, Hang, 0}, {30 * time.Second, time.Second, Fail, 0},
	}}
	ends := formula("end of a call that meets slow times, a hang or failures", "by hand: half as fast from 10 to 14 s, hangs from 20 to 23 s, refuses from 30 to 31 s", "s")
	for _, x := range []struct {
		begin, work, end float64
		failed           bool
	}{
		{1, 2, 3, false},
		{9, 1, 10, false},
		{9, 2, 12, false},
		{9.5, 1, 11, false},
		{10, 1, 12, false},
		{13, 1, 14.5, false},
		{9, 5, 16, false},
		{19.5, 1, 23.5, false},
		{21, 1, 24, false},
		{9, 12, 26, false},
		{29.5, 1, 30.5, false},
		{30, 1, 30.05, true},
		{30.9, 1, 30.95, true},
		{31, 1, 32, false},
	} {
		p := newProvider(&c)
		done, failed := p.call(int64(x.begin*1e9), int64(x.work*1e9))
		ends.Within(t, fmt.Sprintf("begun at %v s, work of %v s", x.begin, x.work), x.end, float64(done)/1e9, 1e-9)
		assert.Equal(t, x.failed, failed, "%+v", x)
	}
}

// An outage that refuses quickly burns the receives of every message: worse for a queue than one that hangs.
func TestFailingFastFillsTheDeadLetterQueue(t *testing.T) {
	c := Shop()
	c.Async.RetryDelay, c.Async.MaxReceives = time.Second, 5
	assert.Zero(t, run(t, c).Async.Dead)
	c.Provider.Windows[0].Kind = Fail
	dead := formula("dead letters of an outage that refuses", "fluid: rate times the length less what the refusals take", "")
	dead.Within(t, "100/s, a minute, 5 receives, 1 s apart", 55*100, float64(run(t, c).Async.Dead), 400)
	c.Async.RetryDelay = 30 * time.Second
	assert.Zero(t, run(t, c).Async.Dead, "a longer visibility timeout rides it out")
}

func TestRetentionLosesMessages(t *testing.T) {
	c := Shop()
	c.Arrivals, c.Async.Retention, c.Duration = load.Constant(300).Regular(), time.Minute, 10*time.Minute
	c.Provider.Windows, c.Provider.Service = nil, Const(100*time.Millisecond)
	a := run(t, c).Async
	const at = "300/s on 200/s for 600 s, retention 60 s"
	formula("oldest message of a queue with a retention", "the retention", "s").Within(t, at, 60, a.AgeMax, 0.1)
	lost := formula("messages of an overloaded queue with a retention", "fluid: the head ages by 1/3 s per s; once it is a minute old a third is lost", "")
	lost.Within(t, at+", lost", (600-180)*100, float64(a.Expired), 30)
	lost.Within(t, at+", deepest", 60*300, float64(a.DepthPeak), 30)
}

// The cut by MaxRequests is the same on both sides, and a step changes nothing but the rows.
func TestBounds(t *testing.T) {
	c := Shop()
	c.MaxRequests = 1000
	r := run(t, c)
	checkRun(t, r)
	assert.Equal(t, 1000, r.Sync.Requests)
	assert.Contains(t, fmt.Sprint(r.Warnings), "MaxRequests")
	c.Sample = 0
	again := run(t, c)
	assert.Equal(t, r.Sync.Latency, again.Sync.Latency)
	assert.Equal(t, r.Async.Latency, again.Async.Latency)
	assert.Empty(t, again.Sync.Rows)
}

func TestConfigIsJSON(t *testing.T) {
	c := Shop()
	raw, err := json.Marshal(c)
	require.NoError(t, err)
	var back Config
	require.NoError(t, json.Unmarshal(raw, &back))
	assert.Equal(t, c, back)
	assert.Error(t, json.Unmarshal([]byte(`{"provider":{"windows":[{"kind":"odd"}]}}`), &back))
}

func TestValidateReportsAll(t *testing.T) {
	err := Config{}.Validate()
	require.ErrorIs(t, err, ErrInvalidConfig)
	for _, field := range []string{"Arrivals.Steps", "Provider.Servers", "Provider.Service", "Sync.Threads", "Async.Workers", "Async.MaxReceives", "Async.Retention", "Duration", "MaxRequests"} {
		assert.ErrorContains(t, err, "decouple: invalid config: "+field)
	}
	_, err = Simulate(Config{})
	assert.Error(t, err)
	c := Shop()
	c.Provider.Windows = append(c.Provider.Windows, c.Provider.Windows[0])
	assert.ErrorContains(t, c.Validate(), "Provider.Windows[1].At = 2m0s, want in [3m0s,")
	c = Shop()
	c.Sample = 1
	assert.ErrorContains(t, c.Validate(), "Sample = 1ns")
}
