package law

import (
	"math"
	"sort"
)

// Survival is P(X > t), t in seconds.
func (l Law) Survival(t float64) float64 {
	t -= l.shift.Seconds()
	if t < 0 {
		return 1
	}
	m := l.a.Seconds()
	switch l.kind {
	case exponential:
		return above(t/m, 1)
	case erlang:
		return above(t/m*l.shape, int(l.shape))
	case hyper:
		p, m1, m2 := l.phases()
		return p*above(t/m1, 1) + (1-p)*above(t/m2, 1)
	case lognormal:
		mu, sigma := l.normal()
		if sigma == 0 || m == 0 {
			return step(t, m)
		}
		return math.Erfc((math.Log(t)-mu)/(sigma*math.Sqrt2)) / 2
	case uniform:
		if l.a == l.b {
			return step(t, m)
		}
		return min(max((l.b.Seconds()-t)/(l.b-l.a).Seconds(), 0), 1)
	case pareto:
		return math.Pow(min(l.least()/t, 1), l.shape)
	case empirical:
		values := l.sorted()
		return 1 - float64(sort.Search(len(values), func(i int) bool { return values[i] > t }))/float64(len(values))
	}
	return step(t, m)
}

func step(t, at float64) float64 {
	if t < at {
		return 1
	}
	return 0
}

// above is P(X > x) of the sum of k exponential phases of mean 1; for x = NaN, as 0/0, it is 0.
func above(x float64, k int) float64 {
	if math.IsNaN(x) || math.IsInf(x, 1) {
		return 0
	}
	if k == 1 {
		return math.Exp(-x)
	}
	if x == 0 {
		return 1
	}
	// The Poisson terms from the greatest index down.
	lg, _ := math.Lgamma(float64(k))
	term := math.Exp(float64(k-1)*math.Log(x) - x - lg)
	if term == 0 {
		if x < float64(k) {
			return 1
		}
		return 0
	}
	var sum float64
	for i := k - 1; i >= 0; i-- {
		sum += term
		term *= float64(i) / x
	}
	return min(sum, 1)
}

// Quantile is the time in seconds that is not exceeded with probability p; p below 0 counts as 0, and p = 1 gives the
// greatest value, which may be +Inf. NaN gives NaN.
func (l Law) Quantile(p float64) float64 {
	if math.IsNaN(p) {
		return math.NaN()
	}
	p = min(max(p, 0), 1)
	return l.shift.Seconds() + l.quantile(p)
}

func (l Law) quantile(p float64) float64 {
	m := l.a.Seconds()
	if m == 0 && l.kind != uniform && l.kind != empirical {
		return 0
	}
	switch l.kind {
	case exponential:
		return -m * math.Log1p(-p)
	case erlang, hyper:
		return l.search(p)
	case lognormal:
		mu, sigma := l.normal()
		if sigma == 0 {
			return m
		}
		return math.Exp(mu + sigma*math.Sqrt2*math.Erfinv(2*p-1))
	case uniform:
		return m + p*(l.b-l.a).Seconds()
	case pareto:
		return l.least() * math.Pow(1-p, -1/l.shape)
	case empirical:
		values := l.sorted()
		i := int(math.Ceil(p*float64(len(values)))) - 1
		return values[min(max(i, 0), len(values)-1)]
	}
	return m
}

// search inverts Survival by bisection.
func (l Law) search(p float64) float64 {
	switch p {
	case 0:
		return 0
	case 1:
		return math.Inf(1)
	}
	l.shift = 0
	low, high := 0.0, l.Mean()
	for l.Survival(high) > 1-p {
		low, high = high, 2*high
	}
	for range 200 {
		mid := (low + high) / 2
		if mid <= low || mid >= high {
			break
		}
		if l.Survival(mid) > 1-p {
			low = mid
		} else {
			high = mid
		}
	}
	return high
}

// LST is the Laplace-Stieltjes transform E exp(-sX), for s >= 0 in 1/s.
func (l Law) LST(s float64) float64 {
	m := l.a.Seconds()
	before := math.Exp(-s * l.shift.Seconds())
	switch l.kind {
	case exponential:
		return before / (1 + s*m)
	case erlang:
		return before * math.Pow(1+s*m/l.shape, -l.shape)
	case hyper:
		p, m1, m2 := l.phases()
		return before * (p/(1+s*m1) + (1-p)/(1+s*m2))
	case uniform:
		return before * math.Exp(-s*m) * exprel(s*(l.b-l.a).Seconds())
	case empirical:
		values, sum := l.sorted(), 0.0
		for _, v := range values {
			sum += math.Exp(-s * v)
		}
		return before * sum / float64(len(values))
	case lognormal, pareto:
		return before * l.integrate(s)
	}
	return before * math.Exp(-s*m)
}

// exprel is (1 - exp(-x))/x.
func exprel(x float64) float64 {
	if x == 0 {
		return 1
	}
	return -math.Expm1(-x) / x
}

// integrate is the integral of exp(-s Q(p)) over p in (0, 1), by the double exponential rule, which does not mind the
// steep ends.
func (l Law) integrate(s float64) float64 {
	if s == 0 {
		return 1
	}
	const h = 1.0 / 64
	var sum float64
	for i := -64 * 4; i <= 64*4; i++ {
		x := float64(i) * h
		u := math.Pi / 2 * math.Sinh(x)
		p := 1 / (1 + math.Exp(-2*u))
		q := 1 / (1 + math.Exp(2*u)) // 1 - p without cancellation
		sum += math.Exp(-s*l.tail(p, q)) * math.Pi * math.Cosh(x) * p * q
	}
	return sum * h
}

// tail is the quantile at p = 1 - q, exact for small q.
func (l Law) tail(p, q float64) float64 {
	if l.kind == pareto {
		return l.least() * math.Pow(q, -1/l.shape)
	}
	mu, sigma := l.normal()
	if p < 0.5 {
		return math.Exp(mu - sigma*math.Sqrt2*math.Erfcinv(2*p))
	}
	return math.Exp(mu + sigma*math.Sqrt2*math.Erfcinv(2*q))
}
