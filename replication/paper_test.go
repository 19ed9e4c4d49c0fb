package replication

import (
	"context"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const ms = time.Millisecond

func run(t *testing.T, c Config) Result {
	t.Helper()
	r, err := Simulate(c)
	require.NoError(t, err)
	return r
}

func short(long, quick time.Duration) time.Duration {
	if testing.Short() {
		return quick
	}
	return long
}

// Commit latency of ANY k of n is the k-th of n exponential round trips, for isolated commits only (order statistics;
// one session that thinks for long). The round trip is put on the way there, the way back takes no time.
func TestOrderStatistics(t *testing.T) {
	for _, row := range []struct {
		k, n int
		mean float64
	}{{1, 3, 1. / 3}, {2, 3, 5. / 6}, {2, 5, .45}, {3, 5, .47 + .3133333}} {
		c := Group(row.n, Exp(ms), 0)
		c.Workload.Sessions, c.Mode, c.Acks = 1, Sync, AnyOf(row.k)
		c.Pipeline.Return = []Law{Const(0)}
		c.Reads.Think = Const(100 * ms)
		c.Writes = 100_000
		c.Duration = 4 * time.Hour
		r := run(t, c)
		require.EqualValues(t, c.Writes, r.Acked)
		assert.InEpsilon(t, row.mean*1e-3, r.CommitMean, .015, "any %d of %d", row.k, row.n)
	}
}

// Replay as a queue: M/M/1 and M/D/1 with 1000 records/s; 1 M writes.
func TestApplyQueue(t *testing.T) {
	for _, row := range []struct {
		apply     Law
		rate      float64
		mean, tol float64
	}{
		{Exp(ms), 500, 2e-3, .03},
		{Exp(ms), 800, 5e-3, .03},
		{Exp(ms), 900, 10e-3, .06},
		{Const(ms), 500, 1.5e-3, .03},
		{Const(ms), 800, 3e-3, .03},
		{Const(ms), 900, 5.5e-3, .06},
	} {
		c := Group(1, Const(0), row.rate)
		c.Pipeline.Apply = row.apply
		c.Duration = time.Duration(1e6 / row.rate * 1e9)
		if testing.Short() {
			c.Duration /= 5
			row.tol *= 2
		}
		c.WarmUp = 10 * time.Second
		r := run(t, c)
		assert.InEpsilon(t, row.mean, r.LagMean, row.tol, "%v at %v/s", row.apply, row.rate)
		if row.apply.Exponential() && row.rate == 500 {
			for _, x := range []float64{1e-3, 3e-3, 6e-3} {
				assert.InDelta(t, math.Exp(-500*x), r.LagAbove(x), .01, "P(lag > %v)", x)
			}
		}
	}
}

// Replay stopped for 60 s with evenly spaced writes: peak 60 s, catch-up T rho/(1 - rho) = 240 s and 1140 s.
func TestCatchUpAfterPause(t *testing.T) {
	for _, row := range []struct {
		rate, took float64
	}{{800, 240}, {950, 1140}} {
		c := Group(1, Const(0), 0)
		c.Workload.Sessions = 1
		c.Reads.Think = Const(time.Duration(math.Round(1e9 / row.rate)))
		c.Pipeline.Apply = Const(ms)
		c.Faults = []Fault{{At: 10 * time.Second, For: time.Minute, Kind: PauseReplay, Nodes: []int{1}}}
		c.Duration = 1300 * time.Second
		c.Sample = 10 * time.Second
		r := run(t, c)
		require.Len(t, r.Backlogs, 1)
		assert.InEpsilon(t, 60, r.LagPeak, .01)
		assert.InEpsilon(t, row.took, r.Backlogs[0].Took, .01)
		for _, s := range r.Samples {
			if s.T > 75 && s.T < 70+row.took-10 {
				assert.InDelta(t, 60*(1-(s.T-70)/row.took), float64(s.Lag), .6, "at %v s", s.T)
			}
		}
	}
}

// Writes lost at an asynchronous failover: Poisson with mean rate x delay for a constant FIFO delay.
func TestLostAtFailover(t *testing.T) {
	crash := func(rate float64, mode Mode) Summary {
		c := Group(1, Const(10*ms), rate)
		c.Mode = mode
		c.Faults = []Fault{{At: 100 * ms, Kind: Crash, Nodes: []int{0}}}
		c.Failover.Enabled, c.Failover.Interval, c.Failover.Misses = true, 10*ms, 2
		c.Duration = 200 * ms
		s, err := Replicate(context.Background(), c, 1000)
		require.NoError(t, err)
		return s
	}
	s := crash(2000, Async)
	assert.InEpsilon(t, 20, s.LostAcked.Mean(), .03)
	assert.InEpsilon(t, 20, s.LostAcked.Variance(), .2)
	s = crash(100, Async)
	assert.InEpsilon(t, 1, s.LostAcked.Mean(), .13) // standard error 3 %
	assert.InDelta(t, math.Exp(-1), s.Lossless, .05)
	s = crash(2000, Sync)
	assert.Zero(t, s.LostAcked.Mean())
	assert.InEpsilon(t, 20, s.InDoubt.Mean(), .03) // rate x return leg
}
