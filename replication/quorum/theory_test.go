package quorum

import (
	"fmt"
	"math"
	"testing"
	"time"

	"cloudconcepts/internal/law"
	"cloudconcepts/internal/validation"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func simulate(t testing.TB, c Config) Result {
	t.Helper()
	r, err := Simulate(c)
	require.NoError(t, err)
	return r
}

// PBS paper, section 3.1.
func TestKStaleness(t *testing.T) {
	newest := theory("probability that a read returns one of the k newest versions", "1 - (C(N-W, R)/C(N, R))^k (PBS paper, section 3.1)", "")
	for _, c := range []struct {
		n, r, w int
		k, want float64
	}{
		{3, 1, 1, 1, 1. / 3},
		{3, 1, 1, 2, 5. / 9},
		{3, 1, 1, 3, 19. / 27},
		{3, 1, 1, 5, 211. / 243},
		{3, 1, 1, 10, 1 - 1024./59049},
		{3, 1, 2, 1, 2. / 3},
		{3, 1, 2, 2, 8. / 9},
		{3, 1, 2, 5, 242. / 243},
		{3, 2, 1, 1, 2. / 3},
		{3, 2, 2, 1, 1},
		{3, 2, 2, 0, math.NaN()},
	} {
		got := KStaleness(c.n, c.r, c.w, c.k)
		if math.IsNaN(c.want) {
			continue
		}
		newest.Within(t, fmt.Sprintf("%s, k = %g", quorums(c.n, c.r, c.w), c.k), c.want, got, 1e-12)
	}
	for i, want := range []float64{.33333, .55556, .70370} {
		newest.Within(t, fmt.Sprintf("%s, k = %d, to five digits", quorums(3, 1, 1), i+1), want, KStaleness(3, 1, 1, float64(i+1)), 5e-6)
	}
	missed := theory("probability that a read misses the newest write", "C(N-W, R)/C(N, R)", "")
	missed.Relative(t, quorums(100, 30, 30), 1.884e-6, StaleAtOnce(100, 30, 30), .0005)
	missed.Relative(t, quorums(100, 30, 30)+", as 1 less the probability of the newest version", 1.88e-6, 1-KStaleness(100, 30, 30, 1), .005)
	monotonic := theory("probability of monotonic reads", "1 - (C(N-W, R)/C(N, R))^(1 + writes/reads), strictly newer without the 1", "")
	monotonic.Within(t, quorums(3, 1, 1)+", two reads a write", 1-math.Pow(2./3, 1.5), MonotonicReads(3, 1, 1, 1, 2, false), 1e-12)
	monotonic.Within(t, quorums(3, 1, 1)+", two reads a write, strictly newer", 1-math.Pow(2./3, .5), MonotonicReads(3, 1, 1, 1, 2, true), 1e-12)
}

// The simulation of instant acknowledgements and reads is the closed form.
func TestStaleAfter(t *testing.T) {
	formula := "C(N-W, R)/C(N, R) e^(-R rate t)"
	digits := theory("probability of a stale read a time after the write", formula, "")
	simulated := theory("simulated share of stale reads a time after the write", formula, "")
	for _, c := range []struct {
		n, r, w   int
		at, stale []float64 // ms, at 1/ms
	}{
		{5, 2, 2, []float64{0, .5, 1.5}, []float64{.3, .11036, .01494}},
		{3, 1, 1, []float64{0, .5, 1.5}, []float64{.66667, .40435, .14875}},
		{5, 1, 3, []float64{0, .5}, []float64{.4, .24261}},
		{3, 2, 2, []float64{0, .5}, []float64{0, 0}},
	} {
		n, _ := enough(1_000_000)
		got := simulate(t, Config{N: c.n, R: c.r, W: c.w, Latency: Propagation(1), ReadFanOut: ToQuorum, Trials: n, Seed: 1})
		for i, at := range c.at {
			want := StaleAfter(c.n, c.r, c.w, 1000, at/1000)
			cell := fmt.Sprintf("%s, mean delay 1 ms, after %g ms", quorums(c.n, c.r, c.w), at)
			digits.Within(t, cell, c.stale[i], want, 1e-5)
			p := got.PConsistent(at / 1000)
			simulated.Within(t, cell, want, 1-p.Mean, 4*p.StandardError)
			if !testing.Short() {
				assert.InDelta(t, want, 1-p.Mean, .002)
			}
		}
	}
}

// The data centres do not matter to replicas chosen at random if the way between them takes no time, and the WAN's quorum of one
// is in the coordinator's own.
func TestVoldemortAcrossDataCentres(t *testing.T) {
	m := Propagation(1)
	m.Remote = 1 // 1 ns: too little to see, but the replicas are now chosen one by one
	n, _ := enough(300_000)
	got := simulate(t, Config{N: 5, R: 2, W: 2, Latency: m, ReadFanOut: ToQuorum, Trials: n, Seed: 1}).PConsistent(.0005)
	theory("simulated share of stale reads of replicas chosen one by one", "C(N-W, R)/C(N, R) e^(-R rate t)", "").
		Within(t, quorums(5, 2, 2)+", mean delay 1 ms, after 0.5 ms", StaleAfter(5, 2, 2, 1000, .0005), 1-got.Mean, 4*got.StandardError)
}

// Across data centres a read finds the write at once only if it starts where the write did, one time in N.
func TestDataCentresAreIndependent(t *testing.T) {
	n, slack := enough(200_000)
	r := simulate(t, Config{N: 3, R: 1, W: 1, Latency: WAN(), Trials: n, Seed: 1})
	theory("share of reads that are fresh at once across data centres", "1/N: the read starts where the write did", "").
		Within(t, quorums(3, 1, 1)+", model WAN", 1./3, r.PConsistent0, .005*slack)
}

// The p-quantile of a quorum's latency is that of the order statistic.
func TestQuorumLatency(t *testing.T) {
	n, _ := enough(300_000)
	read := theory("simulated quantile of a read's latency", "k-th smallest of N: quantile of the law at that of Beta(k, N-k+1)", "s")
	write := theory("simulated quantile of a write's latency", "k-th smallest of N: quantile of the law at that of Beta(k, N-k+1)", "s")
	inverse := theory("distribution function of the k-th smallest at its quantile", "P(at least k of N are over)", "")
	for _, k := range []int{1, 2, 3, 4, 5} {
		l := law.Exp(2 * time.Millisecond)
		c := Config{N: 5, R: k, W: k, Latency: Model{Write: Of(l), Response: Of(l)}, Trials: n, Seed: 1}
		r := simulate(t, c)
		for _, p := range []float64{.1, .5, .99} {
			want := KthQuantile(k, 5, l, p)
			cell := fmt.Sprintf("%d of 5 exponential answers of mean 2 ms, quantile %g", k, p)
			for i, got := range []Estimate{r.ReadQuantile(p), r.WriteQuantile(p)} {
				[]validation.Claim{read, write}[i].Within(t, cell, want, got.Mean, 2.2*(got.High-got.Low)/2+1e-4*want)
			}
			inverse.Within(t, cell, p, KthCDF(k, 5, 1-l.Survival(want)), 1e-9)
		}
	}
}

func TestKthMean(t *testing.T) {
	mean := theory("mean of the k-th smallest of n times by integration", "exponential: 1/n + 1/(n-1) + ...; uniform: 1 + k/(n+1); Pareto: mean of an index n alpha; constant", "s")
	for _, c := range []struct {
		k, n int
		want float64
	}{{1, 3, 1. / 3}, {2, 3, 5. / 6}, {2, 5, .45}, {3, 5, .7833333333}, {1, 1, 1}, {2, 2, 1.5}} {
		cell := fmt.Sprintf("%d of %d", c.k, c.n)
		mean.Relative(t, cell+", exponential of mean 1 s", c.want, KthMean(c.k, c.n, law.Exp(time.Second)), 2e-4)
		mean.Relative(t, cell+", uniform from 1 to 2 s", 1+float64(c.k)/float64(c.n+1), KthMean(c.k, c.n, law.Uniform(time.Second, 2*time.Second)), 2e-4)
		mean.Relative(t, cell+", constant 3 s", 3, KthMean(c.k, c.n, law.Const(3*time.Second)), 1e-3)
	}
	// The smallest of n Pareto times is Pareto, of n times the tail index; the mean of one is heavy in the tail.
	l := law.Pareto(1.5, 3*time.Second) // least 1 s
	mean.Relative(t, "1 of 3, Pareto of index 1.5 and mean 3 s", 4.5/3.5, KthMean(1, 3, l), 2e-4)
	mean.Relative(t, "1 of 1, Pareto of index 1.5 and mean 3 s", 3, KthMean(1, 1, l), 2e-3)
}

func TestTheoryWithoutMeaning(t *testing.T) {
	nan := math.NaN()
	for i, x := range []float64{
		StaleAtOnce(0, 1, 1), StaleAtOnce(3, 4, 1), KStaleness(3, 1, 1, -1), KStaleness(3, 1, 1, nan), MonotonicReads(3, 1, 1, 1, 0, false),
		StaleAfter(3, 1, 1, -1, 0), StaleAfter(3, 1, 0, 1, 0), StaleAfter(3, 1, 1, 1, nan), KthCDF(0, 3, .5), KthCDF(4, 3, .5), KthCDF(1, 3, nan),
		KthQuantile(1, 0, law.Exp(1), .5),
		KthQuantile(1, 1, law.Exp(-1), .5), KthMean(0, 1, law.Exp(1)), KthMean(1, 1, law.Exp(-1)),
	} {
		assert.True(t, math.IsNaN(x), "%d: %g", i, x)
	}
}

// The exponential of the ziggurat: mean, second moment and tail; and exp to the last digits.
func TestZiggurat(t *testing.T) {
	z, g := newZiggurat(), newGenerator(1)
	n, _ := enough(3_000_000)
	var sum, squares float64
	var beyond [11]float64
	for range n {
		x := z.exponential(&g)
		sum += x
		squares += x * x
		for i := 0; i < len(beyond) && x > float64(i); i++ {
			beyond[i]++
		}
	}
	m := float64(n)
	moments := theory("moments of sampled exponential numbers", "E x = 1, E x^2 = 2", "")
	moments.Within(t, "first", 1, sum/m, 4/math.Sqrt(m))
	moments.Within(t, "second", 2, squares/m, 4*math.Sqrt(20/m))
	tail := theory("share of sampled exponential numbers above x", "e^-x", "")
	for i, hits := range beyond {
		p := math.Exp(-float64(i))
		tail.Within(t, fmt.Sprintf("x = %d", i), p, hits/m, 4*math.Sqrt(p*(1-p)/m)+1e-12)
	}
	for x := 0.0; x < 600; x += .917 {
		assert.InEpsilon(t, math.Exp(x), z.exp(x), 1e-13, "exp(%g)", x)
	}
}
