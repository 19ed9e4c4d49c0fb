package decouple

import (
	"errors"
	"testing"
	"time"

	"cloudconcepts/internal/fuzz"
	"cloudconcepts/queue/autoscale/load"
)

func fuzzed(raw []byte) Config {
	n := fuzz.Input(raw)
	c := Config{
		Arrivals: load.Profile{Process: load.Process(n.Count(2)), Swing: n.Real(1), Period: n.Span(time.Minute), Phase: n.Real(1)},
		Provider: Provider{Servers: n.Count(50), Service: n.Law(time.Second), Failure: n.Real(1), ErrorLatency: n.Span(time.Second)},
		Sync: Sync{
			Threads: n.Count(100), Backlog: n.Count(100), Timeout: n.Span(5 * time.Second), Retries: n.Count(4),
			Backoff: n.Span(time.Second), BackoffCap: n.Span(time.Minute), SkipGone: n.Bool(),
		},
		Async: Async{
			Accept: n.Law(100 * time.Millisecond), Workers: n.Count(50), RetryDelay: n.Span(time.Minute),
			MaxReceives: n.Count(10), Retention: time.Minute + n.Span(time.Hour),
		},
		Duration: n.Span(10 * time.Minute), MaxRequests: n.Count(3000), Sample: n.Span(time.Minute), Seed: n.Word(),
	}
	for range n.Count(3) % 4 {
		c.Arrivals.Steps = append(c.Arrivals.Steps, load.Step{At: n.Span(time.Minute), Rate: n.Real(500), Ramp: n.Bool()})
	}
	var at time.Duration
	for range n.Count(3) % 4 {
		w := Window{At: at + n.Span(time.Minute), For: n.Span(time.Minute), Kind: Kind(n.Count(3)), Factor: n.Real(20)}
		c.Provider.Windows = append(c.Provider.Windows, w)
		at = w.At + w.For
	}
	return c
}

// FuzzSimulate wants an error of Validate or a run that keeps every promise.
func FuzzSimulate(f *testing.F) {
	fuzz.Seeds(f, 60, 400)
	f.Fuzz(func(t *testing.T, raw []byte) {
		c := fuzzed(raw)
		if err := c.Validate(); err != nil {
			if !errors.Is(err, ErrInvalidConfig) {
				t.Fatal(err)
			}
			c = mend(c)
		}
		if c.Sample > 0 {
			c.Sample = max(c.Sample, c.Duration/100)
		}
		c.MaxRequests = min(c.MaxRequests, 5000)
		if c.Arrivals.Pieces(c.Duration) > 1e5 || c.Validate() != nil {
			return
		}
		r, err := Simulate(c)
		if err != nil {
			t.Fatal(err)
		}
		checkRun(t, r)
	})
}

// mend replaces what is out of range, so that one odd number does not hide the others.
func mend(c Config) Config {
	for _, fix := range []func(*Config){
		func(c *Config) { c.Arrivals = load.Constant(50) },
		func(c *Config) { c.Provider.Servers = 5 },
		func(c *Config) { c.Provider.Service = Exp(100 * time.Millisecond) },
		func(c *Config) { c.Provider.Failure = 0.5 },
		func(c *Config) { c.Provider.ErrorLatency = 0 },
		func(c *Config) { c.Provider.Windows = nil },
		func(c *Config) { c.Sync = Sync{Threads: 10, Timeout: time.Second, Retries: 2} },
		func(c *Config) { c.Async = Shop().Async },
		func(c *Config) { c.Duration, c.MaxRequests, c.Sample = time.Minute, 3000, 0 },
	} {
		fixed := c
		fix(&fixed)
		if problems(fixed) < problems(c) {
			c = fixed
		}
	}
	return c
}

func problems(c Config) int {
	err := c.Validate()
	if err == nil {
		return 0
	}
	return len(err.(interface{ Unwrap() []error }).Unwrap())
}
