package stats

import (
	"fmt"
	"math"
)

// StudentT is the quantile of Student's t with df degrees of freedom: P(T <= StudentT(p, df)) = p, for p in (0, 1) and
// df > 0. Outside that it is NaN.
func StudentT(p, df float64) float64 {
	switch {
	case !(p > 0 && p < 1) || !(df > 0):
		return math.NaN()
	case p < 0.5:
		return -StudentT(1-p, df)
	case p == 0.5:
		return 0
	}
	df = min(df, 1e9) // normal to nine digits
	// P(|T| > t) = I_x(df/2, 1/2) with x = df/(df+t^2).
	return bisect(0, 1e300, func(t float64) bool {
		return BetaCDF(1/(1+t/df*t), df/2, 0.5) > 2*(1-p)
	})
}

// ClopperPearson is the exact interval for a probability of which hits were seen in trials: it holds the truth with at
// least the given confidence, in (0, 1) (Clopper and Pearson, Biometrika 26, 1934).
func ClopperPearson(hits, trials uint64, confidence float64) (low, high float64, err error) {
	if trials == 0 || hits > trials {
		return 0, 1, fmt.Errorf("stats: %d hits in %d trials, want 0 <= hits <= trials and trials > 0", hits, trials)
	}
	if !(confidence > 0 && confidence < 1) {
		return 0, 1, fmt.Errorf("stats: confidence = %g, want in (0, 1)", confidence)
	}
	tail := (1 - confidence) / 2
	x, n := float64(hits), float64(trials)
	low, high = 0, 1
	if hits > 0 {
		low = BetaQuantile(tail, x, n-x+1)
	}
	if hits < trials {
		high = BetaQuantile(1-tail, x+1, n-x)
	}
	return low, high, nil
}
