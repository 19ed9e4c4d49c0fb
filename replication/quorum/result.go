package quorum

import (
	"fmt"
	"math"

	"cloudconcepts/internal/stats"
)

// Result is what the trials say. Times are in seconds.
type Result struct {
	Config Config `json:"config"`
	// PConsistent0 is the probability that a read issued when the write is acknowledged, and not later, returns it.
	PConsistent0     float64 `json:"p_consistent_0"`
	PConsistent0Low  float64 `json:"p_consistent_0_low"` // 95 % interval (Clopper and Pearson)
	PConsistent0High float64 `json:"p_consistent_0_high"`
	// TVisibility99 is how long after the acknowledgement reads are fresh with probability 0.99; 0 if they are at once.
	// The paper's published values are 3 to 12 % lower: they are the first time on a grid at which an estimate of 50,000
	// trials of its own happens to touch the mark, not the quantile.
	TVisibility99      float64 `json:"t_visibility_99_s"`
	TVisibility999     float64 `json:"t_visibility_999_s"`
	TVisibility999Low  float64 `json:"t_visibility_999_low_s"` // 95 % interval
	TVisibility999High float64 `json:"t_visibility_999_high_s"`
	TVisibility9999    float64 `json:"t_visibility_9999_s"`
	ReadP50            float64 `json:"read_p50_s"`
	ReadP99            float64 `json:"read_p99_s"`
	ReadP999           float64 `json:"read_p999_s"`
	WriteP50           float64 `json:"write_p50_s"`
	WriteP99           float64 `json:"write_p99_s"`
	WriteP999          float64 `json:"write_p999_s"`
	Warnings           []error `json:"-"`
	seen               *trials // the three spreads
}

// Estimate is a simulated number with the interval that holds the true one with 95 % confidence and its standard error:
// Mean, Low, High, StandardError. Of a quantile Mean is the quantile itself, and the standard error is left at 0.
type Estimate = stats.Estimate

// Series is a curve of points X[i], Y[i], with the methods of gonum/plot's plotter.XYer.
type Series = stats.Series

const confidence = 0.95

func newResult(c Config, seen *trials) Result {
	r := Result{Config: c, seen: seen}
	p := r.PConsistent(0)
	r.PConsistent0, r.PConsistent0Low, r.PConsistent0High = p.Mean, p.Low, p.High
	r.TVisibility99 = r.TVisibility(0.99).Mean
	t := r.TVisibility(0.999)
	r.TVisibility999, r.TVisibility999Low, r.TVisibility999High = t.Mean, t.Low, t.High
	r.TVisibility9999 = r.TVisibility(0.9999).Mean
	r.ReadP50, r.ReadP99, r.ReadP999 = r.ReadQuantile(0.5).Mean, r.ReadQuantile(0.99).Mean, r.ReadQuantile(0.999).Mean
	r.WriteP50, r.WriteP99, r.WriteP999 = r.WriteQuantile(0.5).Mean, r.WriteQuantile(0.99).Mean, r.WriteQuantile(0.999).Mean
	if c.Trials < 100_000 {
		r.Warnings = append(r.Warnings, fmt.Errorf("quorum: %d trials leave %d beyond the 99.9th percentile: it is uncertain below 100,000", c.Trials, c.Trials/1000))
	}
	return r
}

// PConsistent is the probability that a read issued t seconds after the acknowledgement, t >= 0, returns the write.
func (r Result) PConsistent(t float64) Estimate {
	s := r.threshold()
	n := float64(s.count)
	p := s.atMost(math.Max(t, 0)*1e3) / n
	low, high := interval(p, s.count)
	return Estimate{Mean: p, Low: low, High: high, StandardError: math.Sqrt(p * (1 - p) / n)}
}

// TVisibility is the time in seconds after the acknowledgement from which on reads are fresh with probability p.
func (r Result) TVisibility(p float64) Estimate { return r.threshold().estimate(p) }

// ReadQuantile is the p-quantile of a read's time in seconds.
func (r Result) ReadQuantile(p float64) Estimate { return r.room().read.estimate(p) }

// WriteQuantile is the p-quantile of a write's time in seconds, until it is acknowledged.
func (r Result) WriteQuantile(p float64) Estimate { return r.room().write.estimate(p) }

// Curve is the probability of a fresh read at each of the times, in seconds after the acknowledgement.
func (r Result) Curve(times []float64) Series {
	return stats.Column(times, func(t float64) float64 { return t }, func(t float64) float64 { return r.PConsistent(t).Mean })
}

// String is the result in one line.
func (r Result) String() string {
	return fmt.Sprintf("N = %d, R = %d, W = %d: fresh at once %.4g %%, 99.9 %% fresh after %.4g s; read %.4g s p99, write %.4g s p99",
		r.Config.N, r.Config.R, r.Config.W, 100*r.PConsistent0, r.TVisibility999, r.ReadP99, r.WriteP99)
}

func (r Result) threshold() *spread { return r.room().threshold }

// room is what was seen; of a Result that Simulate did not make, nothing.
func (r Result) room() *trials {
	if r.seen != nil {
		return r.seen
	}
	return &trials{threshold: newSpread(), read: newSpread(), write: newSpread()}
}

// estimate is a quantile in seconds, with the order statistics between which the true one lies: those of the ranks that a
// binomial count of a share p can have.
func (s *spread) estimate(p float64) Estimate {
	p = min(max(p, 0), 1)
	low, high := interval(p, s.count)
	return Estimate{Mean: s.quantile(p) * 1e-3, Low: s.quantile(low) * 1e-3, High: s.quantile(high) * 1e-3}
}

func interval(p float64, n uint64) (low, high float64) {
	if !(p >= 0 && p <= 1) || n == 0 {
		return 0, 1
	}
	low, high, err := stats.ClopperPearson(uint64(math.Round(p*float64(n))), n, confidence)
	if err != nil {
		return 0, 1
	}
	return low, high
}
