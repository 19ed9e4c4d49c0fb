package replicationplot_test

import (
	"bytes"
	"image/png"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"cloudconcepts/replication/quorum"
	"cloudconcepts/replication/raft"
	"cloudconcepts/replication/replicationplot"
)

func quorums(t *testing.T, n, r, w int) quorum.Result {
	t.Helper()
	c := quorum.Default()
	c.N, c.R, c.W, c.Trials, c.Latency = n, r, w, 20_000, quorum.Propagation(1)
	res, err := quorum.Simulate(c)
	require.NoError(t, err)
	return res
}

func elections(t *testing.T, name string, change func(*raft.Config)) replicationplot.Contest {
	t.Helper()
	c := raft.DissertationLAN()
	c.Elections, c.Ineligible = 500, 0
	change(&c)
	r, err := raft.Simulate(c)
	require.NoError(t, err)
	return replicationplot.Contest{Name: name, Result: r, Split: raft.SplitVote(c.Servers, c.Alive, 0.1)}
}

// theoryFigures are the figures of quorums, elections and availability, of usual and of empty results.
func theoryFigures(t *testing.T) map[string]replicationplot.Figure {
	t.Helper()
	some, strict := quorums(t, 3, 1, 1), quorums(t, 3, 2, 2)
	choices := replicationplot.Choices{Model: "test", N: 2, Trials: 10, Points: []replicationplot.FrontierPoint{
		{R: 1, W: 1, Both: 0.01, Fresh: 1, FreshLow: 0.9, FreshHigh: 1.1, Published: 0.8, PublishedRead: 0.005, PublishedWrite: 0.006},
		{R: 1, W: 2, Both: 0.02, Published: math.NaN()},
		{R: 2, W: 1, Both: 0.03, Published: math.NaN()},
	}}
	choices.Mark()
	instant := replicationplot.Choices{Model: "test", N: 2, Points: []replicationplot.FrontierPoint{{R: 1, W: 2, Published: math.NaN()}}}
	up := replicationplot.Uptime{Nodes: []float64{0.99}, N: 2, Quorums: []replicationplot.QuorumPoint{{W: 1, R: 2, WriteDown: 1, ReadDown: 2}, {W: 2, R: 1, WriteDown: 2, ReadDown: 1}}}
	for n := 1; n <= 4; n++ {
		up.Points = append(up.Points, replicationplot.UpPoint{Servers: n, Node: 0.99, Down: 100 / float64(n), AllDown: 100})
	}
	plain := elections(t, "plain", func(*raft.Config) {})
	narrow := elections(t, "narrow", func(c *raft.Config) { c.TimeoutMax = 160 * time.Millisecond })
	nobody := elections(t, "nobody", func(c *raft.Config) { c.Alive = 2 })
	one := elections(t, "one", func(c *raft.Config) { c.Elections = 1 })
	return map[string]replicationplot.Figure{
		"quorum":        replicationplot.Quorum(some, []quorum.Result{quorums(t, 3, 1, 2), strict}, func(t float64) float64 { return quorum.StaleAfter(3, 1, 1, 1000, t) }),
		"strict":        replicationplot.Quorum(strict, []quorum.Result{quorums(t, 3, 2, 1)}, nil),
		"never stale":   replicationplot.Quorum(strict, nil, nil),
		"frontier":      replicationplot.Frontier(choices),
		"instant":       replicationplot.Frontier(instant),
		"availability":  replicationplot.Availability(up),
		"election":      replicationplot.Elections([]replicationplot.Contest{plain}),
		"one election":  replicationplot.Elections([]replicationplot.Contest{one}),
		"elections":     replicationplot.Elections([]replicationplot.Contest{narrow, plain, nobody}),
		"never elected": replicationplot.Elections([]replicationplot.Contest{nobody}),
	}
}

// Every figure is drawn in both themes as PNG and SVG, and is not blank.
func TestTheoryFigures(t *testing.T) {
	for name, f := range theoryFigures(t) {
		assert.NotEmpty(t, f.Title, name)
		for _, bad := range []string{"NaN", "%!", "Inf"} {
			assert.NotContains(t, f.Title+f.Subtitle+f.Caption, bad, name)
		}
		for _, theme := range []replicationplot.Theme{replicationplot.Light(), replicationplot.Dark()} {
			var picture, svg bytes.Buffer
			require.NoError(t, f.Write(&picture, "png", theme), name)
			require.NoError(t, f.Write(&svg, "svg", theme), name)
			img, err := png.Decode(&picture)
			require.NoError(t, err, name)
			inked := 0
			for y := 0; y < img.Bounds().Dy(); y += 3 {
				for x := 0; x < img.Bounds().Dx(); x += 3 {
					if img.At(x, y) != img.At(0, 0) {
						inked++
					}
				}
			}
			assert.Greater(t, inked, 2000, "%s: pixels that are not background", name)
			assert.Contains(t, svg.String(), "</svg>", name)
		}
	}
}

// The titles state what was found.
func TestTheoryTitles(t *testing.T) {
	f := theoryFigures(t)
	assert.Contains(t, f["quorum"].Title, "67 % of the reads right after a write are stale", "C(2,1)/C(3,1)")
	assert.Contains(t, f["strict"].Title, "no read misses the write")
	assert.Equal(t, "Never stale: 20 ms. With reads that may be stale for 1 s: 10 ms", f["frontier"].Title)
	assert.Contains(t, f["availability"].Title, "25 s a year without a majority, not 33.3 s")
	assert.Contains(t, f["elections"].Title, "with narrow")
	assert.Contains(t, f["never elected"].Title, "2 of 5 servers are alive")
}

// The frontier holds what no other choice beats.
func TestMark(t *testing.T) {
	c := replicationplot.Choices{N: 2, Points: []replicationplot.FrontierPoint{{R: 1, W: 1, Both: 1, Fresh: 5}, {R: 1, W: 2, Both: 2, Fresh: 5}, {R: 2, W: 1, Both: 3}}}
	c.Mark()
	assert.True(t, c.Points[0].Best)
	assert.False(t, c.Points[1].Best, "slower than the first and no fresher")
	assert.True(t, c.Points[2].Best)
	fast, strict := c.Fastest()
	assert.Equal(t, c.Points[0], fast)
	assert.Equal(t, c.Points[1], strict)
}
