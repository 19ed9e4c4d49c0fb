package coldstart

import (
	"context"
	"math"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"cloudconcepts/internal/rng"
)

// Every run can be made again from its own Config, and the summary is the same on one processor.
func TestReplicate(t *testing.T) {
	c := Default()
	c.Duration, c.Seed = 20_000*time.Second, 7
	s, err := Replicate(t.Context(), c, 12)
	require.NoError(t, err)
	require.Len(t, s.Results, 12)
	sum := 0.0
	for i, r := range s.Results {
		assert.Equal(t, rng.Seed(7, uint64(i)), r.Config.Seed)
		again, err := Simulate(r.Config)
		require.NoError(t, err)
		assert.Equal(t, again, r)
		sum += r.InstancesMean
	}
	assert.InEpsilon(t, sum/12, s.InstancesMean.Mean, 1e-12)
	assert.Less(t, s.InstancesMean.Low, s.InstancesMean.Mean)
	assert.Greater(t, s.InstancesMean.High, s.InstancesMean.Mean)
	assert.Positive(t, s.ColdProbability.StandardError)
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	one, err := Replicate(t.Context(), c, 12)
	require.NoError(t, err)
	assert.Equal(t, s, one)
}

func TestReplicateRefuses(t *testing.T) {
	for _, n := range []int{0, -1, mostRuns + 1} {
		_, err := Replicate(t.Context(), Default(), n)
		require.ErrorIs(t, err, ErrInvalidConfig)
	}
	c := Default()
	c.ErrorProbability = math.NaN()
	_, err := Replicate(t.Context(), c, 2)
	require.ErrorIs(t, err, ErrInvalidConfig)
	stopped, stop := context.WithCancel(t.Context())
	stop()
	_, err = Replicate(stopped, Default(), 2)
	require.ErrorIs(t, err, context.Canceled)
}
