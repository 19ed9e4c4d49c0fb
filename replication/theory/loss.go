package theory

import "math"

// LostMean is the mean number of acknowledged writes that an asynchronous failover loses: writeRate times the mean time between a write's
// acknowledgement and its arrival at the replica that is promoted, by Little's law, for any delays. What counts is receiving,
// not applying: a promoted replica first applies all it has. With the time that an acknowledgement is on its way back, it is the mean
// number of writes in doubt under a synchronous mode.
func LostMean(writeRate, receiveLag float64) float64 {
	if !(writeRate >= 0 && receiveLag >= 0) {
		return math.NaN()
	}
	return writeRate * receiveLag
}

// LostConstant is the probability of losing exactly k writes if they arrive in a Poisson stream and each takes the same time to the
// most advanced replica: Poisson of mean writeRate delay. Of n independent replicas with constant delays the least delay counts.
func LostConstant(writeRate, delay float64, k int) float64 {
	mean := LostMean(writeRate, delay)
	switch {
	case k < 0 || math.IsNaN(mean):
		return math.NaN()
	case mean == 0:
		return indicator(k == 0)
	}
	logs, _ := math.Lgamma(float64(k) + 1)
	return math.Exp(float64(k)*math.Log(mean) - mean - logs)
}

// LostQueued is the probability of losing exactly k writes if the sender is the bottleneck and an M/M/1 queue of that load, writeRate over
// what the link sends: (1 - rho) rho^k, of mean rho/(1 - rho). 0 at load >= 1, where the loss grows without limit.
func LostQueued(load float64, k int) float64 {
	if !(load >= 0) || k < 0 {
		return math.NaN()
	}
	return max(1-load, 0) * math.Pow(load, float64(k))
}

// LostQueuedMean is the mean of LostQueued, rho/(1 - rho).
func LostQueuedMean(load float64) float64 {
	switch {
	case !(load >= 0):
		return math.NaN()
	case load >= 1:
		return math.Inf(1)
	}
	return load / (1 - load)
}

// LostUnordered is the mean number of writes that none of n replicas has, if each write reaches each replica after an independent
// exponential time and nothing keeps the order: writeRate mean/n. A log that is one stream does not behave so: it loses all
// that is behind the first gap.
func LostUnordered(writeRate, mean float64, n int) float64 {
	if n < 1 {
		return math.NaN()
	}
	return LostMean(writeRate, mean) / float64(n)
}

// SurvivesFailures tells whether no acknowledged write is lost when the primary and at most f of its n standbys fail at once: ANY k
// without a fall-back needs k > f, and an election that takes the most advanced of the standbys that are left.
func SurvivesFailures(k, n, f int) bool { return k >= 1 && k <= n && f >= 0 && k > f }

func indicator(yes bool) float64 {
	if yes {
		return 1
	}
	return 0
}

// UpAtLeast is the probability that at least k of n nodes are up, each with probability p, independently.
func UpAtLeast(k, n int, p float64) float64 {
	if n < 0 || n > 1000 || k > n || !(p >= 0 && p <= 1) {
		return math.NaN()
	}
	var enough, few float64
	logs, _ := math.Lgamma(float64(n) + 1)
	for j := range n + 1 {
		a, _ := math.Lgamma(float64(j) + 1)
		b, _ := math.Lgamma(float64(n-j) + 1)
		x := math.Round(math.Exp(logs-a-b)) * math.Pow(p, float64(j)) * math.Pow(1-p, float64(n-j))
		if n > 50 {
			x = math.Exp(logs - a - b + xLog(j, p) + xLog(n-j, 1-p))
		}
		if j >= k {
			enough += x
		} else {
			few += x
		}
	}
	if enough > few {
		return max(1-few, 0) // the small side keeps its digits
	}
	return enough
}

// xLog is n ln p, 0 for n = 0.
func xLog(n int, p float64) float64 {
	if n == 0 {
		return 0
	}
	return float64(n) * math.Log(p)
}

// MajorityUp is the probability that more than half of n nodes are up. An even n is worse than n - 1.
func MajorityUp(n int, p float64) float64 {
	if n < 1 {
		return math.NaN()
	}
	return UpAtLeast(n/2+1, n, p)
}

// CommitUp is the probability that a commit does not block: the primary is up, and so are k of its n standbys (ANY k). k = n, all
// synchronous, is p^(n+1); k = 0, asynchronous, is p.
func CommitUp(k, n int, p float64) float64 {
	if k < 0 {
		return math.NaN()
	}
	return p * UpAtLeast(k, n, p)
}

// ToleratedFailures is how many of n nodes can fail while a majority is left: (n-1)/2.
func ToleratedFailures(n int) int { return max(n-1, 0) / 2 }

// FailoverUp is the share of time in which there is a primary, if each one fails after mtbf on average and it takes rto until the next one
// works: mtbf/(mtbf + rto).
func FailoverUp(mtbf, rto float64) float64 {
	if !(mtbf > 0 && rto >= 0) {
		return math.NaN()
	}
	return 1 / (1 + rto/mtbf)
}
