package cost

import (
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"cloudconcepts/coldstart"
	"cloudconcepts/coldstart/theory"
	"cloudconcepts/internal/validation"
)

func hybrid() Hybrid {
	return Hybrid{
		Profile: Day(100, 0.8, 24), Service: 200 * time.Millisecond, PerHour: 0.02, PerRequest: 3.5333e-6, Peakedness: 1, Most: 100,
	}
}

func TestErlangBReal(t *testing.T) {
	worst := validation.Claim{
		Kind: validation.Theory, Name: "Erlang's B for real numbers of servers, largest relative error",
		Source: "Erlang's B at whole numbers; between them the recursion 1/B(n + 1) = 1 + (n + 1)/(load x B(n))",
	}
	whole, between := 0.0, 0.0
	for _, load := range []float64{0.01, 0.5, 3, 20, 400} {
		for n := range 30 {
			want := theory.ErlangB(n, load)
			whole = max(whole, math.Abs(ErlangBReal(float64(n), load)/want-1))
			// Between whole numbers of servers it falls, and keeps the recursion.
			half := ErlangBReal(float64(n)+0.5, load)
			assert.Less(t, half, want)
			assert.Greater(t, half, ErlangBReal(float64(n)+1, load))
			next := 1 / (1 + (float64(n)+1.5)/load/half)
			between = max(between, math.Abs(ErlangBReal(float64(n)+1.5, load)/next-1))
		}
	}
	worst.Within(t, "0 to 29 servers, loads from 0.01 to 400", 0, whole, 1e-9)
	worst.Within(t, "1.5 to 30.5 servers, loads from 0.01 to 400", 0, between, 1e-9)
	half := validation.Claim{Kind: validation.Theory, Name: "1/B of half a server", Source: "1 + exp(a) sqrt(pi/a) erfc(sqrt a)/2, a = load"}
	// 1/B(1/2, a) = 1 + exp(a) sqrt(pi/a) erfc(sqrt a)/2.
	for _, a := range []float64{0.001, 0.1, 1, 10, 100} {
		half.Relative(t, fmt.Sprintf("load %g", a), 1+math.Exp(a)*math.Sqrt(math.Pi/a)*math.Erfc(math.Sqrt(a))/2, 1/ErlangBReal(0.5, a), 1e-9)
	}
	for _, x := range []float64{ErlangBReal(-1, 1), ErlangBReal(1, 0), ErlangBReal(1, math.NaN()), ErlangBReal(math.Inf(1), 1)} {
		assert.True(t, math.IsNaN(x))
	}
}

// The curve is convex, its ends are known, and the optimum is where one more server costs more than it saves.
func TestCurve(t *testing.T) {
	h := hybrid()
	curve, err := h.Curve()
	require.NoError(t, err)
	require.Len(t, curve, 101)
	claim := validation.Claim{Kind: validation.Theory, Name: "cost of a day without servers of one's own, 100/s", Source: "requests x price of a request", Unit: "USD"}
	claim.Relative(t, "3.5333e-6 USD a request", 100*86_400*h.PerRequest, curve[0].Total, 1e-9)
	assert.Zero(t, curve[0].Utilization)
	for n := 1; n < 100; n++ {
		assert.LessOrEqual(t, 2*curve[n].Total, curve[n-1].Total+curve[n+1].Total+1e-9)
		assert.InEpsilon(t, float64(n)*24*h.PerHour, curve[n].Fixed, 1e-12)
		assert.InDelta(t, 20*(1-curve[n].OverflowFraction), float64(n)*curve[n].Utilization, 1e-9, "work done = load not lost")
	}
	assert.Less(t, curve[100].OverflowFraction, 1e-6)
	best, err := h.Optimum()
	require.NoError(t, err)
	n := best.Servers
	assert.Less(t, best.Total, curve[n-1].Total)
	assert.LessOrEqual(t, best.Total, curve[n+1].Total)
	assert.Less(t, best.Total, curve[0].Total)
	assert.Less(t, best.Total, curve[100].Total)
	fluid, err := h.Newsvendor()
	require.NoError(t, err)
	assert.InDelta(t, n, fluid, 4)
}

// Newsvendor: loads of 2 for 3/4 of the time and 6 for 1/4 of it, in servers; a server pays if it is busy for more than the ratio.
func TestNewsvendor(t *testing.T) {
	h := hybrid()
	h.Profile, h.Service = []Phase{{3 * time.Hour, 2}, {time.Hour, 6}}, time.Second
	claim := validation.Claim{
		Kind: validation.Theory, Name: "newsvendor's servers for a load of 2 for 3 h and 6 for 1 h", Source: "least n with P(load > n) <= price of a server/price of the requests it does",
	}
	for _, x := range []struct {
		ratio float64
		want  int
	}{{0.2, 6}, {0.26, 2}, {0.9, 2}, {1.1, 0}} {
		h.PerRequest = h.PerHour / 3600 / x.ratio
		n, err := h.Newsvendor()
		require.NoError(t, err)
		claim.Within(t, fmt.Sprintf("ratio %g", x.ratio), float64(x.want), float64(n), 0)
	}
	h.Most, h.PerRequest = 3, 1
	n, err := h.Newsvendor()
	require.NoError(t, err)
	assert.Equal(t, 3, n)
}

// A large system without randomness to speak of: the two optima agree.
func TestOptimumOfALargeSystem(t *testing.T) {
	h := hybrid()
	h.Profile, h.Most = Day(100_000, 0.8, 24), 60_000
	h.PerHour, h.PerRequest = 0.02, 0.02/3600*0.2/0.5
	best, err := h.Optimum()
	require.NoError(t, err)
	n, err := h.Newsvendor()
	require.NoError(t, err)
	claim := validation.Claim{
		Kind: validation.Theory, Name: "cheapest number of servers of a large system", Source: "the newsvendor's; tolerance of some standard deviations of the load of a phase",
	}
	claim.Relative(t, "100,000/s of 0.2 s on average", float64(n), float64(best.Servers), 0.04)
}

// Overflow of the base against the simulation of as many provisioned environments.
func TestOverflowAgainstSimulation(t *testing.T) {
	h := hybrid()
	h.Profile = []Phase{{time.Hour, 100}}
	curve, err := h.Curve()
	require.NoError(t, err)
	c := coldstart.Default()
	c.Arrivals, c.Warm, c.Cold.Response = coldstart.Poisson(100), coldstart.Exp(h.Service), coldstart.Exp(h.Service)
	c.Provisioned.Count, c.Duration = 22, 10_000*time.Second
	r, err := coldstart.Simulate(c)
	require.NoError(t, err)
	claim := validation.Claim{Kind: validation.Theory, Name: "overflow of 22 servers under a load of 20, simulated as provisioned environments", Source: "Erlang's B"}
	claim.Within(t, "Poisson, exponential service", curve[22].OverflowFraction, r.SpilledFraction, 0.03*r.SpilledFraction)
}

// Hayward: peaked load overflows more, and batches of two at once (peakedness 1.5) nearly as in simulation.
func TestPeakedness(t *testing.T) {
	h := hybrid()
	h.Profile = []Phase{{time.Hour, 100}}
	poisson, err := h.Curve()
	require.NoError(t, err)
	h.Peakedness = 1.5
	peaked, err := h.Curve()
	require.NoError(t, err)
	for n := 1; n < 60; n++ {
		assert.Greater(t, peaked[n].OverflowFraction, poisson[n].OverflowFraction)
	}
	c := coldstart.Default()
	c.Arrivals, c.Warm, c.Cold.Response = coldstart.Poisson(50).InBatches(2), coldstart.Exp(h.Service), coldstart.Exp(h.Service)
	c.Provisioned.Count, c.Duration = 22, 10_000*time.Second
	r, err := coldstart.Simulate(c)
	require.NoError(t, err)
	claim := validation.Claim{
		Kind: validation.Theory, Name: "overflow of 22 servers under a peaked load of 20, simulated as provisioned environments", Source: "Hayward's approximation: B(n/z, load/z)",
	}
	claim.Within(t, "requests in pairs, z = 1.5", peaked[22].OverflowFraction, r.SpilledFraction, 0.1*r.SpilledFraction)
}

func TestDay(t *testing.T) {
	list := Day(10, 1, 48)
	require.Len(t, list, 48)
	sum := 0.0
	for _, p := range list {
		sum += p.Rate
		assert.Equal(t, 30*time.Minute, p.Length)
	}
	assert.InEpsilon(t, 480, sum, 1e-12)
	assert.Less(t, list[0].Rate, list[24].Rate)
	assert.Empty(t, Day(1, 1, -1))
}
