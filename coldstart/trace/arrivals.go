package trace

import (
	"math"
	"math/rand/v2"

	"cloudconcepts/internal/enum"
	"cloudconcepts/internal/law"
	"cloudconcepts/internal/rng"
)

// Minute is the length of one, in ns.
const Minute = int64(60_000_000_000)

// Spread is how the requests counted in a minute lie in it.
type Spread uint8

// The spreads.
const (
	Poisson Spread = iota // independent uniform times
	Regular               // in the middles of n equal parts
	Uniform               // n+1 gaps from the start to the end of the minute, in proportion to uniform numbers
)

func spreadNames() []string { return []string{"poisson", "equidistant", "uniform"} }

// String is the spread's name.
func (s Spread) String() string { return enum.Name(s, spreadNames()) }

// MarshalText writes the name.
func (s Spread) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (s *Spread) UnmarshalText(text []byte) error {
	return enum.Parse(s, text, "trace: spread", spreadNames())
}

// Arrival is a request: when it comes, how long its execution takes (both ns), and the function's index.
type Arrival struct {
	At, Work int64
	Function int32
}

// Cursor goes through the arrivals of one function, a minute at a time. It draws from two streams of its own, for times
// and for executions, so that what comes does not depend on what other functions do.
type Cursor struct {
	walk     walk
	requests []Request
	spread   Spread
	index    int32
	work     law.Sampler
	times    *rand.Rand
	works    *rand.Rand
}

const (
	purposeTimes = 1 + iota
	purposeWorks
	purposeApps
	purposeRates
	purposeFunctions
	purposeCounts
)

// Cursor starts at the function's first request. The index names its streams and marks its arrivals.
func (f *Function) Cursor(spread Spread, seed uint64, index int) Cursor {
	if f.Trigger == Timer {
		spread = Regular
	}
	c := Cursor{
		requests: f.Requests, spread: spread, index: int32(index), work: f.Work.Sampler(),
		times: rng.New(seed, uint64(index), purposeTimes), works: rng.New(seed, uint64(index), purposeWorks),
	}
	c.walk.rest = f.Counts.packed
	if len(f.Requests) == 0 && !c.walk.step() {
		c.walk.count = 0
	}
	return c
}

// Minute is the next minute that has requests, or math.MaxInt if there is none.
func (c *Cursor) Minute() int {
	switch {
	case len(c.requests) > 0:
		return int(int64(c.requests[0].Start) / Minute)
	case c.walk.count > 0:
		return c.walk.minute
	}
	return math.MaxInt
}

// Append adds the arrivals of that minute to a list, in order, and goes on to the next.
func (c *Cursor) Append(list []Arrival) []Arrival {
	if len(c.requests) > 0 {
		return c.appendKnown(list)
	}
	start, n := int64(c.walk.minute)*Minute, c.walk.count
	from := len(list)
	switch c.spread {
	case Regular:
		step := float64(Minute) / float64(max(n, 1))
		for i := range n {
			list = append(list, Arrival{At: start + int64((float64(i)+0.5)*step), Function: c.index})
		}
	case Uniform:
		list = c.appendUniform(list, start, n)
	default:
		list = c.appendPoisson(list, start, n)
	}
	for i := from; i < len(list); i++ {
		list[i].Work = c.work.Next(c.works)
	}
	if !c.walk.step() {
		c.walk.count = 0
	}
	return list
}

func (c *Cursor) appendKnown(list []Arrival) []Arrival {
	end := (int64(c.Minute()) + 1) * Minute
	for len(c.requests) > 0 && int64(c.requests[0].Start) < end {
		r := c.requests[0]
		list = append(list, Arrival{At: int64(r.Start), Work: int64(r.Duration), Function: c.index})
		c.requests = c.requests[1:]
	}
	return list
}

// appendPoisson draws sorted uniform times one after the other: of k that lie in the rest of the minute, the first takes
// the share 1 - exp(-E/k) of it, E exponential.
func (c *Cursor) appendPoisson(list []Arrival, start, n int64) []Arrival {
	rest := float64(Minute)
	for k := n; k > 0; k-- {
		x := c.times.ExpFloat64() / float64(k)
		if x < 1.0/256 {
			rest -= rest * x * (1 - x*(1.0/2-x*(1.0/6-x*(1.0/24-x*(1.0/120)))))
		} else {
			rest *= math.Exp(-x)
		}
		list = append(list, Arrival{At: start + min(Minute-1, Minute-int64(math.Ceil(rest))), Function: c.index})
	}
	return list
}

func (c *Cursor) appendUniform(list []Arrival, start, n int64) []Arrival {
	from, sum := len(list), int64(0)
	for range n {
		sum += c.gap()
		list = append(list, Arrival{At: sum, Function: c.index})
	}
	scale := float64(Minute) / float64(sum+c.gap())
	for i := from; i < len(list); i++ {
		list[i].At = start + min(Minute-1, int64(float64(list[i].At)*scale))
	}
	return list
}

// gap is uniform in (0, 2^30].
func (c *Cursor) gap() int64 { return int64(c.times.Uint64()>>34) + 1 }
