package coldstart

import (
	"context"
	"fmt"
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

func TestSummaryInOneLine(t *testing.T) {
	s := Summary{
		Runs: 5, ColdProbability: Estimate{Mean: 0.02, Low: 0.01, High: 0.03}, InstancesMean: Estimate{Mean: 7.5, Low: 7, High: 8}, RunningMean: Estimate{Mean: 1.5, Low: 1, High: 2},
		LatencyMean: Estimate{Mean: 0.25, Low: 0.2, High: 0.3, StandardError: 0.02}, LatencyP99: Estimate{Mean: 3, Low: 2, High: 4}, Cost: Estimate{Mean: 12, Low: 11, High: 13},
	}
	assert.Equal(t, "5 runs: 2 (1 to 3) % of the requests cold; 7.5 (7 to 8) environments, 1.5 (1 to 2) of them busy; "+
		"latency 0.25 (0.2 to 0.3) s mean, 3 (2 to 4) s p99; $12 (11 to 13)", fmt.Sprint(s))
}
