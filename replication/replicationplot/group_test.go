package replicationplot_test

import (
	"bytes"
	"image/png"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"cloudconcepts/replication"
	"cloudconcepts/replication/replicationplot"
)

func smallRun(t *testing.T, crash bool) replication.Result {
	t.Helper()
	c := replication.PostgreSQL(replication.Async, replication.AnyOf(1), 2)
	c.Duration, c.Sample, c.Workload.Heartbeat = 10*time.Second, 50*time.Millisecond, time.Second
	c.Pipeline.Delay = []replication.Law{replication.Exp(5 * time.Millisecond)}
	if crash {
		c.Failover.Enabled = true
		c.Faults = []replication.Fault{{At: 4 * time.Second, Kind: replication.Crash, Nodes: []int{0}}}
	}
	r, err := replication.Simulate(c)
	require.NoError(t, err)
	return r
}

func staleFigure() replicationplot.Figure {
	c := replication.Group(3, replication.Exp(5*time.Millisecond), 1)
	points := []replicationplot.StalePoint{{Stale: .5, Low: .4, High: .6}, {After: .01, High: .01}}
	return replicationplot.Stale(c, []replicationplot.StaleCurve{
		{Name: "async", Policy: replication.AnyReplica, Points: points},
		{Name: "all", Mode: replication.RemoteApply, K: 3, Policy: replication.AnyReplica, Points: points},
	})
}

func TestFiguresOfAGroup(t *testing.T) {
	r, crashed := smallRun(t, false), smallRun(t, true)
	var commits []replicationplot.CommitRun
	for panel := range 3 {
		run := replicationplot.CommitRun{Mode: replication.Sync, Acks: replication.AnyOf(1), Panel: panel / 2}
		run.Fill(r, []float64{.0004, .0005, .0006})
		commits = append(commits, run)
	}
	crashes := replicationplot.Crashes{}
	crashes.Add(replication.Summary{Results: []replication.Result{crashed, crashed}})
	assert.EqualValues(t, crashed.LostAcked, crashes.LostMost)
	assert.InDelta(t, crashed.RTO, crashes.Detect+crashes.Decide+crashes.Fence+crashes.Promote+crashes.Reroute, 1e-9)
	empty := replication.Result{Config: replication.Group(1, replication.Const(0), 0)}
	for name, f := range map[string]replicationplot.Figure{
		"group": replicationplot.Group(r), "crash": replicationplot.Group(crashed), "empty": replicationplot.Group(empty),
		"lag":    replicationplot.Lag(r, 1, []replicationplot.Event{{From: 2, To: 4, Name: "burst"}}),
		"commit": replicationplot.Commit(r.Config, commits), "instant": replicationplot.Commit(r.Config, make([]replicationplot.CommitRun, 3)),
		"stale":    staleFigure(),
		"failover": replicationplot.Failover(crashed.Config, []replicationplot.Crashes{crashes, crashes}),
	} {
		t.Run(name, func(t *testing.T) {
			for _, theme := range []replicationplot.Theme{replicationplot.Light(), replicationplot.Dark()} {
				var picture, drawing bytes.Buffer
				require.NoError(t, f.Write(&picture, "png", theme))
				require.NoError(t, f.Write(&drawing, "svg", theme))
				img, err := png.Decode(&picture)
				require.NoError(t, err)
				colors := map[any]bool{}
				for x := 0; x < img.Bounds().Dx(); x += 3 {
					for y := 0; y < img.Bounds().Dy(); y += 3 {
						colors[img.At(x, y)] = true
					}
				}
				assert.Greater(t, len(colors), 10)
				assert.Contains(t, drawing.String(), "<svg")
			}
		})
	}
}

func TestMetersTellFalseCalmFromFalseAlarm(t *testing.T) {
	r := replication.Result{Rows: []replication.Row{{At: 1, Node: 1, Lag: 2, Behind: 0, Timestamp: 2}, {At: 2, Node: 1, Lag: 0, Timestamp: 5}}}
	for _, m := range replicationplot.Meters(r, 1) {
		switch m.Name {
		case "Seconds_Behind_Source":
			assert.Equal(t, 2., m.Under)
			assert.Zero(t, m.Over)
		case "now() - last replay":
			assert.Equal(t, 5., m.Over)
			assert.Equal(t, 2., m.OverAt)
			assert.Zero(t, m.Under)
		}
	}
}
