package replication

import (
	"encoding/json"
	"math"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// isolated is a group with one session that thinks for long: its commits do not meet.
func isolated(mode Mode, replicas int) Config {
	c := Group(replicas, Const(5*ms), 0)
	c.Mode, c.Workload.Sessions, c.Workload.Clients = mode, 1, 0
	c.Reads.Think = Const(100 * ms)
	c.Pipeline.Flush, c.Pipeline.Write, c.Pipeline.Apply = Const(ms), Const(200*time.Microsecond), Const(300*time.Microsecond)
	c.Duration = 10 * time.Second
	return c
}

// The exact waits of every mode with constant times: flush 1 ms, 5 ms each way, write .2 ms, apply .3 ms.
func TestWaits(t *testing.T) {
	for mode, want := range map[Mode]float64{
		Off: 0, Async: 1, RemoteWrite: 11.2, Sync: 12.2, RemoteApply: 12.5, SemisyncAfterSync: 11.2, SemisyncAfterCommit: 11.2,
		InSync: 11.2, Majority: 11.2, // the leader's flush beside the followers'
	} {
		c := isolated(mode, 2)
		r := groupRun(t, c)
		assert.InDelta(t, want, r.CommitMean*1e3, 1e-6, mode)
		lag := map[Mode]float64{SemisyncAfterSync: 5.5, SemisyncAfterCommit: 5.5, InSync: 5.5, Majority: 5.3}[mode]
		switch mode {
		case Off:
			assert.Greater(t, r.LagMean*1e3, 6.5) // the log writer's delay besides
			assert.Less(t, r.LagMean*1e3, 206.5)
			continue
		case Async, RemoteWrite, Sync, RemoteApply:
			lag = 6.5 // delay, write, flush, apply
		}
		assert.InDelta(t, lag, r.LagMean*1e3, 1e-6, mode)
	}
	// Ways of different lengths: FIRST waits for the first of the list, ANY for the fastest.
	c := isolated(Sync, 3)
	c.Pipeline.Delay = []Law{Const(30 * ms), Const(2 * ms), Const(10 * ms)}
	for acks, want := range map[Acks]float64{
		AnyOf(1): 6.2, AnyOf(2): 22.2, AnyOf(3): 62.2, FirstOf(1): 62.2, FirstOf(1, 2): 6.2, FirstOf(2, 2, 3): 22.2, AnyOf(1, 1, 3): 22.2,
	} {
		c.Acks = acks
		assert.InDelta(t, want, groupRun(t, c).CommitMean*1e3, 1e-6, acks.String())
	}
	// A way back of its own, a link of 1 MB/s with records of 2000 bytes, the client's legs, and some commits that do not wait.
	c = isolated(RemoteWrite, 1)
	c.Pipeline.Return, c.Pipeline.Bandwidth, c.Workload.Size = []Law{Const(ms)}, 1e6, 2000
	c.Workload.ClientLeg = Const(500 * time.Microsecond)
	assert.InDelta(t, 1+5+2+.2+1+1, groupRun(t, c).CommitMean*1e3, 1e-6)
	c.Workload.AsyncShare = 1
	assert.InDelta(t, 2, groupRun(t, c).CommitMean*1e3, 1e-6)
}

// The flush reply queues behind the write reply: with random ways back sync takes longer than remote write by more than
// the flush.
func TestRepliesKeepOrder(t *testing.T) {
	c := isolated(RemoteWrite, 1)
	c.Pipeline.Delay, c.Pipeline.Return = []Law{Const(0)}, []Law{Exp(5 * ms)}
	c.Duration = time.Duration(least(2000, 400)) * time.Second
	write := groupRun(t, c).CommitMean
	c.Mode = Sync
	// E max(X, 1 ms + Y) for X, Y exponential of mean 5 ms: 1 + 5 + 5/2 exp(-1/5) - all in ms, against 5.
	assert.InDelta(t, 1+2.5*math.Exp(-.2), (groupRun(t, c).CommitMean-write)*1e3, .25)
}

// Sessions share a flush: with 8 of them a flush takes one, then up to seven; throughput is far above 1/flush.
func TestGroupCommit(t *testing.T) {
	c := isolated(Async, 1)
	c.Reads.Think, c.Workload.Sessions = Const(0), 8
	r := groupRun(t, c)
	assert.Greater(t, float64(r.Acked)/10, 3500.)
	assert.LessOrEqual(t, r.CommitQuantile(1), .002+1e-9)
	c.Workload.Sessions = 1
	assert.InDelta(t, 1000, float64(groupRun(t, c).Acked)/10, 1)
}

// Appliers in parallel keep the commit order; dependence and a hot row make them one.
func TestWorkers(t *testing.T) {
	c := Group(1, Const(0), 2500)
	c.Pipeline.Apply, c.Pipeline.Workers = Const(ms), 4
	c.Duration = 15 * time.Second
	r := groupRun(t, c)
	assert.Less(t, r.LagP99, .005)
	c.Pipeline.Conflicts = 1
	slow := groupRun(t, c)
	assert.Greater(t, slow.LagPeak, 8.) // 15 s (1 - 1/2.5)
	assert.NotEmpty(t, groupRun(t, func() Config { c := c; c.Pipeline.Workers = 1; return c }()).Warnings)
	c.Pipeline.Conflicts, c.Workload.Keys = 0, 1
	assert.Equal(t, slow.LagPeak, groupRun(t, c).LagPeak)
	c.Workload.Keys, c.Pipeline.ReadLoad = 0, .5
	assert.Greater(t, groupRun(t, c).LagPeak, 2.5) // 15 s (1 - 2000/2500)
	// A schema change of 2 s lets nothing pass.
	c.Pipeline.ReadLoad, c.Pipeline.Streamed = 0, false
	c.Workload.Big = []Big{{At: 5 * time.Second, Replay: 2 * time.Second, Schema: true}}
	assert.InDelta(t, 2, groupRun(t, c).LagPeak, .01)
}

// A query on the standby holds replay up for as long as it runs, at most for the patience since the record's receipt.
func TestQueryConflicts(t *testing.T) {
	c := Group(1, Const(0), 100)
	c.Pipeline.QueryConflicts, c.Pipeline.Query, c.Pipeline.QueryPatience = .001, Const(60*time.Second), 5*time.Second
	r := groupRun(t, c)
	assert.Positive(t, r.CancelledQueries)
	assert.InDelta(t, 5, r.LagPeak, .01)
	c.Pipeline.QueryPatience, c.Pipeline.Query = time.Hour, Const(12*time.Second)
	r = groupRun(t, c)
	assert.Zero(t, r.CancelledQueries)
	assert.Greater(t, r.LagPeak, 10.)
}

// Kafka: a dead follower stalls commits until it leaves the in-sync set; then the leader's next crash loses what only it
// had, and without an unclean election there is no leader.
func TestInSync(t *testing.T) {
	c := Kafka(1)
	c.Replicas = 1
	c.LagTimeMax, c.Workload.WriteRate = 10*time.Second, 200
	c.Faults = []Fault{{At: 20 * time.Second, For: 35 * time.Second, Kind: Crash, Nodes: []int{1}}, {At: 50 * time.Second, Kind: CrashDisk, Nodes: []int{0}}}
	r := groupRun(t, c)
	assert.InDelta(t, 12.5, r.CommitQuantile(1), 2.6) // the set is checked every half of LagTimeMax
	assert.Contains(t, r.Blocked, "no replica in reach may be promoted")
	assert.Zero(t, r.LostAcked)
	c.Failover.Unclean = true
	r = groupRun(t, c)
	assert.Empty(t, r.Blocked)
	assert.InEpsilon(t, 6000, float64(r.LostAcked), .06)
	c = Kafka(2)
	c.Replicas, c.LagTimeMax = 1, 10*time.Second
	c.Faults = []Fault{{At: 20 * time.Second, Kind: Crash, Nodes: []int{1}}}
	r = groupRun(t, c)
	assert.Positive(t, r.Refused)
	assert.Contains(t, r.Blocked, "writes are refused: 1 in sync, 2 needed")
	// Under load and delay a healthy follower stays in the set.
	c = Kafka(2)
	c.LagTimeMax = time.Second
	r = groupRun(t, c)
	assert.Zero(t, r.Refused)
	assert.InDelta(t, .002, r.CommitQuantile(1), 1e-6)
}

// Off loses what the log writer had not flushed, at most WriterDelay, even if the primary comes back.
func TestOffLosesTheUnflushed(t *testing.T) {
	c := Group(1, Const(ms), 1000)
	c.Mode = Off
	c.Faults = []Fault{{At: 10*time.Second + 150*ms, For: time.Second, Kind: Crash, Nodes: []int{0}}}
	r := groupRun(t, c)
	assert.InDelta(t, 150, float64(r.LostAcked), 50)
	assert.InDelta(t, .15, r.RPO, .01)
	require.Len(t, r.Outages, 1)
	assert.InDelta(t, 1, r.RTO, 1e-9)
	c.Mode = Async
	assert.Zero(t, groupRun(t, c).LostAcked)
}

// AFTER_COMMIT shows what a failover takes away; AFTER_SYNC does not.
func TestExposed(t *testing.T) {
	c := MySQLSemisync(true, 1)
	c.Pipeline.Delay = []Law{Const(20 * ms)}
	c.Failover.Enabled = true
	c.Faults = []Fault{{At: 10 * time.Second, Kind: Crash, Nodes: []int{0}}}
	r := groupRun(t, c)
	assert.InDelta(t, 10, float64(r.Exposed), 10)
	assert.Positive(t, r.Exposed)
	assert.Zero(t, r.LostAcked)
	c.Mode = SemisyncAfterSync
	assert.Zero(t, groupRun(t, c).Exposed)
}

// The phases of an outage, each as set.
func TestPhases(t *testing.T) {
	c := Group(2, Const(ms), 100)
	c.Faults = []Fault{{At: 10*time.Second + 300*ms, Kind: Crash, Nodes: []int{0}}}
	f := &c.Failover
	f.Enabled, f.Interval, f.Misses = true, time.Second, 3
	f.Decide, f.Fencing, f.Stonith = Const(200*ms), Stonith, Const(700*ms)
	f.Promote, f.Grain, f.Reroute = Const(120*ms), 100*ms, Const(2*time.Second)
	r := groupRun(t, c)
	require.Len(t, r.Outages, 1)
	o := r.Outages[0]
	assert.InDelta(t, 2.7, o.Detect, 1e-9) // checks missed at 11, 12 and 13 s
	assert.InDelta(t, .2, o.Decide, 1e-9)
	assert.InDelta(t, .7, o.Fence, 1e-9)
	assert.InDelta(t, .2, o.Promote, 1e-9)
	assert.InDelta(t, 2, o.Reroute, 1e-9)
	assert.InDelta(t, 5.8, r.RTO, 1e-9)
	f.Fencing, f.Lease = LeaseFencing, 15*time.Second
	assert.InDelta(t, 15-.3-2.9, groupRun(t, c).Outages[0].Fence, 1e-9)
	var text strings.Builder
	for _, line := range r.Transcript {
		text.WriteString(line.String() + "\n")
	}
	assert.Contains(t, text.String(), "10.300000 s  node 0  epoch 0  crash")
	assert.Contains(t, text.String(), "is the new primary")
}

// The same arrivals under another mode, policy or fault.
func TestCommonRandomNumbers(t *testing.T) {
	c := Group(2, Exp(ms), 1000)
	c.Duration = 10 * time.Second
	a := groupRun(t, c)
	c.Mode, c.Reads.Count, c.Reads.Policy, c.Pipeline.Apply = Sync, 1, Quorum, Exp(ms)
	assert.Equal(t, a.Writes, groupRun(t, c).Writes)
}

// No allocation per event: four times the run takes hardly more.
func TestModelDoesNotAllocate(t *testing.T) {
	allocs := func(d time.Duration) float64 {
		c := Group(2, Exp(ms), 5000)
		c.Mode, c.Duration, c.Reads.Count, c.Reads.Think = Sync, d, 1, Exp(ms)
		c.Pipeline.Flush, c.Pipeline.Apply = Exp(100*time.Microsecond), Exp(100*time.Microsecond)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		groupRun(t, c)
		runtime.ReadMemStats(&after)
		return float64(after.Mallocs - before.Mallocs)
	}
	allocs(time.Second)
	assert.Less(t, allocs(4*time.Second)-allocs(time.Second), 60.)
}

func TestModelJSON(t *testing.T) {
	c := PostgreSQL(RemoteApply, FirstOf(2, 1, 3), 3)
	c.Faults = []Fault{{At: time.Second, Kind: PauseReplay, Nodes: []int{1}}}
	c.Sample, c.Duration = 100*ms, 3*time.Second
	text, err := json.Marshal(c)
	require.NoError(t, err)
	assert.Contains(t, string(text), `"mode":"remote-apply","acks":"first:2(1,3)"`)
	var back Config
	require.NoError(t, json.Unmarshal(text, &back))
	again, err := json.Marshal(back)
	require.NoError(t, err)
	assert.Equal(t, string(text), string(again))
	text, err = json.Marshal(groupRun(t, c))
	require.NoError(t, err)
	assert.Contains(t, string(text), `"seconds_behind_s":null`)
	for _, key := range []string{"commit_mean_s", "commit_p99_s", "lag_mean_s", "lag_p99_s", "stale_read_fraction", "lost_acked_writes", "rto_s", "rpo_s", "writes", "acked", "in_doubt", "diverged", "blocked"} {
		assert.Contains(t, string(text), `"`+key+`":`)
	}
}

// Every wrong field in one message.
func TestModelValidate(t *testing.T) {
	c := Group(2, Const(-ms), -1)
	c.Mode, c.Acks = Sync, AnyOf(3)
	c.Workload.Near = math.NaN()
	c.Pipeline.Bandwidth = math.Inf(1)
	c.Faults = []Fault{
		{At: 10 * time.Second, For: 5 * time.Second, Kind: Crash, Nodes: []int{1}},
		{At: 12 * time.Second, Kind: CrashProcess, Nodes: []int{1}},
		{At: 5 * time.Second, Kind: Partition, Nodes: []int{7}},
		{At: 13 * time.Second, Kind: Disconnect, Nodes: []int{1, 3}},
	}
	_, err := Simulate(c)
	require.ErrorIs(t, err, ErrInvalidConfig)
	for _, want := range []string{
		"Acks = any:3 waits for 3 of 2 replicas, want in [1, 2]",
		"Workload.WriteRate = -1, want in [0, 1e+09] writes/s",
		"Workload.Near = NaN",
		"Pipeline.Delay[0]",
		"Pipeline.Bandwidth = +Inf",
		"Faults[1]: crash-process of node 1 overlaps an earlier one",
		"Faults[2].At = 5s, want in [12s, 168h0m0s], after the fault before it",
		"Faults[2].Nodes has 7, want in [0, 2]",
		"Faults[3].Nodes has 3, want in [0, 2]",
		"Faults[3]: overlaps an earlier cut of the network",
	} {
		assert.Contains(t, err.Error(), want)
	}
	for _, preset := range []Config{
		PostgreSQL(Sync, AnyOf(1), 2), PostgreSQLMeasured(Sync, AnyOf(1), Const(0)), MySQLSemisync(true, 2), MongoDB(0), MongoDB(1), MongoDB(3),
		Kafka(2), RaftGroup(5), RaftGroup(1), SixStores(),
	} {
		preset.Duration = 2 * time.Second
		r := groupRun(t, preset)
		assert.Positive(t, r.Acked)
		assert.Empty(t, r.Blocked)
	}
}
