package lsm

import (
	"fmt"

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
// Poisson-binomial law of Rates. bloom.Progression.Classes gives the classes of a
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
