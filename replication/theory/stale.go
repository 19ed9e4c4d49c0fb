package theory

import (
	"math"

	"cloudconcepts/internal/stats"
)

// StaleRead is a read of one replica chosen at random, some time after a write. The write becomes visible on each replica after an
// independent time of one law, counted from its commit on the primary, where it is visible at once.
type StaleRead struct {
	Replicas int  // n >= 1
	Acks     int  // replicas on which the write must be visible before it is acknowledged: 0 async, k for ANY k with remote_apply
	Primary  bool // the primary is one of those that the read chooses from
	Lag      Law  // until the write is visible on a replica
}

// At is the probability that a read t seconds after the acknowledgement misses the write:
//
//	(n - k)/n E[P(lag > X + t | lag > X)], X the k-th smallest of n lags
//
// times n/(n+1) if the primary is in the pool. For exponential lags it is (n - k)/n e^(-t/L), by the law's lack of memory; for
// k = 0 it is the law's survival function (a step for a constant lag), and for k = n it is 0.
// Other laws with 0 < k < n are averaged over 1024 quantiles of X.
func (s StaleRead) At(t float64) float64 {
	n, k := float64(s.Replicas), float64(s.Acks)
	if s.Replicas < 1 || s.Acks < 0 || s.Acks > s.Replicas || !(t >= 0) || s.Lag.Validate() != nil {
		return math.NaN()
	}
	pool := 1.0
	if s.Primary {
		pool = n / (n + 1)
	}
	switch {
	case s.Acks == s.Replicas:
		return 0
	case s.Acks == 0:
		return pool * s.Lag.Survival(t)
	case s.Lag.Exponential():
		return pool * (n - k) / n * math.Exp(-t/s.Lag.Mean())
	}
	const cells = 1024
	var sum float64
	for i := range cells {
		u := stats.BetaQuantile((float64(i)+0.5)/cells, k, n-k+1)
		sum += min(s.Lag.Survival(s.Lag.Quantile(u)+t)/(1-u), 1)
	}
	return pool * (n - k) / n * sum / cells
}

// Session is a client that writes, thinks for an exponential time and reads. Lags are exponential and independent.
type Session struct {
	Lag   float64 // mean until a write is visible on a replica, s
	Think float64 // mean from a write to the client's next read, s
}

func (s Session) legal() bool { return s.Lag > 0 && s.Think >= 0 && !math.IsInf(s.Lag+s.Think, 0) }

// OwnWriteMissed is the probability that the read goes to a replica that lacks the client's own write, if reads in the first window
// seconds after a write go to the primary:
//
//	theta/(theta + mu) e^(-(theta + mu) window), theta = 1/Think, mu = 1/Lag
func (s Session) OwnWriteMissed(window float64) float64 {
	if !s.legal() || !(window >= 0) {
		return math.NaN()
	}
	if s.Think == 0 {
		return indicator(window == 0)
	}
	return s.Lag / (s.Lag + s.Think) * math.Exp(-window*(1/s.Think+1/s.Lag))
}

// PrimaryReads is the share of reads that such a window sends to the primary: 1 - e^(-window/Think).
func (s Session) PrimaryReads(window float64) float64 {
	if !s.legal() || !(window >= 0) {
		return math.NaN()
	}
	if s.Think == 0 {
		return indicator(window > 0)
	}
	return -math.Expm1(-window / s.Think)
}

// BackwardRead is the probability that of two reads, each of a random one of n replicas, the first sees a write of that age and the
// second, gap seconds later, does not: (n-1)/n (1 - e^(-age/lag)) e^(-(age + gap)/lag). A client that stays with one replica has 0.
func BackwardRead(n int, lag, age, gap float64) float64 {
	if !(n >= 1 && lag > 0 && age >= 0 && gap >= 0) {
		return math.NaN()
	}
	return float64(n-1) / float64(n) * -math.Expm1(-age/lag) * math.Exp(-(age+gap)/lag)
}

// BackwardReadWorst is the greatest BackwardRead, (n-1)/(4n), for an age of lag ln 2 and no gap.
func BackwardReadWorst(n int) float64 {
	if n < 1 {
		return math.NaN()
	}
	return float64(n-1) / (4 * float64(n))
}

// TokenDelay is the mean time that a read waits, after seconds after the client's write, for the replica to reach that write's position:
// E min((lag - after)+, timeout) = L e^(-after/L) (1 - e^(-timeout/L)), lag exponential of mean L. timeout may be +Inf.
func TokenDelay(lag, after, timeout float64) float64 {
	if !(lag > 0 && after >= 0 && timeout >= 0) {
		return math.NaN()
	}
	return lag * math.Exp(-after/lag) * -math.Expm1(-timeout/lag)
}

// TokenFallback is the share of those reads that give up after timeout and go to the primary: e^(-(after + timeout)/L).
func TokenFallback(lag, after, timeout float64) float64 {
	if !(lag > 0 && after >= 0 && timeout >= 0) {
		return math.NaN()
	}
	return math.Exp(-(after + timeout) / lag)
}
