package client

import (
	"math/rand/v2"

	"cloudconcepts/internal/des"
	"cloudconcepts/internal/rng"
)

// arrivals makes new requests at a piecewise constant rate. A gap is a fixed
// or exponential amount of rate times time, used up at the rate that holds:
// exact for a Poisson process.
type arrivals struct {
	at      int64 // of the next request
	rate    float64
	steps   []Step
	regular bool
	random  *rand.Rand
}

func newArrivals(c Config) arrivals {
	a := arrivals{rate: c.Rate, steps: c.Steps, regular: c.Regular, random: rng.New(c.Seed, streamArrivals)}
	a.next()
	return a
}

// next moves on to the next request.
func (a *arrivals) next() {
	need := 1.0
	if !a.regular {
		need = a.random.ExpFloat64()
	}
	for len(a.steps) > 0 {
		change := int64(a.steps[0].At)
		offer := a.rate * 1e-9 * float64(change-a.at)
		if offer > need {
			break
		}
		need -= offer
		a.at, a.rate = change, a.steps[0].Rate
		a.steps = a.steps[1:]
	}
	if a.rate == 0 {
		a.at = des.Forever
		return
	}
	a.at = min(des.Forever, a.at+des.Nanoseconds(need/a.rate))
}
