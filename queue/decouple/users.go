package decouple

import (
	"math/rand/v2"

	"cloudconcepts/internal/law"
	"cloudconcepts/internal/rng"
	"cloudconcepts/queue/autoscale/load"
)

// users are the requests: both runs make the same ones.
type users struct {
	source   load.Source
	sampler  law.Sampler
	services *rand.Rand
	at       int64 // the next request
	left     int   // that may still come; -1 when the run is cut
}

func newUsers(c *Config) users {
	u := users{
		source:  c.Arrivals.Source(rng.New(c.Seed, arrivalStream), c.Duration),
		sampler: c.Provider.Service.Sampler(), services: rng.New(c.Seed, serviceStream), left: c.MaxRequests,
	}
	u.at = u.source.Next()
	return u
}

// next takes the next request out: what it will cost the provider, or false if the run ends here.
func (u *users) next() (work int64, ok bool) {
	u.left--
	if u.left < 0 {
		return 0, false
	}
	u.at = u.source.Next()
	return u.sampler.Next(u.services), true
}
