package replicationplot_test

import (
	"bytes"
	"image/png"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"cloudconcepts/replication"
	"cloudconcepts/replication/index"
	"cloudconcepts/replication/multileader"
	"cloudconcepts/replication/replicationplot"
)

// cut is a group whose primary is cut off from 4 s to 9 s, half of the clients with it.
func cut(t *testing.T, mode replication.Mode, fencing replication.Fencing, length time.Duration) replication.Result {
	t.Helper()
	c := replication.PostgreSQL(mode, replication.AnyOf(1), 2)
	c.Duration, c.List, c.Workload.Near, c.Workload.WriteRate = 14*time.Second, 10_000, 0.5, 100
	c.Failover.Enabled, c.Failover.Interval, c.Failover.Fencing, c.Failover.Lease = true, 500*time.Millisecond, fencing, 2*time.Second
	c.Failover.Rejoin = replication.Const(time.Second)
	c.Faults = []replication.Fault{{At: 4 * time.Second, For: length, Kind: replication.Partition, Nodes: []int{0}}}
	r, err := replication.Simulate(c)
	require.NoError(t, err)
	return r
}

// The times of the primaries are those of the transcript, and what the old one acknowledged alone is what was lost.
func TestTenures(t *testing.T) {
	free := cut(t, replication.Async, replication.NoFencing, 5*time.Second)
	all := replicationplot.Tenures(free)
	require.Len(t, all, 2)
	assert.Equal(t, 9.0, all[0].To)
	assert.Equal(t, "steps down", all[0].End)
	assert.Equal(t, 10.0, all[0].Rejoined)
	assert.InDelta(t, all[0].To-all[1].From, free.SplitBrain, 1e-9)
	taken, acked := replicationplot.Forked(free)
	assert.EqualValues(t, free.LostAcked, acked)
	assert.Equal(t, taken, acked)
	assert.InDelta(t, 250, float64(acked), 80) // 50/s for 5 s

	leased := cut(t, replication.Async, replication.LeaseFencing, 5*time.Second)
	all = replicationplot.Tenures(leased)
	assert.LessOrEqual(t, all[0].To, all[1].From)
	assert.Contains(t, all[0].End, "lease")

	taken, acked = replicationplot.Forked(cut(t, replication.Majority, replication.Epoch, 5*time.Second))
	assert.Positive(t, taken)
	assert.Zero(t, acked)
	short := cut(t, replication.Async, replication.NoFencing, 500*time.Millisecond)
	assert.Len(t, replicationplot.Tenures(short), 1)
}

func pauses(points ...replicationplot.CaughtUp) replicationplot.Pauses {
	c := replication.Group(1, replication.Const(time.Millisecond), 100)
	c.Sample, c.Duration, c.Pipeline.Apply = 50*time.Millisecond, 20*time.Second, replication.Exp(5*time.Millisecond)
	c.Faults = []replication.Fault{{At: time.Second, For: 5 * time.Second, Kind: replication.PauseReplay, Nodes: []int{1}}}
	r, _ := replication.Simulate(c)
	return replicationplot.Pauses{
		Pause: 5, Apply: "exp:5ms", Points: points, Rising: r, Resumed: 6, From: 0.5, To: 0.6, Over: 10, Promised: 5, Expected: 6,
		Measured: []replicationplot.CaughtUp{{Load: 0.5, Theory: 10, Mean: 9}},
	}
}

func sessionSweep(policies ...replication.Policy) replicationplot.SessionSweep {
	s := replicationplot.SessionSweep{Lag: 0.1, Replicas: 3, Window: 0.2, Writes: 100, Curve: func(_ replication.Policy, think float64) (float64, float64) { return 1 / (1 + 10*think), -1 }}
	for _, p := range policies {
		for _, think := range []float64{0.01, 0.1, 1} {
			v := replicationplot.Share{}
			if p != replication.TokenWait {
				v = replicationplot.Share{Value: 1 / (1 + 10*think), Low: 0.05, High: 0.95}
			}
			s.Points = append(s.Points, replicationplot.SessionPoint{Policy: p, Think: think, Own: v, Backward: v})
		}
		s.Losses = append(s.Losses, replicationplot.SessionLoss{Policy: p, Writes: 0.3})
	}
	return s
}

func conflictSweep(policies ...multileader.Policy) replicationplot.ConflictSweep {
	s := replicationplot.ConflictSweep{Leaders: 2, Rate: 2, Runs: 1}
	for _, p := range policies {
		for _, d := range []float64{0.001, 0.01, 0.1} {
			q := replicationplot.ConflictPoint{Policy: p, Delay: d, Conflict: replicationplot.Share{Value: 4 * d, Low: 3 * d, High: 5 * d}, Writes: 1000, Sum: 1000}
			if p != multileader.Counter {
				q.Sum, q.Lost.Value = int64(1000*(1-2*d)), 2*d
			}
			s.Points = append(s.Points, q)
		}
	}
	return s
}

func TestFiguresOfPartitions(t *testing.T) {
	free, safe := cut(t, replication.Async, replication.NoFencing, 5*time.Second), cut(t, replication.Majority, replication.Epoch, 5*time.Second)
	guarded := []replicationplot.Guarded{{Name: "Without fencing", Result: free}, {Name: "With a majority", Result: safe}}
	x := replicationplot.CutOff{Promoted: free, Held: cut(t, replication.Async, replication.NoFencing, 500*time.Millisecond), Recovery: pauses().Rising, Restored: 6, InSync: 12, Reported: 15}
	never := x
	never.Promoted, never.InSync, never.Reported = safe, math.Inf(1), 0
	point := replicationplot.IndexPoint{Rate: 100, LagMean: 0.05, LagP99: 0.1, ThrottledTheory: -1, Threshold: 90, MaxShare: 0.5, Throttled: 0.1}
	for name, f := range map[string]replicationplot.Figure{
		"splitbrain": replicationplot.SplitBrain(guarded), "stays": replicationplot.SplitBrain([]replicationplot.Guarded{{Name: "Short", Result: x.Held}}),
		"catchup":  replicationplot.CatchUp(pauses(replicationplot.CaughtUp{Load: 0.5, Mean: 5, Low: 4, High: 6, Ended: 2, Runs: 2}, replicationplot.CaughtUp{Load: 0.9, Mean: 45, Low: 40, High: 60, Ended: 2, Runs: 2})),
		"behind":   replicationplot.CatchUp(pauses(replicationplot.CaughtUp{Load: 1, Theory: -1, Mean: -1})),
		"sessions": replicationplot.Sessions(sessionSweep(replication.AnyReplica, replication.Sticky, replication.TokenWait)), "fresh": replicationplot.Sessions(sessionSweep(replication.TokenWait)),
		"conflicts": replicationplot.Conflicts(conflictSweep(multileader.Policies()...)), "exact": replicationplot.Conflicts(conflictSweep(multileader.Counter)),
		"gsi":      replicationplot.SecondaryIndex(replicationplot.IndexSweep{Config: index.DynamoDB(), Points: []replicationplot.IndexPoint{point, {Zipf: 1, Rate: 100, LagP99: 1, LagMean: 1, Threshold: 50}}}),
		"one":      replicationplot.SecondaryIndex(replicationplot.IndexSweep{Config: index.DynamoDB(), Points: []replicationplot.IndexPoint{point}}),
		"incident": replicationplot.Incident(x), "never": replicationplot.Incident(never),
	} {
		t.Run(name, func(t *testing.T) {
			assert.NotContains(t, f.Title, "NaN")
			assert.NotContains(t, f.Title, "%!")
			for _, theme := range []replicationplot.Theme{replicationplot.Light(), replicationplot.Dark()} {
				var svg, picture bytes.Buffer
				require.NoError(t, f.Write(&svg, "svg", theme))
				assert.Contains(t, svg.String(), "</svg>")
				require.NoError(t, f.Write(&picture, "png", theme))
				img, err := png.Decode(&picture)
				require.NoError(t, err)
				colors := map[any]bool{}
				for x := 0; x < img.Bounds().Dx(); x += 3 {
					for y := 0; y < img.Bounds().Dy(); y += 3 {
						colors[img.At(x, y)] = true
					}
				}
				assert.Greater(t, len(colors), 10)
			}
		})
	}
}
