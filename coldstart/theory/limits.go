package theory

import (
	"math"
	"time"
)

// Ramp is a jump of the demand that is met at a limited rate of new environments.
type Ramp struct {
	Needed    float64 `json:"needed"`    // environments
	Full      float64 `json:"full_s"`    // when they are all there
	Throttled float64 `json:"throttled"` // requests until then
}

// RampThrottled is the jump from nothing to rate requests/s of a constant service time, spaced evenly, against a bucket of burst
// environments at once and refill a second more (AWS Lambda: 1,000 and 100), without retries. With C = rate x service needed, they are
// there after (C - burst)/refill, and (C - burst)^2/(2 refill service) - (C - burst)/2 requests are throttled; the second term
// is that of requests which a new environment serves at once. rate > 0, service > 0, burst >= 0, refill > 0.
func RampThrottled(rate float64, service time.Duration, burst, refill float64) Ramp {
	if !positive(rate) || service <= 0 || !(burst >= 0) || !positive(refill) {
		nan := math.NaN()
		return Ramp{nan, nan, nan}
	}
	r := Ramp{Needed: rate * service.Seconds()}
	short := max(r.Needed-burst, 0)
	r.Full = short / refill
	r.Throttled = max(short*short/(2*refill*service.Seconds())-short/2, 0)
	return r
}

// LegacyThrottled is how many of the requests that come at the start of each minute are throttled, if each keeps an environment for the whole
// minute: the limit is burst in the first minute and more in each later one, at most account (AWS Lambda Operator Guide, scaling before
// November 2023: burst of 500 to 3,000, 500 more each minute). Nil if a number is negative.
func LegacyThrottled(demand []int, burst, more, account int) []int {
	if burst < 0 || more < 0 || account < 0 {
		return nil
	}
	lost, limit := make([]int, len(demand)), min(burst, account)
	for i, d := range demand {
		if d < 0 {
			return nil
		}
		lost[i] = max(d-limit, 0)
		limit += min(more, account-limit)
	}
	return lost
}

// Mixture is the latency of requests of which a share is cold: F(x) = (1 - p) F_warm(x) + p F_cold(x).
type Mixture struct {
	ColdProbability float64 `json:"cold_probability"` // p, [0, 1]
	Warm            Law     `json:"warm"`
	Cold            Law     `json:"cold"` // with the start
}

func (m Mixture) valid() bool {
	return m.ColdProbability >= 0 && m.ColdProbability <= 1 && m.Warm.Validate() == nil && m.Cold.Validate() == nil
}

// Mean is the mean latency in s.
func (m Mixture) Mean() float64 {
	if !m.valid() {
		return math.NaN()
	}
	return (1-m.ColdProbability)*m.Warm.Mean() + m.ColdProbability*m.Cold.Mean()
}

// Survival is P(latency > t), t in s.
func (m Mixture) Survival(t float64) float64 {
	if !m.valid() || math.IsNaN(t) {
		return math.NaN()
	}
	return (1-m.ColdProbability)*m.Warm.Survival(t) + m.ColdProbability*m.Cold.Survival(t)
}

// Quantile is the least time in s that a share p of the requests, in [0, 1), do not exceed. A quantile sees cold starts only if
// they are more than about 1 - p of the requests.
func (m Mixture) Quantile(p float64) float64 {
	if !m.valid() || !(p >= 0 && p < 1) {
		return math.NaN()
	}
	switch m.ColdProbability {
	case 0:
		return m.Warm.Quantile(p)
	case 1:
		return m.Cold.Quantile(p)
	}
	low, high := m.Warm.Quantile(p), m.Cold.Quantile(p)
	if low > high {
		low, high = high, low
	}
	if m.Survival(low) <= 1-p {
		return low
	}
	for range 200 {
		mid := low + (high-low)/2
		if mid <= low || mid >= high {
			break
		}
		if m.Survival(mid) <= 1-p {
			high = mid
		} else {
			low = mid
		}
	}
	return high
}
