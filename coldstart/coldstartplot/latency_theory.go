package coldstartplot

import (
	"fmt"
	"math"

	"cloudconcepts/coldstart/container"
	"cloudconcepts/internal/units"
)

// sojournQuantile is that of the latency of M/M/c.
func sojournQuantile(places int, rate, service, p float64) float64 {
	low, high := 0.0, service
	for range 200 {
		if !(container.LatencySurvival(places, rate, service, high) > 1-p) {
			break
		}
		high *= 2
	}
	for range 80 {
		mid := (low + high) / 2
		if container.LatencySurvival(places, rate, service, mid) > 1-p {
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
