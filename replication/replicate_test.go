package replication

import (
	"encoding/json"
	"math"
	"testing"

	"cloudconcepts/internal/stats"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Each run of Replicate can be made again from its Config, the first is Simulate's, and no two are the same.
func TestReplicate(t *testing.T) {
	c := Group(1, Exp(5*ms), 200)
	c.Duration, c.Seed = 2*ms*1000, 7
	s, err := Replicate(t.Context(), c, 4)
	require.NoError(t, err)
	require.Len(t, s.Results, 4)
	for i, r := range s.Results {
		again, err := Simulate(r.Config)
		require.NoError(t, err)
		assert.Equal(t, r, again, "run %d", i)
		assert.Equal(t, uint64(i), r.Config.Run)
	}
	assert.NotEqual(t, s.Results[0].LagMean, s.Results[1].LagMean)
	assert.Equal(t, stats.Mean(s.Results, func(r Result) float64 { return r.LagMean }), s.LagMean)
	assert.Less(t, s.LagMean.Low, s.LagMean.Mean)
	assert.Equal(t, 1.0, s.LosslessFraction)
	for _, n := range []int{0, mostRuns + 1} {
		_, err = Replicate(t.Context(), c, n)
		require.ErrorIs(t, err, ErrInvalidConfig)
	}
}

// A Series has the rows of one node, and nothing of the others.
func TestSeries(t *testing.T) {
	c := Group(2, Const(5*ms), 200)
	c.Duration, c.Sample = 1000*ms, 100*ms
	r, err := Simulate(c)
	require.NoError(t, err)
	replayed := r.Series(2, func(row Row) float64 { return float64(row.Replayed) })
	assert.Equal(t, 11, replayed.Len())
	last := math.Inf(-1)
	for i := range replayed.Len() {
		x, y := replayed.XY(i)
		assert.InDelta(t, float64(i)/10, x, 1e-9)
		assert.GreaterOrEqual(t, y, last)
		last = y
	}
	assert.Positive(t, last)
	assert.Zero(t, r.Series(9, func(row Row) float64 { return row.At }).Len())
}

// Warnings are errors, and texts in JSON.
func TestWarningsAreTexts(t *testing.T) {
	c := Group(1, Const(5*ms), 200)
	c.Duration, c.MaxWrites = 1000*ms, 10
	r, err := Simulate(c)
	require.NoError(t, err)
	text, err := json.Marshal(r.Warnings)
	require.NoError(t, err)
	assert.JSONEq(t, `["the run issued all its MaxWrites = 10 before its Duration"]`, string(text))
}
