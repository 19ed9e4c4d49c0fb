package theory

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// near wants got within digits significant digits of want.
func near(t *testing.T, want, got float64, digits int, what ...any) {
	t.Helper()
	assert.InDelta(t, want, got, math.Abs(want)*math.Pow(10, float64(1-digits)), what...)
}

func draws(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 7)) }

// rounds is how many random cases a property gets.
func rounds() int {
	if testing.Short() {
		return 40
	}
	return 200
}

// loads are drawn evenly, very near 0 and very near 1.
func loads(r *rand.Rand) float64 {
	switch x := math.Pow(10, -12*r.Float64()); r.IntN(3) {
	case 0:
		return x
	case 1:
		return 1 - x
	default:
		return r.Float64()
	}
}

func scale(r *rand.Rand) float64 { return math.Pow(10, 6*r.Float64()-3) }

func TestTheoryInvariantsOverRandomDomains(t *testing.T) {
	r := draws(1)
	for i := range rounds() {
		mu, n := scale(r), 1+r.IntN(1<<r.IntN(9))
		rho := loads(r) * []float64{1, 1, 2, 100}[r.IntN(4)]
		a := rho * mu * float64(n)
		k := n + r.IntN(200)
		constant := a
		if i%20 > 0 { // slow very near load 1
			constant = min(a, 0.95*mu*float64(n))
		}
		for name, q := range map[string]interface{ Solve() (Steady, error) }{
			"MM1": MM1{rho * mu, mu}, "MMc": MMc{a, mu, n}, "MMInf": MMInf{a, mu}, "MMcK": MMcK{a, mu, n, k},
			"ErlangA": ErlangA{a, mu, n, mu * scale(r)}, "MG1": MG1{rho * mu, 1 / mu, scale(r)}, "GGc": GGc{a, mu, n, scale(r), scale(r)},
			"MDc": MDc{constant, 1 / mu, n}, "MD1K": MD1K{rho * mu, 1 / mu, k}, "Feedback": Feedback{a, mu, n, r.Float64()},
			"BatchArrivals": BatchArrivals{rho * mu, mu, k}, "BatchService": BatchService{rho * mu * float64(k), mu, k},
			"GM1": GM1{erlangGap{1 / max(rho*mu, 1e-11), float64(n)}, mu},
		} {
			s := solved(t, q)
			checkInvariants(t, name, q, s)
			checkLittle(t, name, q, s)
		}
		checkNumbers(t, a, mu, scale(r)/mu, n, k)
	}
}

// checkLittle is L = lambda W, Lq = lambda Wq and L - Lq = busy servers, where nobody gives up.
func checkLittle(t *testing.T, name string, q any, s Steady) {
	t.Helper()
	if math.IsInf(s.WaitMean, 1) || name == "ErlangA" {
		return
	}
	require.InEpsilon(t, s.Throughput*s.SojournMean, s.SystemMean, 1e-9, "%s %+v", name, q)
	require.InDelta(t, s.Throughput*s.WaitMean, s.QueueMean, 1e-9*s.SystemMean, "%s %+v", name, q)
}

// Waits grow with the load, fall with the servers, and fall when variability does.
func TestTheoryIsMonotone(t *testing.T) {
	r := draws(2)
	for range rounds() / 4 {
		n, last := 1+r.IntN(20), map[string]float64{}
		for _, rho := range []float64{0, 1e-6, 0.1, 0.3, 0.5, 0.7, 0.9, 0.97, 0.9999, 1, 1.5} {
			a := rho * float64(n)
			for name, q := range map[string]interface{ Solve() (Steady, error) }{
				"MMc": MMc{a, 1, n}, "MMcK": MMcK{a, 1, n, n + 7}, "ErlangA": ErlangA{a, 1, n, 0.2}, "MDc": MDc{a, 1, n},
				"MD1K": MD1K{rho, 1, 9}, "Feedback": Feedback{a, 1, n, 0.1}, "GM1": GM1{constGap{1 / max(rho, 1e-9)}, 1},
				"BatchArrivals": BatchArrivals{rho, 1, n}, "BatchService": BatchService{a, 1, n}, "MG1": MG1{rho, 1, 3},
			} {
				s := solved(t, q)
				require.GreaterOrEqual(t, s.WaitMean, last[name]*(1-1e-10), "%s %+v", name, q)
				require.GreaterOrEqual(t, s.LossFraction, last[name+" loss"]*(1-1e-10), "%s %+v", name, q)
				require.GreaterOrEqual(t, s.WaitProbability, last[name+" waits"]*(1-1e-10), "%s %+v", name, q)
				last[name], last[name+" loss"], last[name+" waits"] = s.WaitMean, s.LossFraction, s.WaitProbability
			}
		}
		a := r.Float64() * float64(n)
		m, constant := solved(t, MMc{a, 1, n}), solved(t, MDc{a, 1, n})
		require.LessOrEqual(t, solved(t, MMc{a, 1, n + 1}).WaitMean, m.WaitMean)
		require.LessOrEqual(t, constant.WaitMean, m.WaitMean*(1+1e-12))
		require.LessOrEqual(t, constant.WaitQuantile(0.99), m.WaitQuantile(0.99)*(1+1e-9))
	}
}

func TestTheoryIdentities(t *testing.T) {
	r := draws(3)
	for range rounds() / 2 {
		rho, n, mu := r.Float64()*0.97+0.01, 1+r.IntN(30), scale(r)
		a := rho * float64(n) * mu
		mmc, one := solved(t, MMc{a, mu, n}), solved(t, MM1{rho * mu, mu})
		near(t, rho/(mu-rho*mu), one.WaitMean, 12)
		near(t, one.WaitMean, solved(t, MG1{rho * mu, 1 / mu, 1}).WaitMean, 12)
		near(t, mmc.WaitMean, solved(t, GGc{a, mu, n, 1, 1}).WaitMean, 14)
		near(t, one.WaitMean, solved(t, GM1{exponentialGap{1 / (rho * mu)}, mu}).WaitMean, 9)
		near(t, solved(t, MG1{rho * mu, 1 / mu, 0}).WaitMean, solved(t, MDc{rho * mu, 1 / mu, 1}).WaitMean, 12)
		near(t, one.SojournMean, solved(t, BatchArrivals{rho * mu, mu, 1}).SojournMean, 12)
		near(t, one.SojournMean, solved(t, BatchService{rho * mu, mu, 1}).SojournMean, 10)
		near(t, mmc.SojournMean, solved(t, Feedback{a, mu, n, 0}).SojournMean, 12)
		states, err := MMcPriority{[]float64{a}, mu, n}.Solve()
		require.NoError(t, err)
		near(t, mmc.WaitMean, states[0].WaitMean, 11)
		// Classes that only reorder leave the mean over all messages alone.
		states, err = MMcPriority{[]float64{0.2 * a, 0.5 * a, 0.3 * a}, mu, n}.Solve()
		require.NoError(t, err)
		near(t, mmc.WaitMean, 0.2*states[0].WaitMean+0.5*states[1].WaitMean+0.3*states[2].WaitMean, 10)

		bounded := solved(t, MMcK{a, mu, n, n + 2500})
		near(t, mmc.WaitMean, bounded.WaitMean, 10)
		near(t, mmc.WaitQuantile(0.999), bounded.WaitQuantile(0.999), 8)
		near(t, mmc.SojournQuantile(0.9), bounded.SojournQuantile(0.9), 8)
		b := ErlangB(n, a/mu)
		near(t, b, solved(t, MMcK{a, mu, n, n}).LossFraction, 12)
		near(t, b, solved(t, ErlangA{a, mu, n, 1e8 * mu}).LossFraction, 5)
		near(t, mmc.WaitMean, solved(t, ErlangA{a, mu, n, 1e-8 * mu * float64(n)}).WaitMean, 4)
		patient := solved(t, ErlangA{a, mu, n, mu}) // leaves like M/M/inf
		near(t, a/mu, patient.SystemMean, 11)
		near(t, solved(t, MMInf{a, mu}).SystemMean, patient.SystemMean, 11)
	}
}

// Poisson arrivals that find the queue at times t see what its integral says: lambda times the time that a busy
// period lasts is the growth of the mean number from empty.
func TestTransientIsTheIntegralOfTheBusyPeriod(t *testing.T) {
	number := theory("mean number in an M/M/1 queue that began empty, from its busy period", "lambda times the integral of P(busy period > t)", "")
	for _, rho := range []float64{0.4, 1, 1.7} {
		const end, steps = 6.0, 600
		sum := 0.0
		for i := range steps {
			sum += rho * (1 - busyWithin(rho, end*(float64(i)+0.5)/steps)) * end / steps
		}
		got, err := MM1{rho, 1}.SystemMeanAt(end)
		require.NoError(t, err)
		digits(t, number, fmt.Sprintf("load %v, after %v services", rho, end), sum, got, 5)
	}
}

func TestQuantilesInvertSurvival(t *testing.T) {
	r := draws(4)
	for range rounds() / 4 {
		n := 1 + r.IntN(12)
		a := r.Float64() * float64(n) * 0.99
		for _, q := range []interface{ Solve() (Steady, error) }{MMc{a, 1, n}, MMcK{2 * a, 1, n, n + 9}, MDc{a, 1, n}, MMInf{a, 1}} {
			s, p := solved(t, q), r.Float64()
			if x := s.WaitQuantile(p); x > 0 {
				require.InDelta(t, 1-p, s.WaitAbove(x), 1e-9, "%+v", q)
			} else {
				require.LessOrEqual(t, s.WaitAbove(0), 1-p+1e-12, "%+v", q)
			}
			if x := s.SojournQuantile(p); s.SojournAbove(x*(1-1e-12)) < 1 {
				require.InDelta(t, 1-p, s.SojournAbove(x), 1e-9, "%+v", q)
			}
		}
	}
	s := solved(t, MM1{0.5, 1})
	assert.True(t, math.IsNaN(s.WaitQuantile(-0.1)) && math.IsNaN(s.WaitQuantile(math.NaN())) && math.IsNaN(s.SojournQuantile(1.1)))
	assert.True(t, math.IsInf(s.SojournQuantile(1), 1))
	assert.Zero(t, s.WaitQuantile(0.5))
	assert.InDelta(t, 1, s.WaitAbove(-1), 0)
	assert.True(t, math.IsNaN(s.WaitAbove(math.NaN())))
	assert.True(t, math.IsNaN(solved(t, MG1{0.5, 1, 2}).WaitQuantile(0.5)), "means only")
	assert.True(t, math.IsInf(solved(t, MM1{2, 1}).WaitQuantile(0.01), 1))
}

// Every field that is out of range is named, all of them at once.
func TestTheoryErrors(t *testing.T) {
	bad := []float64{math.NaN(), math.Inf(1), math.Inf(-1), -1, 1e300}
	for _, v := range bad {
		for name, q := range solvers(v, v, v, 0, 0) {
			_, err := q.Solve()
			require.ErrorIs(t, err, ErrInvalidConfig, name)
			if name != "GM1" && name != "MD1K" && name != "MG1" && name != "MDc" {
				assert.Contains(t, err.Error(), "Service = ", name)
			}
		}
		_, err := MMcK{v, v, 0, -1}.Solve()
		for _, field := range []string{"Arrival", "Service", "Servers", "Capacity"} {
			assert.Contains(t, err.Error(), fmt.Sprintf("theory: invalid config: %s = ", field))
		}
		for _, err := range errorsOf(v) {
			require.ErrorIs(t, err, ErrInvalidConfig, "%v", v)
		}
		for i, x := range outside(v) {
			require.True(t, math.IsNaN(x), "formula %d at %v: %v", i, v, x)
		}
	}
	_, err := GM1{nil, 1}.Solve()
	require.ErrorIs(t, err, ErrInvalidConfig)
	_, err = ErlangA{100, 1, 5, 1e-9}.Solve()
	assert.EqualError(t, err, "theory: invalid config: Abandonment = 1e-09, want in [1e-07, 1e+12] 1/s")
	_, err = MMc{1, 1, 0}.Solve()
	assert.EqualError(t, err, "theory: invalid config: Servers = 0, want in [1, 1000000]")
	_, err = Overload{1, 1, 2e8}.Solve()
	assert.EqualError(t, err, "theory: invalid config: Deadline = 2e+08, want in [0, 1e+08] s")
	_, err = Burst{5, 4, 1, 1}.Solve()
	assert.EqualError(t, err, "theory: invalid config: Peak = 4, want in [5, 1e+12] 1/s")
}

func errorsOf(v float64) []error {
	var list []error
	note := func(_ any, err error) { list = append(list, err) }
	note(MM1{v, 1}.Relaxation())
	note(MM1{1, v}.WaitMeanVariance())
	note(MM1{0.5, 1}.Messages(v))
	note(MM1{0.5, v}.Messages(0.1))
	note(MM1{0.5, 1}.SystemMeanAt(v))
	note(MM1{v, 1}.SystemMeanAt(1))
	note(Overload{v, 1, 1}.Solve())
	note(Overload{1, 1, v}.Solve())
	note(Burst{1, v, 1, 1}.Solve())
	note(Burst{v, 1, 1, 1}.Solve())
	note(Burst{1, 1, 1, v}.Solve())
	note(RetryStorm{1, 1, 1, v, 1}.Solve())
	note(RetryStorm{1, v, -1, 1, 1}.Solve())
	note(MMcPriority{nil, 1, 1}.Solve())
	note(MMcPriority{[]float64{v}, 1, 1}.Solve())
	return list
}

// outside are formulas that are NaN outside their domain.
func outside(v float64) []float64 {
	deliveries, dead := Attempts(v, 1)
	never, none := Attempts(0.5, 0)
	return []float64{
		ErlangB(1, v), ErlangC(1, v), ErlangB(0, 1), ErlangC(0, 1), ErlangB(MaxServers+1, 1), Little(v, 1), Little(1, v),
		Amplification(-1, 2), Amplification(1, -2), deliveries, dead, never, none,
	}
}

// A model and a steady state are JSON with units in their keys.
func TestTheoryJSON(t *testing.T) {
	text, err := json.Marshal(MMc{3.2, 1, 4})
	require.NoError(t, err)
	assert.JSONEq(t, `{"arrival_per_s":3.2,"service_per_s":1,"servers":4}`, string(text))
	text, err = json.Marshal(solved(t, MMc{3.2, 1, 4}))
	require.NoError(t, err)
	for _, key := range []string{"wait_mean_s", "sojourn_mean_s", "wait_probability", "queue_mean", "throughput_per_s", "utilization"} {
		assert.Equal(t, 1, strings.Count(string(text), `"`+key+`"`), key)
	}
}
