package queue

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// FuzzSimulate turns raw numbers into a configuration: either Validate refuses it, or the run ends and all invariants
// hold.
func FuzzSimulate(f *testing.F) {
	for _, x := range []float64{0, math.Copysign(0, -1), 1, 125, 1e8, 1e300, math.NaN(), math.Inf(1), math.Inf(-1), 5e-324} {
		for kind := range uint64(12) {
			f.Add(x, 0.5, int64(time.Second), int64(3), int64(10), kind*0x0101_0101_0101_0101, int64(1000))
			f.Add(0.8, x, int64(math.MaxInt64), int64(1), int64(0), kind*0x1011_0203_0105_0709, int64(math.MaxInt64))
			f.Add(1e-7, x, int64(year), int64(1), int64(0), kind*0x0907_0503_0201_0403, int64(-1))
		}
	}
	f.Fuzz(func(t *testing.T, rate, shape float64, d, servers, capacity int64, kinds uint64, bound int64) {
		kind := func(i, n int) int { return int(kinds>>(8*i)&0xff) % n }
		span := time.Duration(d)
		c := Config{
			Arrivals: []Arrivals{
				Poisson(rate), Every(span), Renewal(Erlang(3, span)), OnOff(rate, shape, span, span/2), Steps(Step{At: 0, Rate: rate}, Step{At: span, Rate: shape}),
				Paced(Step{At: 0, Rate: rate}, Step{At: span, Rate: shape}), FromTrace(),
				{},
				Poisson(rate).InBatches(int(capacity)), Every(span).InGeometricBatches(shape),
			}[kind(0, 10)],
			Service: []Law{Exp(span), Const(span), Hyper(shape, span), Lognormal(span, shape), Pareto(shape, span), Uniform(0, span), {}}[kind(1, 7)],
			Servers: int(servers), Capacity: int(capacity), Full: Full(kind(2, 4)), Discipline: Discipline(kind(3, 10)),
			Policy: DefaultPolicy(), Deadline: time.Duration(bound), Messages: bound, Seed: kinds, Engine: Engine(kind(6, 4)),
		}
		if kind(4, 3) == 0 {
			c.Classes = []Class{{shape, rate}, {1 - shape, 1}}
		}
		if kind(5, 3) == 0 {
			c.Duration, c.Sample = span, span/8
		}
		if c.Arrivals == FromTrace() {
			c.Trace = Trace{At: []time.Duration{0, span, span + 1}, Class: []int{0, int(servers), 0}}
		}
		err := c.Validate()
		if c.Servers > 1000 || c.Messages > 1000 { // valid, but long
			c.Servers, c.Messages = min(c.Servers, 1000), min(c.Messages, 1000)
		}
		if err == nil && c.Messages == 0 {
			c.Messages = 1000
		}
		c.Capacity = max(min(c.Capacity, 2000), min(c.Capacity, 0))
		r, err := Simulate(c)
		if err != nil {
			require.ErrorIs(t, err, ErrInvalidConfig)
			return
		}
		invariants(t, r)
	})
}

// FuzzReadTrace: a trace that is read can be simulated.
func FuzzReadTrace(f *testing.F) {
	for _, s := range []string{"time_s,service_s\n0,1\n", "0\n1\n", "", "a\n", "1\n0\n", "NaN\n", "1e300\n", "0,1,7\n", "class,time_s\n1,1\n", "\"\n", "# c\n0,5e-324\n"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		trace, err := ReadTrace(strings.NewReader(text))
		if err != nil {
			require.True(t, strings.HasPrefix(err.Error(), "queue: trace"), err)
			return
		}
		c := Config{Arrivals: FromTrace(), Trace: trace, Servers: 1, Service: Const(time.Second)}
		if len(trace.Class) > 0 {
			for range 8 {
				c.Classes = append(c.Classes, Class{0.125, 1})
			}
		}
		r, err := Simulate(c)
		require.NoError(t, err)
		invariants(t, r)
		require.Equal(t, int64(trace.Len()), r.Offered)
	})
}
