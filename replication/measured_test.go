package replication

import (
	"context"
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The cells of a measurement of PostgreSQL 15.18 streaming replication on one host, delays by a FIFO TCP relay. The host was
// busy: medians, counts and order are compared.

func median(t *testing.T, mode Mode, acks Acks, delay ...Law) float64 {
	t.Helper()
	c := PostgreSQLMeasured(mode, acks, delay...)
	c.Duration, c.MaxWrites = time.Hour, least(2000, 200)
	r := groupRun(t, c)
	require.EqualValues(t, c.MaxWrites, r.Acked)
	return r.CommitP50 * 1e3
}

// Order of the modes: off .26 < local .71 < remote_write 1.29 < on 1.60 < remote_apply 1.65 ms; with a delay each remote
// mode costs that, the echo round trip and .4 to 1.1 ms.
func TestMeasuredModes(t *testing.T) {
	commit := measured("median commit time by mode and delay", "ms")
	for _, row := range []struct {
		delay time.Duration
		want  [5]float64
		tol   float64
	}{
		{0, [5]float64{.26, .71, 1.29, 1.60, 1.65}, .35},
		{5 * ms, [5]float64{.26, .71, 12.1, 12.9, 13.0}, .65},
		{20 * ms, [5]float64{.26, .71, 42.2, 42.9, 43.0}, .8},
	} {
		last := 0.0
		for i, mode := range []Mode{Off, Async, RemoteWrite, Sync, RemoteApply} {
			got := median(t, mode, AnyOf(1), Const(row.delay))
			t.Logf("%v %v: %.2f ms, measured %.2f", row.delay, mode, got, row.want[i])
			name := fmt.Sprintf("%v, delay %v", mode, row.delay)
			if mode == Async {
				assert.InDelta(t, .47, got, .005)
				commit.Gap(t, name, row.want[i], got, .2, "the flush times that were measured alone add up to less than a local commit took in a row of commits")
			} else {
				commit.Within(t, name, row.want[i], got, row.tol)
			}
			assert.Greater(t, got, last, mode)
			last = got
		}
	}
}

func TestMeasuredAcks(t *testing.T) {
	commit := measured("median commit time by ANY and FIRST, delays of 2, 10 and 30 ms", "ms")
	for _, row := range []struct {
		acks Acks
		want float64
	}{
		{AnyOf(1), 6.3},
		{FirstOf(1, 2), 22.8},
		{AnyOf(2), 22.5},
		{AnyOf(3), 62.9},
		{FirstOf(1, 3), 63.2},
		{FirstOf(2, 1, 3), 63.2},
	} {
		got := median(t, Sync, row.acks, Const(2*ms), Const(10*ms), Const(30*ms))
		t.Logf("%v: %.2f ms, measured %.1f", row.acks, got, row.want)
		commit.Within(t, row.acks.String(), row.want, got, 1.1)
	}
	// With s1 disconnected FIRST 1 moves to s2: 23.1 ms.
	c := PostgreSQLMeasured(Sync, FirstOf(1), Const(2*ms), Const(10*ms), Const(30*ms))
	c.Duration, c.MaxWrites = time.Hour, 500
	c.Faults = []Fault{{Kind: Disconnect, Nodes: []int{1}}}
	commit.Within(t, "first:1, standby 1 disconnected", 23.1, groupRun(t, c).CommitP50*1e3, 1.1)
	// ANY 3 with one standby cut blocks, and is released .2 s after the link heals.
	c.Acks = AnyOf(3)
	c.Duration = 60 * time.Second
	c.Faults = []Fault{{At: 10 * time.Second, For: 20 * time.Second, Kind: Partition, Nodes: []int{3}}}
	r := groupRun(t, c)
	measured("longest commit behind a cut link", "s").Within(t, "any:3, one of three standbys cut off for 20 s", 20.1, r.CommitQuantile(1), .2)
	c.Faults[0].For = 0
	r = groupRun(t, c)
	assert.Contains(t, r.Cause, "any:3")
}

// Lost at a failover with a constant delay of 20 ms and Poisson 500/s under local: about lambda D = 10, the newest; under
// on none, and those in doubt number lambda x the return leg.
func TestMeasuredFailover(t *testing.T) {
	c := Group(1, Const(20*ms), 500)
	c.Faults = []Fault{{At: 500 * ms, Kind: Crash, Nodes: []int{0}}}
	c.Failover.Enabled, c.Failover.Interval, c.Failover.Misses, c.Failover.Grain = true, 10*ms, 1, 100*ms
	c.Duration = time.Second
	s, err := Replicate(context.Background(), c, least(400, 50))
	require.NoError(t, err)
	lost := theory("writes that a failover loses or leaves in doubt", "rate x delay", "")
	lost.Within(t, "lost by async, 500/s, 20 ms", 10, s.LostAcked.Mean, slack(.64)) // 4 standard errors
	for _, r := range s.Results {
		for i := 1; i < len(r.Listed); i++ {
			assert.Equal(t, r.Listed[i-1].LSN+1, r.Listed[i].LSN)
		}
		o := r.Outages[0]
		grain := math.Mod(o.Promote+1e-9, .1)
		assert.Less(t, grain, 1e-6)
	}
	c.Mode = Sync
	s, err = Replicate(context.Background(), c, least(400, 50))
	require.NoError(t, err)
	assert.Zero(t, s.LostAcked.Mean)
	lost.Within(t, "in doubt under sync, 500/s, 20 ms back", 10, s.InDoubt.Mean, slack(.64))
}

// Reads D after the acknowledgement.
func TestMeasuredStaleReads(t *testing.T) {
	stale := func(mode Mode, delay Law, after time.Duration) float64 {
		c := PostgreSQLMeasured(mode, AnyOf(1), delay)
		c.Reads.Policy, c.Reads.Count, c.Reads.Think = AnyReplica, 1, Const(after)
		c.Pipeline.FlushGap = 0                                                     // the one disk has just flushed for the primary
		c.Workload.Sessions, c.Workload.Clients, c.Workload.WriteRate = 0, 1000, 10 // isolated
		c.Duration, c.MaxWrites = time.Hour, least(5000, 1000)
		return groupRun(t, c).StaleFraction
	}
	share := measured("share of stale reads by time after the acknowledgement", "")
	share.Within(t, "async, delay 5 ms, after 4 ms", 1, stale(Async, Const(5*ms), 4*ms), 0)
	share.Within(t, "async, delay 5 ms, after 8 ms", 0, stale(Async, Const(5*ms), 8*ms), 0)
	for i, d := range []time.Duration{ms, 2500 * time.Microsecond, 5 * ms, 7500 * time.Microsecond, 10 * ms, 15 * ms} {
		want := []float64{.89, .71, .45, .25, .165, .045}[i]
		got := stale(Async, Exp(5*ms), d)
		t.Logf("exp 5 ms, %v: %.3f, measured %.3f, exp(-(D - .59)/5) %.3f", d, got, want, math.Exp(-(d.Seconds()*1e3-.59)/5))
		share.Within(t, fmt.Sprintf("async, exponential delay of mean 5 ms, after %v", d), want, got, .06)
	}
	share.Within(t, "remote apply, exponential delay of mean 5 ms, at once", 0, stale(RemoteApply, Exp(5*ms), 0), 0)
	share.Within(t, "sync, delay 5 ms, at once", 0, stale(Sync, Const(5*ms), 0), 0)
}

// Replay paused for 10 s under 200 transactions/s: 10 s of lag, then T rho/(1 - rho).
func TestMeasuredPause(t *testing.T) {
	peak := theory("peak lag of a pause of replay", "the pause", "s")
	catchUp := theory("time to catch up after a pause of replay of 10 s", "T rho/(1 - rho)", "s")
	for i, rho := range []float64{.099, .519} {
		took := []float64{1.10, 10.8}[i]
		c := Group(1, Const(0), 200)
		c.Pipeline.Apply = Const(time.Duration(rho / 200 * 1e9))
		c.Faults = []Fault{{At: 10 * time.Second, For: 10 * time.Second, Kind: PauseReplay, Nodes: []int{1}}}
		r := groupRun(t, c)
		require.Len(t, r.Backlogs, 1)
		peak.Within(t, fmt.Sprintf("10 s, load %g", rho), 10, r.LagMax, .05)
		catchUp.Relative(t, fmt.Sprintf("200 writes/s, load %g", rho), took, r.Backlogs[0].Took, .08)
	}
}

// A big transaction: PostgreSQL's peak lag is max(0, X_replay - X_primary), MySQL's X_replay.
func TestMeasuredBigTransaction(t *testing.T) {
	formula := theory("peak lag of a big transaction", "max(0, replay - primary) if it is streamed, replay if not", "s")
	lag := measured("peak lag of a big transaction that is streamed", "s")
	for _, row := range []struct {
		primary, replay time.Duration
		peak            float64
	}{{2100 * ms, 600 * ms, 0}, {1790 * ms, 3700 * ms, 1.90}} {
		c := Group(1, Const(0), 100)
		c.Workload.Big = []Big{{At: 10 * time.Second, Primary: row.primary, Replay: row.replay}}
		r := groupRun(t, c)
		cell := fmt.Sprintf("%v on the primary, %v of replay", row.primary, row.replay)
		if row.peak > 0 {
			lag.Within(t, cell, row.peak, r.LagMax, .2)
		} else {
			formula.Within(t, cell+", streamed", row.peak, r.LagMax, .2)
		}
		c.Pipeline.Streamed = false
		formula.Relative(t, cell+", not streamed", row.replay.Seconds(), groupRun(t, c).LagMax, .03)
	}
}

// The columns: replay_lag follows the true lag through a pause, write_lag and flush_lag stay near the round trip; the
// timestamp's age grows on an idle primary; the columns freeze and turn NULL after wal_receiver_status_interval.
func TestMeasuredColumns(t *testing.T) {
	c := Group(1, Const(5*ms), 200)
	c.Pipeline.StatusInterval = 10 * time.Second
	c.Pipeline.Apply = Const(50 * time.Microsecond)
	c.Faults = []Fault{{At: 10 * time.Second, For: 10 * time.Second, Kind: PauseReplay, Nodes: []int{1}}}
	c.Workload.Steps = []Step{{At: 32 * time.Second}}
	c.Sample, c.Duration = 500*ms, 60*time.Second
	r := groupRun(t, c)
	for _, s := range r.Rows {
		switch {
		case s.At > 5 && s.At < 32:
			assert.InDelta(t, .010, float64(s.WriteLag), .002)
			assert.InDelta(t, .010, float64(s.FlushLag), .002)
		case s.At > 33 && s.At < 39:
			assert.False(t, math.IsNaN(float64(s.ReplayLag)), s.At)
		case s.At > 50.2:
			assert.True(t, math.IsNaN(float64(s.ReplayLag)), s.At)
		}
		if s.At > 35 {
			assert.InDelta(t, s.At-32, float64(s.Timestamp), .1)
			assert.Zero(t, float64(s.Lag))
		}
		if s.At > 11 && s.At < 20 {
			assert.InDelta(t, s.At-10, float64(s.Lag), .1)
		}
	}
}
