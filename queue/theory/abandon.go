package theory

import "math"

// ErlangA is the M/M/c queue whose messages give up waiting after an exponential
// patience.
type ErlangA struct {
	Arrival     float64 `json:"arrival_per_s"`     // lambda, [0, 1e12] 1/s
	Service     float64 `json:"service_per_s"`     // mu of one server, [1e-12, 1e12] 1/s
	Servers     int     `json:"servers"`           // c, [1, MaxServers]
	Abandonment float64 `json:"abandonment_per_s"` // theta, 1/mean patience, [1e-12, 1e12] 1/s, at least 1e-9 lambda and 1e-9 c mu
}

// Validate says all that is wrong with q at once; every error wraps ErrInvalidConfig.
func (q ErlangA) Validate() error {
	var d domain
	d.arrival("Arrival", q.Arrival)
	d.rate("Service", q.Service)
	d.count("Servers", q.Servers, 1, MaxServers)
	d.rate("Abandonment", q.Abandonment)
	if d.err() == nil {
		least := max(q.Arrival, float64(q.Servers)*q.Service) / 1e9
		d.within("Abandonment", q.Abandonment, min(least, mostRate), mostRate, "1/s")
	}
	return d.err()
}

// Solve is exact: a birth and death chain with deaths at c mu + (n-c) theta
// beyond c. LossFraction is what gives up, theta Lq / lambda; WaitMean and
// SojournMean are over all arrivals, also those that give up. It always has a
// steady state.
func (q ErlangA) Solve() (Steady, error) {
	if err := q.Validate(); err != nil {
		return Steady{}, err
	}
	c, a := float64(q.Servers), q.Arrival/q.Service
	s := Steady{Load: a / c}
	if a == 0 {
		s.SojournMean = 1 / q.Service
		return s, nil
	}
	w := q.weights()
	below := c / a * inverseB(q.Servers-1, a) * w.atFull // n < c, relative like the others
	if math.IsInf(below, 1) {
		below, w = 1, abandonWeights{}
	}
	all := below + w.queued
	s.WaitProbability = w.queued / all
	s.QueueMean = w.waiting / all
	s.LossFraction = min(q.Abandonment*s.QueueMean/q.Arrival, 1)
	s.WaitMean = s.QueueMean / q.Arrival
	busy := a*below/all*fewerBusy(q.Servers, a) + c*s.WaitProbability
	s.Throughput = min(q.Service*busy, q.Arrival)
	s.Utilization = min(busy/c, 1)
	s.SystemMean = s.QueueMean + busy
	s.SojournMean = s.SystemMean / q.Arrival
	return s, nil
}

// fewerBusy is P(N <= c-2 | N <= c-1) of a truncated Poisson number: 1 - B(c-1).
func fewerBusy(servers int, a float64) float64 {
	if servers == 1 {
		return 0
	}
	// 1 - B_(c-1) = ((c-1)/a) (1/B_(c-2)) / (1/B_(c-1)).
	before := inverseB(servers-2, a)
	now := 1 + float64(servers-1)/a*before
	if math.IsInf(now, 1) {
		return 1
	}
	return float64(servers-1) / a * before / now
}

// abandonWeights are the probabilities of n >= c up to the factor that makes the
// likeliest 1.
type abandonWeights struct{ atFull, queued, waiting float64 }

func (q ErlangA) weights() abandonWeights {
	full := float64(q.Servers) * q.Service
	mode := math.Floor(max(0, (q.Arrival-full)/q.Abandonment))
	w := abandonWeights{atFull: 1, queued: 1, waiting: mode}
	term := 1.0
	for j := mode + 1; ; j++ {
		term *= q.Arrival / (full + j*q.Abandonment)
		w.queued += term
		w.waiting += j * term
		if ratio := q.Arrival / (full + (j+1)*q.Abandonment); j*term <= 0.01*epsilon*(1-ratio)*w.waiting || term == 0 {
			break
		}
	}
	term = 1
	for j := mode; j > 0; j-- {
		term *= (full + j*q.Abandonment) / q.Arrival
		w.queued += term
		w.waiting += (j - 1) * term
		if term < 1e-30*w.queued {
			w.atFull = 0
			return w
		}
	}
	w.atFull = term
	return w
}
