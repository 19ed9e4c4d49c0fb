package queue

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"cloudconcepts/internal/rng"
)

// randomConfig is a valid configuration of every kind of queue.
func randomConfig(r *rand.Rand) Config {
	all := Disciplines()
	c := Config{
		Servers: 1 + r.IntN(12), Discipline: all[r.IntN(len(all))], Full: Full(r.IntN(3)), Policy: DefaultPolicy(),
		Deadline: time.Duration(1+r.IntN(10)) * time.Second, Messages: 2000, Seed: r.Uint64(),
	}
	c.Policy.Target, c.Policy.Interval, c.Policy.MeanWeight, c.Policy.Threshold = time.Second/2, 5*time.Second, 0.1, r.IntN(10)
	laws := []Law{Exp(time.Second), Const(time.Second), Pareto(1.5, time.Second), {}, Uniform(0, 2*time.Second), Empirical(time.Second, 3*time.Second)}
	c.Service = laws[r.IntN(len(laws))]
	arrivals := manyArrivals(float64(c.Servers) * 2 * r.Float64())
	c.Arrivals = arrivals[r.IntN(len(arrivals))]
	if r.IntN(2) == 0 {
		c.Capacity = c.Servers + r.IntN(10)
	}
	if r.IntN(2) == 0 {
		c.Classes = []Class{{0.2, 2}, {0.3, 0.1}, {0.5, 1}}
	}
	switch r.IntN(3) {
	case 0:
		c.Duration = time.Duration(1+r.IntN(300)) * time.Second
	case 1:
		c.Duration, c.Messages = time.Duration(1+r.IntN(300))*time.Second, 0
	}
	if r.IntN(3) == 0 {
		c.Warmup = r.Int64N(1900)
	}
	if r.IntN(3) == 0 {
		c.Sample = time.Duration(1+r.IntN(5)) * time.Second
	}
	return c
}

// invariants hold for every result.
func invariants(t *testing.T, r Result) {
	t.Helper()
	identity(t, r)
	c := r.Config
	for _, share := range []float64{r.WaitProbability, r.LossFraction, r.BlockedFraction, r.Utilization} {
		require.True(t, share >= 0 && share <= 1+1e-9, "share %v of %+v", share, r)
	}
	for _, x := range []float64{r.WaitMean, r.WaitHalf, r.SojournMean, r.Throughput, r.QueueMean, r.SystemMean, r.Window, r.End} {
		require.True(t, x >= 0 && !math.IsInf(x, 0), "%v of %+v", x, r)
	}
	ordered := []float64{0, r.WaitP50, r.WaitP90, r.WaitP95, r.WaitP99, r.WaitP999, r.WaitMax}
	for i := 1; i < len(ordered); i++ {
		require.LessOrEqual(t, ordered[i-1], ordered[i])
	}
	require.LessOrEqual(t, r.WaitMean, r.WaitMax*(1+1e-12))
	require.LessOrEqual(t, r.Goodput, r.Throughput)
	require.GreaterOrEqual(t, r.SystemMean, r.QueueMean)
	if c.Capacity > 0 {
		places := float64(c.Capacity - c.Servers)
		if c.Full == Block {
			places++
		}
		require.LessOrEqual(t, r.QueueMean, places*(1+1e-12))
	}
	if c.Discipline == Expire {
		require.Zero(t, r.Late)
		require.LessOrEqual(t, r.WaitMax, c.Deadline.Seconds())
	} else {
		require.Zero(t, r.Expired)
	}
	if c.Duration == 0 {
		require.True(t, r.InSystem == 0 || r.End > 73*year.Seconds())
	} else {
		require.LessOrEqual(t, r.End, c.Duration.Seconds())
	}
	if c.Capacity == 0 && c.Discipline < Expire {
		require.Zero(t, r.Rejected+r.Dropped)
	}
	var arrivals, out int64
	for _, row := range r.Rows {
		arrivals, out = arrivals+row.Arrivals, out+row.Departures+row.Lost
		require.Equal(t, arrivals-out, int64(row.Waiting+row.InService))
	}
}

func TestInvariants(t *testing.T) {
	r := rng.New(11)
	n, _ := few(1000)
	n = max(n, 60)
	for range n {
		c := randomConfig(r)
		result, err := Simulate(c)
		require.NoError(t, err, "%+v", c)
		invariants(t, result)
		if c.recursive() && len(c.Classes) == 0 {
			both(t, c)
		}
	}
}

// Times twice as long leave shares alone and double means.
func TestScaling(t *testing.T) {
	for _, d := range Disciplines() {
		c := Config{
			Arrivals: Every(800 * time.Millisecond), Service: Empirical(time.Second, 2*time.Second, 7*time.Second), Servers: 3, Capacity: 20,
			Discipline: d, Policy: DefaultPolicy(), Deadline: 4 * time.Second, Messages: 5000, Seed: 5,
		}
		c.Policy.Target, c.Policy.Interval = time.Second, 16*time.Second
		double := c
		double.Arrivals, double.Service = Every(1600*time.Millisecond), Empirical(2*time.Second, 4*time.Second, 14*time.Second)
		double.Policy.Target, double.Policy.Interval, double.Deadline = 2*time.Second, 32*time.Second, 8*time.Second
		a, b := must(t, c), must(t, double)
		assert.Equal(t, a.Counts, b.Counts, d)
		assert.InDelta(t, 2*a.WaitMean, b.WaitMean, 1e-9, d)
		assert.InDelta(t, a.QueueMean, b.QueueMean, 1e-9, d)
	}
}

// The order of service of messages of one law leaves the mean wait alone: all that do not look at the messages lose none
// and are busy at the same times.
func TestOrderKeepsTheArea(t *testing.T) {
	c := Default()
	c.Messages, c.Warmup, c.Service = 50_000, 0, Const(time.Second)
	c.Discipline, c.Policy.Threshold = FIFO, 2
	fifo := must(t, c)
	for _, d := range []Discipline{LIFO, AdaptiveLIFO, Priority} {
		c.Discipline, c.Classes = d, []Class{{0.5, 1}, {0.5, 1}}
		r := must(t, c)
		assert.InEpsilon(t, fifo.QueueMean, r.QueueMean, 1e-12, d)
		assert.InEpsilon(t, fifo.WaitMean, r.WaitMean, 1e-12, d)
		assert.Greater(t, r.WaitMax, fifo.WaitMax, d)
	}
}

// Another policy, capacity or number of servers meets the same messages.
func TestCommonRandomNumbers(t *testing.T) {
	c := Default()
	c.Messages, c.Warmup = 1000, 0
	for _, sample := range []Config{c, func() Config { d := c; d.Servers, d.Capacity, d.Discipline = 2, 3, LIFO; return d }()} {
		f := newFeed(sample)
		f.refill(blockSize)
		g := newFeed(c)
		g.refill(blockSize)
		assert.Equal(t, g.at, f.at)
		assert.Equal(t, g.work, f.work)
	}
}

func TestReplicate(t *testing.T) {
	c := Default()
	c.Messages, c.Warmup, c.Arrivals = 20_000, 1000, Poisson(0.5)
	s, err := Replicate(t.Context(), c, 40)
	require.NoError(t, err)
	again, err := Replicate(t.Context(), c, 40)
	require.NoError(t, err)
	assert.Equal(t, s, again)
	assert.Less(t, s.WaitMean.Low, 1.0)
	assert.Greater(t, s.WaitMean.High, 1.0)
	assert.Less(t, s.WaitMean.High-s.WaitMean.Low, 0.1)
	assert.NotEqual(t, s.Results[0].WaitMean, s.Results[1].WaitMean)
	one := c
	one.Seed = s.Results[3].Config.Seed
	assert.Equal(t, s.Results[3], must(t, one))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = Replicate(ctx, c, 40)
	require.ErrorIs(t, err, context.Canceled)
	_, err = Replicate(t.Context(), c, 0)
	require.ErrorIs(t, err, ErrInvalidConfig)
}

// A run allocates its buffers, and nothing for a message.
func TestNoAllocationPerMessage(t *testing.T) {
	for _, d := range Disciplines() {
		c := Default()
		c.Discipline, c.Capacity, c.Deadline, c.Warmup = d, 50, 10*time.Second, 0
		allocations := func(messages int64) float64 {
			c.Messages = messages
			return testing.AllocsPerRun(3, func() { _, _ = Simulate(c) })
		}
		n, _ := few(80_000)
		assert.InDelta(t, allocations(n/4), allocations(n), 12, d, "but for warnings")
	}
}

// The heap of ends against a sorted list.
func TestEnds(t *testing.T) {
	r := rng.New(4)
	for _, servers := range []int{1, 2, 5, 8, 9, 21, 100} {
		q := ends{few: servers <= fewServers}
		var list []int64
		for range 3000 {
			e := r.Int64N(1000)
			switch k := r.IntN(3); {
			case k == 0 && len(list) < servers:
				q.push(e)
				list = append(list, e)
			case len(list) == 0:
			case k == 1:
				q.replace(e)
				list[0] = e
			default:
				q.pop()
				list = list[1:]
			}
			for i := range list { // the least comes first
				if list[i] < list[0] {
					list[0], list[i] = list[i], list[0]
				}
			}
			require.Len(t, q.heap, len(list))
			if len(list) > 0 {
				require.Equal(t, list[0], q.heap[0])
				require.Equal(t, list[0]>>1, q.next())
			}
		}
	}
	assert.Equal(t, int64(math.MaxInt64), new(ends).next())
}

// The clock ends after 73 years, in both engines alike.
func TestEndOfTime(t *testing.T) {
	for _, law := range []Law{Const(year), Exp(year), Pareto(1.1, year)} {
		for _, servers := range []int{1, 3} {
			c := service(Every(time.Hour), law, servers, 2000)
			r := both(t, c)
			invariants(t, r)
			require.Positive(t, r.InSystem)
			require.ErrorContains(t, r.Warnings[1], "73 years")
		}
	}
}

func TestSummaryInOneLine(t *testing.T) {
	s := Summary{
		Runs: 5, WaitMean: Estimate{Mean: 4.012, Low: 3.935, High: 4.089, StandardError: 0.03}, WaitP99: Estimate{Mean: 21, Low: 20, High: 22},
		LossFraction: Estimate{Mean: 0.01, Low: 0.005, High: 0.015}, Utilization: Estimate{Mean: 0.8, Low: 0.79, High: 0.81},
	}
	assert.Equal(t, "5 runs: wait 4.012 (3.935 to 4.089) s mean, 21 (20 to 22) s p99; 1 (0.5 to 1.5) % lost; 80 (79 to 81) % busy", fmt.Sprint(s))
}
