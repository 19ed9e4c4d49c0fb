package theory

import "math"

// MD1K is the queue with one server, Poisson arrivals and constant service times
// that holds at most Capacity messages, the one in service included. A token bucket
// of Capacity tokens that fills at the rate 1/Seconds rejects the same share of
// Poisson requests: what it lacks of being full is the work in this queue.
type MD1K struct {
	Arrival  float64 `json:"arrival_per_s"` // lambda, [0, 1e12] 1/s
	Seconds  float64 `json:"service_s"`     // D, every service, [1e-12, 1e12] s
	Capacity int     `json:"capacity"`      // K, [1, 10000]
}

const mostBucket = 10_000

// Validate says all that is wrong with q at once; every error wraps ErrInvalidConfig.
func (q MD1K) Validate() error {
	var d domain
	d.arrival("Arrival", q.Arrival)
	d.within("Seconds", q.Seconds, leastRate, mostRate, "s")
	d.count("Capacity", q.Capacity, 1, mostBucket)
	return d.err()
}

// Solve is exact: LossFraction = 1 - 1/(pi_0 + rho), pi_0 being the share of the served
// that leave nobody behind. The chain of those left behind is solved by what goes up
// through a level and what comes down through it: positive terms only.
func (q MD1K) Solve() (Steady, error) {
	if err := q.Validate(); err != nil {
		return Steady{}, err
	}
	rho := q.Arrival * q.Seconds
	s := Steady{Load: rho, SojournMean: q.Seconds}
	if rho == 0 {
		return s, nil
	}
	b := newBucket(rho, q.Capacity)
	k := float64(q.Capacity)
	s.LossFraction = b.loss
	s.Throughput = q.Arrival / (b.empty + rho)
	s.Utilization = min(rho/(b.empty+rho), 1)
	s.WaitProbability = min(max(1-b.empty, 0), 1)
	s.SystemMean = b.mean/(b.empty+rho) + k*b.loss
	s.SojournMean = max(s.SystemMean/s.Throughput, q.Seconds)
	s.WaitMean = s.SojournMean - q.Seconds
	s.QueueMean = s.Throughput * s.WaitMean
	return s, nil
}

// bucket is the chain of the numbers left behind in [MD1K].
type bucket struct {
	empty float64 // pi_0
	mean  float64 // sum of n pi_n
	loss  float64
}

func newBucket(rho float64, capacity int) bucket {
	if rho > 200 { // e^-rho is nothing beside 1
		return bucket{mean: float64(capacity - 1), loss: 1 - 1/rho}
	}
	w := newLevels(rho)
	within, mean := 0.0, 0.0
	first := 1.0
	for n := range capacity {
		p := w.next(n)
		within += p
		mean += float64(n) * p
		if p > 1e200 { // only the proportions count
			const scale = 0x1p-600
			within, mean, first = within*scale, mean*scale, first*scale
			w.rescale(scale)
		}
	}
	b := bucket{empty: first / within, mean: mean / within}
	b.loss = max(1-1/(b.empty+rho), 0)
	if rho >= 1 || b.loss > 1e-3 {
		return b
	}
	// pi_0 - (1-rho) from what an unbounded queue holds beyond.
	beyond := 0.0
	for n := capacity; n < capacity+100_000; n++ {
		p := w.next(n)
		beyond += p
		if p < 0.01*epsilon*beyond*(1-rho) || p == 0 {
			break
		}
	}
	b.loss = (1 - rho) * beyond / within / (b.empty + rho)
	return b
}

// levels makes pi_n from those below: a_0 pi_(n+1) = pi_0 P(A > n) + sum over
// 1 <= j <= n of pi_j P(A > n+1-j), A being the arrivals in one service.
type levels struct {
	none float64   // a_0
	more []float64 // P(A > i), up to where it no longer counts
	p    []float64
}

func newLevels(rho float64) *levels {
	l := &levels{none: math.Exp(-rho)}
	top := int(rho + 12*math.Sqrt(rho) + 60)
	l.more = make([]float64, top)
	after := 0.0
	for i := top; i > 0; i-- {
		after += poissonPMF(float64(i), rho)
		l.more[i-1] = after
	}
	return l
}

// next is pi_n up to a factor; n grows by 1 from 0.
func (l *levels) next(n int) float64 {
	p := 1.0
	if n > 0 {
		p = 0
		if n-1 < len(l.more) {
			p = l.p[0] * l.more[n-1]
		}
		for j := max(1, n-len(l.more)+1); j < n; j++ {
			p += l.p[j] * l.more[n-j]
		}
		p /= l.none
	}
	l.p = append(l.p, p)
	return p
}

func (l *levels) rescale(by float64) {
	for i := range l.p {
		l.p[i] *= by
	}
}
