package quorum

import (
	"encoding/binary"
	"math"
	"testing"
	"time"

	"cloudconcepts/internal/law"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// input hands out the bytes of a fuzz input, zeros when there are no more.
type input []byte

func (in *input) word() uint64 {
	var b [8]byte
	*in = (*in)[copy(b[:], *in):]
	return binary.LittleEndian.Uint64(b[:])
}

func (in *input) byte() int {
	if len(*in) == 0 {
		return 0
	}
	b := (*in)[0]
	*in = (*in)[1:]
	return int(b)
}

// small is mostly a legal count, and sometimes any number.
func (in *input) small(most int) int {
	if b := in.byte(); b < 250 {
		return b % (most + 1)
	}
	return int(in.word())
}

func (in *input) float() float64 {
	odd := []float64{math.NaN(), math.Inf(1), math.Inf(-1), 1e300, 0, math.Copysign(0, -1), 5e-324, math.MaxInt64, -1}
	b := in.byte()
	switch {
	case b < len(odd):
		return odd[b]
	case b < 128:
		return float64(b) / 16
	}
	return math.Float64frombits(in.word())
}

func (in *input) span() time.Duration {
	odd := []time.Duration{0, 1, -1, math.MaxInt64, math.MinInt64, time.Hour, year}
	if b := in.byte(); b < len(odd) {
		return odd[b]
	}
	return time.Duration(in.byte()) * time.Millisecond
}

func (in *input) law() Law {
	switch in.byte() % 6 {
	case 0:
		return law.Const(in.span())
	case 1:
		return law.Pareto(in.float(), in.span())
	case 2:
		return law.Hyper(in.float(), in.span())
	case 3:
		return law.Lognormal(in.span(), in.float())
	}
	return law.Exp(in.span())
}

func (in *input) latency() Latency {
	parts := make([]Part, in.byte()%6)
	for i := range parts {
		parts[i] = Part{Weight: 1 / float64(len(parts))}
		switch in.byte() % 4 {
		case 0:
			parts[i] = Part{in.float(), in.float(), in.float(), in.float()}
		case 1:
			parts[i].Xm, parts[i].Alpha = in.float(), in.float()
		default:
			parts[i].Rate = in.float()
		}
	}
	if len(parts) == 0 {
		return Of(in.law())
	}
	return Mix(parts...)
}

func (in *input) model() Model {
	presets := append(Models(), Exponentials(in.float(), in.float()), Propagation(in.float()))
	if b := in.byte(); b < 200 {
		return presets[b%len(presets)]
	}
	return Model{Write: in.latency(), Ack: in.latency(), Read: in.latency(), Response: in.latency(), Remote: in.span()}
}

func seeds(f *testing.F) {
	f.Add([]byte{})
	f.Add([]byte{3, 1, 1, 20, 1})
	for first := range 16 {
		b := make([]byte, 160)
		for i := range b {
			b[i] = byte((first+1)*(i+7)*37 + i*i)
		}
		f.Add(b)
	}
}

func FuzzSimulate(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		in := input(data)
		c := Config{N: in.small(12), R: in.small(12), W: in.small(12), Latency: in.model(), ReadFanOut: FanOut(in.small(1)), Trials: in.small(200), Seed: in.word()}
		if c.Trials > 2000 && c.Trials <= mostTrials {
			c.Trials = 2000
		}
		r, err := Simulate(c)
		if err != nil {
			require.ErrorIs(t, err, ErrInvalidConfig)
			return
		}
		for _, p := range []float64{r.PConsistent0, r.PConsistent0Low, r.PConsistent0High} {
			assert.True(t, p >= 0 && p <= 1, "%g", p)
		}
		for _, x := range [][]float64{
			{0, r.TVisibility99, r.TVisibility999, r.TVisibility9999},
			{r.TVisibility999Low, r.TVisibility999, r.TVisibility999High},
			{0, r.ReadP50, r.ReadP99, r.ReadP999},
			{0, r.WriteP50, r.WriteP99, r.WriteP999},
		} {
			for i := range x[1:] {
				assert.LessOrEqual(t, x[i], x[i+1], "%v", x)
			}
			assert.False(t, math.IsInf(x[len(x)-1], 0) || math.IsNaN(x[len(x)-1]), "%v", x)
		}
		if c.R+c.W > c.N {
			assert.Equal(t, 1.0, r.PConsistent0)
		}
	})
}

func FuzzStore(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		in := input(data)
		c := DefaultStore()
		c.N, c.R, c.W, c.Keys, c.Spares = in.small(6), in.small(6), in.small(6), in.small(20), in.small(4)
		c.Latency, c.ReadFanOut, c.ReadRepair = in.model(), FanOut(in.small(1)), Repair(in.small(2))
		c.HintWindow, c.AntiEntropy, c.Wipe = in.span(), in.span(), in.byte()%2 == 1
		if in.byte()%2 == 0 {
			c.Up, c.Down = in.law(), in.law()
		}
		for range in.byte() % 4 {
			c.Outages = append(c.Outages, Outage{in.small(6), in.span(), in.span()})
		}
		if in.byte() > 127 {
			c.WriteRate, c.ReadRate = in.float(), in.float()
		}
		c.Timeout, c.Duration, c.Seed = in.span(), in.span(), in.word()
		c.MaxEvents = 5000
		r, err := SimulateStore(c)
		if err != nil {
			require.ErrorIs(t, err, ErrInvalidConfig)
			return
		}
		invariants(t, r)
	})
}

func FuzzParseLatency(f *testing.F) {
	for _, s := range []string{"exp:1ms", "0.38*pareto(1.05ms,1.51) + 0.62*exp(0.183/ms)", "exp(4/ms)", "1e300*pareto(NaNms,Inf)"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		l, err := ParseLatency(text)
		if err != nil || (Config{N: 1, R: 1, W: 1, Trials: 1, Latency: Model{Write: l}}).Validate() != nil {
			return
		}
		back, err := ParseLatency(l.String())
		require.NoError(t, err)
		assert.Equal(t, l, back)
	})
}
