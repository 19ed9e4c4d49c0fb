package theory

import (
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"cloudconcepts/coldstart"
	"cloudconcepts/internal/law"
	"cloudconcepts/internal/validation"
)

// digits wants equality to an error that half a unit of the table's last digit allows.
func digits(t *testing.T, claim validation.Claim, cell string, want, got, unit float64) {
	t.Helper()
	claim.Within(t, cell, want, got, unit*0.5000001)
}

func seconds(x float64) time.Duration { return time.Duration(math.Round(x * 1e9)) }

func simulate(t *testing.T, c coldstart.Config) coldstart.Result {
	t.Helper()
	r, err := coldstart.Simulate(c)
	require.NoError(t, err)
	return r
}

// near wants a number within a share of the wanted value, four times that under -short.
func near(t *testing.T, claim validation.Claim, cell string, want, got, share float64) {
	t.Helper()
	if testing.Short() {
		share *= 4
	}
	claim.Relative(t, cell, want, got, share)
}

// exactly is what the tests want of numbers that have no room to differ.
const exactly = 0

func TestErlangB(t *testing.T) {
	claim := validation.Claim{
		Kind: validation.Theory, Name: "requests that find all servers busy, Erlang's B",
		Source: "Erlang B as a sum: 1/B(c, a) = sum of c!/(k! a^(c-k)) over k = 0..c, to the digits printed",
	}
	for _, x := range []struct {
		c       int
		a, want float64
	}{{10, 7, 0.078741}, {100, 90, 0.026957}, {1000, 950, 0.003649}, {1000, 1000, 0.024812}, {1000, 2016, 0.504455}, {18, 10, 0.007142}, {0, 3, 1}, {1, 3, 0.75}, {2, 1, 0.2}, {5, 0, 0}} {
		digits(t, claim, fmt.Sprintf("%d servers, load %g", x.c, x.a), x.want, ErlangB(x.c, x.a), 1e-6)
	}
	assert.Equal(t, 1.0, ErlangB(5, math.MaxFloat64))
	// 1/B is the sum of c!/(k! a^(c-k)).
	sum, term := 1.0, 1.0
	for k := 30; k > 0; k-- {
		term *= float64(k) / 21.5
		sum += term
	}
	claim.Relative(t, "30 servers, load 21.5", 1/sum, ErlangB(30, 21.5), 1e-13)
}

// Environments for a spill-over of 5 %, 1 % and 0.1 %.
func TestErlangBInverse(t *testing.T) {
	claim := validation.Claim{
		Kind: validation.Theory, Name: "least number of provisioned environments for a spill-over", Source: "least n with Erlang's B(n, load) <= spill-over",
	}
	for _, x := range []struct {
		load float64
		want [3]int
	}{{1, [3]int{4, 5, 6}}, {5, [3]int{9, 11, 14}}, {10, [3]int{15, 18, 21}}, {50, [3]int{56, 64, 71}}, {100, [3]int{105, 117, 128}}, {500, [3]int{489, 527, 555}}} {
		for i, loss := range []float64{0.05, 0.01, 0.001} {
			n := ErlangBInverse(x.load, loss)
			claim.Within(t, fmt.Sprintf("load %g, spill-over %g %%", x.load, 100*loss), float64(x.want[i]), float64(n), exactly)
			assert.LessOrEqual(t, ErlangB(n, x.load), loss)
			assert.Greater(t, ErlangB(n-1, x.load), loss)
		}
	}
	assert.Zero(t, ErlangBInverse(0, 1))
	assert.Equal(t, 1, ErlangBInverse(0, 0.5))
}

// coldPoisson is exp(-load), load = rate x keep-alive.
var coldPoisson = []struct{ load, want float64 }{{0.1, 0.904837}, {0.5, 0.606531}, {1, 0.367879}, {2, 0.135335}, {5, 0.006738}}

func TestColdWithoutService(t *testing.T) {
	poisson := validation.Claim{
		Kind: validation.Theory, Name: "cold share of Poisson arrivals without service time", Source: "exp(-rate x keep-alive), to the digits printed",
	}
	renewal := validation.Claim{Kind: validation.Theory, Name: "cold share of independent gaps without service time", Source: "P(gap > keep-alive)"}
	for _, x := range coldPoisson {
		digits(t, poisson, fmt.Sprintf("rate x keep-alive = %g", x.load), x.want, ColdPoisson(x.load/6, 6*time.Second), 1e-6)
		digits(t, renewal, fmt.Sprintf("exponential gaps, keep-alive of %g mean gaps", x.load), x.want, ColdRenewal(coldstart.Exp(6*time.Second), seconds(6*x.load)), 1e-6)
	}
	for _, x := range []struct{ rate, want float64 }{{0.001, 0.548812}, {0.002, 0.301194}, {0.005, 0.049787}} {
		digits(t, poisson, fmt.Sprintf("%g/s, keep-alive 10 min", x.rate), x.want, ColdPoisson(x.rate, 10*time.Minute), 1e-6)
	}
	renewal.Within(t, "gaps of exactly the keep-alive: warm", 0, ColdRenewal(coldstart.Const(time.Minute), time.Minute), exactly)
	renewal.Within(t, "gaps 1 ns longer than the keep-alive", 1, ColdRenewal(coldstart.Const(time.Minute), time.Minute-1), exactly)
}

// coldHalving is the share of cold requests under halving every 380 s, by the mean gap in s.
var coldHalving = []struct {
	rate      string
	gap, want float64
}{{"1 in 1,000 s", 1000, 0.519597}, {"1 in 600 s", 600, 0.361303}, {"1 in 200 s", 200, 0.080829}, {"1 in 100 s", 100, 0.011312}}

func TestHalvingTables(t *testing.T) {
	cold := validation.Claim{
		Kind: validation.Theory, Name: "cold share if half of the idle environments go every 380 s", Source: "q/(2 - q), q = exp(-380 s x rate), to the digits printed",
	}
	for _, x := range coldHalving {
		digits(t, cold, x.rate, x.want, ColdHalving(1/x.gap, 380*time.Second), 1e-6)
	}
	left := validation.Claim{
		Kind: validation.Published, Name: "environments left of 20 without requests", Source: "Copik et al., SeBS, Middleware 2021, equation 1: n 2^-floor(time/380 s)",
	}
	for i, want := range []float64{20, 10, 5, 2.5} {
		left.Within(t, fmt.Sprintf("after %d s", 380*i), want, Halved(20, time.Duration(i)*380*time.Second, 380*time.Second), exactly)
	}
	left.Within(t, "1 ns before 380 s", 20, Halved(20, 380*time.Second-1, 380*time.Second), exactly)
}

func TestSingle(t *testing.T) {
	s := ColdCap1(0.005, 2*time.Second, 5*time.Second, 10*time.Minute)
	claim := validation.Claim{
		Kind: validation.Theory, Name: "at most one environment: 0.005/s, 2 s warm, 5 s cold, keep-alive 10 min",
		Source: "cold p = exp(-rate T), rejected and busy a/(1 + a), a = rate (2 s + p 3 s), idle (1 - busy)(1 - p), to the digits printed",
	}
	digits(t, claim, "cold share of the accepted", 0.049787, s.Cold, 1e-6)
	digits(t, claim, "rejected share", 0.010633, s.RejectedFraction, 1e-6)
	digits(t, claim, "busy environments", 0.01063, s.Busy, 1e-5)
	digits(t, claim, "idle environments", 0.94011, s.Idle, 1e-5)
}

// exponential names a case of exponential service and keep-alive, times in s.
func exponential(rate, service, keep float64) string {
	return fmt.Sprintf("%g/s, service %g s, keep-alive %g s", rate, service, keep)
}

var (
	busyIsLoad = validation.Claim{
		Kind: validation.Theory, Name: "exponential keep-alive and service: busy environments", Source: "M/M/infinity: rate x service",
	}
	idleByLittle = validation.Claim{
		Kind: validation.Theory, Name: "exponential keep-alive and service: idle environments by the cold share", Source: "Little's law: rate x cold share x keep-alive",
	}
)

// The table of the chain, S the same cold and warm.
func TestExpTTLTable(t *testing.T) {
	chain := validation.Claim{
		Kind: validation.Theory, Name: "exponential keep-alive and service: cold share and idle environments",
		Source: "the Markov chain on (busy, idle), solved separately, to the digits printed",
	}
	for _, x := range []struct{ rate, s, keep, cold, idle, unit, idleUnit float64 }{
		{0.9, 2, 600, 0.00857825, 4.63226, 1e-8, 1e-5},
		{0.1, 2, 600, 0.0323643, 1.94186, 1e-7, 1e-5},
		{0.01, 2, 600, 0.150650, 0.90390, 1e-6, 1e-5},
		{0.9, 2, 60, 0.0552929, 2.98582, 1e-7, 1e-5},
		{5, 0.2, 60, 0.0120939, 3.62816, 1e-7, 1e-5},
		{0.001, 2, 600, 0.625372, 0.37522, 1e-6, 1e-5},
	} {
		p := ColdExpTTL(x.rate, seconds(x.s), seconds(x.keep))
		name := exponential(x.rate, x.s, x.keep)
		digits(t, chain, name+": cold share", x.cold, p.Cold, x.unit)
		digits(t, chain, name+": idle", x.idle, p.Idle, x.idleUnit)
		busyIsLoad.Relative(t, name, x.rate*x.s, p.Busy, 1e-12)
		idleByLittle.Relative(t, name, x.rate*p.Cold*x.keep, p.Idle, 1e-12)
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
	power := validation.Claim{
		Kind: validation.Theory, Name: "exponential keep-alive and service: the chain step by step", Source: "power iteration on 24 x 24 states (busy, idle)",
	}
	power.Relative(t, "1.3/s, service 1/0.9 s, keep-alive 1/0.35 s: cold share", cold, p.Cold, 1e-6)
	power.Relative(t, "1.3/s, service 1/0.9 s, keep-alive 1/0.35 s: idle", idle, p.Idle, 1e-6)
	for _, x := range []struct{ rate, s, keep float64 }{{1e-7, 1e-3, 1}, {1e4, 1e-4, 1e5}, {100, 1, 1e-3}, {1000, 1, 600}, {2, 1000, 1e6}, {1e-3, 1, 1e8}} {
		p := ColdExpTTL(x.rate, seconds(x.s), seconds(x.keep))
		name := exponential(x.rate, x.s, x.keep)
		busyIsLoad.Relative(t, name, x.rate*x.s, p.Busy, 1e-10)
		idleByLittle.Relative(t, name, x.rate*p.Cold*x.keep, p.Idle, 1e-10)
	}
}

// The birth-death approximation against long simulations of the model with a constant keep-alive, which were 2 x 1e8 s
// long for the first row and 20 x 1e7 s (parameters of the measurements on AWS Lambda) for the others.
func TestPoolSizeApprox(t *testing.T) {
	size := validation.Claim{
		Kind: validation.Theory, Name: "environments by the birth-death approximation, fixed keep-alive",
		Source: "simulations of the model with 1e8 s and more",
	}
	share := validation.Claim{
		Kind: validation.Theory, Name: "cold share by the birth-death approximation, fixed keep-alive", Source: size.Source,
	}
	for _, x := range []struct{ rate, instances, cold float64 }{
		{0.9, 7.696, 0.001329}, {0.100377, 2.6497, 0.007066}, {0.198076, 3.5766, 0.003801}, {0.499673, 5.6058, 0.001977}, {1.000533, 8.1488, 0.001235},
	} {
		p := PoolSizeApprox(x.rate, 1984*time.Millisecond, 10*time.Minute)
		name := fmt.Sprintf("%g/s, service about 2 s, keep-alive 10 min", x.rate)
		size.Relative(t, name, x.instances, p.Instances, 0.018)
		share.Gap(t, name, x.cold, p.Cold, 0.02*x.cold, "cold starts come in clusters, which the chain on the number of environments does not see")
		assert.Less(t, p.Cold, x.cold*1.02, "cold at %g/s", x.rate)
		assert.Greater(t, p.Cold, x.cold*0.70, "cold at %g/s", x.rate)
	}
	// An end of service that has just begun as an overflow finds the others mostly busy, and working takes part of a life: matters if keep is short.
	short := PoolSizeApprox(2, time.Second, 2*time.Second)
	c := coldstart.Default()
	c.Arrivals, c.Warm, c.Cold.Response, c.KeepAlive, c.Duration = coldstart.Poisson(2), coldstart.Exp(time.Second), coldstart.Exp(time.Second), coldstart.Fixed(2*time.Second), 200_000*time.Second
	mean := simulate(t, c).InstancesMean
	room := 0.08
	if testing.Short() {
		room *= 4
	}
	assert.InEpsilon(t, mean, short.Instances, room, "7 % at a keep-alive of two services")
	size.Gap(t, "2/s, service 1 s, keep-alive 2 s", mean, short.Instances, 0.018*mean, "with a keep-alive as short as the service, an environment that ends an overflow finds the others mostly busy")
	exact := validation.Claim{
		Kind: validation.Theory, Name: "birth-death approximation without service time", Source: "exp(-rate T) cold, 1 - exp(-rate T) environments",
	}
	p := PoolSizeApprox(0.002, 10*time.Microsecond, 10*time.Minute)
	exact.Relative(t, "0.002/s, keep-alive 10 min: environments", 1-math.Exp(-1.2), p.Instances, 1e-4)
	exact.Relative(t, "0.002/s, keep-alive 10 min: cold share", math.Exp(-1.2), p.Cold, 1e-4)
}

// A jump of the demand against a bucket of 1,000 and 100 a second. Counted one by one there are 78,040, 19,020 and
// 9,520 throttled requests.
func TestRamp(t *testing.T) {
	full := validation.Claim{
		Kind: validation.Theory, Name: "time until a jump of the demand is met, 1,000 environments and 100 a second", Unit: "s",
		Source: "(needed - 1,000)/100",
	}
	lost := validation.Claim{
		Kind: validation.Theory, Name: "requests throttled in a jump of the demand, 1,000 environments and 100 a second",
		Source: "(needed - 1,000)^2/(200 x service) - (needed - 1,000)/2",
	}
	simulated := validation.Claim{
		Kind: validation.Theory, Name: "requests throttled in a jump of the demand, simulated over 50 s", Source: lost.Source,
	}
	for _, x := range []struct {
		rate            float64
		s               time.Duration
		full, throttled float64
	}{{5000, time.Second, 40, 78_000}, {3000, time.Second, 20, 19_000}, {4000, 500 * time.Millisecond, 10, 9_500}, {900, time.Second, 0, 0}} {
		r := RampThrottled(x.rate, x.s, 1000, 100)
		name := fmt.Sprintf("%g/s of %g s", x.rate, x.s.Seconds())
		full.Within(t, name, x.full, r.Full, 1e-9)
		lost.Within(t, name, x.throttled, r.Throttled, 1e-6)
		c := coldstart.Default()
		c.Arrivals, c.Warm, c.Cold.Response = coldstart.Paced(coldstart.Step{At: 0, Rate: x.rate}), coldstart.Const(x.s), coldstart.Const(x.s)
		c.Limits = coldstart.Limits{Account: 10_000, Scaling: coldstart.AWSScaling, Burst: 1000, Refill: 100}
		c.Duration = 50 * time.Second
		simulated.Within(t, name, r.Throttled, float64(simulate(t, c).Throttles.Total()), 0.0022*(r.Throttled+1))
	}
}

// AWS Lambda Operator Guide: 10,000 requests over 1 to 4 minutes, a burst of 3,000, 500 a minute.
func TestLegacyTable(t *testing.T) {
	claim := validation.Claim{
		Kind: validation.Published, Name: "throttled of 10,000 requests by the rule before November 2023",
		Source: "AWS Lambda Operator Guide, Understanding burst concurrency: a burst of 3,000, then 500 a minute",
	}
	for _, x := range []struct{ demand, lost []int }{
		{[]int{10_000}, []int{7000}},
		{[]int{5000, 5000}, []int{2000, 1500}},
		{[]int{3333, 3333, 3334}, []int{333, 0, 0}},
		{[]int{2500, 2500, 2500, 2500}, []int{0, 0, 0, 0}},
	} {
		got := LegacyThrottled(x.demand, 3000, 500, 10_000)
		require.Len(t, got, len(x.lost))
		for m, want := range x.lost {
			claim.Within(t, fmt.Sprintf("over %d min, minute %d", len(x.demand), m+1), float64(want), float64(got[m]), exactly)
		}
	}
	assert.Equal(t, []int{9000, 9000}, LegacyThrottled([]int{10_000, 10_000}, 3000, 500, 1000))
	assert.Nil(t, LegacyThrottled([]int{-1}, 1, 1, 1))
}

// 0.1 % cold starts of 250 ms more move the mean by 0.25 ms, and the 99.9th percentile to where they are.
func TestMixture(t *testing.T) {
	m := Mixture{ColdProbability: 0.001, Warm: coldstart.Const(20 * time.Millisecond), Cold: coldstart.Const(270 * time.Millisecond)}
	claim := validation.Claim{
		Kind: validation.Theory, Name: "latency with 0.1 % cold starts of 270 ms among 20 ms", Source: "F(x) = (1 - p) F_warm(x) + p F_cold(x)", Unit: "s",
	}
	claim.Within(t, "mean", 0.02025, m.Mean(), 1e-12)
	claim.Within(t, "99th percentile", 0.02, m.Quantile(0.99), exactly)
	claim.Within(t, "99.8th percentile", 0.02, m.Quantile(0.998), exactly)
	claim.Within(t, "99.95th percentile", 0.27, m.Quantile(0.9995), exactly)
	m = Mixture{ColdProbability: 0.02, Warm: coldstart.Exp(20 * time.Millisecond), Cold: law.Lognormal(300*time.Millisecond, 0.5)}
	for _, p := range []float64{0, 0.1, 0.5, 0.9, 0.99, 0.999, 0.99999} {
		assert.InDelta(t, 1-p, m.Survival(m.Quantile(p)), 1e-9)
	}
	m.ColdProbability = 0
	assert.Equal(t, m.Warm.Quantile(0.9), m.Quantile(0.9))
	m.ColdProbability = 1
	assert.Equal(t, m.Cold.Quantile(0.9), m.Quantile(0.9))
}

func TestIdle(t *testing.T) {
	gap := validation.Claim{
		Kind: validation.Theory, Name: "memory x time that an environment idles in a gap, keep-alive 10 min", Source: "min(gap, keep-alive) x memory", Unit: "GB-s",
	}
	gap.Within(t, "gap of 1 h, 512 MB", 300, IdleGap(time.Hour, 10*time.Minute, 512), exactly)
	gap.Within(t, "gap of 1 min, 1,024 MB", 60, IdleGap(time.Minute, 10*time.Minute, 1024), exactly)
	request := validation.Claim{
		Kind: validation.Theory, Name: "memory x time that environments idle for each request", Source: "memory x (1 - exp(-rate x keep-alive))/rate", Unit: "GB-s",
	}
	request.Relative(t, "0.002/s, keep-alive 10 min, 512 MB", 0.5*(1-math.Exp(-1.2))/0.002, IdlePerRequest(0.002, 10*time.Minute, 512), 1e-12)
	c := coldstart.Default()
	c.Arrivals, c.Warm, c.Cold.Response = coldstart.Poisson(0.002), coldstart.Const(0), coldstart.Const(0)
	c.KeepAlive, c.MemoryMB, c.Duration = coldstart.Fixed(10*time.Minute), 512, 1e8*time.Second
	if testing.Short() {
		c.Duration /= 10
	}
	r := simulate(t, c)
	near(t, request, "the same, simulated", IdlePerRequest(0.002, 10*time.Minute, 512), r.WastedGBSeconds/float64(r.Requests), 0.01)
}

// Little's law on a run.
func TestLittleOfARun(t *testing.T) {
	life := validation.Claim{
		Kind: validation.Theory, Name: "environments by Little's law", Source: "rate x cold share x mean life; numbers of the run in the README of SimFaaS",
	}
	life.Within(t, "1213 of 898469 cold in 1e6 s, life 6335.13 s", 7.68, InstancesMean(0.898469, 1213.0/898469, seconds(6335.13)), 0.005)
	c := coldstart.Default()
	r := simulate(t, c)
	rate := float64(r.Requests) / r.Window
	busy := validation.Claim{
		Kind: validation.Theory, Name: "busy environments by Little's law", Source: "rate x (warm + cold share x (cold - warm))",
	}
	near(t, busy, "0.9/s, 1.991 s warm, 2.244 s cold", RunningMean(rate, 1991*time.Millisecond, 2244*time.Millisecond, r.ColdProbability), r.RunningMean, 0.01)
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
		ErlangB(-1, 1), ErlangB(1, nan), ErlangB(1, -1), ErlangB(1, inf), ColdPoisson(1, -1), ColdRenewal(coldstart.Exp(-1), 1), Halved(nan, 1, 1), Halved(1, 1, 0),
		RunningMean(1, -1, 1, 0), RunningMean(1, 1, 1, 2), IdleGap(-1, 1, 1), ColdExpTTL(1e300, math.MaxInt64, 1).Cold, ColdExpTTL(1, 0, 1).Idle, PoolSizeApprox(1, 1, 0).Idle,
		Mixture{ColdProbability: nan}.Mean(), Mixture{}.Quantile(1), Mixture{}.Quantile(nan), Mixture{}.Survival(nan), ColdCap1(1, -1, 1, 1).Busy,
	} {
		assert.True(t, math.IsNaN(y))
	}
	k, pings := coldstart.Fixed(time.Minute), coldstart.Warmer{Concurrent: 1, Every: time.Minute}
	for _, y := range []float64{
		ColdExpiry(k, nan), ColdExpiry(k, 0), ColdExpiry(coldstart.KeepAlive{}, 1), Uncovered(k, 0), Uncovered(coldstart.KeepAlive{}, 1),
		WarmerCold(k, pings, 0, 1), WarmerCold(k, pings, 1, -1), WarmerCold(k, coldstart.Warmer{}, 1, 1), PingCold(k, pings, 0), PingCold(k, coldstart.Warmer{}, 1),
	} {
		assert.True(t, math.IsNaN(y))
	}
	for _, n := range []int{ErlangBInverse(nan, 0.1), ErlangBInverse(1, 0), ErlangBInverse(1, nan), ErlangBInverse(1e300, 0.1)} {
		assert.Equal(t, -1, n)
	}
}

func TestColdExpiry(t *testing.T) {
	claim := validation.Claim{
		Kind: validation.Theory, Name: "cold share of Poisson arrivals without service time, any keep-alive",
		Source: "exp(-rate T) for a fixed time, 1/(1 + rate T) for an exponential one, q/(2 - q) with q = exp(-rate P) for halving",
	}
	claim.Relative(t, "0.01/s, fixed 10 min", math.Exp(-6), ColdExpiry(coldstart.Fixed(10*time.Minute), 0.01), 1e-9)
	claim.Relative(t, "0.01/s, exponential 10 min", 1/7.0, ColdExpiry(coldstart.Lasting(coldstart.Exp(10*time.Minute)), 0.01), 1e-9)
	claim.Relative(t, "0.005/s, halving every 380 s", ColdHalving(0.005, 380*time.Second), ColdExpiry(coldstart.Halving(380*time.Second), 0.005), 1e-6)
	assert.Zero(t, ColdExpiry(coldstart.Never(), 0.01))
}

// Pings cover what lies within the keep-alive.
func TestWarmer(t *testing.T) {
	burst := validation.Claim{
		Kind: validation.Theory, Name: "cold requests of a burst of 15 at random, one in 1 h, beside 5 pings, keep-alive 10 min",
		Source: "those above the pings, and of the others the share of time that pings do not cover; times exp(-1/6)",
	}
	single := validation.Claim{
		Kind: validation.Theory, Name: "cold share of single requests, one in 1 h, beside a ping of 3 s, keep-alive 10 min",
		Source: "ping/time between pings, or exp(-1/6) x the share of time that pings do not cover",
	}
	c := coldstart.Default()
	c.Warmer = coldstart.Warmer{Concurrent: 5, Every: 5 * time.Minute, Work: coldstart.Const(3 * time.Second)}
	alone := math.Exp(-1.0 / 6)
	burst.Relative(t, "pings every 5 min", 10*alone, WarmerCold(c.KeepAlive, c.Warmer, time.Hour, 15), 1e-6)
	assert.Zero(t, WarmerCold(c.KeepAlive, c.Warmer, time.Hour, 5))
	single.Relative(t, "pings every 5 min", 0.01, PingCold(c.KeepAlive, c.Warmer, time.Hour), 1e-9)
	c.Warmer.Every = 15 * time.Minute
	burst.Relative(t, "pings every 15 min", (10+5/3.0)*alone, WarmerCold(c.KeepAlive, c.Warmer, time.Hour, 15), 1e-3)
	single.Relative(t, "pings every 15 min", alone/3, PingCold(c.KeepAlive, c.Warmer, time.Hour), 1e-3)
	c.KeepAlive = coldstart.Never()
	assert.Zero(t, WarmerCold(c.KeepAlive, c.Warmer, time.Hour, 15))
}
