package quorum

import (
	"math"

	"cloudconcepts/internal/stats"
)

// choose is the number of ways to take k of n; 0 if there is none.
func choose(n, k int) float64 {
	if k < 0 || k > n || n < 0 {
		return 0
	}
	x := 1.0
	for i := 1; i <= min(k, n-k); i++ {
		x *= float64(n-min(k, n-k)+i) / float64(i)
	}
	return x
}

// legal tells whether r and w are quorums of n replicas.
func legal(n, r, w int) bool { return n >= 1 && r >= 1 && r <= n && w >= 1 && w <= n }

// StaleAtOnce is C(N-W, R)/C(N, R), the probability that R replicas chosen at random miss the W that have the write. This and
// all other closed forms here give NaN for arguments without meaning.
func StaleAtOnce(n, r, w int) float64 {
	if !legal(n, r, w) {
		return math.NaN()
	}
	p := 1.0
	for i := range r { // C(n-w, r)/C(n, r), without overflow
		p *= math.Max(float64(n-w-i), 0) / float64(n-i)
	}
	return p
}

// KStaleness is the probability that a read returns one of the k newest versions, 1 - StaleAtOnce^k (PBS paper, section 3.1):
// quorums do not grow after the acknowledgement and are chosen independently. k may be a fraction.
func KStaleness(n, r, w int, k float64) float64 {
	if !(k >= 0) {
		return math.NaN()
	}
	return -math.Expm1(k * math.Log(StaleAtOnce(n, r, w)))
}

// MonotonicReads is the probability that a client does not see an older version than at its last read (section 3.2): it is
// KStaleness with k = 1 + writes/reads, where writes is the rate of all writes of the item and reads that of the client's
// reads; for strictly newer data k = writes/reads.
func MonotonicReads(n, r, w int, writes, reads float64, strict bool) float64 {
	if !(writes >= 0 && reads > 0) {
		return math.NaN()
	}
	k := writes / reads
	if !strict {
		k++
	}
	return KStaleness(n, r, w, k)
}

// StaleAfter is the probability that a read, t seconds after the acknowledgement, misses the write:
//
//	C(N-W, R)/C(N, R) exp(-R rate t)
//
// if writes reach replicas after independent exponential times (rate per second), acknowledgements and reads take no time, and
// the R replicas are chosen at random. Each of the N-W stragglers still lacks the write with probability q = exp(-rate t),
// independently, since the law has no memory; and E C(B, R) = C(N-W, R) q^R for binomial B. R = 1 is an asynchronous replica.
func StaleAfter(n, r, w int, rate, t float64) float64 {
	if !(rate >= 0 && t >= 0) {
		return math.NaN()
	}
	return StaleAtOnce(n, r, w) * math.Exp(-float64(r)*rate*t)
}

// KthCDF is the probability that at least k of n independent times, each with probability f by now, are over by now: the
// distribution function of the k-th smallest. With a law, f = 1 - Survival(t).
func KthCDF(k, n int, f float64) float64 {
	if k < 1 || k > n || !(f >= 0 && f <= 1) {
		return math.NaN()
	}
	return stats.BetaCDF(f, float64(k), float64(n-k+1))
}

// KthQuantile is the p-quantile, in seconds, of the k-th smallest of n independent times of a law: how long a quorum of k takes
// whose round trips follow it.
func KthQuantile(k, n int, l Law, p float64) float64 {
	if k < 1 || k > n || l.Validate() != nil || !(p >= 0 && p <= 1) {
		return math.NaN()
	}
	return l.Quantile(stats.BetaQuantile(p, float64(k), float64(n-k+1)))
}

// KthMean is the mean, in seconds, of the k-th smallest of n independent times of a law, to about 1e-4 (less exact for laws with
// jumps): of the quantiles below a high one, and of the survival function beyond it, in steps of its logarithm. It is +Inf where
// the mean is: a Pareto law's k-th smallest of n has tail index (n-k+1) alpha.
func KthMean(k, n int, l Law) float64 {
	if k < 1 || k > n || l.Validate() != nil {
		return math.NaN()
	}
	const cells, tail = 1 << 12, 1 << 12
	last := 1 - 1.0/tail
	a, b := float64(k), float64(n-k+1)
	logs, _ := math.Lgamma(a + b)
	logA, _ := math.Lgamma(a)
	logB, _ := math.Lgamma(b)
	var sum float64
	for i := range cells {
		u := last * (float64(i) + 0.5) / cells
		density := math.Exp(logs - logA - logB + (a-1)*math.Log(u) + (b-1)*math.Log1p(-u))
		sum += l.Quantile(u) * density * last / cells
	}
	from := l.Quantile(last)
	beyond := func(t float64) float64 { return kthSurvival(k, n, l.Survival(t)) }
	sum += from * kthSurvival(k, n, 1.0/tail)
	if from > 0 {
		const step = 0.01
		for y := math.Log(from); y < 700 && beyond(math.Exp(y)) > 0; y += step {
			t := math.Exp(y + step/2)
			sum += t * step * beyond(t)
		}
	}
	return sum
}

// kthSurvival is the probability that fewer than k of n are over when one is not with probability s.
func kthSurvival(k, n int, s float64) float64 {
	var sum float64
	for j := range k {
		sum += choose(n, j) * math.Pow(1-s, float64(j)) * math.Pow(s, float64(n-j))
	}
	return sum
}
