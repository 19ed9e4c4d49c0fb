package autoscale

import (
	"encoding/binary"
	"errors"
	"math"
	"testing"
	"time"

	"cloudconcepts/queue/autoscale/load"
)

// numbers reads values from bytes, odd ones among them.
type numbers []byte

func (n *numbers) word() uint64 {
	var b [8]byte
	k := copy(b[:], *n)
	*n = (*n)[k:]
	return binary.LittleEndian.Uint64(b[:])
}

func (n *numbers) count(small uint64) int {
	switch w := n.word(); w % 23 {
	case 0:
		return int(w >> 8)
	case 1:
		return -1
	default:
		return int(w >> 8 % small)
	}
}

func (n *numbers) span(most time.Duration) time.Duration {
	switch w := n.word(); w % 29 {
	case 0:
		return time.Duration(w)
	case 1:
		return math.MaxInt64
	case 2:
		return 0
	default:
		return time.Duration(w >> 8 % uint64(most))
	}
}

func (n *numbers) real(most float64) float64 {
	odd := []float64{math.NaN(), math.Inf(1), math.Inf(-1), 1e300, -1, 0, math.Copysign(0, -1), 5e-324, math.MaxInt64}
	w := n.word()
	if k := int(w % 64); k < len(odd) {
		return odd[k]
	}
	return float64(w>>11) / (1 << 53) * most
}

func (n *numbers) rule() Rule {
	switch n.word() % 8 {
	case 0:
		return Fixed{n.count(50)}
	case 1:
		return BacklogPerInstance{n.span(time.Minute), n.span(time.Second), n.word()%2 == 0}
	case 2:
		return DepthStep{[]Step{{n.count(10), n.count(5) - 5}, {10 + n.count(90), n.count(5)}, {100 + n.count(900), n.count(50)}}}
	case 3:
		return OldestAge{n.span(time.Minute), n.real(1)}
	case 4:
		return HPA{n.real(20), n.real(1), n.word()%2 == 0}
	case 5:
		return LambdaRamp{n.count(10), n.count(300), 10 + n.count(1000)}
	case 6:
		return Oracle{n.real(1)}
	}
	return nil
}

func fuzzed(raw []byte) Config {
	n := numbers(raw)
	c := AWS()
	c.Arrivals = load.Profile{Process: load.Process(n.count(2)), Swing: n.real(1), Period: n.span(time.Minute), Phase: n.real(1)}
	for range 1 + n.word()%4 {
		c.Arrivals.Segments = append(c.Arrivals.Segments, load.Segment{At: n.span(time.Minute), Rate: n.real(500), Ramp: n.word()%2 == 0})
	}
	c.Service = Exp(n.span(time.Second))
	if n.word()%2 == 0 {
		c.Service = Const(n.span(time.Second))
	}
	c.Backlog, c.Rule = n.count(1000)%5000, n.rule()
	c.Min, c.Max = n.count(3), 3+n.count(200)
	c.Initial, c.MaxOut, c.MaxIn = c.Min+n.count(3), n.count(20), n.count(20)
	c.Boot, c.CooldownIn, c.CooldownOut = n.span(time.Minute), n.span(time.Minute), n.span(time.Minute)
	c.MetricPeriod, c.MetricDelay, c.EvaluationPeriod = n.span(time.Minute), n.span(time.Minute), n.span(time.Minute)
	c.LatencyTarget, c.Price, c.Seed = n.span(time.Minute), n.real(10), n.word()
	c.Duration, c.MaxMessages, c.Step = n.span(10*time.Minute), n.count(5000), n.span(time.Minute)
	return c
}

// FuzzSimulate wants an error of Validate or a run that keeps every promise.
func FuzzSimulate(f *testing.F) {
	seed := make([]byte, 500)
	for k := range 100 {
		for i := range seed {
			seed[i] = byte((i*i*3 + 7*i*k + 13*k) % 251)
		}
		f.Add(append([]byte(nil), seed...))
	}
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
		if c.Step > 0 {
			c.Step = max(c.Step, c.Duration/100)
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
		func(c *Config) { c.Duration, c.MaxMessages, c.Step = time.Minute, 3000, 0 },
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
