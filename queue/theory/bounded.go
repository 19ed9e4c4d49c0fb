package theory

import "math"

// MMcK is the M/M/c queue that holds at most Capacity messages, those in service
// included, and rejects what comes when it is full.
type MMcK struct {
	Arrival  float64 `json:"arrival_per_s"` // lambda, [0, 1e12] 1/s
	Service  float64 `json:"service_per_s"` // mu of one server, [1e-12, 1e12] 1/s
	Servers  int     `json:"servers"`       // c, [1, MaxServers]
	Capacity int     `json:"capacity"`      // K, [Servers, MaxCapacity]
}

// Validate says all that is wrong with q at once; every error wraps ErrInvalidConfig.
func (q MMcK) Validate() error {
	var d domain
	d.arrival("Arrival", q.Arrival)
	d.rate("Service", q.Service)
	d.count("Servers", q.Servers, 1, MaxServers)
	d.count("Capacity", q.Capacity, max(q.Servers, 1), MaxCapacity)
	return d.err()
}

// Solve is exact: p_n is in proportion to the product of a/min(i, c) for i <= n,
// and the loss is p_K. Means and percentiles are of the accepted messages.
func (q MMcK) Solve() (Steady, error) {
	if err := q.Validate(); err != nil {
		return Steady{}, err
	}
	c, a := float64(q.Servers), q.Arrival/q.Service
	w := q.weights()
	all := w.below + w.queued + w.full
	s := Steady{Load: a / c, LossFraction: w.full / all, QueueMean: w.waiting / all}
	if a == 0 {
		s.SojournMean, s.law = 1/q.Service, exponential{0, q.Service, q.Service}
		return s, nil
	}
	accepted := (w.below + w.queued) / all
	s.Throughput = q.Arrival * accepted
	s.Utilization = min(s.Throughput/q.Service/c, 1)
	s.WaitProbability = w.queued / (w.below + w.queued)
	s.WaitMean = s.QueueMean / s.Throughput
	s.SojournMean = s.WaitMean + 1/q.Service
	s.SystemMean = s.QueueMean + s.Throughput/q.Service
	s.law = boundedWait{rho: a / c, waits: s.WaitProbability, busy: c * q.Service, servers: c, places: q.Capacity - q.Servers}
	return s, nil
}

// boundedWeights are the probabilities of the states of [MMcK] up to a factor.
type boundedWeights struct {
	below   float64 // n < c
	queued  float64 // c <= n < K
	full    float64 // n = K
	waiting float64 // sum of (n-c) p_n
}

// weights are relative to p_c below capacity and to p_K above, so that no power
// overflows.
func (q MMcK) weights() boundedWeights {
	c, a := float64(q.Servers), q.Arrival/q.Service
	places, rho := q.Capacity-q.Servers, a/c
	below := math.Inf(1)
	if a > 0 {
		below = c / a * inverseB(q.Servers-1, a)
	}
	w := boundedWeights{below: below, full: 1}
	if math.IsInf(below, 1) {
		return boundedWeights{below: 1}
	}
	if rho <= 1 {
		term := 1.0
		for j := 0; j < places && term > 0; j++ {
			w.queued += term
			w.waiting += float64(j) * term
			term *= rho
		}
		w.full = term
		w.waiting += float64(places) * term
		return w
	}
	term := 1.0
	w.waiting = float64(places)
	for j := places - 1; j >= 0 && term > 0; j-- {
		term /= rho
		w.queued += term
		w.waiting += float64(j) * term
	}
	w.below *= term
	return w
}

// boundedWait is the law of the wait in [MMcK]: who finds c+j in the system
// waits for j+1 ends of service, so P(wait > t) sums over m the Poisson
// probability of m ends times that of at least m waiting.
type boundedWait struct {
	rho, waits, busy, servers float64
	places                    int
}

// atLeast is, for each m from 0 to places, P(at least m wait | one has to wait), a
// geometric sum from m to places-1 over that from 0.
func (b boundedWait) atLeast() []float64 {
	out := make([]float64, b.places+1)
	n, x := float64(b.places), math.Log(b.rho)
	for m := range b.places {
		switch left := n - float64(m); {
		case math.Abs(x) < 1e-12:
			out[m] = left / n
		case x > 0:
			out[m] = math.Expm1(-x*left) / math.Expm1(-x*n)
		default:
			out[m] = math.Exp(x*float64(m)) * (math.Expm1(x*left) / math.Expm1(x*n))
		}
	}
	return out
}

func (b boundedWait) wait() func(float64) float64 {
	atLeast := b.atLeast()
	return func(t float64) float64 {
		if b.places == 0 || b.waits == 0 || math.IsInf(t, 1) {
			return 0
		}
		return b.waits * stillWaits(atLeast[:b.places], b.busy*t)
	}
}

// stillWaits sums outwards from the likeliest number of ends of service.
func stillWaits(atLeast []float64, mean float64) float64 {
	top := int(min(mean, float64(len(atLeast)-1)))
	middle := poissonPMF(float64(top), mean)
	sum, term := middle*atLeast[top], middle
	for m := top; m > 0 && term > 0.001*epsilon*middle; m-- {
		term *= float64(m) / mean
		sum += term * atLeast[m-1]
	}
	term = middle
	for m := top + 1; m < len(atLeast) && term > 0.001*epsilon*middle; m++ {
		term *= mean / float64(m)
		sum += term * atLeast[m]
	}
	return min(sum, 1)
}

// sojourn adds the service after the wait. R_k, the survival of k ends of service
// and one more service, obeys R_(k-1) = ((c-1) R_k + P(k ends take longer))/c, a
// recursion that downwards forgets where it began.
func (b boundedWait) sojourn() func(float64) float64 {
	atLeast := b.atLeast()
	return func(t float64) float64 {
		direct := math.Exp(-b.busy / b.servers * t)
		if b.places == 0 || b.waits == 0 || math.IsInf(t, 1) {
			return direct
		}
		return direct*(1-b.waits) + b.waits*b.longer(atLeast, b.busy*t)
	}
}

// longer is P(wait + service > mean/(c mu) | one has to wait).
func (b boundedWait) longer(atLeast []float64, mean float64) float64 {
	most := mean + 12*math.Sqrt(mean) + 60 // ends of service that can be in that time
	start := b.places + 1 + int(min(40*b.servers, max(0, most-float64(b.places))))
	r, sum, fewer, ends := 1.0, 0.0, 1.0, -1.0 // ends = P(k-1 ends)
	if float64(start) < most {
		fewer = fewerThan(start, mean)
	}
	for k := start; k > 1; k-- {
		r = ((b.servers-1)*r + fewer) / b.servers
		if float64(k) <= most {
			if ends < 0 {
				ends = poissonPMF(float64(k-1), mean)
			}
			fewer = max(fewer-ends, 0)
			ends *= float64(k-1) / max(mean, 1e-300)
		}
		if j := k - 2; j < b.places {
			sum += r * (atLeast[j] - atLeast[j+1])
		}
	}
	return sum
}

// fewerThan is P(N < k) of a Poisson number N.
func fewerThan(k int, mean float64) float64 {
	first := min(float64(k-1), math.Floor(mean))
	term := poissonPMF(first, mean)
	sum, down := term, term
	for n := first; n > 0 && down > 0.001*epsilon*sum; n-- {
		down *= n / mean
		sum += down
	}
	for n := first + 1; n < float64(k) && term > 0.001*epsilon*sum; n++ {
		term *= mean / n
		sum += term
	}
	return min(sum, 1)
}
