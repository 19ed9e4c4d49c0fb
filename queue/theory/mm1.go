package theory

import "math"

// MM1 is the queue with one server, Poisson arrivals and exponential service
// times: [MMc] with one server, and what is known of this one only.
type MM1 struct {
	Arrival float64 `json:"arrival_per_s"` // lambda, [0, 1e12] 1/s
	Service float64 `json:"service_per_s"` // mu, [1e-12, 1e12] 1/s
}

// Validate says all that is wrong with q at once; every error wraps ErrInvalidConfig.
func (q MM1) Validate() error { return MMc{q.Arrival, q.Service, 1}.Validate() }

// Solve is exact: Wq = rho/(mu - lambda), and the sojourn is Exp(mu - lambda).
func (q MM1) Solve() (Steady, error) { return MMc{q.Arrival, q.Service, 1}.Solve() }

// Relaxation is the time in s in which the distance to the steady state falls to
// 1/e at last, 1/(mu (1 - sqrt rho)^2), +Inf at load 1: a run that starts empty
// should be longer by far, and so should what it discards as warm-up. Overload
// has no steady state but the same time.
func (q MM1) Relaxation() (float64, error) {
	if err := q.Validate(); err != nil {
		return 0, err
	}
	rho := q.Arrival / q.Service
	gap := (1 - rho) / (1 + math.Sqrt(rho))
	return 1 / (q.Service * gap * gap), nil
}

// WaitMeanVariance is n times the variance of the mean wait of n successive
// messages as n grows, in s^2: rho (2 + 5 rho - 4 rho^2 + rho^3) / ((1-rho)^4 mu^2),
// +Inf at load >= 1. It is far more than the variance of one wait, because waits
// come in runs. It follows from the equation h - P h = x - Wq of the walk of
// successive waits, which h(x) = (x^2 + 2x/lambda) / (2 (1/lambda - 1/mu)) solves.
func (q MM1) WaitMeanVariance() (float64, error) {
	if err := q.Validate(); err != nil {
		return 0, err
	}
	rho := q.Arrival / q.Service
	if rho >= 1 {
		return math.Inf(1), nil
	}
	free := (1 - rho) * (1 - rho)
	return rho * (2 + rho*(5+rho*(rho-4))) / (free * free) / (q.Service * q.Service), nil
}

// Messages is how many messages a run needs for a mean wait with the relative
// standard error given, in (0, 1]; +Inf at load >= 1 and at load 0.
func (q MM1) Messages(relativeError float64) (float64, error) {
	var d domain
	d.within("relativeError", relativeError, 1e-12, 1, "")
	variance, err := q.WaitMeanVariance()
	if d.errs = append(d.errs, err); d.err() != nil {
		return 0, d.err()
	}
	rho := q.Arrival / q.Service
	if rho >= 1 || rho == 0 {
		return math.Inf(1), nil
	}
	wait := rho / (1 - rho) / q.Service
	return variance / (wait * relativeError) / (wait * relativeError), nil
}

// SystemMeanAt is the mean number in the system at time t >= 0 (in s, at most
// 1e8 service times) if it began empty, at any load:
// lambda times the integral from 0 to t of P(a busy period lasts longer than s).
func (q MM1) SystemMeanAt(t float64) (float64, error) {
	var d domain
	if err := q.Validate(); err != nil {
		return 0, err
	}
	d.within("t", t, 0, mostServices/q.Service, "s")
	if err := d.err(); err != nil {
		return 0, err
	}
	rho, x := q.Arrival/q.Service, q.Service*t
	switch steady := rho / (1 - rho); {
	case rho == 0 || x == 0:
		return 0, nil
	case rho < 1 && x*math.Pow((1-rho)/(1+math.Sqrt(rho)), 2) > 60:
		return steady, nil
	}
	// sin^2 (e^-u - 1 + u)/g^2 with u = x g: an entire function of the angle.
	missing := overAngles(rho, x, func(sin2, g float64) float64 { return sin2 * x * x * secondRemainder(x*g) })
	return max(rho*(x-missing), 0), nil
}

// mostServices bounds times in units of the service time where work grows with
// their square root.
const mostServices = 1e8

// secondRemainder is (e^-u - 1 + u)/u^2.
func secondRemainder(u float64) float64 {
	if u > 0.5 {
		return (math.Expm1(-u) + u) / (u * u)
	}
	sum, term := 0.0, 0.5
	for k := 3.0; k < 18; k++ {
		sum += term
		term *= -u / k
	}
	return sum
}

// firstRemainder is (1 - e^-u)/u.
func firstRemainder(u float64) float64 {
	if u == 0 {
		return 1
	}
	return -math.Expm1(-u) / u
}

// overAngles is 2/pi times the integral over the angle from 0 to pi of
// f(sin^2, g), g = 1 + rho - 2 sqrt(rho) cos. The spectrum of M/M/1 is mu g, and
// for a smooth f of e^(-x g) the trapezoid rule is exact to rounding once it has
// more nodes than e^(2 x sqrt(rho) cos) has harmonics that count.
func overAngles(rho, x float64, f func(sin2, g float64) float64) float64 {
	root := math.Sqrt(rho)
	z := 2 * x * root
	nodes := 24 + int(math.Ceil(math.Sqrt(20*z)+min(z, 12)))
	apart := (1 - rho) / (1 + root)
	sum, step := 0.0, math.Pi/float64(nodes)
	for i := 1; i < nodes; i++ {
		half, cosine := math.Sincos(step * float64(i) / 2)
		sine := 2 * half * cosine
		sum += f(sine*sine, apart*apart+4*root*half*half)
	}
	return 2 * sum / float64(nodes)
}

// busyWithin is P(a busy period that begins with one service ends within x
// service times): the integral to x of e^(-(1+rho) u) I_1(2 u sqrt(rho)) / (u sqrt(rho)),
// by angles instead of by Bessel functions, so that nothing overflows or cancels.
func busyWithin(rho, x float64) float64 {
	return min(overAngles(rho, x, func(sin2, g float64) float64 { return sin2 * x * firstRemainder(x*g) }), 1)
}
