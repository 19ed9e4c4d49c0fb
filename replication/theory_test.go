package replication

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"cloudconcepts/internal/law"
	"cloudconcepts/internal/rng"

	"github.com/stretchr/testify/assert"
)

// exps are n independent exponential round trips of mean 1 s.
func exps(n int) []law.Law {
	list := make([]law.Law, n)
	for i := range list {
		list[i] = law.Exp(time.Second)
	}
	return list
}

// k-th of n in units of the mean: the harmonic differences.
func TestKthOfExponentials(t *testing.T) {
	for _, x := range []struct {
		k, n           int
		mean, variance float64
	}{
		{1, 1, 1, 1},
		{1, 2, .5, .25},
		{2, 2, 1.5, 1.25},
		{1, 3, 1. / 3, 1. / 9},
		{2, 3, 5. / 6, 13. / 36},
		{1, 5, .2, .04},
		{2, 5, .45, .1025},
		{3, 5, .2 + .25 + 1./3, .04 + .0625 + 1./9},
	} {
		assert.InDelta(t, x.mean, KthExponentialMean(x.k, x.n), 1e-14)
		assert.InDelta(t, x.variance, KthExponentialVariance(x.k, x.n), 1e-14)
		w := CommitWait{K: x.k, Acks: exps(x.n)}
		assert.InEpsilon(t, x.mean, w.Mean(), 1e-7, "by the integral")
		assert.InEpsilon(t, 1/x.mean, w.Throughput(), 1e-7)
		w.Local = law.Const(2 * time.Second)
		assert.InEpsilon(t, x.mean+2, w.Mean(), 1e-7, "after the flush")
	}
	assert.True(t, math.IsNaN(KthExponentialMean(0, 3)) && math.IsNaN(KthExponentialMean(4, 3)) && math.IsNaN(KthExponentialVariance(4, 3)))
}

// The distribution function is the sum of C(n,j) F^j (1-F)^(n-j) over j >= k for any law.
func TestCommitSurvival(t *testing.T) {
	l := law.Lognormal(time.Second, 2)
	w := CommitWait{K: 2, Acks: []law.Law{l, l, l, l, l}}
	for _, at := range []float64{0, .1, .5, 2} {
		late := l.Survival(at)
		assert.InDelta(t, math.Pow(late, 5)+5*math.Pow(late, 4)*(1-late), w.Survival(at), 1e-12)
	}
	assert.InDelta(t, 0.3, w.Survival(w.Quantile(0.7)), 1e-9)
	first := CommitWait{K: 2, Acks: []law.Law{law.Exp(time.Second), law.Exp(3 * time.Second)}} // FIRST 2: the greater
	assert.InEpsilon(t, 1+3-1/(1+1./3), first.Mean(), 1e-8)
	assert.InDelta(t, 1-(1-math.Exp(-2))*(1-math.Exp(-2./3)), first.Survival(2), 1e-12)

	local := CommitWait{Local: law.Exp(time.Second)}
	assert.InDelta(t, math.Exp(-1), local.Survival(1), 1e-12)
	assert.Equal(t, 1.0, local.Mean())
	serial := CommitWait{Local: law.Exp(time.Second), Acks: exps(1), K: 1} // Erlang of two phases
	assert.InDelta(t, 3*math.Exp(-2), serial.Survival(2), 2e-4)
	assert.InDelta(t, 2, serial.Mean(), 1e-7)
	parallel := serial
	parallel.Parallel = true
	assert.InDelta(t, 1-(1-math.Exp(-2))*(1-math.Exp(-2)), parallel.Survival(2), 1e-12)
	assert.InDelta(t, 1.5, parallel.Mean(), 1e-7)
	assert.Equal(t, 1.0, parallel.Survival(-1))

	heavy := CommitWait{K: 1, Acks: []law.Law{law.Pareto(1.5, time.Second), law.Pareto(1.5, time.Second)}} // the less: tail index 3
	assert.InEpsilon(t, 1.5/3, heavy.Mean(), 1e-6)
	for _, bad := range []CommitWait{{K: 1}, {K: -1}, {Local: law.Const(-1)}, {K: 1, Acks: []law.Law{law.Const(-1)}}} {
		assert.True(t, math.IsNaN(bad.Mean()) && math.IsNaN(bad.Survival(1)) && math.IsNaN(bad.Quantile(.5)))
	}
	assert.True(t, math.IsNaN(w.Quantile(1)) && math.IsNaN(w.Survival(math.NaN())))
}

// Loads .5, .8, .9 at 1000/s: 2, 5, 10 ms for M/M/1, and 1.5, 3, 5.5 ms for M/D/1; the tail e^-(mu - lambda)x.
func TestApplyQueue(t *testing.T) {
	for i, rate := range []float64{500, 800, 900} {
		mm1 := ApplyQueue{rate, law.Exp(time.Millisecond)}
		md1 := ApplyQueue{rate, law.Const(time.Millisecond)}
		assert.InDelta(t, []float64{.002, .005, .010}[i], mm1.MeanLag(), 1e-12)
		assert.InDelta(t, []float64{.0015, .003, .0055}[i], md1.MeanLag(), 1e-12)
		assert.InDelta(t, math.Exp(-(1000-rate)*.004), mm1.LagSurvival(.004), 1e-12)
		assert.InDelta(t, rate/1000, mm1.Load(), 1e-12)
	}
	gamma := ApplyQueue{800, law.Erlang(4, time.Millisecond)}
	assert.InDelta(t, .001+.8*.001*1.25/.4, gamma.MeanLag(), 1e-12)
	over := ApplyQueue{1000, law.Exp(time.Millisecond)}
	assert.Equal(t, math.Inf(1), over.MeanLag())
	assert.Equal(t, 1.0, over.LagSurvival(1))
	idle := ApplyQueue{0, law.Exp(time.Second)}
	assert.Equal(t, 1.0, idle.MeanLag())
	assert.InDelta(t, math.Exp(-1), idle.LagSurvival(1), 1e-12)
	for _, q := range []ApplyQueue{{-1, law.Exp(1)}, {math.NaN(), law.Exp(1)}, {1, law.Const(-1)}} {
		assert.True(t, math.IsNaN(q.Load()) && math.IsNaN(q.MeanLag()) && math.IsNaN(q.LagSurvival(1)))
	}
	assert.Equal(t, 0.0, OverloadGrowth(.9))
	assert.InDelta(t, 1./3, OverloadGrowth(1.5), 1e-15)
	assert.True(t, math.IsNaN(OverloadGrowth(-1)))
}

// Each tail integrates to the mean, and three laws agree with a run of Lindley's recursion.
func TestApplyTails(t *testing.T) {
	for _, l := range []law.Law{
		law.Exp(time.Millisecond), law.Const(time.Millisecond), law.Erlang(4, time.Millisecond), law.Hyper(4, time.Millisecond),
		law.Uniform(0, 2*time.Millisecond), law.Empirical(500*time.Microsecond, 1500*time.Microsecond),
	} {
		rates := []float64{300, 600}
		if testing.Short() {
			rates = nil
		}
		for _, rate := range rates {
			q := ApplyQueue{rate, l}
			const h = 5e-4
			sum, now := 0.0, 1.0
			for x := h / 2; now > 1e-3; x += h { // no law jumps at these x
				now = q.LagSurvival(x)
				sum += now
			}
			assert.InEpsilon(t, q.MeanLag(), sum*h, 0.015, "%v at %g/s", l, rate)
		}
		simulated(t, ApplyQueue{800, l}, .003)
	}
}

// simulated compares the share of lags above x with batches of a run.
func simulated(t *testing.T, q ApplyQueue, x float64) {
	t.Helper()
	r, draw := rng.New(3), q.Cost.Sampler()
	const batches, each = 20, 5_000
	var sum, squares, wait float64
	for range batches {
		above := 0.0
		for range each {
			lag := wait + draw.Seconds(r)
			above += indicator(lag > x)
			wait = max(lag-r.ExpFloat64()/q.WriteRate, 0)
		}
		sum += above / each
		squares += above / each * above / each
	}
	mean := sum / batches
	deviation := math.Sqrt((squares/batches - mean*mean) / (batches - 1))
	assert.InDelta(t, q.LagSurvival(x), mean, 4*deviation+.002, "%v", q.Cost)
}

// M/D/1 waits as Erlang's formula with its alternating terms has them, where it can still be summed; and far out the tail falls by
// its known rate.
func TestWaitConstant(t *testing.T) {
	for _, rho := range []float64{.1, .5, .8, .95} {
		for _, x := range []float64{0, .5, 1, 2.3, 5.99} {
			sum := 0.0
			for k := range int(x) + 1 {
				logs, _ := math.Lgamma(float64(k) + 1)
				a := rho * (float64(k) - x)
				sum += math.Pow(a, float64(k)) * math.Exp(-a-logs)
			}
			assert.InDelta(t, (1-rho)*sum, waitConstant(rho, x), 1e-12, "rho %g, x %g", rho, x)
		}
	}
	root := .8 // of rho (e^z - 1) = z
	for range 500 {
		root = math.Log1p(root / .8)
	}
	ratio := (1 - waitConstant(.8, 31)) / (1 - waitConstant(.8, 30))
	assert.InDelta(t, math.Exp(-root), ratio, 1e-6)
	assert.Equal(t, 0.0, waitConstant(.5, -1))
	assert.Equal(t, 1.0, waitConstant(.5, 1e9))
}

// Pauses of 60 s at loads .5, .8, .9 and .95 take 60, 240, 540 and 1140 s.
func TestCatchUp(t *testing.T) {
	for i, load := range []float64{.5, .8, .9, .95} {
		want := []float64{60, 240, 540, 1140}[i]
		assert.InDelta(t, want, CatchUp(60, load), 1e-9)
		assert.InDelta(t, 60, LagAfter(60, load, 0), 1e-12)
		assert.InDelta(t, 30, LagAfter(60, load, want/2), 1e-9)
		assert.Equal(t, 0.0, LagAfter(60, load, want+1))
		assert.InDelta(t, want, CatchUpRising(60, func(float64) float64 { return load }, 2000, .1), 1e-6)
	}
	assert.Equal(t, 50.0, LagAfter(60, .5, -10))
	assert.InDelta(t, 61, LagAfter(60, 2, 2), 1e-12)
	assert.Equal(t, 0.0, LagAfter(60, 0, 1))
	assert.Equal(t, 0.0, CatchUp(0, 5))
	assert.Equal(t, math.Inf(1), CatchUp(1, 1))

	// Load .8 + .0002 t: the work left is 60 (.8 - .006) - .2 t + .0001 t^2, 0 at t = 276.9 s.
	rising := CatchUpRising(60, func(t float64) float64 { return .8 + .0002*t }, 1e4, .01)
	work := 60*.8 - .0001*3600
	assert.InDelta(t, (.2-math.Sqrt(.04-4*.0001*work))/.0002, rising, 1e-4)
	assert.Equal(t, math.Inf(1), CatchUpRising(60, func(t float64) float64 { return .95 + .0001*t }, 1e4, 1))
	for _, x := range []float64{
		CatchUp(-1, .5), CatchUp(1, -1), LagAfter(1, .5, math.NaN()), LagAfter(-1, .5, 0), CatchUpRising(-1, nil, 1, 1),
		CatchUpRising(1, nil, 1, 0), CatchUpRising(1, nil, 1e300, 1), CatchUpRising(1, func(float64) float64 { return math.NaN() }, 10, 1),
	} {
		assert.True(t, math.IsNaN(x))
	}
}

func TestLargeTransaction(t *testing.T) {
	x := LargeTransaction{Primary: 10, Apply: 30, Chunks: 1}
	assert.Equal(t, 20.0, x.PeakLag())
	x.AtCommit = true
	assert.Equal(t, 30.0, x.PeakLag())
	assert.InDelta(t, 120, x.CatchUp(.8), 1e-9)
	x.Chunks = 10
	assert.Equal(t, 3.0, x.PeakLag())
	x.Chunks = 0
	assert.True(t, math.IsNaN(x.PeakLag()))
}

func TestRecoverySteps(t *testing.T) {
	s := RecoverySteps{Heartbeat: 2 * time.Second, Misses: 3, Decide: time.Second, Fence: 2 * time.Second, Promote: 3 * time.Second, Backlog: 4 * time.Second, Reroute: 5 * time.Second, Reconnect: 6 * time.Second}
	assert.Equal(t, 5*time.Second, s.Detection())
	assert.Equal(t, 26*time.Second, s.RTO())
	assert.Zero(t, RecoverySteps{Heartbeat: time.Second}.Detection())
}

// 2000/s with 10 ms: mean and variance 20, none with e^-20; 100/s: mean 1, none with .368.
func TestLost(t *testing.T) {
	assert.InDelta(t, 20, LostMean(2000, .01), 1e-12)
	assert.InEpsilon(t, math.Exp(-20), LostConstant(2000, .01, 0), 1e-12)
	assert.InDelta(t, .368, LostConstant(100, .01, 0), 5e-4)
	for _, law := range []struct {
		p              func(int) float64
		mean, variance float64
	}{
		{func(k int) float64 { return LostConstant(2000, .01, k) }, 20, 20},
		{func(k int) float64 { return LostQueued(.8, k) }, LostQueuedMean(.8), .8 / .04},
	} {
		var sum, mean, squares float64
		for k := range 400 {
			p := law.p(k)
			sum, mean, squares = sum+p, mean+float64(k)*p, squares+float64(k*k)*p
		}
		assert.InDelta(t, 1, sum, 1e-12)
		assert.InDelta(t, law.mean, mean, 1e-9)
		assert.InDelta(t, law.variance, squares-mean*mean, 1e-8)
	}
	assert.InDelta(t, 4, LostQueuedMean(.8), 1e-12)
	assert.Equal(t, math.Inf(1), LostQueuedMean(1))
	assert.Equal(t, 1.0, LostConstant(0, 1, 0))
	assert.Equal(t, 0.0, LostConstant(0, 1, 1))
	for n, want := range []float64{20, 10, 6.666666667} {
		assert.InDelta(t, want, LostUnordered(2000, .01, n+1), 1e-8)
	}
	for _, x := range []float64{LostMean(-1, 1), LostConstant(1, 1, -1), LostQueued(-1, 0), LostQueued(.5, -1), LostQueuedMean(-1), LostUnordered(1, 1, 0)} {
		assert.True(t, math.IsNaN(x))
	}
	assert.True(t, SurvivesFailures(2, 3, 1))
	assert.False(t, SurvivesFailures(1, 3, 1) || SurvivesFailures(4, 3, 1) || SurvivesFailures(1, 1, -1))
}

// draws is the mean of an indicator over many random cases, with its standard error.
func draws(seed uint64, n int, hit func(*rand.Rand) bool) (mean, deviation float64) {
	r, hits := rng.New(seed), 0.0
	for range n {
		hits += indicator(hit(r))
	}
	mean = hits / float64(n)
	return mean, math.Sqrt(mean * (1 - mean) / float64(n))
}
