package replication

import (
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Every policy with constant ways: replicas are 5 ms behind, a read comes 2 ms after the acknowledgement.
func TestPolicies(t *testing.T) {
	c := Group(3, Const(5*ms), 50)
	c.Reads.Count, c.Reads.Think = 1, Const(2*ms)
	c.Reads.Leg = []Law{Const(4 * ms), Const(3 * ms), Const(ms), Const(2 * ms)}
	c.Reads.MaxLag, c.Reads.Timeout, c.Reads.Window, c.Reads.Quorum = 3*ms, time.Second, time.Second, 1
	stale := theory("share of stale reads by policy", "share of the members read that are behind, 5 ms after a write, a read after 2 ms", "")
	latency := theory("mean read time by policy", "way there and back; the wait of a token besides", "ms")
	primary := theory("share of reads at the primary by policy", "all, none, or one of four members", "")
	for _, row := range []struct {
		policy        Policy
		stale, read   float64
		primary, slop float64
	}{
		{Primary, 0, 8, 1, 0},
		{AnyReplica, 2. / 3, 4, 0, .05}, // the way of 3 ms is long enough
		{Nearest, 1, 2, 0, 0},
		{Sticky, 2. / 3, 4, 0, .05},
		{PrimaryWindow, 0, 8, 1, 0},
		{TokenWait, 0, 5, 0, .15}, // answered at 5 ms after the acknowledgement, then the way back
		{Quorum, 2.25 / 4, 5, .25, .35},
		{Lease, 0, 8, 1, 0},
		{ReadIndex, 0, 18, 1, 0},
	} {
		c.Reads.Policy = row.policy
		r := groupRun(t, c)
		cell := fmt.Sprint(row.policy)
		t.Logf("%v: stale %.3f, %.2f ms, primary %.3f", row.policy, r.StaleFraction, r.ReadMean*1e3, float64(r.PrimaryReads)/float64(r.Reads))
		switch row.policy {
		case Quorum:
			stale.Within(t, cell+" of 1", .75, r.StaleFraction, .03) // judged at once: three of four members are behind
			primary.Within(t, cell+" of 1", .25, float64(r.PrimaryReads)/float64(r.Reads), .03)
			continue
		case TokenWait:
			latency.Within(t, cell, (3+3+3+1+3+2)/3., r.ReadMean*1e3, .1)
		default:
			latency.Within(t, cell, row.read, r.ReadMean*1e3, row.slop+.05)
		}
		stale.Within(t, cell, row.stale, r.StaleFraction, row.slop+.001)
		primary.Within(t, cell, row.primary, float64(r.PrimaryReads)/float64(r.Reads), .001)
	}
	c.Reads.Policy, c.Reads.Quorum = Quorum, 4
	assert.Zero(t, groupRun(t, c).Stale)
	c.Reads.Quorum = 3
	r := groupRun(t, c)
	stale.Within(t, "quorum of 3 of 4, C(3, 3)/C(4, 3)", .25, r.StaleFraction, .02)
	// A replica that is more than MaxLag behind is left out, and then the primary answers.
	c.Reads.Policy, c.Reads.MaxLag, c.Reads.Leg = MaxLag, ms, nil
	r = groupRun(t, c)
	assert.Greater(t, float64(r.PrimaryReads)/float64(r.Reads), .99)
	c.Reads.MaxLag = 10 * ms
	r = groupRun(t, c)
	assert.Zero(t, r.PrimaryReads)
}

// One shared row: versions and the age of the oldest one missing.
func TestStaleVersions(t *testing.T) {
	c := Group(1, Const(50*ms), 0)
	c.Workload.Sessions, c.Workload.Clients, c.Workload.Keys = 1, 0, 1
	c.Pipeline.Flush = Const(10 * ms)
	c.Reads.Count, c.Reads.Think = 1, Const(0)
	c.Duration, c.Warmup = 10*time.Second, time.Second
	r := groupRun(t, c)
	assert.Equal(t, 1., r.StaleFraction)
	const cell = "a commit every 10 ms, way of 50 ms, flush of 10 ms"
	// Committed now and 10, 20, 30, 40, 50 ms ago, replayed 10 ms of flush and 50 ms of way later.
	theory("versions that a stale read misses", "(flush + way)/interval", "").Within(t, cell, 6, r.StaleVersionsMean, 1e-9)
	theory("age of the oldest version that a stale read misses", "the way", "s").Within(t, cell, .05, r.StaleAgeMean, 1e-9)
}

// A primary that stands still is replaced; when it awakes it steps down, or writes on until it notices if nothing fences it.
func TestPausedPrimary(t *testing.T) {
	c := Group(2, Const(ms), 0)
	c.Workload.Sessions, c.Workload.Clients = 4, 0
	c.Reads.Think = Const(10 * ms)
	c.Faults = []Fault{{At: 10 * time.Second, For: 20 * time.Second, Kind: Pause, Nodes: []int{0}}}
	c.Failover.Enabled = true
	r := groupRun(t, c)
	require.Len(t, r.Outages, 1)
	assert.NotZero(t, r.Outages[0].New)
	assert.Zero(t, r.SplitBrain-20+3)
	theory("writes of sessions around a paused primary", "sessions/think time x time with a primary", "").
		Relative(t, "4 sessions, 10 ms, 60 s less 3 s", 57*400, float64(r.Acked), .01)
	assert.Contains(t, transcript(r), "node 0  epoch 1  steps down")
	assert.Contains(t, transcript(r), "node 0  epoch 1  streams")
	c.Failover.Fencing = NoFencing
	r = groupRun(t, c)
	theory("time with two primaries after a pause", "the pause less detection, and the time until the old one notices", "s").
		Within(t, "pause of 20 s, 3 s each", 17+3, r.SplitBrain, .01)
	c.Failover.Fencing, c.Failover.Stonith = Stonith, Const(time.Second)
	r = groupRun(t, c)
	assert.Zero(t, r.SplitBrain)
}

func transcript(r Result) (text string) {
	for _, line := range r.Transcript {
		text += line.String() + "\n"
	}
	return text
}

// A failover takes a client's write and what it had read: its next write is in a log without them.
func TestLostDependencies(t *testing.T) {
	c := Group(1, Const(50*ms), 0)
	c.Workload.Sessions, c.Workload.Clients = 50, 0
	c.Reads.Policy, c.Reads.Count, c.Reads.Think = Primary, 1, Const(10*ms)
	c.Duration = 15 * time.Second
	c.Faults = []Fault{{At: 10 * time.Second, Kind: Crash, Nodes: []int{0}}}
	c.Failover.Enabled = true
	r := groupRun(t, c)
	assert.EqualValues(t, 50, r.MonotonicWrites)
	assert.EqualValues(t, 50, r.WritesFollowReads)
	c.Mode = Sync
	r = groupRun(t, c)
	assert.Zero(t, r.MonotonicWrites)
}

// What people read during a stall of the receiver: Seconds_Behind_Source is 0, NULL once the connection is closed or replay
// stands still; the heartbeat tells the truth.
func TestFalseComfort(t *testing.T) {
	c := Group(1, Const(ms), 100)
	c.Workload.Heartbeat = time.Second
	c.Pipeline.Apply = Const(ms)
	c.Faults = []Fault{
		{At: 10 * time.Second, For: 10 * time.Second, Kind: Partition, Nodes: []int{1}},
		{At: 30 * time.Second, For: 5 * time.Second, Kind: PauseReplay, Nodes: []int{1}},
		{At: 40 * time.Second, For: 5 * time.Second, Kind: Disconnect, Nodes: []int{1}},
	}
	c.Sample, c.Duration = 500*ms, 50*time.Second
	for _, s := range groupRun(t, c).Rows {
		behind, lag := float64(s.Behind), float64(s.Lag)
		switch {
		case s.At > 12 && s.At < 20:
			assert.Zero(t, behind)
			assert.InDelta(t, s.At-10, lag, .1)
			assert.InDelta(t, s.At-9, float64(s.Heartbeat), 1.01)
			assert.Positive(t, s.Bytes)
			beats := math.Floor(s.At) - 10
			assert.InDelta(t, 200*(float64(s.Records)-beats), s.Bytes, 401, "at %v", s.At) // heartbeats have no bytes
		case s.At > 30 && s.At < 35, s.At > 40 && s.At < 45:
			assert.True(t, math.IsNaN(behind), s.At)
		case s.At > 1 && s.At < 10:
			assert.Less(t, lag, .1)
			assert.LessOrEqual(t, float64(s.Heartbeat), 1.1)
		}
	}
}

// A leader that comes back without an election has what a majority had, though its own disk was behind.
func TestMajorityOutlivesTheLeadersDisk(t *testing.T) {
	c := RaftGroup(5)
	c.Failover.Enabled = false
	c.Pipeline.Flush = Exp(20 * ms)
	c.Workload.WriteRate = 1000
	c.Duration = 5 * time.Second
	for at := time.Second; at < 5*time.Second; at += 500 * ms {
		c.Faults = append(c.Faults, Fault{At: at, For: 100 * ms, Kind: Crash, Nodes: []int{0}})
	}
	r := groupRun(t, c)
	assert.Len(t, r.Outages, 8)
	assert.Zero(t, r.LostAcked)
	assert.Positive(t, r.InDoubt)
}
