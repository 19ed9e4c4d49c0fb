package queueplot

import (
	"cloudconcepts/internal/units"
	"cloudconcepts/queue"
)

// LawWords is a law of times for people: 1 s (constant), 1.98 s (exponential), 2 s (lognormal:2s,cv=3).
func LawWords(law queue.Law) string {
	mean := units.FormatSeconds(law.Mean())
	if _, ok := law.Fixed(); ok {
		return mean + " (constant)"
	}
	if law.Exponential() {
		return mean + " (exponential)"
	}
	return mean + " (" + law.String() + ")"
}
