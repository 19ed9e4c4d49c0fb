package livemigration

import (
	"fmt"
	"math"

	"cloudconcepts/livemigration/theory"
)

// DirtyCurve is a workload, seen as a live migration sees it: how many unique
// bytes of memory it dirties. Everything else (rounds, plateaus, faults) follows
// from this one curve. The curves are ConstantRate, Uniform, Mixture, Zipf,
// Sequential, Empirical, and Phased over any of them; Replay plays back a
// recorded migration. Real curves bend: a memcached guest dirties 528 MiB/s over
// 125 ms and 98.6 MiB/s over a minute (hypervisor.MemcachedVM).
//
// Unique is the number of unique bytes dirtied within t seconds after all pages
// were clean. It must start at 0 (an empirical curve may jump), never fall, and
// never exceed Max. Writes must be stationary: the curve is the same whenever
// the clock starts. Every stretch of addresses is taken to hold the same mix of
// hot and cold pages; a guest whose working set lies in one piece of its address
// space differs by what is left of the first pass, a few per cent of one round.
type DirtyCurve interface {
	Unique(t float64) float64 // bytes, t in seconds
	Max() float64             // bytes, the limit of Unique
	String() string           // for a legend
}

// ConstantRate dirties a page not yet dirty with every write, until WorkingSet
// bytes are dirty: the model of the textbooks, and an upper bound on any
// workload with that rate. U(t) = min(Rate t, WorkingSet).
type ConstantRate struct {
	Rate       float64 `json:"rate_bytes_per_s"`  // bytes/s, [0, 1e15]
	WorkingSet int64   `json:"working_set_bytes"` // bytes, [0, Memory]
}

// Unique implements DirtyCurve.
func (c ConstantRate) Unique(t float64) float64 {
	return math.Min(c.Rate*t, float64(c.WorkingSet))
}

// Max implements DirtyCurve.
func (c ConstantRate) Max() float64 { return float64(c.WorkingSet) }

// Integral is the integral of Unique from 0 to t, in byte seconds.
func (c ConstantRate) Integral(t float64) float64 {
	return rampIntegral(c.Rate, float64(c.WorkingSet), t)
}

// String names the workload for a legend.
func (c ConstantRate) String() string {
	return fmt.Sprintf("constant %.4g MB/s within %.4g MiB", c.Rate/MB, float64(c.WorkingSet)/MiB)
}

// Sequential sweeps its working set in address order, again and again, as a
// memory scan or stress tool does. U(t) = min(Rate t, WorkingSet).
type Sequential struct {
	Rate       float64 `json:"rate_bytes_per_s"`  // bytes/s, [0, 1e15]
	WorkingSet int64   `json:"working_set_bytes"` // bytes, [0, Memory]
}

// Unique implements DirtyCurve.
func (s Sequential) Unique(t float64) float64 {
	return math.Min(s.Rate*t, float64(s.WorkingSet))
}

// Max implements DirtyCurve.
func (s Sequential) Max() float64 { return float64(s.WorkingSet) }

// Integral is the integral of Unique from 0 to t, in byte seconds.
func (s Sequential) Integral(t float64) float64 {
	return rampIntegral(s.Rate, float64(s.WorkingSet), t)
}

// String names the workload for a legend.
func (s Sequential) String() string {
	return fmt.Sprintf("sweep %.4g MB/s over %.4g MiB", s.Rate/MB, float64(s.WorkingSet)/MiB)
}

// rampIntegral integrates min(rate s, limit) from 0 to t.
func rampIntegral(rate, limit, t float64) float64 {
	if rate*t <= limit {
		return rate * t * t / 2
	}
	full := limit / rate
	return limit*full/2 + limit*(t-full)
}

// Uniform writes pages drawn uniformly at random out of a working set of W
// bytes, Rate bytes (Rate/4096 pages) a second. U(t) = W (1 - e^(-Rate t/W)):
// the expected number of distinct pages in the Poisson limit.
type Uniform struct {
	Rate       float64 `json:"rate_bytes_per_s"`  // bytes/s written, [0, 1e15]
	WorkingSet int64   `json:"working_set_bytes"` // bytes, [0, Memory]
}

// Unique implements DirtyCurve.
func (u Uniform) Unique(t float64) float64 {
	if u.WorkingSet == 0 {
		return 0
	}
	w := float64(u.WorkingSet)
	return w * -math.Expm1(-u.Rate*t/w)
}

// Max implements DirtyCurve.
func (u Uniform) Max() float64 { return float64(u.WorkingSet) }

// age is the time after which so many bytes are dirty, and at most the time
// after which practically all are.
func (u Uniform) age(bytes float64) float64 {
	w := float64(u.WorkingSet)
	if u.WorkingSet == 0 || u.Rate == 0 {
		return 0
	}
	const saturated = 50
	return w / u.Rate * math.Min(saturated, -math.Log1p(-math.Min(1, bytes/w)))
}

// Integral is the integral of Unique from 0 to t, in byte seconds.
func (u Uniform) Integral(t float64) float64 {
	if u.WorkingSet == 0 || u.Rate == 0 {
		return 0
	}
	w := float64(u.WorkingSet)
	return w * t * theory.ClearOnSendShare(u.Rate*t/w) // U's mean over ages from 0 to t is what one scan of t seconds leaves dirty
}

// String names the workload for a legend.
func (u Uniform) String() string {
	return fmt.Sprintf("uniform %.4g MB/s over %.4g MiB", u.Rate/MB, float64(u.WorkingSet)/MiB)
}

// Mixture is the sum of independent uniform parts over disjoint pages, such as
// a hot and a cold set. U(t) is the sum of theirs.
type Mixture []Uniform

// Unique implements DirtyCurve.
func (m Mixture) Unique(t float64) float64 {
	sum := 0.0
	for _, u := range m {
		sum += u.Unique(t)
	}
	return sum
}

// Max implements DirtyCurve.
func (m Mixture) Max() float64 {
	sum := 0.0
	for _, u := range m {
		sum += u.Max()
	}
	return sum
}

// Integral is the integral of Unique from 0 to t, in byte seconds.
func (m Mixture) Integral(t float64) float64 {
	sum := 0.0
	for _, u := range m {
		sum += u.Integral(t)
	}
	return sum
}

// String names the workload for a legend.
func (m Mixture) String() string { return fmt.Sprintf("mixture of %d sets", len(m)) }

// integral is the integral of c's Unique from 0 to t: the curve's own closed
// form if it has one, else Gauss-Legendre quadrature over 16 intervals.
func integral(c DirtyCurve, t float64) float64 {
	if exact, ok := c.(interface{ Integral(t float64) float64 }); ok {
		return exact.Integral(t)
	}
	const intervals = 16
	node := math.Sqrt(3.0 / 5)
	h, sum := t/intervals, 0.0
	for i := range intervals {
		mid := (float64(i) + 0.5) * h
		sum += 8*c.Unique(mid) + 5*(c.Unique(mid-node*h/2)+c.Unique(mid+node*h/2))
	}
	return sum * h / 18
}

// meanUnique is the mean of c's Unique over ages spread evenly from a to b.
func meanUnique(c DirtyCurve, a, b float64) float64 {
	if math.Abs(b-a) <= 1e-9*math.Max(a, b) {
		return c.Unique((a + b) / 2)
	}
	return (integral(c, b) - integral(c, a)) / (b - a)
}
