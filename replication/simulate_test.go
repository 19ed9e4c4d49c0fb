package replication

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"runtime"
	"slices"
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
	commit := theory("simulated commit time with constant times", "sum of what the mode waits for: flush 1 ms, ways, write 0.2 ms, apply 0.3 ms", "ms")
	behind := theory("simulated lag with constant times", "sum of the ways until a standby has applied: way 5 ms, write 0.2 ms, flush 1 ms, apply 0.3 ms", "ms")
	waits := map[Mode]float64{
		Off: 0, Async: 1, RemoteWrite: 11.2, Sync: 12.2, RemoteApply: 12.5, SemisyncAfterSync: 11.2, SemisyncAfterCommit: 11.2,
		InSync: 11.2, Majority: 11.2, // the leader's flush beside the followers'
	}
	for _, mode := range slices.Sorted(maps.Keys(waits)) {
		c := isolated(mode, 2)
		r := groupRun(t, c)
		commit.Within(t, fmt.Sprintf("%v, 5 ms each way", mode), waits[mode], r.CommitMean*1e3, 1e-6)
		lag := map[Mode]float64{SemisyncAfterSync: 5.5, SemisyncAfterCommit: 5.5, InSync: 5.5, Majority: 5.3}[mode]
		switch mode {
		case Off:
			assert.Greater(t, r.LagMean*1e3, 6.5) // the log writer's delay besides
			assert.Less(t, r.LagMean*1e3, 206.5)
			continue
		case Async, RemoteWrite, Sync, RemoteApply:
			lag = 6.5 // delay, write, flush, apply
		}
		behind.Within(t, fmt.Sprint(mode), lag, r.LagMean*1e3, 1e-6)
	}
	// Ways of different lengths: FIRST waits for the first of the list, ANY for the fastest.
	c := isolated(Sync, 3)
	c.Pipeline.Delay = []Law{Const(30 * ms), Const(2 * ms), Const(10 * ms)}
	for _, row := range []struct {
		acks Acks
		want float64
	}{
		{AnyOf(1), 6.2},
		{AnyOf(2), 22.2},
		{AnyOf(3), 62.2},
		{FirstOf(1), 62.2},
		{FirstOf(1, 2), 6.2},
		{FirstOf(2, 2, 3), 22.2},
		{AnyOf(1, 1, 3), 22.2},
	} {
		c.Acks = row.acks
		commit.Within(t, fmt.Sprintf("sync, %v, 30, 2 and 10 ms each way", row.acks), row.want, groupRun(t, c).CommitMean*1e3, 1e-6)
	}
	// A way back of its own, a link of 1 MB/s with records of 2000 bytes, the client's legs, and some commits that do not wait.
	c = isolated(RemoteWrite, 1)
	c.Pipeline.Return, c.Pipeline.Bandwidth, c.Workload.Size = []Law{Const(ms)}, 1e6, 2000
	c.Workload.ClientLeg = Const(500 * time.Microsecond)
	commit.Within(t, "remote write, 5 ms there, 1 ms back, 2 kB at 1 MB/s, client's legs of 0.5 ms", 1+5+2+.2+1+1, groupRun(t, c).CommitMean*1e3, 1e-6)
	c.Workload.AsyncShare = 1
	commit.Within(t, "commits that do not wait, client's legs of 0.5 ms", 2, groupRun(t, c).CommitMean*1e3, 1e-6)
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
	theory("commit time of sync less that of remote write", "E max(X, 1 ms + Y) - E X = 1 ms + m/2 e^(-1 ms/m)", "ms").
		Within(t, "exponential ways back of mean 5 ms", 1+2.5*math.Exp(-.2), (groupRun(t, c).CommitMean-write)*1e3, .25)
}

// Sessions share a flush: with 8 of them a flush takes one, then up to seven; throughput is far above 1/flush.
func TestGroupCommit(t *testing.T) {
	c := isolated(Async, 1)
	c.Reads.Think, c.Workload.Sessions = Const(0), 8
	r := groupRun(t, c)
	assert.Greater(t, float64(r.Acked)/10, 3500.)
	assert.LessOrEqual(t, r.CommitQuantile(1), .002+1e-9)
	c.Workload.Sessions = 1
	theory("simulated commits a second of one session", "1/flush", "/s").Within(t, "flush of 1 ms", 1000, float64(groupRun(t, c).Acked)/10, 1)
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
	assert.Greater(t, slow.LagMax, 8.) // 15 s (1 - 1/2.5)
	assert.NotEmpty(t, groupRun(t, func() Config { c := c; c.Pipeline.Workers = 1; return c }()).Warnings)
	c.Pipeline.Conflicts, c.Workload.Keys = 0, 1
	assert.Equal(t, slow.LagMax, groupRun(t, c).LagMax)
	c.Workload.Keys, c.Pipeline.ReadLoad = 0, .5
	assert.Greater(t, groupRun(t, c).LagMax, 2.5) // 15 s (1 - 2000/2500)
	// A schema change of 2 s lets nothing pass.
	c.Pipeline.ReadLoad, c.Pipeline.Streamed = 0, false
	c.Workload.Big = []Big{{At: 5 * time.Second, Replay: 2 * time.Second, Schema: true}}
	theory("peak lag of what holds replay up", "a schema change: its time; a query: the patience", "s").Within(t, "schema change of 2 s", 2, groupRun(t, c).LagMax, .01)
}

// A query on the standby holds replay up for as long as it runs, at most for the patience since the record's receipt.
func TestQueryConflicts(t *testing.T) {
	c := Group(1, Const(0), 100)
	c.Pipeline.QueryConflicts, c.Pipeline.Query, c.Pipeline.QueryPatience = .001, Const(60*time.Second), 5*time.Second
	r := groupRun(t, c)
	assert.Positive(t, r.CancelledQueries)
	theory("peak lag of what holds replay up", "a schema change: its time; a query: the patience", "s").Within(t, "queries of 60 s, patience of 5 s", 5, r.LagMax, .01)
	c.Pipeline.QueryPatience, c.Pipeline.Query = time.Hour, Const(12*time.Second)
	r = groupRun(t, c)
	assert.Zero(t, r.CancelledQueries)
	assert.Greater(t, r.LagMax, 10.)
}

// Kafka: a dead follower stalls commits until it leaves the in-sync set; then the leader's next crash loses what only it
// had, and without an unclean election there is no leader.
func TestInSync(t *testing.T) {
	c := Kafka(1)
	c.Replicas = 1
	c.LagTimeMax, c.Workload.WriteRate = 10*time.Second, 200
	c.Faults = []Fault{{At: 20 * time.Second, For: 35 * time.Second, Kind: Crash, Nodes: []int{1}}, {At: 50 * time.Second, Kind: CrashDisk, Nodes: []int{0}}}
	r := groupRun(t, c)
	// The set is checked every half of LagTimeMax.
	theory("longest commit behind a dead follower of the in-sync set", "1 to 1.5 LagTimeMax", "s").Within(t, "LagTimeMax of 10 s", 12.5, r.CommitQuantile(1), 2.6)
	assert.Contains(t, r.Cause, "no replica in reach may be promoted")
	assert.Zero(t, r.LostAcked)
	c.Failover.Unclean = true
	r = groupRun(t, c)
	assert.Empty(t, r.Cause)
	theory("writes lost by an unclean election", "rate x time that the new leader was gone", "").Relative(t, "200/s, 30 s", 6000, float64(r.LostAcked), .06)
	c = Kafka(2)
	c.Replicas, c.LagTimeMax = 1, 10*time.Second
	c.Faults = []Fault{{At: 20 * time.Second, Kind: Crash, Nodes: []int{1}}}
	r = groupRun(t, c)
	assert.Positive(t, r.Refused)
	assert.Contains(t, r.Cause, "writes are refused: 1 in sync, 2 needed")
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
	theory("writes lost under off", "rate x time since the log writer's last flush", "").Within(t, "1000/s, 150 ms", 150, float64(r.LostAcked), 50)
	times := theory("times of a restart under off", "RPO: time since the log writer's last flush; RTO: the crash", "s")
	times.Within(t, "RPO, flushed 150 ms ago", .15, r.RPO, .01)
	require.Len(t, r.Outages, 1)
	times.Within(t, "RTO, crash of 1 s", 1, r.RTO, 1e-9)
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
	phases := theory("phases of an outage", "as set; detection to the third check missed, promotion in grains of 0.1 s, RTO their sum", "s")
	phases.Within(t, "detect", 2.7, o.Detect, 1e-9) // checks missed at 11, 12 and 13 s
	phases.Within(t, "decide", .2, o.Decide, 1e-9)
	phases.Within(t, "fence", .7, o.Fence, 1e-9)
	phases.Within(t, "promote", .2, o.Promote, 1e-9)
	phases.Within(t, "reroute", 2, o.Reroute, 1e-9)
	phases.Within(t, "RTO", 5.8, r.RTO, 1e-9)
	f.Fencing, f.Lease = LeaseFencing, 15*time.Second
	phases.Within(t, "fence by a lease of 15 s", 15-.3-2.9, groupRun(t, c).Outages[0].Fence, 1e-9)
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
		assert.Empty(t, r.Cause)
	}
}
