package theory

import "math"

// MMc is the queue with Poisson arrivals, exponential service times and any
// number of servers.
type MMc struct {
	Arrival float64 `json:"arrival_per_s"` // lambda, [0, 1e12] 1/s
	Service float64 `json:"service_per_s"` // mu of one server, [1e-12, 1e12] 1/s
	Servers int     `json:"servers"`       // c, [1, MaxServers]
}

// Validate says all that is wrong with q at once; every error wraps ErrInvalidConfig.
func (q MMc) Validate() error {
	var d domain
	d.arrival("Arrival", q.Arrival)
	d.rate("Service", q.Service)
	d.count("Servers", q.Servers, 1, MaxServers)
	return d.err()
}

// Solve is exact: Wq = C/(c mu - lambda) with Erlang's C, and P(wait > t) =
// C e^(-(c mu - lambda) t).
func (q MMc) Solve() (Steady, error) {
	if err := q.Validate(); err != nil {
		return Steady{}, err
	}
	c, a := float64(q.Servers), q.Arrival/q.Service
	if a >= c {
		return unstable(a/c, c*q.Service), nil
	}
	waits := erlangC(q.Servers, a)
	decay := c*q.Service - q.Arrival
	s := lossless(q.Arrival, q.Service, c, waits/decay)
	s.WaitProbability = waits
	s.law = exponential{waits, decay, q.Service}
	return s, nil
}

// MMInf is the queue with a server for everybody: the number in the system is
// Poisson with mean lambda/mu, and nobody waits.
type MMInf struct {
	Arrival float64 `json:"arrival_per_s"` // lambda, [0, 1e12] 1/s
	Service float64 `json:"service_per_s"` // mu, [1e-12, 1e12] 1/s
}

// Validate says all that is wrong with q at once; every error wraps ErrInvalidConfig.
func (q MMInf) Validate() error { return MMc{q.Arrival, q.Service, 1}.Validate() }

// Solve is exact; Load and Utilization are 0. It holds for any service law with
// the same mean, but for the percentiles of the sojourn.
func (q MMInf) Solve() (Steady, error) {
	if err := q.Validate(); err != nil {
		return Steady{}, err
	}
	s := lossless(q.Arrival, q.Service, math.Inf(1), 0)
	s.law = exponential{0, q.Service, q.Service}
	return s, nil
}

// ErlangB is the share of arrivals that a group of servers without a queue rejects, for any law of service. offered is
// lambda/mu, in [0, 1e24]; servers are in [1, MaxServers]. Elsewhere it is NaN. It takes of the order of the square root
// of servers steps.
func ErlangB(servers int, offered float64) float64 {
	if !erlangs(servers, offered) {
		return math.NaN()
	}
	return 1 / inverseB(servers, offered)
}

// ErlangC is the share of arrivals that wait in [MMc], 1 if offered >= servers; NaN where [ErlangB] is.
func ErlangC(servers int, offered float64) float64 {
	if !erlangs(servers, offered) {
		return math.NaN()
	}
	return erlangC(servers, offered)
}

// erlangs tells whether the arguments of Erlang's formulas are in their domain.
func erlangs(servers int, offered float64) bool {
	return servers >= 1 && servers <= MaxServers && offered >= 0 && offered <= mostRate*mostRate
}

func erlangC(servers int, offered float64) float64 {
	c := float64(servers)
	if offered >= c {
		return 1
	}
	return 1 / ((c-offered)/c*inverseB(servers, offered) + offered/c)
}

// inverseB is 1/B: the recursion 1/B_k = 1 + (k/a)/B_(k-1). Below a it forgets
// its start, so it begins where what lies below no longer counts; above a it
// ends when B is below the least float64.
func inverseB(servers int, a float64) float64 {
	if a == 0 {
		if servers == 0 {
			return 1
		}
		return math.Inf(1)
	}
	turn := min(servers, int(min(a, MaxServers)))
	term, sum := 1.0, 1.0
	for k := float64(turn); k > 0 && term > 0.01*epsilon*(1-k/a)*sum; k-- {
		term *= k / a
		sum += term
	}
	for k := turn + 1; k <= servers && !math.IsInf(sum, 1); k++ {
		sum = 1 + float64(k)/a*sum
	}
	return sum
}
