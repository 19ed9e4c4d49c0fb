package container

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"cloudconcepts/coldstart"
	"cloudconcepts/internal/law"
)

func simulate(t *testing.T, c Config) Result {
	t.Helper()
	r, err := Simulate(c)
	require.NoError(t, err)
	checkResult(t, r)
	return r
}

// scale shortens a run with -short.
func scale(d time.Duration) time.Duration {
	if testing.Short() {
		return d / 4
	}
	return d
}

// M/M/c: wait and its probability are Erlang's C, whatever the split of places over tasks.
func TestErlangC(t *testing.T) {
	assert.InDelta(t, 0.5, ErlangC(1, 0.5), 1e-15)
	assert.InDelta(t, 1.0/3, ErlangC(2, 1), 1e-15)
	assert.InEpsilon(t, 0.409, ErlangC(10, 8), 0.001, "textbook value")
	for _, x := range []struct{ tasks, per int }{{10, 1}, {2, 5}, {1, 10}} {
		c := AlwaysOn(x.tasks, 80)
		c.PerTask, c.Duration = x.per, scale(8000*time.Second)
		r := simulate(t, c)
		se := (r.LatencyHigh - r.LatencyLow) / 4
		want := Wait(10, 80, 0.1) + 0.1
		assert.LessOrEqual(t, math.Abs(r.LatencyMean-want)/se, 4.0, "%+v: %g, want %g", x, r.LatencyMean, want)
		assert.InEpsilon(t, ErlangC(10, 8), r.WaitProbability, 0.03)
		assert.InEpsilon(t, 0.8, r.Utilization, 0.01)
		assert.InEpsilon(t, 80*Wait(10, 80, 0.1), r.WaitingMean, 0.1)
		assert.InEpsilon(t, float64(x.tasks), r.TasksMean, 1e-9)
	}
}

// The law of the latency with one task: M/M/1 is exponential, of rate 1/service - rate.
func TestQuantiles(t *testing.T) {
	c := AlwaysOn(1, 7)
	c.Duration = scale(80_000 * time.Second)
	r := simulate(t, c)
	for p, got := range map[float64]float64{0.5: r.LatencyP50, 0.9: r.LatencyP90, 0.99: r.LatencyP99} {
		assert.InEpsilon(t, -math.Log(1-p)/3, got, 0.05, "p = %g", p)
	}
	assert.InEpsilon(t, WaitSurvival(1, 7, 0.1, 0), r.WaitProbability, 0.02)
	assert.InEpsilon(t, 0.7*math.Exp(-0.9), WaitSurvival(1, 7, 0.1, 0.3), 1e-12)
}

// M/G/1: Pollaczek and Khinchin's wait.
func TestGeneralService(t *testing.T) {
	for _, x := range []struct {
		law Law
		cv2 float64
	}{{Const(100 * time.Millisecond), 0}, {law.Erlang(4, 100*time.Millisecond), 0.25}, {law.Hyper(4, 100*time.Millisecond), 4}} {
		c := AlwaysOn(1, 6)
		c.Service, c.Duration = x.law, scale(80_000*time.Second)
		r := simulate(t, c)
		want := 0.6*0.1*(1+x.cv2)/2/0.4 + 0.1
		se := (r.LatencyHigh - r.LatencyLow) / 4
		assert.LessOrEqual(t, math.Abs(r.LatencyMean-want)/se, 4.0, "cv2 = %g: %g, want %g", x.cv2, r.LatencyMean, want)
	}
}

// Without a queue the rejected are Erlang's B, for any service.
func TestErlangB(t *testing.T) {
	for _, service := range []Law{Exp(100 * time.Millisecond), Const(100 * time.Millisecond)} {
		c := AlwaysOn(10, 70)
		c.Service, c.MaxWaiting, c.Duration = service, 0, scale(16_000*time.Second)
		r := simulate(t, c)
		assert.InEpsilon(t, coldstart.ErlangB(10, 7), float64(r.Rejected)/float64(r.Requests), 0.02)
		assert.ErrorIs(t, r.Warnings[0], ErrOverload)
	}
}

func TestTheoryOutside(t *testing.T) {
	for _, x := range []float64{ErlangC(0, 1), ErlangC(1, math.NaN()), ErlangC(1, -1), Wait(1, 1, math.NaN()), Wait(0, 1, 1), WaitSurvival(1, 1, 0, 1), WaitSurvival(1, 1, 1, -1)} {
		assert.True(t, math.IsNaN(x))
	}
	assert.Equal(t, 1.0, ErlangC(2, 2))
	assert.True(t, math.IsInf(Wait(2, 2, 1), 1))
	assert.Equal(t, 1.0, WaitSurvival(2, 3, 1, 5))
}
