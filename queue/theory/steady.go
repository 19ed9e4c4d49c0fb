package theory

import (
	"fmt"
	"math"
)

// Steady is the steady state of a queue. Rates are in 1/s and times in s. Of an
// unstable queue (Load >= 1 and no limit) the means and all percentiles are
// +Inf, WaitProbability is 1 and Throughput is what the servers can do.
type Steady struct {
	Load            float64 `json:"load"`             // rho: offered work per server; >= 1 is overload
	Utilization     float64 `json:"utilization"`      // busy share of a server, [0, 1]
	WaitProbability float64 `json:"wait_probability"` // an accepted arrival finds no free server
	LossFraction    float64 `json:"loss"`             // share of the arrivals that is rejected or gives up
	Throughput      float64 `json:"throughput_per_s"` // served, 1/s
	WaitMean        float64 `json:"wait_mean_s"`      // before service, of the accepted
	SojournMean     float64 `json:"sojourn_mean_s"`   // wait and service
	QueueMean       float64 `json:"queue_mean"`       // Lq, waiting
	SystemMean      float64 `json:"system_mean"`      // L, waiting and in service

	law waitLaw
}

// String is the steady state in one line.
func (s Steady) String() string {
	return fmt.Sprintf("load %.4g: wait %.4g s mean, sojourn %.4g s mean; %.3g %% find no free server, %.3g %% lost; %.3g %% busy",
		s.Load, s.WaitMean, s.SojournMean, 100*s.WaitProbability, 100*s.LossFraction, 100*s.Utilization)
}

// waitLaw is the law of the waiting time: two ways to survive t >= 0. A func,
// so that what both need is worked out once for many t.
type waitLaw interface {
	wait() func(t float64) float64
	sojourn() func(t float64) float64
}

// WaitAbove is P(wait > t) of an accepted arrival served first come, first
// served; NaN where the package has no law but only means ([MG1], [GGc], [ErlangA],
// [MMcPriority], [Feedback], [MD1K] and the batches).
func (s Steady) WaitAbove(t float64) float64 { return survive(s.law, waitLaw.wait, t) }

// SojournAbove is P(wait + service > t); NaN like [Steady.WaitAbove].
func (s Steady) SojournAbove(t float64) float64 { return survive(s.law, waitLaw.sojourn, t) }

// WaitQuantile is the p-quantile of the wait in s, 0 if at least p do not wait;
// NaN like [Steady.WaitAbove] and unless p is in [0, 1].
func (s Steady) WaitQuantile(p float64) float64 { return s.quantile(waitLaw.wait, p) }

// SojournQuantile is the p-quantile of wait and service in s; NaN like
// [Steady.WaitQuantile].
func (s Steady) SojournQuantile(p float64) float64 { return s.quantile(waitLaw.sojourn, p) }

func survive(law waitLaw, which func(waitLaw) func(float64) float64, t float64) float64 {
	switch {
	case law == nil || math.IsNaN(t):
		return math.NaN()
	case t < 0:
		return 1
	}
	return min(which(law)(t), 1)
}

func (s Steady) quantile(which func(waitLaw) func(float64) float64, p float64) float64 {
	switch {
	case s.law == nil || !(p >= 0 && p <= 1):
		return math.NaN()
	case math.IsInf(s.SojournMean, 1):
		return math.Inf(1)
	}
	return quantileOf(which(s.law), p, s.SojournMean)
}

// unstable is the steady state that an overloaded queue without a limit lacks.
func unstable(load, throughput float64) Steady {
	inf := math.Inf(1)
	return Steady{
		Load: load, Utilization: 1, WaitProbability: 1, Throughput: throughput,
		WaitMean: inf, SojournMean: inf, QueueMean: inf, SystemMean: inf, law: never{},
	}
}

// lossless fills in by Little's law what follows from the mean wait of a queue
// that loses nothing.
func lossless(arrival, service, servers, meanWait float64) Steady {
	load := arrival / service / servers
	return Steady{
		Load: load, Utilization: load, Throughput: arrival, WaitMean: meanWait, SojournMean: meanWait + 1/service,
		QueueMean: arrival * meanWait, SystemMean: arrival * (meanWait + 1/service),
	}
}

// never is the law of a wait that does not end.
type never struct{}

func (never) wait() func(float64) float64    { return func(float64) float64 { return 1 } }
func (never) sojourn() func(float64) float64 { return func(float64) float64 { return 1 } }

// exponential is the wait that is 0 but with a probability, and then
// exponential; service is exponential too.
type exponential struct{ probability, decay, service float64 }

func (e exponential) wait() func(float64) float64 {
	return func(t float64) float64 { return e.probability * math.Exp(-e.decay*t) }
}

func (e exponential) sojourn() func(float64) float64 {
	return func(t float64) float64 {
		return math.Exp(-e.service*t) + e.probability*e.service*decayGap(e.decay, e.service, t)
	}
}

// Little is the mean number in a system from the mean time in it, L = lambda W, whatever the system; NaN unless both
// are in [0, 1e12].
func Little(throughput, meanTime float64) float64 {
	if !(throughput >= 0 && throughput <= mostRate && meanTime >= 0 && meanTime <= mostRate) {
		return math.NaN()
	}
	return throughput * meanTime
}
