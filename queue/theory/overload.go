package theory

import "math"

// Overload is an M/M/1 queue whose messages are worth nothing unless their
// service begins within a deadline: who is served when more comes than can be
// done?
type Overload struct {
	Arrival  float64 `json:"arrival_per_s"` // lambda, [0, 1e12] 1/s
	Service  float64 `json:"service_per_s"` // mu, [1e-12, 1e12] 1/s
	Deadline float64 `json:"deadline_s"`    // D on the wait, [0, 1e8/Service] s
}

// Goodput is the rate in 1/s of services that begin within the deadline, by the
// rule of the queue.
type Goodput struct {
	FIFO   float64 `json:"fifo_per_s"`        // first come, first served, whatever its age
	Expire float64 `json:"fifo_expire_per_s"` // the same, but what is too old is dropped when its turn comes
	LIFO   float64 `json:"lifo_per_s"`        // the newest first, without interrupting a service
}

// Validate says all that is wrong with q at once; every error wraps ErrInvalidConfig.
func (q Overload) Validate() error {
	var d domain
	d.arrival("Arrival", q.Arrival)
	d.rate("Service", q.Service)
	if d.err() == nil {
		d.within("Deadline", q.Deadline, 0, mostServices/q.Service, "s")
	}
	return d.err()
}

// Solve is exact, with x = mu D:
//   - FIFO: lambda (1 - rho e^(-(1-rho) x)), 0 for rho >= 1.
//   - Expire: the dropped share is (1-rho) rho e^(-(1-rho) x) / (1 - rho^2 e^(-(1-rho) x)).
//   - LIFO: lambda (max(1-rho, 0) + min(rho, 1) B(D)), B being the law of a busy
//     period: who has to wait waits for one service and for all that arrives
//     during its wait.
func (q Overload) Solve() (Goodput, error) {
	if err := q.Validate(); err != nil {
		return Goodput{}, err
	}
	rho, x := q.Arrival/q.Service, q.Service*q.Deadline
	if rho == 0 {
		return Goodput{}, nil
	}
	free := 1 - rho
	g := Goodput{Expire: q.Arrival * onTime(rho, x)}
	if free > 0 {
		g.FIFO = q.Arrival * (free - rho*math.Expm1(-free*x))
	}
	g.LIFO = q.Arrival * min(max(free, 0)+min(rho, 1)*busyWithin(rho, x), 1)
	return g, nil
}

// onTime is the share that a queue which drops the too old does serve.
func onTime(rho, x float64) float64 {
	free := 1 - rho
	if free == 0 {
		return (1 + x) / (2 + x)
	}
	if free > 0 {
		return 1 - free*rho*math.Exp(-free*x)/-math.Expm1(2*math.Log(rho)-free*x)
	}
	// The same with both parts of the fraction times e^(free x)/rho, which is small here.
	return math.Expm1(free*x-math.Log(rho)) / (rho * math.Expm1(free*x-2*math.Log(rho)))
}

// Burst is a flash sale as a fluid: arrivals at the rate Base, then at Peak for
// Duration, then at Base again, at a service that does Capacity.
type Burst struct {
	Base     float64 `json:"base_per_s"`     // lambda_0, [0, 1e12] 1/s
	Peak     float64 `json:"peak_per_s"`     // lambda_p, [Base, 1e12] 1/s
	Duration float64 `json:"duration_s"`     // T, [0, 1e12] s
	Capacity float64 `json:"capacity_per_s"` // C, [1e-12, 1e12] 1/s
}

// Drain is how a backlog comes and goes.
type Drain struct {
	BacklogPeak float64 `json:"peak_backlog"` // messages, at the end of the burst: (lambda_p - C) T
	Drain       float64 `json:"drain_s"`      // from the end of the burst until the backlog is gone: peak/(C - lambda_0), +Inf if C <= lambda_0
	AgeMax      float64 `json:"max_age_s"`    // of the message that arrives last in the burst, peak/C: seen this long after the depth has its maximum
	DelayMean   float64 `json:"mean_delay_s"` // of all that arrive until the backlog is gone: half of AgeMax
}

// Validate says all that is wrong with b at once; every error wraps ErrInvalidConfig.
func (b Burst) Validate() error {
	var d domain
	d.arrival("Base", b.Base)
	d.within("Peak", b.Peak, max(min(b.Base, mostRate), 0), mostRate, "1/s")
	d.duration("Duration", b.Duration)
	d.rate("Capacity", b.Capacity)
	return d.err()
}

// Solve is the fluid limit, exact for even arrivals and services up to one
// message. If Base is above Capacity, backlog and ages grow without end: +Inf.
func (b Burst) Solve() (Drain, error) {
	if err := b.Validate(); err != nil {
		return Drain{}, err
	}
	inf := math.Inf(1)
	switch excess := b.Peak - b.Capacity; {
	case b.Base > b.Capacity:
		return Drain{inf, inf, inf, inf}, nil
	case excess <= 0 || b.Duration == 0:
		return Drain{}, nil
	default:
		r := Drain{BacklogPeak: excess * b.Duration}
		r.AgeMax = r.BacklogPeak / b.Capacity
		r.DelayMean = r.AgeMax / 2
		r.Drain = inf
		if b.Base < b.Capacity {
			r.Drain = r.BacklogPeak / (b.Capacity - b.Base)
		} else {
			r.DelayMean = r.AgeMax
		}
		return r, nil
	}
}
