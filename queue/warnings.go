package queue

import (
	"fmt"
	"math"

	"cloudconcepts/internal/units"
)

// warnings say what cannot be trusted.
func (r *Result) warnings(run *run) []error {
	var list []error
	c := r.Config
	if load := c.Load(); load >= 1 && c.Capacity == 0 && !c.sheds() {
		list = append(list, fmt.Errorf("%w: the servers are offered %.4g times what they can do; means depend on the length of the run", ErrUnstable, load))
	}
	if run.cutRows {
		list = append(list, fmt.Errorf("queue: rows end after %d; take a longer Sample", mostRows))
	}
	if c.Duration == 0 && r.InSystem > 0 {
		list = append(list, fmt.Errorf("queue: the run was cut after 73 years with %d messages left", r.InSystem))
	}
	switch {
	case r.Offered == 0:
		list = append(list, fmt.Errorf("%w: the run was over before the warm-up", ErrPrecision))
	case run.total.started() == 0:
		list = append(list, fmt.Errorf("%w: none was served", ErrPrecision))
	default:
		list = append(list, r.doubts(run)...)
	}
	return list
}

// sheds tells whether the discipline keeps an overloaded line short.
func (c Config) sheds() bool { return c.Discipline >= Expire }

// doubts are about the mean wait, of which 5 % are tolerated, and the outer quantiles, which need ten messages beyond.
func (r *Result) doubts(run *run) []error {
	var list []error
	n := float64(run.total.started())
	half := r.WaitHalf
	if markov := r.Config.markovError(n); markov > half {
		half = markov
	}
	if run.total.means.means.Batches() < 2 || half > 0.05*r.WaitMean {
		list = append(list, fmt.Errorf("%w: the mean wait of %s is only known to -+%s (95 %%); take more", ErrPrecision, units.FormatSeconds(r.WaitMean), units.FormatSeconds(half)))
	}
	for _, p := range []float64{0.99, 0.999} {
		if n*(1-p) < 9.999 {
			list = append(list, fmt.Errorf("%w: only %d of %d were above the %g quantile; take at least %.0f", ErrPrecision, int(n*(1-p)), run.total.started(), p, 10/(1-p)))
			break
		}
	}
	return list
}

// markovError is the half width of the 95 % interval of the mean wait of n customers of a stable M/M/1 queue, in
// seconds, by its asymptotic variance; 0 for any other. Batch means that are too short do not see all of it.
func (c Config) markovError(n float64) float64 {
	rho := c.Load()
	if !c.Arrivals.Poisson() || !c.Service.Exponential() || c.Servers != 1 || !(rho < 1) ||
		c.Capacity > 0 || c.Discipline != FIFO || len(c.Classes) > 1 {
		return 0
	}
	variance := rho * (2 + rho*(5+rho*(-4+rho))) / math.Pow(1-rho, 4)
	return 1.96 * c.Service.Mean() * math.Sqrt(variance/n)
}
