package replication

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"cloudconcepts/internal/rng"
)

// anyFaults is a random history of failures.
func anyFaults(r *rand.Rand, nodes, n int, end time.Duration) []Fault {
	var faults []Fault
	at := time.Duration(0)
	busy := map[[2]int]time.Duration{}
	for range n {
		at += time.Duration(r.Int64N(int64(end) / int64(n+1)))
		f := Fault{At: at, For: time.Duration(1 + r.Int64N(int64(end)/3)), Kind: FaultKind(r.IntN(10)), Factor: .5 + r.Float64()*3}
		if r.IntN(8) == 0 {
			f.For = 0
		}
		f.Nodes = []int{r.IntN(nodes)}
		slot := [2]int{int(f.Kind.class()), f.Nodes[0]}
		if f.Kind.cuts() {
			slot[1] = -1
		}
		if until, ok := busy[slot]; ok && until > at {
			continue
		}
		busy[slot] = at + f.For
		if f.For == 0 {
			busy[slot] = 1 << 62
		}
		faults = append(faults, f)
	}
	return faults
}

func anyGroup(r *rand.Rand) Config {
	replicas := 1 + r.IntN(4)
	c := Group(replicas, []Law{Const(ms), Exp(ms), Exp(10 * ms), Const(0)}[r.IntN(4)], 200+r.Float64()*500)
	c.Mode = Mode(r.IntN(9))
	c.Acks = Acks{Rule: Rule(r.IntN(2)), K: 1 + r.IntN(replicas)}
	if r.IntN(2) == 0 {
		c.Workload.WriteRate, c.Workload.Sessions, c.Workload.Clients = 0, 1+r.IntN(5), 0
	}
	c.Workload.Retry = 50 * ms
	c.Workload.Keys = []int{0, 1, 20}[r.IntN(3)]
	c.Workload.Near = r.Float64()
	c.Workload.Heartbeat = []time.Duration{0, 100 * ms}[r.IntN(2)]
	c.Workload.Big = []Big{{At: time.Second, Primary: 300 * ms, Replay: 500 * ms, Schema: r.IntN(2) == 0}}
	p := &c.Pipeline
	p.Flush, p.Apply, p.Write = Exp(300*time.Microsecond), []Law{Const(0), Exp(200 * time.Microsecond)}[r.IntN(2)], []Law{Const(0), Exp(100 * time.Microsecond)}[r.IntN(2)]
	p.Workers, p.Conflicts, p.Streamed, p.ReplayWritten = 1+r.IntN(4), r.Float64()*.3, r.IntN(2) == 0, r.IntN(3) == 0
	p.Reconnect, p.StatusInterval = Exp(20*ms), 500*ms
	p.ConnectionTimeout = []time.Duration{0, 200 * ms}[r.IntN(2)]
	p.QueryConflicts, p.Query = []float64{0, .001}[r.IntN(2)], Exp(50*ms)
	p.Bandwidth = []float64{0, 1e6}[r.IntN(2)]
	c.Reads.Policy, c.Reads.Count, c.Reads.Think = Policy(r.IntN(10)), r.IntN(3), Exp(5*ms)
	c.Reads.Timeout, c.Reads.Quorum = 100*ms, 1+r.IntN(replicas+1)
	f := &c.Failover
	f.Enabled, f.Interval, f.Misses = r.IntN(4) > 0, 20*ms, 2
	f.Authority, f.Fencing, f.Candidate = Authority(r.IntN(2)), Fencing(r.IntN(4)), Candidate(r.IntN(3))
	f.Lease, f.Drift, f.Rejoin, f.Promote, f.Reroute = 100*ms, .01, Const(50*ms), Exp(10*ms), Exp(5*ms)
	c.FallBack, c.LagTimeMax, c.MinInSync = 200*ms, 200*ms, 1+r.IntN(2)
	c.Duration, c.Sample, c.MaxWrites = 4*time.Second, 100*ms, 20_000
	c.Faults = anyFaults(r, replicas+1, 6, c.Duration)
	c.Seed = r.Uint64()
	return c
}

func checkBooks(t *testing.T, c Config, r Result) {
	t.Helper()
	lost := r.LostAcked
	assert.GreaterOrEqual(t, r.Acked, lost)
	assert.Equal(t, r.Writes, r.Acked+r.LostUnacked+r.InDoubt+r.Pending, "conservation")
	assert.LessOrEqual(t, r.Stale, r.Reads)
	assert.GreaterOrEqual(t, r.RTO, 0.)
	for _, o := range r.Outages {
		for _, phase := range []float64{o.Detect, o.Decide, o.Fence, o.Promote, o.Reroute, o.Restart} {
			assert.GreaterOrEqual(t, phase, 0.)
		}
		if o.New >= 0 {
			assert.InDelta(t, o.Total, o.Detect+o.Decide+o.Fence+o.Promote+o.Reroute+o.Restart, 1e-9)
		}
	}
	for _, s := range r.Rows {
		assert.GreaterOrEqual(t, s.Sent, int64(0))
		assert.LessOrEqual(t, s.Flushed, s.Written)
		if s.Lag == s.Lag { // a standby
			assert.LessOrEqual(t, s.Replayed, s.Flushed)
		}
		assert.GreaterOrEqual(t, s.Records, int64(0))
		assert.GreaterOrEqual(t, s.Bytes, int64(0))
	}
	if f := c.Failover.Fencing; f == Stonith || !c.Failover.Enabled {
		assert.Zero(t, r.SplitBrain, "one writer at a time")
	}
}

// Random groups under random failures: the books balance, positions are in order, and the same seed gives the same run.
func TestRandomHistories(t *testing.T) {
	n := uint64(least(400, 25))
	for seed := range n {
		c := anyGroup(rng.New(1, seed))
		require.NoError(t, c.Validate(), "seed %d", seed)
		r, err := Simulate(c)
		require.NoError(t, err)
		checkBooks(t, c, r)
		if t.Failed() {
			t.Fatalf("seed %d: %+v\n%v", seed, c, r.Transcript)
		}
		if seed%10 == 0 {
			again, err := Simulate(c)
			require.NoError(t, err)
			a, err := json.Marshal(r)
			require.NoError(t, err)
			b, err := json.Marshal(again)
			require.NoError(t, err)
			assert.Equal(t, string(a), string(b))
			assert.Equal(t, fmt.Sprint(r.Transcript), fmt.Sprint(again.Transcript))
		}
	}
}

// What the modes promise: no acknowledged write is lost under sync with ANY k if fewer than k standbys fail with the
// primary and the longest log is promoted; nor by a majority; and two primaries never both acknowledge under epochs then.
func TestPromiseKept(t *testing.T) {
	n := uint64(least(300, 25))
	for seed := range n {
		r := rng.New(2, seed)
		c := anyGroup(r)
		c.Replicas = 2 + 2*r.IntN(2)
		c.Mode = []Mode{Sync, RemoteApply, Majority}[r.IntN(3)]
		c.Pipeline.ReplayWritten = false
		c.Acks = AnyOf(c.Replicas / 2)
		c.Failover.Enabled, c.Failover.Candidate, c.Failover.Authority, c.Failover.Fencing = true, MostReceived, Consensus, Epoch
		c.Reads.Quorum = 1
		c.Faults = anyFaults(r, c.Replicas+1, 8, c.Duration)
		for i := range c.Faults { // disks survive
			if c.Faults[i].Kind == CrashDisk {
				c.Faults[i].Kind = Crash
			}
		}
		res, err := Simulate(c)
		require.NoError(t, err)
		checkBooks(t, c, res)
		assert.Zero(t, res.LostAcked, "seed %d", seed)
		if t.Failed() {
			for _, o := range res.Transcript {
				t.Log(o)
			}
			t.Fatalf("seed %d: mode %v replicas %d faults %+v listed %+v", seed, c.Mode, c.Replicas, c.Faults, res.Listed)
		}
	}
}

// Remote apply on all replicas shows no stale read while nothing fails.
func TestRemoteApplyOnAllIsNeverStale(t *testing.T) {
	for seed := range uint64(20) {
		r := rng.New(3, seed)
		c := anyGroup(r)
		c.Faults = nil
		c.Mode, c.Acks = RemoteApply, AnyOf(c.Replicas)
		c.Reads.Policy, c.Reads.Count = AnyReplica, 2
		res := groupRun(t, c)
		assert.Zero(t, res.Stale+res.ReadYourWrites, "seed %d", seed)
		if c.Workload.Keys == 0 { // of shared rows a replica may show a version that is not committed everywhere yet
			assert.Zero(t, res.MonotonicReads, "seed %d", seed)
			assert.Positive(t, res.Reads)
		}
	}
}
