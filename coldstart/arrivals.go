package coldstart

import (
	"time"

	"cloudconcepts/internal/arrival"
)

// Arrivals is when requests come, or batches of them. It is comparable, and a text in JSON; the zero value is invalid.
type Arrivals = arrival.Arrivals

// Step is a rate (1/s) from a time on.
type Step = arrival.Step

// The texts that ParseArrivals and ParseKeepAlive read, for help and messages.
const (
	ArrivalForms   = arrival.Forms
	KeepAliveForms = "a time (10m), a law (exp:10m, uniform:25m,65m), halving:380s or never (no environment is ever removed)"
)

// Poisson arrivals come independently of one another at a rate (1/s), in [1e-7, 1e8].
func Poisson(rate float64) Arrivals { return arrival.Poisson(rate) }

// Every gap comes one, the first after one gap; gap in [10 ns, 1 year].
func Every(gap time.Duration) Arrivals { return arrival.Every(gap) }

// Renewal arrivals have independent gaps of one law, of mean in [10 ns, 1 year].
func Renewal(gaps Law) Arrivals { return arrival.Renewal(gaps) }

// OnOff arrivals are Poisson with a rate (1/s) that switches between two values; the times at each are exponential
// with the given means. This is a Markov-modulated Poisson process of two states; it starts in its steady state.
// A cycle must bring at least 0.001 arrivals on average.
func OnOff(on, off float64, meanOn, meanOff time.Duration) Arrivals {
	return arrival.OnOff(on, off, meanOn, meanOff)
}

// Steps arrivals are Poisson with a rate that changes at given times, of which the first is 0. The last rate stays.
func Steps(list ...Step) Arrivals { return arrival.Steps(list...) }

// Paced arrivals come evenly, 1/rate apart, at a rate that changes at given times.
func Paced(list ...Step) Arrivals { return arrival.Paced(list...) }

// Diurnal arrivals are Poisson with a rate (1/s) of mean x (1 + swing x sin(2 pi t/period)), swing in [0, 1], period in
// [1 s, 1 year].
func Diurnal(mean, swing float64, period time.Duration) Arrivals {
	return arrival.Diurnal(mean, swing, period)
}

// FromTrace takes the times of Config.Trace.
func FromTrace() Arrivals { return arrival.FromTrace() }

// ParseArrivals reads arrivals from one of the ArrivalForms.
func ParseArrivals(text string) (Arrivals, error) { return arrival.Parse(text) }

const year = arrival.Year
