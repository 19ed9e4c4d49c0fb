package theory

import (
	"math"
)

// CommitWait is the time from a commit's start to its acknowledgement: the local flush and the K fastest of some
// acknowledgements, whose times are independent. ANY k lists all standbys; FIRST k lists the k named ones with K = k, so
// that the slowest of them counts. A log is one stream: with random delays a message also waits for those before it, which makes
// the true wait longer than this as soon as commits follow one another faster than delays vary.
type CommitWait struct {
	Local    Law   // flush on the primary
	Acks     []Law // round trip to each standby, with what it does before it answers
	K        int   // acknowledgements that count, [0, len(Acks)]
	Parallel bool  // the log is sent while the primary still flushes (Raft); else only then (PostgreSQL, MySQL)
}

func (w CommitWait) legal() bool {
	for _, l := range w.Acks {
		if l.Validate() != nil {
			return false
		}
	}
	return w.Local.Validate() == nil && w.K >= 0 && w.K <= len(w.Acks) && len(w.Acks) <= 1000
}

// survival is the probability that fewer than K acknowledgements are in after t.
func (w CommitWait) survival(t float64) float64 {
	if w.K == 0 {
		return 0
	}
	in := make([]float64, w.K) // probability of exactly i
	in[0] = 1
	for _, l := range w.Acks {
		late := l.Survival(t)
		for i := w.K - 1; i > 0; i-- {
			in[i] = in[i]*late + in[i-1]*(1-late)
		}
		in[0] *= late
	}
	var sum float64
	for _, p := range in {
		sum += p
	}
	return sum
}

// Survival is the probability that a commit takes longer than t. One after the other, the local flush is averaged over 4096
// quantiles; if it is constant, this is exact.
func (w CommitWait) Survival(t float64) float64 {
	switch {
	case !w.legal() || math.IsNaN(t):
		return math.NaN()
	case t < 0:
		return 1
	case w.K == 0:
		return w.Local.Survival(t)
	case w.Parallel:
		return 1 - (1-w.Local.Survival(t))*(1-w.survival(t))
	}
	if fixed, ok := w.Local.Fixed(); ok {
		return w.acksAfter(t - fixed.Seconds())
	}
	const cells = 4096
	var sum float64
	for i := range cells {
		sum += w.acksAfter(t - w.Local.Quantile((float64(i)+0.5)/cells))
	}
	return sum / cells
}

func (w CommitWait) acksAfter(t float64) float64 {
	if t < 0 {
		return 1
	}
	return w.survival(t)
}

// Mean is the mean wait; +Inf if it is infinite.
func (w CommitWait) Mean() float64 {
	switch {
	case !w.legal():
		return math.NaN()
	case w.K == 0:
		return w.Local.Mean()
	case w.Parallel:
		return tailIntegral(w.Survival)
	}
	return w.Local.Mean() + tailIntegral(w.survival)
}

// Throughput is how many commits a second one session makes that commits back to back: 1/Mean. With a round trip of 85 ms it
// is at most 11.8.
func (w CommitWait) Throughput() float64 { return 1 / w.Mean() }

// Quantile is the time that a share p of commits does not exceed, p in [0, 1).
func (w CommitWait) Quantile(p float64) float64 {
	if !w.legal() || !(p >= 0 && p < 1) {
		return math.NaN()
	}
	low, high := 0.0, 1e-9
	for w.Survival(high) > 1-p && high < 1e18 {
		low, high = high, 2*high
	}
	for range 60 {
		if mid := (low + high) / 2; w.Survival(mid) > 1-p {
			low = mid
		} else {
			high = mid
		}
	}
	return high
}

// KthExponentialMean is the mean of the k-th smallest of n independent exponential times of mean 1: 1/n + 1/(n-1) + ... (k terms).
func KthExponentialMean(k, n int) float64 { return kthSum(k, n, 1) }

// KthExponentialVariance is its variance: 1/n^2 + 1/(n-1)^2 + ... (k terms).
func KthExponentialVariance(k, n int) float64 { return kthSum(k, n, 2) }

func kthSum(k, n int, power float64) float64 {
	if k < 1 || k > n {
		return math.NaN()
	}
	var sum float64
	for i := range k {
		sum += math.Pow(float64(n-i), -power)
	}
	return sum
}

// tailIntegral is the integral of a survival function from 0 on, by adaptive Simpson over pieces that double, to about 1e-9 of it;
// +Inf if the tail is too heavy to have one.
func tailIntegral(s func(float64) float64) float64 {
	from, to := 0.0, 1e-9
	for s(to) > 0.999 && to < 1e15 { // nothing happens before
		to *= 2
	}
	var sum, piece float64
	for range 200 {
		nodes := 4000
		piece = simpson(s, span{from, to, s(from), s((from + to) / 2), s(to)}, 1e-10*(sum+to)+1e-18, &nodes)
		sum += piece
		if s(to) == 0 || piece < 1e-13*sum {
			return sum
		}
		from, to = to, 2*to
	}
	return math.Inf(1)
}

// span is an interval with the function's values at both ends and in the middle.
type span struct{ from, to, low, mid, high float64 }

func simpson(f func(float64) float64, s span, precision float64, nodes *int) float64 {
	middle, width := (s.from+s.to)/2, s.to-s.from
	left, right := f((s.from+middle)/2), f((middle+s.to)/2)
	coarse := width / 6 * (s.low + 4*s.mid + s.high)
	fine := width / 12 * (s.low + 4*left + 2*s.mid + 4*right + s.high)
	*nodes--
	if math.Abs(fine-coarse) <= 15*precision || *nodes <= 0 || width < 1e-15*s.to {
		return fine + (fine-coarse)/15
	}
	precision /= 2
	return simpson(f, span{s.from, middle, s.low, left, s.mid}, precision, nodes) +
		simpson(f, span{middle, s.to, s.mid, right, s.high}, precision, nodes)
}
