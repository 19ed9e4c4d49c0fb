package law

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"
)

// Empirical takes one of the values, each as likely as the others; at most 100,000 of them.
func Empirical(values ...time.Duration) Law {
	if len(values) > mostValues {
		return Law{kind: empirical}
	}
	sorted := slices.Sorted(slices.Values(values))
	l := Law{kind: empirical}
	if len(sorted) == 0 {
		return l
	}
	texts := make([]string, len(sorted))
	for i, v := range sorted {
		texts[i] = v.String()
	}
	l.values, l.a, l.b = strings.Join(texts, ","), sorted[0], sorted[len(sorted)-1]
	return l
}

// tabulated is how many equally likely values stand for a law from elsewhere.
const tabulated = 10_000

// Tabulate makes a law of anything that knows its quantiles in seconds, such as the laws of gonum's distuv. It is kept
// as 10,000 equally likely values, the quantiles at (i + 1/2)/10,000: what lies beyond the last one is cut off.
func Tabulate(q interface{ Quantile(p float64) float64 }) (Law, error) {
	if q == nil {
		return Law{}, errors.New("no law to tabulate")
	}
	values := make([]time.Duration, tabulated)
	for i := range values {
		v := q.Quantile((float64(i) + 0.5) / tabulated)
		if math.IsNaN(v) || v < 0 || v > longest.Seconds() {
			return Law{}, fmt.Errorf("quantile %v is %v, want in [0, 10 years]", (float64(i)+0.5)/tabulated, v)
		}
		values[i] = time.Duration(math.Round(v * 1e9))
	}
	return Empirical(values...), nil
}
