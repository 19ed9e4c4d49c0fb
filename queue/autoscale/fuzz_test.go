package autoscale

import (
	"errors"
	"testing"
	"time"

	"cloudconcepts/internal/fuzz"
	"cloudconcepts/queue/autoscale/load"
)

func rule(n *fuzz.Input) Rule {
	switch n.Word() % 8 {
	case 0:
		return Fixed{n.Count(50)}
	case 1:
		return BacklogPerInstance{n.Span(time.Minute), n.Span(time.Second), n.Bool()}
	case 2:
		return DepthStep{[]Depth{{n.Count(10), n.Count(5) - 5}, {10 + n.Count(90), n.Count(5)}, {100 + n.Count(900), n.Count(50)}}}
	case 3:
		return OldestAge{n.Span(time.Minute), n.Real(1)}
	case 4:
		return HPA{n.Real(20), n.Real(1), n.Bool()}
	case 5:
		return LambdaRamp{n.Count(10), n.Count(300), 10 + n.Count(1000)}
	case 6:
		return Oracle{n.Real(1)}
	}
	return nil
}

func fuzzed(raw []byte) Config {
	n := fuzz.Input(raw)
	c := AWS()
	c.Arrivals = load.Profile{Process: load.Process(n.Count(2)), Swing: n.Real(1), Period: n.Span(time.Minute), Phase: n.Real(1)}
	for range 1 + n.Byte()%4 {
		c.Arrivals.Steps = append(c.Arrivals.Steps, load.Step{At: n.Span(time.Minute), Rate: n.Real(500), Ramp: n.Bool()})
	}
	c.Service = Exp(n.Span(time.Second))
	if n.Bool() {
		c.Service = Const(n.Span(time.Second))
	}
	c.Backlog, c.Rule = n.Count(1000)%5000, rule(&n)
	c.Min, c.Max = n.Count(3), 3+n.Count(200)
	c.Initial, c.MaxOut, c.MaxIn = c.Min+n.Count(3), n.Count(20), n.Count(20)
	c.Boot, c.CooldownIn, c.CooldownOut = n.Span(time.Minute), n.Span(time.Minute), n.Span(time.Minute)
	c.MetricPeriod, c.MetricDelay, c.EvaluationPeriod = n.Span(time.Minute), n.Span(time.Minute), n.Span(time.Minute)
	c.LatencyTarget, c.Price, c.Seed = n.Span(time.Minute), n.Real(10), n.Word()
	c.Duration, c.MaxMessages, c.Sample = n.Span(10*time.Minute), n.Count(5000), n.Span(time.Minute)
	return c
}

// FuzzSimulate wants an error of Validate or a run that keeps every promise.
func FuzzSimulate(f *testing.F) {
	fuzz.Seeds(f, 100, 500)
	f.Fuzz(func(t *testing.T, raw []byte) {
		c := fuzzed(raw)
		if err := c.Validate(); err != nil {
			if !errors.Is(err, ErrInvalidConfig) {
				t.Fatal(err)
			}
			c = mend(c)
		}
		c.MaxMessages = min(c.MaxMessages, 10_000)
		c.MetricPeriod, c.EvaluationPeriod = max(c.MetricPeriod, c.Duration/1000), max(c.EvaluationPeriod, c.Duration/1000)
		if c.Sample > 0 {
			c.Sample = max(c.Sample, c.Duration/100)
		}
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
	good := AWS()
	for _, fix := range []func(*Config){
		func(c *Config) { c.Arrivals = load.Constant(50) },
		func(c *Config) { c.Service = good.Service },
		func(c *Config) { c.Rule = good.Rule },
		func(c *Config) { c.Backlog = 0 },
		func(c *Config) { c.Min, c.Initial, c.Max = 1, 2, 100 },
		func(c *Config) { c.MaxOut, c.MaxIn = 3, 0 },
		func(c *Config) { c.Boot, c.CooldownIn, c.CooldownOut = time.Second, 0, 0 },
		func(c *Config) { c.MetricPeriod, c.MetricDelay, c.EvaluationPeriod = time.Second, 0, time.Second },
		func(c *Config) { c.LatencyTarget, c.Price = time.Second, 1 },
		func(c *Config) { c.Duration, c.MaxMessages, c.Sample = time.Minute, 3000, 0 },
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
