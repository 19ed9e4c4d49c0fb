package contention

import (
	"time"

	"cloudconcepts/internal/check"
	"cloudconcepts/queue/client"
)

// Config is a number of clients and how they back off.
type Config struct {
	Clients   int            `json:"clients"` // [1, 10000]
	Backoff   client.Backoff `json:"backoff"`
	DelayMean time.Duration  `json:"delay_mean_ns"` // of one message, [0, 1 h]
	DelaySD   time.Duration  `json:"delay_sd_ns"`   // [0, 1 h]
	Runs      int            `json:"runs"`          // [1, 1e6]; Clients^2 Runs at most 1e10
	Seed      uint64         `json:"seed"`
	Trace     bool           `json:"trace"` // keep the calls of the first run
}

// AWS is the article's experiment: delays |Normal(10, 2)|, base 5, cap 2000, in the article's milliseconds, for 1,000 runs.
func AWS(law client.Jitter, clients int) Config {
	c := Config{
		Clients: clients, DelayMean: 10 * time.Millisecond, DelaySD: 2 * time.Millisecond, Runs: 1000, Seed: 1,
	}
	if law != client.None {
		c.Backoff = client.Backoff{Jitter: law, Base: 5 * time.Millisecond, Cap: 2 * time.Second}
	}
	return c
}

// Validate says all that is wrong with c at once; every error wraps ErrInvalidConfig.
func (c Config) Validate() error {
	v := check.Of(ErrInvalidConfig)
	check.Count(&v, "Clients", c.Clients, 1, 10_000)
	for _, p := range c.Backoff.Problems() {
		v.Add("Backoff.%w", p)
	}
	v.Span("DelayMean", c.DelayMean, 0, time.Hour)
	v.Span("DelaySD", c.DelaySD, 0, time.Hour)
	check.Count(&v, "Runs", c.Runs, 1, 1_000_000)
	if work := float64(c.Clients) * float64(c.Clients) * float64(c.Runs); v.OK() && work > 1e10 {
		v.Add("Clients^2 Runs = %g calls at most, want in [1, 1e10]: lower Runs", work)
	}
	return v.Err()
}
