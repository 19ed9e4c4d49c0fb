package container

import (
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"cloudconcepts/coldstart/theory"
	"cloudconcepts/internal/law"
	"cloudconcepts/internal/validation"
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
	const source = "Erlang's C"
	formula := validation.Claim{Kind: validation.Theory, Name: "probability to wait, Erlang's C", Source: "B/(1 - rho (1 - B)), B = Erlang's B, rho = load/places"}
	formula.Within(t, "1 place, load 0.5", 0.5, ErlangC(1, 0.5), 1e-15)
	formula.Within(t, "2 places, load 1", 1.0/3, ErlangC(2, 1), 1e-15)
	formula.Relative(t, "10 places, load 8", 0.409, ErlangC(10, 8), 0.001)
	latency := validation.Claim{Kind: validation.Theory, Name: "mean latency of M/M/10, 80/s of 0.1 s", Source: source + ", 0.1 s + C/(10 - 8) x 0.1 s", Unit: "s"}
	waits := validation.Claim{Kind: validation.Theory, Name: "share of requests that wait in M/M/10, 80/s of 0.1 s", Source: source}
	used := validation.Claim{Kind: validation.Theory, Name: "utilization of M/M/10, 80/s of 0.1 s", Source: "rate x service/places"}
	queue := validation.Claim{Kind: validation.Theory, Name: "requests that wait in M/M/10, 80/s of 0.1 s", Source: "Little's law: rate x mean wait by " + source}
	for _, x := range []struct{ tasks, per int }{{10, 1}, {2, 5}, {1, 10}} {
		c := AlwaysOn(x.tasks, 80)
		c.PerTask, c.Duration = x.per, scale(8000*time.Second)
		r := simulate(t, c)
		se := (r.LatencyHigh - r.LatencyLow) / 4
		want := WaitMean(10, 80, 0.1) + 0.1
		name := fmt.Sprintf("tasks: %d, places in each: %d", x.tasks, x.per)
		latency.Within(t, name, want, r.LatencyMean, 4*se)
		waits.Relative(t, name, ErlangC(10, 8), r.WaitProbability, 0.03)
		used.Relative(t, name, 0.8, r.Utilization, 0.01)
		queue.Relative(t, name, 80*WaitMean(10, 80, 0.1), r.WaitingMean, 0.1)
		assert.InEpsilon(t, float64(x.tasks), r.TasksMean, 1e-9)
	}
}

// The law of the latency with one task: M/M/1 is exponential, of rate 1/service - rate.
func TestQuantiles(t *testing.T) {
	c := AlwaysOn(1, 7)
	c.Duration = scale(80_000 * time.Second)
	r := simulate(t, c)
	latency := validation.Claim{Kind: validation.Theory, Name: "percentiles of the latency of M/M/1, 7/s of 0.1 s", Source: "-ln(1 - p)/(10 - 7)", Unit: "s"}
	for _, x := range []struct{ p, got float64 }{{0.5, r.LatencyP50}, {0.9, r.LatencyP90}, {0.99, r.LatencyP99}} {
		latency.Relative(t, fmt.Sprintf("percentile %g", 100*x.p), -math.Log(1-x.p)/3, x.got, 0.05)
	}
	waits := validation.Claim{Kind: validation.Theory, Name: "share of requests that wait longer than a time in M/M/1, 7/s of 0.1 s", Source: "rho exp(-(10 - 7) time), rho = 0.7"}
	waits.Relative(t, "0 s, simulated", WaitSurvival(1, 7, 0.1, 0), r.WaitProbability, 0.02)
	waits.Relative(t, "0.3 s, formula", 0.7*math.Exp(-0.9), WaitSurvival(1, 7, 0.1, 0.3), 1e-12)
}

// M/G/1: Pollaczek and Khinchin's wait.
func TestGeneralService(t *testing.T) {
	claim := validation.Claim{
		Kind: validation.Theory, Name: "mean latency of M/G/1, 6/s of 0.1 s", Source: "Pollaczek and Khinchin: 0.1 s + 0.6 x 0.1 s x (1 + cv^2)/2/(1 - 0.6)", Unit: "s",
	}
	for _, x := range []struct {
		law Law
		cv2 float64
	}{{Const(100 * time.Millisecond), 0}, {law.Erlang(4, 100*time.Millisecond), 0.25}, {law.Hyper(4, 100*time.Millisecond), 4}} {
		c := AlwaysOn(1, 6)
		c.Service, c.Duration = x.law, scale(80_000*time.Second)
		r := simulate(t, c)
		want := 0.6*0.1*(1+x.cv2)/2/0.4 + 0.1
		se := (r.LatencyHigh - r.LatencyLow) / 4
		claim.Within(t, fmt.Sprintf("service %v, cv^2 = %g", x.law, x.cv2), want, r.LatencyMean, 4*se)
	}
}

// Without a queue the rejected are Erlang's B, for any service.
func TestErlangB(t *testing.T) {
	claim := validation.Claim{Kind: validation.Theory, Name: "share of requests rejected by 10 places without a queue, load 7", Source: "Erlang's B, for any law of service"}
	for _, service := range []Law{Exp(100 * time.Millisecond), Const(100 * time.Millisecond)} {
		c := AlwaysOn(10, 70)
		c.Service, c.MaxWaiting, c.Duration = service, 0, scale(16_000*time.Second)
		r := simulate(t, c)
		claim.Relative(t, "service "+service.String(), theory.ErlangB(10, 7), float64(r.Rejected)/float64(r.Requests), 0.02)
		assert.ErrorIs(t, r.Warnings[0], ErrUnstable)
	}
}

func TestTheoryOutside(t *testing.T) {
	for _, x := range []float64{ErlangC(0, 1), ErlangC(1, math.NaN()), ErlangC(1, -1), WaitMean(1, 1, math.NaN()), WaitMean(0, 1, 1), WaitSurvival(1, 1, 0, 1), WaitSurvival(1, 1, 1, -1)} {
		assert.True(t, math.IsNaN(x))
	}
	assert.Equal(t, 1.0, ErlangC(2, 2))
	assert.True(t, math.IsInf(WaitMean(2, 2, 1), 1))
	assert.Equal(t, 1.0, WaitSurvival(2, 3, 1, 5))
}

// M/M/1 is exponential, and many places leave the service alone; the form for a spare of one place is the limit of the other.
func TestLatencySurvival(t *testing.T) {
	law := validation.Claim{
		Kind: validation.Theory, Name: "share of requests slower than a time in M/M/c, service 0.1 s",
		Source: "exp(-(10 - 6) time) for c = 1, exp(-10 time) for many places; at load c - 1 the limit of the general form",
	}
	for _, at := range []float64{0, 0.1, 1, 3} {
		law.Within(t, fmt.Sprintf("6/s, 1 place, %g s", at), math.Exp(-4*at), LatencySurvival(1, 6, 0.1, at), 1e-12)
		law.Within(t, fmt.Sprintf("6/s, 500 places, %g s", at), math.Exp(-10*at), LatencySurvival(500, 6, 0.1, at), 1e-12)
		law.Within(t, fmt.Sprintf("60/s, 7 places, %g s", at), LatencySurvival(7, 60.00001, 0.1, at), LatencySurvival(7, 60, 0.1, at), 1e-5)
	}
	assert.Equal(t, 1.0, LatencySurvival(2, 30, 0.1, 1))
	for _, x := range []float64{math.NaN(), -1} {
		assert.True(t, math.IsNaN(LatencySurvival(2, 1, 0.1, x)))
		assert.True(t, math.IsNaN(LatencySurvival(2, 1, x, 1)))
		assert.True(t, math.IsNaN(LatencySurvival(2, x, 0.1, 1)))
	}
}
