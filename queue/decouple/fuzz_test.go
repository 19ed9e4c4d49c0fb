package decouple

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
	switch w := n.word(); w % 11 {
	case 0:
		return int(w >> 8)
	case 1:
		return -1
	default:
		return int(w >> 8 % (small + 1) % small)
	}
}

func (n *numbers) span(most time.Duration) time.Duration {
	switch w := n.word(); w % 13 {
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
	if k := int(w % 32); k < len(odd) {
		return odd[k]
	}
	return float64(w>>11) / (1 << 53) * most
}

func (n *numbers) law(most time.Duration) Law {
	if d := n.span(most); n.word()%2 == 0 {
		return Const(d)
	} else {
		return Exp(d)
	}
}

func fuzzed(raw []byte) Config {
	n := numbers(raw)
	c := Config{
		Arrivals: load.Profile{Process: load.Process(n.count(2)), Swing: n.real(1), Period: n.span(time.Minute), Phase: n.real(1)},
		Provider: Provider{Servers: n.count(50), Service: n.law(time.Second), Failure: n.real(1), ErrorLatency: n.span(time.Second)},
		Sync: Sync{
			Threads: n.count(100), Backlog: n.count(100), Timeout: n.span(5 * time.Second), Retries: n.count(4),
			Backoff: n.span(time.Second), BackoffCap: n.span(time.Minute), SkipGone: n.word()%2 == 0,
		},
		Async: Async{
			Accept: n.law(100 * time.Millisecond), Workers: n.count(50), RetryDelay: n.span(time.Minute),
			MaxReceives: n.count(10), Retention: time.Minute + n.span(time.Hour),
		},
		Duration: n.span(10 * time.Minute), MaxRequests: n.count(3000), Step: n.span(time.Minute), Seed: n.word(),
	}
	for range n.count(3) % 4 {
		c.Arrivals.Segments = append(c.Arrivals.Segments, load.Segment{At: n.span(time.Minute), Rate: n.real(500), Ramp: n.word()%2 == 0})
	}
	var at time.Duration
	for range n.count(3) % 4 {
		w := Window{From: at + n.span(time.Minute), Length: n.span(time.Minute), Kind: Kind(n.count(3)), Factor: n.real(20)}
		c.Provider.Windows = append(c.Provider.Windows, w)
		at = w.From + w.Length
	}
	return c
}

// FuzzSimulate wants an error of Validate or a run that keeps every promise.
func FuzzSimulate(f *testing.F) {
	seed := make([]byte, 400)
	for k := range 60 {
		for i := range seed {
			seed[i] = byte((i*i + 7*i*k + 13*k) % 251)
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
		if c.Step > 0 {
			c.Step = max(c.Step, c.Duration/100)
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
		func(c *Config) { c.Duration, c.MaxRequests, c.Step = time.Minute, 3000, 0 },
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
