package theory

import "math"

// MMcPriority is the M/M/c queue whose servers take the most urgent message next and
// finish what they have begun.
type MMcPriority struct {
	Arrivals []float64 `json:"arrivals_per_s"` // of each class, the most urgent first, at most 1000, each [0, 1e12] 1/s
	Service  float64   `json:"service_per_s"`  // mu of one server, the same for all, [1e-12, 1e12] 1/s
	Servers  int       `json:"servers"`        // c, [1, MaxServers]
}

// Validate says all that is wrong with q at once; every error wraps ErrInvalidConfig.
func (q MMcPriority) Validate() error {
	var d domain
	d.count("len(Arrivals)", len(q.Arrivals), 1, 1000)
	for _, rate := range q.Arrivals[:min(len(q.Arrivals), 1000)] {
		d.arrival("Arrivals", rate)
	}
	d.rate("Service", q.Service)
	d.count("Servers", q.Servers, 1, MaxServers)
	return d.err()
}

// Solve is exact (Cobham), a state for each class: Wq_k = (C/(c mu)) /
// ((1-s_(k-1)) (1-s_k)), s_k being the load of the classes 1 to k. Classes whose
// s_k is at least 1 are unstable; those above them are not.
func (q MMcPriority) Solve() ([]Steady, error) {
	if err := q.Validate(); err != nil {
		return nil, err
	}
	c, total := float64(q.Servers), 0.0
	for _, rate := range q.Arrivals {
		total += rate
	}
	waits := erlangC(q.Servers, total/q.Service)
	states := make([]Steady, len(q.Arrivals))
	above, room := 0.0, 1.0 // load of and room left by the more urgent
	for i, rate := range q.Arrivals {
		left := 1 - (above + rate/q.Service/c)
		if left <= 0 {
			states[i] = unstable(rate/q.Service/c, c*q.Service*max(room, 0))
			states[i].Utilization = max(room, 0)
		} else {
			states[i] = lossless(rate, q.Service, c, waits/(c*q.Service)/(room*left))
			states[i].WaitProbability = waits
		}
		above, room = above+rate/q.Service/c, left
	}
	return states, nil
}

// Feedback is the M/M/c queue whose messages fail with a fixed probability at the
// end of a service and at once join the queue again.
type Feedback struct {
	Arrival float64 `json:"arrival_per_s"`       // lambda of new messages, [0, 1e12] 1/s
	Service float64 `json:"service_per_s"`       // mu of one server, [1e-12, 1e12] 1/s
	Servers int     `json:"servers"`             // c, [1, MaxServers]
	Failure float64 `json:"failure_probability"` // p, [0, 1]
}

// Validate says all that is wrong with q at once; every error wraps ErrInvalidConfig.
func (q Feedback) Validate() error {
	var d domain
	d.arrival("Arrival", q.Arrival)
	d.rate("Service", q.Service)
	d.count("Servers", q.Servers, 1, MaxServers)
	d.within("Failure", q.Failure, 0, 1, "")
	return d.err()
}

// Solve is exact: the number in the system is that of [MMc] with the arrival rate
// lambda/(1-p), and stable if that is below c mu (never if p = 1). Waits and sojourns are sums
// over all attempts of a message; for one server the sojourn is
// 1/(mu (1-p) - lambda).
func (q Feedback) Solve() (Steady, error) {
	if err := q.Validate(); err != nil {
		return Steady{}, err
	}
	success := 1 - q.Failure
	c := float64(q.Servers)
	load := math.Inf(1)
	if success > 0 {
		load = q.Arrival / q.Service / c / success
	}
	if load >= 1 {
		return unstable(load, c*q.Service*success), nil
	}
	a := load * c
	s := lossless(q.Arrival, q.Service*success, c, 0)
	s.WaitProbability = erlangC(q.Servers, a)
	s.WaitMean = s.WaitProbability / (c*q.Service*success - q.Arrival)
	s.QueueMean = q.Arrival * s.WaitMean
	s.SojournMean += s.WaitMean
	s.SystemMean += s.QueueMean
	return s, nil
}

// BatchArrivals is the queue with one exponential server at which batches of a
// fixed size arrive as a Poisson process, M^[b]/M/1.
type BatchArrivals struct {
	Arrival float64 `json:"arrival_per_s"` // messages, not batches, [0, 1e12] 1/s
	Service float64 `json:"service_per_s"` // mu, [1e-12, 1e12] 1/s
	Batch   int     `json:"batch"`         // b, [1, MaxCapacity]
}

// Validate says all that is wrong with q at once; every error wraps ErrInvalidConfig.
func (q BatchArrivals) Validate() error { return validBatch(q.Arrival, q.Service, q.Batch) }

func validBatch(arrival, service float64, batch int) error {
	var d domain
	d.arrival("Arrival", arrival)
	d.rate("Service", service)
	d.count("Batch", batch, 1, MaxCapacity)
	return d.err()
}

// Solve is exact: L = rho (b+1) / (2 (1-rho)).
func (q BatchArrivals) Solve() (Steady, error) {
	if err := q.Validate(); err != nil {
		return Steady{}, err
	}
	rho, b := q.Arrival/q.Service, float64(q.Batch)
	if rho >= 1 {
		return unstable(rho, q.Service), nil
	}
	// The sojourn of a message is L/lambda, so the wait (b - 1 + 2 rho)/(2 (mu - lambda)).
	s := lossless(q.Arrival, q.Service, 1, (b-1+2*rho)/(2*(q.Service-q.Arrival)))
	s.WaitProbability = (b - 1 + rho) / b
	return s, nil
}

// BatchService is the queue whose one server works on up to Batch messages at
// once, in a time Exp(mu) whatever their number, and lets arrivals join the batch
// in service, M/M^[K]/1. A poller that closes its batch waits longer than this.
type BatchService struct {
	Arrival float64 `json:"arrival_per_s"` // lambda, [0, 1e12] 1/s
	Service float64 `json:"service_per_s"` // mu, batches, [1e-12, 1e12] 1/s
	Batch   int     `json:"batch"`         // K, [1, MaxCapacity]
}

// Validate says all that is wrong with q at once; every error wraps ErrInvalidConfig.
func (q BatchService) Validate() error { return validBatch(q.Arrival, q.Service, q.Batch) }

// Solve is exact: p_n = (1-r) r^n with r + r^2 + ... + r^K = lambda/mu, which is
// the root in (0, 1) of r^(K+1) - (lambda+mu) r/mu + lambda/mu = 0. WaitProbability
// and WaitMean are those of the messages that find no room in the batch; Load is
// lambda/(K mu), Utilization 1 - p_0.
func (q BatchService) Solve() (Steady, error) {
	if err := q.Validate(); err != nil {
		return Steady{}, err
	}
	a, k := q.Arrival/q.Service, float64(q.Batch)
	if a >= k {
		return unstable(a/k, k*q.Service), nil
	}
	s := Steady{Load: a / k, Throughput: q.Arrival, SojournMean: 1 / q.Service}
	if a == 0 {
		return s, nil
	}
	// In x = -ln r, the left side is (1 - e^(-Kx)) / (e^x - 1).
	sum := func(x float64) float64 { return math.Log(-math.Expm1(-k*x)/math.Expm1(x)) - math.Log(a) }
	x := -math.Log(a)
	if a > 1e-100 {
		low, high := 1.0, 1.0
		for low > 1e-17/k && sum(low) <= 0 {
			low /= 2
		}
		for high < 300 && sum(high) >= 0 {
			high *= 2
		}
		x = root(sum, low, high)
	}
	s.Utilization = math.Exp(-x)
	s.WaitProbability = math.Exp(-k * x)
	s.SystemMean = 1 / math.Expm1(x)
	s.QueueMean = math.Exp(-k*x) * s.SystemMean
	s.WaitMean = s.QueueMean / q.Arrival
	s.SojournMean = s.SystemMean / q.Arrival
	return s, nil
}
