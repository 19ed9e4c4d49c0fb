package replication

import (
	"time"

	"cloudconcepts/internal/law"
)

// Law is the law of a random time; its text is one of exp:1s, const:1s, erlang:4,1s, hyper:cv2=4,1s, lognormal:1s,cv=2,
// uniform:1s,2s, pareto:alpha=2.5,1s, empirical:1s,2s,5s or 5ms+exp:1ms. The zero value takes no time.
type Law = law.Law

// Exp is exponential with the given mean.
func Exp(mean time.Duration) Law { return law.Exp(mean) }

// Const always takes d.
func Const(d time.Duration) Law { return law.Const(d) }

// ParseLaw reads a law from its text.
func ParseLaw(text string) (Law, error) { return law.Parse(text) }
