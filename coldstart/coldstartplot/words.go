package coldstartplot

import (
	"strings"

	"cloudconcepts/coldstart"
	"cloudconcepts/internal/units"
)

// lawWords is a law of times for people: 1 s (constant), 1.98 s (exponential), 2 s (lognormal:2s,cv=3).
func lawWords(law coldstart.Law) string {
	mean := units.FormatSeconds(law.Mean())
	if _, ok := law.Fixed(); ok {
		return mean + " (constant)"
	}
	if law.Exponential() {
		return mean + " (exponential)"
	}
	return mean + " (" + law.String() + ")"
}

// arrivalWords are arrivals for people: "Poisson 0.9/s" or "regular, 100/s, from 10s on 5000/s". Rarer kinds keep their text.
func arrivalWords(a coldstart.Arrivals) string {
	if a.Poisson() {
		return "Poisson " + PerTime(a.Rate())
	}
	steps, ok := strings.CutPrefix(a.String(), "paced:0s=")
	if !ok {
		return a.String()
	}
	steps = strings.ReplaceAll(steps, ",", ", from ")
	return "regular, " + strings.ReplaceAll(steps, "=", " on ")
}
