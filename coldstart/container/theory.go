package container

import (
	"math"

	"cloudconcepts/coldstart/theory"
)

// ErlangC is the probability that a request waits for one of a number of places, with Poisson arrivals, exponential service and a load of
// rate x mean service: B/(1 - (load/places)(1 - B)) with Erlang's B. 1 if load >= places; NaN unless places in [1, 1e8] and load >= 0.
func ErlangC(places int, load float64) float64 {
	b := theory.ErlangB(places, load)
	switch {
	case places < 1 || math.IsNaN(b):
		return math.NaN()
	case load >= float64(places):
		return 1
	}
	return b / (1 - load/float64(places)*(1-b))
}

// WaitMean is the mean wait in s, as exact: C x service/(places - load). +Inf if load >= places; service in s, > 0.
func WaitMean(places int, rate, service float64) float64 {
	load := rate * service
	c := ErlangC(places, load)
	if !(service > 0) || math.IsNaN(c) {
		return math.NaN()
	}
	if load >= float64(places) {
		return math.Inf(1)
	}
	return c * service / (float64(places) - load)
}

// WaitSurvival is P(wait > t), t in s: C exp(-(places - load) t/service).
func WaitSurvival(places int, rate, service, t float64) float64 {
	load := rate * service
	c := ErlangC(places, load)
	if !(service > 0) || !(t >= 0) {
		return math.NaN()
	}
	return c * math.Exp(-max(float64(places)-load, 0)*t/service)
}

// LatencySurvival is P(wait + service > t), t in s, with C from ErlangC and load = rate x service:
//
//	exp(-t/service) (1 + C (1 - exp(-t (places - load - 1)/service))/(places - load - 1))
//
// 1 if load >= places.
func LatencySurvival(places int, rate, service, t float64) float64 {
	load, u := rate*service, t/service
	c := ErlangC(places, load)
	if !(service > 0) || !(t >= 0) || math.IsNaN(c) {
		return math.NaN()
	}
	spare := float64(places) - load
	if spare <= 0 {
		return 1
	}
	if math.Abs(spare-1) < 1e-9 {
		return math.Exp(-u) * (1 + c*u)
	}
	return math.Exp(-u) + c*(math.Exp(-u)-math.Exp(-u*spare))/(spare-1)
}
