package coldstart

import (
	"math/rand/v2"

	"cloudconcepts/internal/rng"
)

// randomness is one stream for each purpose, so that a changed policy meets the same arrivals and the same work.
type randomness struct {
	services, cpu, colds, keep, picks, retries, errors, pings, demand *rand.Rand
}

func newRandomness(seed uint64) *randomness {
	return &randomness{
		services: rng.New(seed, drawServices), cpu: rng.New(seed, drawCPU), colds: rng.New(seed, drawColds),
		keep: rng.New(seed, drawKeepAlive), picks: rng.New(seed, drawSelection), retries: rng.New(seed, drawRetries),
		errors: rng.New(seed, drawErrors), pings: rng.New(seed, drawPings), demand: rng.New(seed, drawDemand),
	}
}
