package theory

import "math"

// Attempts is the mean number of deliveries of a message that fails each time with a fixed probability and is given up
// after at most maximum deliveries, (1-p^R)/(1-p), and the share p^R that is given up: what a dead-letter queue gets. Both
// are NaN unless failure is in [0, 1] and maximum at least 1.
func Attempts(failure float64, maximum int) (deliveries, dead float64) {
	r := float64(maximum)
	switch {
	case !(failure >= 0 && failure <= 1) || maximum < 1:
		return math.NaN(), math.NaN()
	case failure == 0:
		return 1, 0
	case failure == 1:
		return r, 1
	}
	deliveries = -math.Expm1(r*math.Log(failure)) / (1 - failure)
	return min(max(deliveries, 1), r), math.Pow(failure, r)
}

// Amplification is how many calls reach the lowest of depth layers for one at the top when it is down and each layer
// above it tries again retries times: (1 + retries)^depth; +Inf if it overflows, NaN if one of them is negative.
func Amplification(retries, depth int) float64 {
	if retries < 0 || depth < 0 {
		return math.NaN()
	}
	return math.Pow(1+float64(retries), float64(depth))
}

// RetryStorm is a service behind an unbounded queue that stands still for a
// while, and clients that give up after a time-out and try again at once, while
// the service goes on to work off what they gave up.
type RetryStorm struct {
	Arrival  float64 `json:"arrival_per_s"`  // L, new requests, [0, 1e12] 1/s
	Capacity float64 `json:"capacity_per_s"` // C, [1e-12, 1e12] 1/s
	Retries  int     `json:"retries"`        // R of each request, [0, 1000]
	Timeout  float64 `json:"timeout_s"`      // tau, [0, 1e12] s
	Outage   float64 `json:"outage_s"`       // d, [0, 1e12] s
}

// Recovery is what a [RetryStorm] comes to.
type Recovery struct {
	Threshold float64 `json:"threshold_per_s"` // the load above which it never recovers, C/(1+R)
	Backlog   float64 `json:"backlog"`         // attempts waiting at the end of the outage: the sum over k <= R of L (d - k tau)^+
	Seconds   float64 `json:"recovery_s"`      // from there until the wait is below the time-out: (backlog - C tau)/(C - (1+R) L), or +Inf
}

// Validate says all that is wrong with r at once; every error wraps ErrInvalidConfig.
func (r RetryStorm) Validate() error {
	var d domain
	d.arrival("Arrival", r.Arrival)
	d.rate("Capacity", r.Capacity)
	d.count("Retries", r.Retries, 0, 1000)
	d.duration("Timeout", r.Timeout)
	d.duration("Outage", r.Outage)
	return d.err()
}

// Solve is a fluid estimate; near the threshold chance decides.
func (r RetryStorm) Solve() (Recovery, error) {
	if err := r.Validate(); err != nil {
		return Recovery{}, err
	}
	offered := r.Arrival * (1 + float64(r.Retries))
	out := Recovery{Threshold: r.Capacity / (1 + float64(r.Retries))}
	for k := range r.Retries + 1 {
		out.Backlog += r.Arrival * max(r.Outage-float64(k)*r.Timeout, 0)
	}
	switch late := out.Backlog - r.Capacity*r.Timeout; {
	case late <= 0:
	case offered >= r.Capacity:
		out.Seconds = math.Inf(1)
	default:
		out.Seconds = late / (r.Capacity - offered)
	}
	return out, nil
}
