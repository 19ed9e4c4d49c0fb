package theory

import (
	"math"
	"math/cmplx"
)

// MDc is the queue with Poisson arrivals, constant service times and any number
// of servers.
type MDc struct {
	Arrival float64 `json:"arrival_per_s"` // lambda, [0, 1e12] 1/s
	Seconds float64 `json:"service_s"`     // D, every service, [1e-12, 1e12] s
	Servers int     `json:"servers"`       // c, [1, 10000]
}

const (
	mostConstantServers = 10_000
	mostExactLoad       = 0.998
)

// Validate says all that is wrong with q at once; every error wraps ErrInvalidConfig.
func (q MDc) Validate() error {
	var d domain
	d.arrival("Arrival", q.Arrival)
	d.within("Seconds", q.Seconds, leastRate, mostRate, "s")
	d.count("Servers", q.Servers, 1, mostConstantServers)
	return d.err()
}

// Solve is exact: every server gets every c-th message, so the wait is the
// maximum of the walk i D - (the time of i c arrivals), and Spitzer's identity gives
// Wq = sum over i of E (N_i - i c)^+ / (i lambda) with N_i Poisson of mean i lambda D.
// Where that sum is slow the roots of z^c = e^(-lambda D (1-z)) in the unit circle
// replace it; they take a microsecond per server.
//
// Percentiles are exact too, but for a tail below 1e-11, which is taken to go on
// exponentially, and for loads above 0.998, where the wait of those who wait is
// taken to be exponential; they take 0.1 ms at load 0.8 and some ms near 1.
func (q MDc) Solve() (Steady, error) {
	if err := q.Validate(); err != nil {
		return Steady{}, err
	}
	c, a := float64(q.Servers), q.Arrival*q.Seconds
	if a >= c {
		return unstable(a/c, c/q.Seconds), nil
	}
	waits, wait := constantWaits(q.Servers, a)
	s := lossless(q.Arrival, 1/q.Seconds, c, q.Seconds*wait)
	s.WaitProbability = waits
	s.law = constantLaw{q, s.WaitProbability}
	return s, nil
}

// quickly tells whether Spitzer's sums need at most some 60 terms: the i-th falls
// like e^(-i a excess((c-a)/a)).
func quickly(servers int, a float64) bool {
	free := float64(servers) - a
	return free > 3*a || a*excess(free/a) > 0.6
}

// constantWaits are P(wait > 0) = 1 - exp(-sum of P(N_i >= i c)/i) and the mean
// wait in units of the service time.
func constantWaits(servers int, a float64) (waits, mean float64) {
	c := float64(servers)
	switch {
	case a == 0:
		return 0, 0
	case servers == 1:
		return a, a / (2 * (1 - a))
	case !quickly(servers, a):
		return constantRoots(servers, a)
	}
	for i := 1.0; i < 100; i++ {
		term := poissonExcess(i*c, i*a) / i
		mean += term
		waits += poissonAtLeast(i*c, i*a) / i
		if term <= 0.1*epsilon*mean {
			break
		}
	}
	return -math.Expm1(-waits), mean / a
}

// constantRoots are the same by the roots: P(no wait) = (c-a) / product of (1-z_j),
// and Lq = (a^2 - c^2 + c)/(2(c-a)) + sum of 1/(1-z_j).
func constantRoots(servers int, a float64) (waits, mean float64) {
	c := float64(servers)
	rho, free := a/c, (c-a)/c
	sum, product := 0.0, 0.0
	for j := 1; 2*j <= servers; j++ {
		angle := 2 * math.Pi * float64(j) / c
		weight := 2.0
		if 2*j == servers {
			weight = 1
		}
		turn := cmplx.Rect(1, angle)
		s := cmplx.Sqrt(complex(free*free, -2*angle)) - complex(free, 0)
		z := 1 - s
		if angle > 1 {
			z = turn * cmplx.Exp(complex(rho, 0)*(turn/2-1))
		}
		for range 30 {
			e := turn * cmplx.Exp(complex(rho, 0)*(z-1))
			step := (z - e) / (1 - complex(rho, 0)*e)
			z -= step
			if cmplx.Abs(step) < 2*epsilon {
				break
			}
		}
		sum += weight * real(1/(1-z))
		product += weight * math.Log(cmplx.Abs(1-z))
	}
	return -math.Expm1(math.Log(c-a) - product), ((a*a-c*c+c)/(2*(c-a)) + sum) / a
}

// constantLaw is the law of the wait in [MDc].
type constantLaw struct {
	q     MDc
	waits float64
}

func (l constantLaw) sojourn() func(float64) float64 {
	wait := l.wait()
	return func(t float64) float64 {
		if t < l.q.Seconds {
			return 1
		}
		return wait(t - l.q.Seconds)
	}
}

// wait is, for (k-1) D <= t < k D, the sum over j of the Poisson probability of j
// arrivals in k D - t times that of more than k c - 1 - j waiting.
func (l constantLaw) wait() func(float64) float64 {
	if l.waits < 1e-300 {
		return func(float64) float64 { return 0 }
	}
	a := l.q.Arrival * l.q.Seconds
	if rho := a / float64(l.q.Servers); rho > mostExactLoad {
		decay := a / l.q.Seconds * math.Expm1(tailRate(rho))
		return func(t float64) float64 { return l.waits * math.Exp(-decay*t) }
	}
	line := newConstantLine(l.q.Servers, a)
	last := max(float64(len(line.more)/l.q.Servers), 1)
	end := line.survival(int(last), 0)
	return func(t float64) float64 {
		x := t / l.q.Seconds
		if x >= last {
			return end * math.Exp(-a*line.decay*(x-last))
		}
		k := math.Floor(x) + 1
		return min(line.survival(int(k), a*(k-x)), l.waits)
	}
}
