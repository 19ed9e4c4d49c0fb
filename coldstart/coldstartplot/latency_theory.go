package coldstartplot

import (
	"fmt"
	"math"

	"cloudconcepts/coldstart/container"
	"cloudconcepts/internal/units"
)

// Sojourn is P(wait and service > t) of M/M/c with a number of places, a rate (1/s), a mean service time and t in s:
//
//	exp(-t/service) (1 + C (1 - exp(-t (places - load - 1)/service))/(places - load - 1))
//
// with C from container.ErlangC and load = rate x service < places.
func Sojourn(places int, rate, service, t float64) float64 {
	load, u := rate*service, t/service
	wait := container.ErlangC(places, load)
	spare := float64(places) - load
	if !(spare > 0) {
		return 1
	}
	if math.Abs(spare-1) < 1e-9 {
		return math.Exp(-u) * (1 + wait*u)
	}
	return math.Exp(-u) + wait*(math.Exp(-u)-math.Exp(-u*spare))/(spare-1)
}

func sojournQuantile(places int, rate, service, p float64) float64 {
	low, high := 0.0, service
	for range 200 {
		if !(Sojourn(places, rate, service, high) > 1-p) {
			break
		}
		high *= 2
	}
	for range 80 {
		mid := (low + high) / 2
		if Sojourn(places, rate, service, mid) > 1-p {
			low = mid
		} else {
			high = mid
		}
	}
	return high
}

// QuantileName is P99.9 for 0.999.
func QuantileName(p float64) string {
	return "P" + units.FormatNumber(math.Round(1e6*p)/1e4)
}

// Containers are so many, with a verb in the singular or the plural.
func Containers(n int, one, many string) string {
	text, verb := fmt.Sprintf("%s containers", units.FormatCount(float64(n))), many
	if n == 1 {
		text, verb = "1 container", one
	}
	if verb != "" {
		text += " " + verb
	}
	return text
}
