package lsm

import (
	"fmt"
	"math"

	"cloudconcepts/bloom"
	"cloudconcepts/internal/check"
)

// IODistribution is the distribution of the number of reads of one lookup: its
// element j is P(j reads).
type IODistribution []float64

// Mean is the expected number of reads.
func (d IODistribution) Mean() float64 {
	var sum float64
	for j, p := range d {
		sum += float64(j) * p
	}
	return sum
}

// AtLeast is P(j reads or more), summed from the tail.
func (d IODistribution) AtLeast(j int) float64 {
	var sum float64
	for i := len(d) - 1; i >= max(j, 0); i-- {
		sum += d[i]
	}
	return sum
}

// Quantile is the smallest number of reads that a share q of all lookups does
// not exceed. q below 0 counts as 0, above 1 as 1.
func (d IODistribution) Quantile(q float64) int {
	tail := 0.0
	for j := len(d) - 1; j > 0; j-- {
		tail += d[j]
		// The slack is for the cliff itself: (1-p)^L = q to rounding.
		if tail > 1-q+1e-12 {
			return j
		}
	}
	return 0
}

// IndependentRuns is the distribution of the false positives of one absent key
// over runs whose filters err independently (each has its own seed): the
// Poisson-binomial law, by convolution. Runs without a filter have rate 1.
func IndependentRuns(rates []float64) (IODistribution, error) {
	return SharedHashRuns([]bloom.KeyClass{{Weight: 1, Rates: rates}})
}

// SharedHashRuns is the same for runs whose filters are probed by one hash of
// the key: a mixture over the classes of keys, P(j) = sum of Weight times the
// Poisson-binomial law of Rates. Progression.Classes gives the classes of a
// real engine.
func SharedHashRuns(classes []bloom.KeyClass) (IODistribution, error) {
	if err := validClasses(classes); err != nil {
		return nil, err
	}
	mix := make(IODistribution, len(classes[0].Rates)+1)
	for _, c := range classes {
		for j, p := range poissonBinomial(c.Rates) {
			mix[j] += c.Weight * p
		}
	}
	return mix, nil
}

func validClasses(classes []bloom.KeyClass) error {
	v := check.Of(ErrInvalidConfig)
	if len(classes) == 0 || len(classes) > maxRuns {
		v.Add("Classes: %d classes, want 1 to %d", len(classes), maxRuns)
		return v.Err()
	}
	var sum float64
	for i, c := range classes {
		v.Between(fmt.Sprintf("Classes[%d].Weight", i), c.Weight, 0, 1, "")
		if len(c.Rates) != len(classes[0].Rates) || len(c.Rates) > maxRuns {
			v.Add("Classes[%d].Rates: %d runs, want as many as the first class has and at most %d", i, len(c.Rates), maxRuns)
		}
		for j, p := range c.Rates {
			v.Between(fmt.Sprintf("Classes[%d].Rates[%d]", i, j), p, 0, 1, "")
		}
		sum += c.Weight
	}
	if v.OK() {
		v.Between("sum of Classes.Weight", sum, 1-1e-9, 1+1e-9, "")
	}
	return v.Err()
}

func poissonBinomial(rates []float64) IODistribution {
	d := make(IODistribution, 1, len(rates)+1)
	d[0] = 1
	for _, p := range rates {
		d = append(d, 0)
		for j := len(d) - 1; j > 0; j-- {
			d[j] = d[j]*(1-p) + d[j-1]*p
		}
		d[0] *= 1 - p
	}
	return d
}

// PresentRuns is the distribution of the reads of a key that is in run target
// (counted from 0): one read there and the false positives of the newer runs
// before it. Older runs are not visited.
func PresentRuns(classes []bloom.KeyClass, target int) (IODistribution, error) {
	if err := validClasses(classes); err != nil {
		return nil, err
	}
	if target < 0 || target >= len(classes[0].Rates) {
		return nil, fmt.Errorf("%w: Target = %d, want in [0, %d)", ErrInvalidConfig, target, len(classes[0].Rates))
	}
	newer := make([]bloom.KeyClass, len(classes))
	for i, c := range classes {
		newer[i] = bloom.KeyClass{Weight: c.Weight, Rates: c.Rates[:target]}
	}
	d, err := SharedHashRuns(newer)
	return append(IODistribution{0}, d...), err
}

// AbsentReads is R, the expected reads of an absent key: the sum of the rates
// (Equation 3 of Monkey). It holds whether or not the runs share a hash.
func AbsentReads(rates []float64) float64 {
	var sum float64
	for _, p := range rates {
		sum += p
	}
	return sum
}

// PresentReads is V, the expected reads of a key that is in run i with
// probability target[i] (at least one positive; they are taken relative to
// their sum): 1 plus the rates of the runs before it. With all weight on the
// last run it is Equation 9 of Monkey, R - p_L + 1. It is NaN unless there is a
// weight in [0, 1e15] for each rate in [0, 1].
func PresentReads(rates, target []float64) float64 {
	if len(rates) != len(target) {
		return math.NaN()
	}
	var sum, newer, reads float64
	for i, w := range target {
		if !(rates[i] >= 0 && rates[i] <= 1) || !(w >= 0 && w <= 1e15) {
			return math.NaN()
		}
		reads += w * (1 + newer)
		newer += rates[i]
		sum += w
	}
	return reads / sum
}

// CliffRate is the largest false-positive rate of L independent runs at which
// a share q of all absent lookups reads nothing: 1 - q^(1/L). Its IdealBits is
// where the latency quantile q falls off a cliff. q in (0, 1), runs >= 1; others
// give NaN.
func CliffRate(runs int, q float64) float64 {
	if runs < 1 || !(q > 0 && q < 1) {
		return math.NaN()
	}
	return -math.Expm1(math.Log(q) / float64(runs))
}

// CliffBits is the bits per key of ideal filters from which on the quantile q of the uncached reads of
// an absent key over independent runs is 0, if a share hit of the reads is cached: at least 0. It is NaN
// unless hit is in [0, 1] and where [CliffRate] is.
func CliffBits(runs int, hit, q float64) float64 {
	rate := CliffRate(runs, q)
	if math.IsNaN(rate) || !(hit >= 0 && hit <= 1) {
		return math.NaN()
	}
	if hit == 1 {
		return 0
	}
	return bloom.IdealBits(math.Min(rate/(1-hit), 1))
}
