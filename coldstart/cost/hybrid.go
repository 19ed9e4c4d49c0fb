package cost

import (
	"math"
	"time"

	"cloudconcepts/internal/check"
)

// Hybrid is a private base of servers at a fixed cost, with a public cloud that takes by the request whatever the base has no free server
// for. What is the cheapest base?
type Hybrid struct {
	Profile    []Phase       `json:"profile"`           // of the load, 1 to 1e5 phases
	Service    time.Duration `json:"service_ns"`        // mean time of a request on a server, (0, 1 day]
	PerHour    float64       `json:"per_server_hour"`   // [0, 1e6] USD, busy or not
	PerRequest float64       `json:"per_burst_request"` // [0, 1e6] USD
	Peakedness float64       `json:"peakedness"`        // variance/mean of the requests in service were there no limit, [0.1, 100]; 1 = Poisson
	Most       int           `json:"most_servers"`      // [0, 1e5], and Most x phases <= 1e8
}

// Phase is a time of constant load, much longer than a request.
type Phase struct {
	Length time.Duration `json:"length_ns"`  // (0, 1 year]
	Rate   float64       `json:"rate_per_s"` // [0, 1e8], and rate x Service <= 1e6
}

// Base is what a number of servers costs over the profile.
type Base struct {
	Servers          int     `json:"servers"`
	Fixed            float64 `json:"fixed_usd"`
	Burst            float64 `json:"burst_usd"`
	Total            float64 `json:"total_usd"`
	OverflowFraction float64 `json:"overflow"`    // share of the requests
	Utilization      float64 `json:"utilization"` // of the base, 0 of none
}

// Day is a profile of one day in phases of 24 h/n: mean x (1 + swing x sin), swing in [0, 1], least at the start. n in [1, 1e5].
func Day(mean, swing float64, n int) []Phase {
	list := make([]Phase, min(max(n, 0), 100_000))
	for i := range list {
		x := 2 * math.Pi * (float64(i) + 0.5) / float64(len(list))
		list[i] = Phase{24 * time.Hour / time.Duration(len(list)), max(mean*(1-swing*math.Cos(x)), 0)}
	}
	return list
}

// Validate says all that is wrong with h at once; every error wraps ErrInvalidConfig.
func (h Hybrid) Validate() error {
	v := check.Of(ErrInvalidConfig)
	v.Span("Service", h.Service, 1, 24*time.Hour)
	v.Between("PerHour", h.PerHour, 0, 1e6, " USD")
	v.Between("PerRequest", h.PerRequest, 0, 1e6, " USD")
	v.Between("Peakedness", h.Peakedness, 0.1, 100, "")
	check.Count(&v, "Most", h.Most, 0, 100_000)
	check.Count(&v, "len(Profile)", len(h.Profile), 1, 100_000)
	if v.OK() && h.Most*len(h.Profile) > 100_000_000 {
		v.Add("Most = %d, want at most 1e8 with %d phases multiplied", h.Most, len(h.Profile))
	}
	for i, p := range h.Profile {
		if p.Length <= 0 || p.Length > 365*24*time.Hour || !(p.Rate >= 0 && p.Rate <= 1e8 && p.Rate*h.Service.Seconds() <= 1e6) {
			v.Add("Profile[%d] = %v, %g 1/s, want lengths in (0, 1 year], rates in [0, 1e8] 1/s and loads up to 1e6", i, p.Length, p.Rate)
			break
		}
	}
	return v.Err()
}

// Curve is the cost for 0 ... Most servers. In each phase Erlang's formula gives the requests that overflow; peaked loads
// take Hayward's approximation: B(servers/z, load/z).
func (h Hybrid) Curve() ([]Base, error) {
	if err := h.Validate(); err != nil {
		return nil, err
	}
	hours, requests := 0.0, 0.0
	over := make([]float64, h.Most+1) // requests
	for _, p := range h.Profile {
		n := p.Rate * p.Length.Seconds()
		hours += p.Length.Hours()
		requests += n
		h.phase(over, n, p.Rate*h.Service.Seconds())
	}
	curve := make([]Base, h.Most+1)
	for n := range curve {
		b := Base{Servers: n, Fixed: float64(n) * hours * h.PerHour, Burst: over[n] * h.PerRequest}
		b.Total = b.Fixed + b.Burst
		if requests > 0 {
			b.OverflowFraction = over[n] / requests
		}
		if n > 0 {
			b.Utilization = max(requests-over[n], 0) * h.Service.Hours() / (float64(n) * hours)
		}
		curve[n] = b
	}
	return curve, nil
}

// phase adds the overflow of n requests at a load.
func (h Hybrid) phase(over []float64, n, load float64) {
	if load < 1e-200 {
		over[0] += n
		return
	}
	if h.Peakedness != 1 {
		for k := range over {
			over[k] += n * ErlangBReal(float64(k)/h.Peakedness, load/h.Peakedness)
		}
		return
	}
	b := 1.0
	for k := range over {
		if k > 0 {
			b = 1 / (1 + float64(k)/load/b)
		}
		if b < 1e-30 {
			return
		}
		over[k] += n * b
	}
}

// Optimum is the cheapest base, the smallest of several. If it is Most itself, more may be cheaper still.
func (h Hybrid) Optimum() (Base, error) {
	curve, err := h.Curve()
	if err != nil {
		return Base{}, err
	}
	best := curve[0]
	for _, b := range curve {
		if b.Total < best.Total {
			best = b
		}
	}
	return best, nil
}

// Newsvendor is the rule without randomness inside the phases: an nth server pays while the load exceeds n-1 for a greater share of the time than
// PerHour/(price of the requests that it does in an hour). It is the least n with P(load > n) <= that ratio, as in the newsvendor problem,
// with a server that is busy for a part of its time counted by that part.
func (h Hybrid) Newsvendor() (int, error) {
	if err := h.Validate(); err != nil {
		return 0, err
	}
	critical := h.PerHour * h.Service.Hours() / h.PerRequest
	all := 0.0
	for _, p := range h.Profile {
		all += p.Length.Seconds()
	}
	for n := range h.Most {
		worth := 0.0 // mean share of an hour that server n+1 works
		for _, p := range h.Profile {
			worth += p.Length.Seconds() * min(max(p.Rate*h.Service.Seconds()-float64(n), 0), 1)
		}
		if !(worth/all > critical) {
			return n, nil
		}
	}
	return h.Most, nil
}

// ErlangBReal is Erlang's loss formula for a number of servers that need not be whole: 1/B = load x the integral of
// exp(-load t) (1 + t)^servers over t > 0. servers in [0, 1e6], load in (0, 1e6]; NaN outside.
func ErlangBReal(servers, load float64) float64 {
	if !(servers >= 0 && servers <= 1e6 && load > 0 && load <= 1e6) {
		return math.NaN()
	}
	whole, x := math.Modf(servers)
	b := 1 / fraction(x, load)
	for k := x + 1; k <= whole+x+0.5; k++ {
		b = 1 / (1 + k/load/b)
		if b == 0 {
			return 0
		}
	}
	return b
}

// fraction is 1/B for servers x in [0, 1): the integral of exp(-u) (1 + u/load)^x over u > 0, by the trapezoidal rule in
// u = exp(t - exp(-t)).
func fraction(x, load float64) float64 {
	if x == 0 {
		return 1
	}
	const step = 1.0 / 32
	sum := 0.0
	for i := -130; i <= 130; i++ {
		t := float64(i) * step
		e := math.Exp(-t)
		u := math.Exp(t - e)
		sum += math.Exp(-u) * math.Pow(1+u/load, x) * u * (1 + e)
	}
	return sum * step
}
