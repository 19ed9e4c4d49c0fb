package theory

import (
	"fmt"
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
	mean := theory("mean of the k-th of n exponential times of mean 1", "1/n + 1/(n-1) + ... (k terms)", "")
	variance := theory("variance of the k-th of n exponential times of mean 1", "1/n^2 + 1/(n-1)^2 + ... (k terms)", "")
	wait := theory("mean commit wait by integration", "1/n + 1/(n-1) + ... (k terms), after a constant flush", "s")
	throughput := theory("commits of a session back to back", "1/(1/n + 1/(n-1) + ... (k terms))", "/s")
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
		cell := fmt.Sprintf("%d of %d", x.k, x.n)
		mean.Within(t, cell, x.mean, KthExponentialMean(x.k, x.n), 1e-14)
		variance.Within(t, cell, x.variance, KthExponentialVariance(x.k, x.n), 1e-14)
		w := CommitWait{K: x.k, Acks: exps(x.n)}
		wait.Relative(t, cell+", round trips of mean 1 s", x.mean, w.Mean(), 1e-7)
		throughput.Relative(t, cell+", round trips of mean 1 s", 1/x.mean, w.Throughput(), 1e-7)
		w.Local = law.Const(2 * time.Second)
		wait.Relative(t, cell+", round trips of mean 1 s, after a flush of 2 s", x.mean+2, w.Mean(), 1e-7)
	}
	assert.True(t, math.IsNaN(KthExponentialMean(0, 3)) && math.IsNaN(KthExponentialMean(4, 3)) && math.IsNaN(KthExponentialVariance(4, 3)))
}

// The distribution function is the sum of C(n,j) F^j (1-F)^(n-j) over j >= k for any law.
func TestCommitSurvival(t *testing.T) {
	late := theory("probability that a commit takes longer", "sum of C(n, j) F^j (1 - F)^(n-j) over j < k; products and sums of exponential laws", "")
	mean := theory("mean commit wait of other laws", "greater of two: a + b - 1/(1/a + 1/b); flush before or beside; less of two Pareto times", "s")
	l := law.Lognormal(time.Second, 2)
	w := CommitWait{K: 2, Acks: []law.Law{l, l, l, l, l}}
	for _, at := range []float64{0, .1, .5, 2} {
		s := l.Survival(at)
		late.Within(t, fmt.Sprintf("2 of 5, lognormal of mean 1 s, than %g s", at), math.Pow(s, 5)+5*math.Pow(s, 4)*(1-s), w.Survival(at), 1e-12)
	}
	late.Within(t, "2 of 5, lognormal of mean 1 s, than the quantile 0.7", 0.3, w.Survival(w.Quantile(0.7)), 1e-9)
	first := CommitWait{K: 2, Acks: []law.Law{law.Exp(time.Second), law.Exp(3 * time.Second)}} // FIRST 2: the greater
	mean.Relative(t, "both of exponential times of mean 1 s and 3 s", 1+3-1/(1+1./3), first.Mean(), 1e-8)
	late.Within(t, "both of exponential times of mean 1 s and 3 s, than 2 s", 1-(1-math.Exp(-2))*(1-math.Exp(-2./3)), first.Survival(2), 1e-12)

	local := CommitWait{Local: law.Exp(time.Second)}
	late.Within(t, "exponential flush of mean 1 s alone, than 1 s", math.Exp(-1), local.Survival(1), 1e-12)
	mean.Within(t, "exponential flush of mean 1 s alone", 1, local.Mean(), 0)
	serial := CommitWait{Local: law.Exp(time.Second), Acks: exps(1), K: 1} // Erlang of two phases
	late.Within(t, "flush and then answer, exponential of mean 1 s, than 2 s", 3*math.Exp(-2), serial.Survival(2), 2e-4)
	mean.Within(t, "flush and then answer, exponential of mean 1 s", 2, serial.Mean(), 1e-7)
	parallel := serial
	parallel.Parallel = true
	late.Within(t, "flush beside the answer, exponential of mean 1 s, than 2 s", 1-(1-math.Exp(-2))*(1-math.Exp(-2)), parallel.Survival(2), 1e-12)
	mean.Within(t, "flush beside the answer, exponential of mean 1 s", 1.5, parallel.Mean(), 1e-7)
	assert.Equal(t, 1.0, parallel.Survival(-1))

	heavy := CommitWait{K: 1, Acks: []law.Law{law.Pareto(1.5, time.Second), law.Pareto(1.5, time.Second)}} // the less: tail index 3
	mean.Relative(t, "1 of 2 Pareto times of index 1.5 and mean 1 s", 1.5/3, heavy.Mean(), 1e-6)
	for _, bad := range []CommitWait{{K: 1}, {K: -1}, {Local: law.Const(-1)}, {K: 1, Acks: []law.Law{law.Const(-1)}}} {
		assert.True(t, math.IsNaN(bad.Mean()) && math.IsNaN(bad.Survival(1)) && math.IsNaN(bad.Quantile(.5)))
	}
	assert.True(t, math.IsNaN(w.Quantile(1)) && math.IsNaN(w.Survival(math.NaN())))
}

// Loads .5, .8, .9 at 1000/s: 2, 5, 10 ms for M/M/1, and 1.5, 3, 5.5 ms for M/D/1; the tail e^-(mu - lambda)x.
func TestApplyQueue(t *testing.T) {
	mean := theory("mean lag of the applier", "Pollaczek and Khinchine: s + rho (1 + cv2) s/(2 (1 - rho)), s = 1 ms", "s")
	above := theory("share of lags above a time", "M/M/1: e^-(mu - lambda)t", "")
	for i, rate := range []float64{500, 800, 900} {
		mm1 := ApplyQueue{rate, law.Exp(time.Millisecond)}
		md1 := ApplyQueue{rate, law.Const(time.Millisecond)}
		mean.Within(t, fmt.Sprintf("exponential costs, load %g", rate/1000), []float64{.002, .005, .010}[i], mm1.LagMean(), 1e-12)
		mean.Within(t, fmt.Sprintf("constant costs, load %g", rate/1000), []float64{.0015, .003, .0055}[i], md1.LagMean(), 1e-12)
		above.Within(t, fmt.Sprintf("costs of mean 1 ms, load %g, above 4 ms", rate/1000), math.Exp(-(1000-rate)*.004), mm1.LagSurvival(.004), 1e-12)
		assert.InDelta(t, rate/1000, mm1.Load(), 1e-12)
	}
	gamma := ApplyQueue{800, law.Erlang(4, time.Millisecond)}
	mean.Within(t, "Erlang costs of 4 phases, load 0.8", .001+.8*.001*1.25/.4, gamma.LagMean(), 1e-12)
	over := ApplyQueue{1000, law.Exp(time.Millisecond)}
	assert.Equal(t, math.Inf(1), over.LagMean())
	assert.Equal(t, 1.0, over.LagSurvival(1))
	idle := ApplyQueue{0, law.Exp(time.Second)}
	assert.Equal(t, 1.0, idle.LagMean())
	above.Within(t, "costs of mean 1 s, load 0, above 1 s", math.Exp(-1), idle.LagSurvival(1), 1e-12)
	for _, q := range []ApplyQueue{{-1, law.Exp(1)}, {math.NaN(), law.Exp(1)}, {1, law.Const(-1)}} {
		assert.True(t, math.IsNaN(q.Load()) && math.IsNaN(q.LagMean()) && math.IsNaN(q.LagSurvival(1)))
	}
	assert.Equal(t, 0.0, OverloadGrowth(.9))
	theory("lag that an overloaded applier gains a second", "1 - 1/rho", "").Within(t, "load 1.5", 1./3, OverloadGrowth(1.5), 1e-15)
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
			theory("mean lag as the integral of its tail", "Pollaczek and Khinchine: s + rho (1 + cv2) s/(2 (1 - rho))", "s").
				Relative(t, fmt.Sprintf("cost %v, %g writes/s", l, rate), q.LagMean(), sum*h, 0.015)
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
	theory("simulated share of lags above 3 ms", "M/M/1 exactly, M/D/1 by a sum of positive terms, M/G/1 by Panjer's recursion", "").
		Within(t, fmt.Sprintf("cost %v, 800 writes/s", q.Cost), q.LagSurvival(x), mean, 4*deviation+.002)
}

// M/D/1 waits as Erlang's formula with its alternating terms has them, where it can still be summed; and far out the tail falls by
// its known rate.
func TestWaitConstant(t *testing.T) {
	wait := theory("distribution of the wait in M/D/1", "Erlang: (1 - rho) times the sum of (rho (k - x))^k e^(-rho (k - x))/k! over k <= x", "")
	for _, rho := range []float64{.1, .5, .8, .95} {
		for _, x := range []float64{0, .5, 1, 2.3, 5.99} {
			sum := 0.0
			for k := range int(x) + 1 {
				logs, _ := math.Lgamma(float64(k) + 1)
				a := rho * (float64(k) - x)
				sum += math.Pow(a, float64(k)) * math.Exp(-a-logs)
			}
			wait.Within(t, fmt.Sprintf("load %g, up to %g services", rho, x), (1-rho)*sum, waitConstant(rho, x), 1e-12)
		}
	}
	root := .8 // of rho (e^z - 1) = z
	for range 500 {
		root = math.Log1p(root / .8)
	}
	ratio := (1 - waitConstant(.8, 31)) / (1 - waitConstant(.8, 30))
	theory("fall of the wait's tail in M/D/1 by a service", "e^-z, z the root of rho (e^z - 1) = z", "").Within(t, "load 0.8, from 30 to 31 services", math.Exp(-root), ratio, 1e-6)
	assert.Equal(t, 0.0, waitConstant(.5, -1))
	assert.Equal(t, 1.0, waitConstant(.5, 1e9))
}

// Pauses of 60 s at loads .5, .8, .9 and .95 take 60, 240, 540 and 1140 s.
func TestCatchUp(t *testing.T) {
	took := theory("time to catch up after a pause", "T rho/(1 - rho)", "s")
	after := theory("lag while catching up after a pause", "T - (1 - rho)/rho t; before its end T + t", "s")
	stepped := theory("time to catch up by steps under a load that may rise", "backlog done when the integral of 1 - rho reaches rho T", "s")
	for i, load := range []float64{.5, .8, .9, .95} {
		want := []float64{60, 240, 540, 1140}[i]
		cell := fmt.Sprintf("pause of 60 s, load %g", load)
		took.Within(t, cell, want, CatchUp(60, load), 1e-9)
		after.Within(t, cell+", at its end", 60, LagAfter(60, load, 0), 1e-12)
		after.Within(t, cell+", half-way", 30, LagAfter(60, load, want/2), 1e-9)
		assert.Equal(t, 0.0, LagAfter(60, load, want+1))
		stepped.Within(t, cell, want, CatchUpRising(60, func(float64) float64 { return load }, 2000, .1), 1e-6)
	}
	after.Within(t, "pause of 60 s, load 0.5, 10 s before its end", 50, LagAfter(60, .5, -10), 0)
	after.Within(t, "pause of 60 s, load 2, 2 s later", 61, LagAfter(60, 2, 2), 1e-12)
	assert.Equal(t, 0.0, LagAfter(60, 0, 1))
	assert.Equal(t, 0.0, CatchUp(0, 5))
	assert.Equal(t, math.Inf(1), CatchUp(1, 1))

	// Load .8 + .0002 t: the work left is 60 (.8 - .006) - .2 t + .0001 t^2, 0 at t = 276.4 s.
	rising := CatchUpRising(60, func(t float64) float64 { return .8 + .0002*t }, 1e4, .01)
	work := 60*.8 - .0001*3600
	stepped.Within(t, "pause of 60 s, load 0.8 that rises by 0.0002 a second", (.2-math.Sqrt(.04-4*.0001*work))/.0002, rising, 1e-4)
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
	peak := theory("peak lag of a large transaction", "apply - primary if it is streamed, apply if it is shipped at commit; of a chunk", "s")
	peak.Within(t, "10 s on the primary, 30 s to apply, streamed", 20, x.LagMax(), 0)
	x.AtCommit = true
	peak.Within(t, "10 s on the primary, 30 s to apply, at commit", 30, x.LagMax(), 0)
	theory("time to catch up after a large transaction", "lag rho/(1 - rho)", "s").Within(t, "30 s to apply, at commit, load 0.8", 120, x.CatchUp(.8), 1e-9)
	x.Chunks = 10
	peak.Within(t, "10 s on the primary, 30 s to apply, at commit in 10 chunks", 3, x.LagMax(), 0)
	x.Chunks = 0
	assert.True(t, math.IsNaN(x.LagMax()))
}

func TestRecoverySteps(t *testing.T) {
	s := RecoverySteps{Heartbeat: 2 * time.Second, Misses: 3, Decide: time.Second, Fence: 2 * time.Second, Promote: 3 * time.Second, Backlog: 4 * time.Second, Reroute: 5 * time.Second, Reconnect: 6 * time.Second}
	sum := theory("mean time of recovery", "(misses - 1/2) heartbeats, and the sum of the phases", "s")
	sum.Within(t, "detection, 3 heartbeats of 2 s", 5, s.Detection().Seconds(), 0)
	sum.Within(t, "all of it, phases of 1, 2, 3, 4, 5 and 6 s after that", 26, s.RTO().Seconds(), 0)
	assert.Zero(t, RecoverySteps{Heartbeat: time.Second}.Detection())
}

// 2000/s with 10 ms: mean and variance 20, none with e^-20; 100/s: mean 1, none with .368.
func TestLost(t *testing.T) {
	lost := theory("mean number of writes lost by a failover", "rate x delay; geometric: rho/(1 - rho); independent delivery to the best of n: rate x delay/n", "")
	none := theory("probability that a failover loses no write", "Poisson: e^(-rate delay)", "")
	moments := theory("law of the number of writes lost by a failover", "Poisson: mean and variance rate x delay; geometric: rho/(1 - rho) and rho/(1 - rho)^2", "")
	lost.Within(t, "2000 writes/s, 10 ms", 20, LostMean(2000, .01), 1e-12)
	none.Relative(t, "2000 writes/s, 10 ms", math.Exp(-20), LostConstant(2000, .01, 0), 1e-12)
	none.Within(t, "100 writes/s, 10 ms", .368, LostConstant(100, .01, 0), 5e-4)
	for _, law := range []struct {
		name           string
		p              func(int) float64
		mean, variance float64
	}{
		{"2000 writes/s, constant delay 10 ms", func(k int) float64 { return LostConstant(2000, .01, k) }, 20, 20},
		{"a sender as M/M/1 at load 0.8", func(k int) float64 { return LostQueued(.8, k) }, LostQueuedMean(.8), .8 / .04},
	} {
		var sum, mean, squares float64
		for k := range 400 {
			p := law.p(k)
			sum, mean, squares = sum+p, mean+float64(k)*p, squares+float64(k*k)*p
		}
		moments.Within(t, law.name+", sum of all probabilities", 1, sum, 1e-12)
		moments.Within(t, law.name+", mean", law.mean, mean, 1e-9)
		moments.Within(t, law.name+", variance", law.variance, squares-mean*mean, 1e-8)
	}
	lost.Within(t, "a sender as M/M/1 at load 0.8", 4, LostQueuedMean(.8), 1e-12)
	assert.Equal(t, math.Inf(1), LostQueuedMean(1))
	assert.Equal(t, 1.0, LostConstant(0, 1, 0))
	assert.Equal(t, 0.0, LostConstant(0, 1, 1))
	for n, want := range []float64{20, 10, 6.666666667} {
		lost.Within(t, fmt.Sprintf("2000 writes/s, mean delay 10 ms, independent delivery, best of %d", n+1), want, LostUnordered(2000, .01, n+1), 1e-8)
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
