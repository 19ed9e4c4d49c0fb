package coldstart

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"cloudconcepts/internal/law"
)

// digits wants equality to a relative error that half a unit of the table's last digit allows.
func digits(t *testing.T, want, got, unit float64, what string) {
	t.Helper()
	assert.InDelta(t, want, got, unit*0.5000001, what)
}

func TestErlangB(t *testing.T) {
	for _, x := range []struct {
		c       int
		a, want float64
	}{{10, 7, 0.078741}, {100, 90, 0.026957}, {1000, 950, 0.003649}, {1000, 1000, 0.024812}, {1000, 2016, 0.504455}, {18, 10, 0.007142}, {0, 3, 1}, {1, 3, 0.75}, {2, 1, 0.2}, {5, 0, 0}} {
		digits(t, x.want, ErlangB(x.c, x.a), 1e-6, "B")
	}
	assert.Equal(t, 1.0, ErlangB(5, math.MaxFloat64))
	// 1/B is the sum of c!/(k! a^(c-k)).
	sum, term := 1.0, 1.0
	for k := 30; k > 0; k-- {
		term *= float64(k) / 21.5
		sum += term
	}
	assert.InEpsilon(t, 1/sum, ErlangB(30, 21.5), 1e-13)
}

// Environments for a spill-over of 5 %, 1 % and 0.1 %.
func TestErlangBInverse(t *testing.T) {
	for a, want := range map[float64][3]int{1: {4, 5, 6}, 5: {9, 11, 14}, 10: {15, 18, 21}, 50: {56, 64, 71}, 100: {105, 117, 128}, 500: {489, 527, 555}} {
		for i, loss := range []float64{0.05, 0.01, 0.001} {
			n := ErlangBInverse(a, loss)
			assert.Equal(t, want[i], n, "a = %g", a)
			assert.LessOrEqual(t, ErlangB(n, a), loss)
			assert.Greater(t, ErlangB(n-1, a), loss)
		}
	}
	assert.Zero(t, ErlangBInverse(0, 1))
	assert.Equal(t, 1, ErlangBInverse(0, 0.5))
}

func TestColdWithoutService(t *testing.T) {
	for load, want := range map[float64]float64{0.1: 0.904837, 0.5: 0.606531, 1: 0.367879, 2: 0.135335, 5: 0.006738} {
		digits(t, want, ColdPoisson(load/6, 6*time.Second), 1e-6, "cold")
		digits(t, want, ColdRenewal(Exp(6*time.Second), seconds(6*load)), 1e-6, "renewal")
	}
	for rate, want := range map[float64]float64{0.001: 0.548812, 0.002: 0.301194, 0.005: 0.049787} {
		digits(t, want, ColdPoisson(rate, 10*time.Minute), 1e-6, "cold")
	}
	assert.Equal(t, 0.0, ColdRenewal(Const(time.Minute), time.Minute), "a gap of exactly the keep-alive is warm")
	assert.Equal(t, 1.0, ColdRenewal(Const(time.Minute), time.Minute-1))
}

func TestHalvingTables(t *testing.T) {
	for rate, want := range map[float64]float64{0.001: 0.519597, 1.0 / 600: 0.361303, 0.005: 0.080829, 0.01: 0.011312} {
		digits(t, want, ColdHalving(rate, 380*time.Second), 1e-6, "halving")
	}
	for i, want := range []float64{20, 10, 5, 2.5} {
		assert.Equal(t, want, Halved(20, time.Duration(i)*380*time.Second, 380*time.Second))
	}
	assert.Equal(t, 20.0, Halved(20, 380*time.Second-1, 380*time.Second))
}

func TestSingle(t *testing.T) {
	s := ColdCap1(0.005, 2*time.Second, 5*time.Second, 10*time.Minute)
	digits(t, 0.049787, s.Cold, 1e-6, "cold")
	digits(t, 0.010633, s.Rejected, 1e-6, "rejected")
	digits(t, 0.01063, s.Busy, 1e-5, "busy")
	digits(t, 0.94011, s.Idle, 1e-5, "idle")
}

// The table of the chain, S the same cold and warm.
func TestExpTTLTable(t *testing.T) {
	for _, x := range []struct{ rate, s, keep, cold, idle, unit, idleUnit float64 }{
		{0.9, 2, 600, 0.00857825, 4.63226, 1e-8, 1e-5},
		{0.1, 2, 600, 0.0323643, 1.94186, 1e-7, 1e-5},
		{0.01, 2, 600, 0.150650, 0.90390, 1e-6, 1e-5},
		{0.9, 2, 60, 0.0552929, 2.98582, 1e-7, 1e-5},
		{5, 0.2, 60, 0.0120939, 3.62816, 1e-7, 1e-5},
		{0.001, 2, 600, 0.625372, 0.37522, 1e-6, 1e-5},
	} {
		p := ColdExpTTL(x.rate, seconds(x.s), seconds(x.keep))
		digits(t, x.cold, p.Cold, x.unit, "cold")
		digits(t, x.idle, p.Idle, x.idleUnit, "idle")
		assert.InEpsilon(t, x.rate*x.s, p.Busy, 1e-12, "M/M/infinity")
		assert.InEpsilon(t, x.rate*p.Cold*x.keep, p.Idle, 1e-12, "Little")
		assert.InEpsilon(t, p.Busy+p.Idle, p.Instances, 1e-12)
	}
}

// The chain against power iteration on its whole square of states, and its identities from one extreme to the other.
func TestExpTTLAgainstTheChain(t *testing.T) {
	const side = 24
	rate, mu, delta := 1.3, 0.9, 0.35
	var now, next [side][side]float64
	now[0][0] = 1
	for range 4000 {
		next = [side][side]float64{}
		for b := range side {
			for i := range side {
				p := now[b][i] * 0.02
				stay := now[b][i]
				move := func(to *float64, r float64) { *to += p * r; stay -= p * r }
				if b+1 < side {
					move(&next[b+1][max(i-1, 0)], rate)
				}
				if b > 0 && i+1 < side {
					move(&next[b-1][i+1], float64(b)*mu)
				}
				if i > 0 {
					move(&next[b][i-1], float64(i)*delta)
				}
				next[b][i] += stay
			}
		}
		now = next
	}
	cold, idle := 0.0, 0.0
	for b := range side {
		cold += now[b][0]
		for i := range side {
			idle += float64(i) * now[b][i]
		}
	}
	p := ColdExpTTL(rate, seconds(1/mu), seconds(1/delta))
	assert.InEpsilon(t, cold, p.Cold, 1e-6)
	assert.InEpsilon(t, idle, p.Idle, 1e-6)
	for _, x := range []struct{ rate, s, keep float64 }{{1e-7, 1e-3, 1}, {1e4, 1e-4, 1e5}, {100, 1, 1e-3}, {1000, 1, 600}, {2, 1000, 1e6}, {1e-3, 1, 1e8}} {
		p := ColdExpTTL(x.rate, seconds(x.s), seconds(x.keep))
		assert.InEpsilon(t, x.rate*x.s, p.Busy, 1e-10, "%+v", x)
		assert.InEpsilon(t, x.rate*p.Cold*x.keep, p.Idle, 1e-10, "%+v", x)
	}
}

// The birth-death approximation against long simulations of the model with a constant keep-alive, which were 2 x 1e8 s
// long for the first row and 20 x 1e7 s (parameters of the measurements on AWS Lambda) for the others.
func TestPoolSizeApprox(t *testing.T) {
	for _, x := range []struct{ rate, instances, cold float64 }{
		{0.9, 7.696, 0.001329}, {0.100377, 2.6497, 0.007066}, {0.198076, 3.5766, 0.003801}, {0.499673, 5.6058, 0.001977}, {1.000533, 8.1488, 0.001235},
	} {
		p := PoolSizeApprox(x.rate, 1984*time.Millisecond, 10*time.Minute)
		assert.InEpsilon(t, x.instances, p.Instances, 0.018, "environments at %g/s", x.rate)
		assert.Less(t, p.Cold, x.cold*1.02, "cold at %g/s", x.rate)
		assert.Greater(t, p.Cold, x.cold*0.70, "cold at %g/s", x.rate)
	}
	// An end of service that has just begun as an overflow finds the others mostly busy, and working takes part of a life: matters if keep is short.
	short := PoolSizeApprox(2, time.Second, 2*time.Second)
	c := Default()
	c.Arrivals, c.Warm, c.Cold.Response, c.KeepAlive, c.Duration = Poisson(2), Exp(time.Second), Exp(time.Second), Fixed(2*time.Second), 200_000*time.Second
	near(t, simulate(t, c).InstancesMean, short.Instances, 0.08, "a known gap: 7 % at a keep-alive of two services")
	p := PoolSizeApprox(0.002, 10*time.Microsecond, 10*time.Minute)
	assert.InEpsilon(t, 1-math.Exp(-1.2), p.Instances, 1e-4, "without service time it is exact")
	assert.InEpsilon(t, math.Exp(-1.2), p.Cold, 1e-4)
}

// A jump of the demand against a bucket of 1,000 and 100 a second. Counted one by one there are 78,040, 19,020 and
// 9,520 throttled requests.
func TestRamp(t *testing.T) {
	for _, x := range []struct {
		rate            float64
		s               time.Duration
		full, throttled float64
	}{{5000, time.Second, 40, 78_000}, {3000, time.Second, 20, 19_000}, {4000, 500 * time.Millisecond, 10, 9_500}, {900, time.Second, 0, 0}} {
		r := RampThrottled(x.rate, x.s, 1000, 100)
		assert.InDelta(t, x.full, r.Full, 1e-9)
		assert.InDelta(t, x.throttled, r.Throttled, 1e-6)
		c := Default()
		c.Arrivals, c.Warm, c.Cold.Response = Paced(Step{At: 0, Rate: x.rate}), Const(x.s), Const(x.s)
		c.Limits = Limits{Account: 10_000, Scaling: AWSScaling, Burst: 1000, Refill: 100}
		c.Duration = 50 * time.Second
		assert.InEpsilon(t, r.Throttled+1, float64(simulate(t, c).Throttles.Total()+1), 0.0022, "simulated")
	}
}

// AWS Lambda Operator Guide: 10,000 requests over 1 to 4 minutes, a burst of 3,000, 500 a minute.
func TestLegacyTable(t *testing.T) {
	for _, x := range []struct{ demand, lost []int }{
		{[]int{10_000}, []int{7000}},
		{[]int{5000, 5000}, []int{2000, 1500}},
		{[]int{3333, 3333, 3334}, []int{333, 0, 0}},
		{[]int{2500, 2500, 2500, 2500}, []int{0, 0, 0, 0}},
	} {
		assert.Equal(t, x.lost, LegacyThrottled(x.demand, 3000, 500, 10_000))
	}
	assert.Equal(t, []int{9000, 9000}, LegacyThrottled([]int{10_000, 10_000}, 3000, 500, 1000))
	assert.Nil(t, LegacyThrottled([]int{-1}, 1, 1, 1))
}

// 0.1 % cold starts of 250 ms more move the mean by 0.25 ms, and the 99.9th percentile to where they are.
func TestMixture(t *testing.T) {
	m := Mixture{ColdProbability: 0.001, Warm: Const(20 * time.Millisecond), Cold: Const(270 * time.Millisecond)}
	assert.InDelta(t, 0.02025, m.Mean(), 1e-12)
	assert.Equal(t, 0.02, m.Quantile(0.99))
	assert.Equal(t, 0.02, m.Quantile(0.998))
	assert.Equal(t, 0.27, m.Quantile(0.9995))
	m = Mixture{ColdProbability: 0.02, Warm: Exp(20 * time.Millisecond), Cold: law.Lognormal(300*time.Millisecond, 0.5)}
	for _, p := range []float64{0, 0.1, 0.5, 0.9, 0.99, 0.999, 0.99999} {
		assert.InDelta(t, 1-p, m.Survival(m.Quantile(p)), 1e-9)
	}
	m.ColdProbability = 0
	assert.Equal(t, m.Warm.Quantile(0.9), m.Quantile(0.9))
	m.ColdProbability = 1
	assert.Equal(t, m.Cold.Quantile(0.9), m.Quantile(0.9))
}

func TestIdle(t *testing.T) {
	assert.Equal(t, 300.0, IdleGap(time.Hour, 10*time.Minute, 512))
	assert.Equal(t, 60.0, IdleGap(time.Minute, 10*time.Minute, 1024))
	assert.InEpsilon(t, 0.5*(1-math.Exp(-1.2))/0.002, IdlePerRequest(0.002, 10*time.Minute, 512), 1e-12)
	c := tiny(0.002, Fixed(10*time.Minute))
	c.MemoryMB, c.Duration = 512, scale(1e8*time.Second)
	r := simulate(t, c)
	near(t, IdlePerRequest(0.002, 10*time.Minute, 512), r.WastedGBSeconds/float64(r.Requests), 0.01, "GB-s a request")
}

// Little's law on a run.
func TestLittleOfARun(t *testing.T) {
	assert.InDelta(t, 7.68, InstancesMean(0.898469, 1213.0/898469, seconds(6335.13)), 0.005, "README of SimFaaS")
	c := Default()
	r := simulate(t, c)
	rate := float64(r.Requests) / r.Window
	near(t, RunningMean(rate, 1991*time.Millisecond, 2244*time.Millisecond, r.ColdProbability), r.RunningMean, 0.01, "running")
}

func TestOutsideTheDomain(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	for _, x := range []float64{nan, inf, -1, 0} {
		for _, y := range []float64{
			ColdPoisson(x, 1), ColdHalving(x, 1), RunningMean(x, 1, 1, 0.5), IdlePerRequest(x, 1, 1), ColdExpTTL(x, 1, 1).Cold,
			PoolSizeApprox(x, 1, 1).Cold, ColdCap1(x, 1, 1, 1).Idle, RampThrottled(x, 1, 1, 1).Full, RampThrottled(1, 1, 1, x).Full,
		} {
			assert.True(t, math.IsNaN(y), "%g", x)
		}
	}
	for _, y := range []float64{
		ErlangB(-1, 1), ErlangB(1, nan), ErlangB(1, -1), ErlangB(1, inf), ColdPoisson(1, -1), ColdRenewal(Exp(-1), 1), Halved(nan, 1, 1), Halved(1, 1, 0),
		RunningMean(1, -1, 1, 0), RunningMean(1, 1, 1, 2), IdleGap(-1, 1, 1), ColdExpTTL(1e300, math.MaxInt64, 1).Cold, ColdExpTTL(1, 0, 1).Idle, PoolSizeApprox(1, 1, 0).Idle,
		Mixture{ColdProbability: nan}.Mean(), Mixture{}.Quantile(1), Mixture{}.Quantile(nan), Mixture{}.Survival(nan), ColdCap1(1, -1, 1, 1).Busy,
	} {
		assert.True(t, math.IsNaN(y))
	}
	for _, n := range []int{ErlangBInverse(nan, 0.1), ErlangBInverse(1, 0), ErlangBInverse(1, nan), ErlangBInverse(1e300, 0.1)} {
		assert.Equal(t, -1, n)
	}
}

// FuzzTheory wants probabilities in [0, 1], or NaN, of any numbers, and no endless loop.
func FuzzTheory(f *testing.F) {
	for _, x := range []float64{1, math.NaN(), math.Inf(1), 1e300, 0, math.Copysign(0, -1), 5e-324, 1000} {
		f.Add(x, int64(2e9), int64(6e11), 10)
		f.Add(x, int64(math.MaxInt64), int64(1), -1)
		f.Add(x, int64(0), int64(math.MinInt64), 100)
	}
	f.Fuzz(func(t *testing.T, rate float64, service, keep int64, n int) {
		s, k := time.Duration(service), time.Duration(keep)
		if rate*s.Seconds() > 100 {
			s = 1
		}
		for _, p := range []float64{
			ColdPoisson(rate, k), ColdHalving(rate, k), ColdExpTTL(rate, s, k).Cold, ErlangB(n%10_000, rate), ColdCap1(rate, s, s, k).Rejected, PoolSizeApprox(rate, s, k).Cold,
		} {
			require.True(t, math.IsNaN(p) || p >= 0 && p <= 1+1e-9, "%g of %g %d %d", p, rate, service, keep)
		}
		require.GreaterOrEqual(t, ErlangBInverse(math.Mod(rate, 1e4), 0.01), -1)
	})
}
