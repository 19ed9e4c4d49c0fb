package quorum

import (
	"math"
	"testing"
	"time"

	"cloudconcepts/internal/fuzz"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// most is the longest of ordinary times.
const most = 255 * time.Millisecond

func latency(in *fuzz.Input) Latency {
	parts := make([]Part, in.Byte()%6)
	for i := range parts {
		parts[i] = Part{Weight: 1 / float64(len(parts))}
		switch in.Byte() % 4 {
		case 0:
			parts[i] = Part{in.Real(8), in.Real(8), in.Real(8), in.Real(8)}
		case 1:
			parts[i].Xm, parts[i].Alpha = in.Real(8), in.Real(8)
		default:
			parts[i].Rate = in.Real(8)
		}
	}
	if len(parts) == 0 {
		return Of(in.Law(most))
	}
	return Mix(parts...)
}

func model(in *fuzz.Input) Model {
	presets := append(Models(), Exponentials(in.Real(8), in.Real(8)), Propagation(in.Real(8)))
	if b := in.Byte(); b < 200 {
		return presets[b%len(presets)]
	}
	return Model{Write: latency(in), Ack: latency(in), Read: latency(in), Response: latency(in), Remote: in.Span(most)}
}

func seeds(f *testing.F) {
	f.Add([]byte{3, 1, 1, 20, 1})
	fuzz.Seeds(f, 16, 160)
}

func FuzzSimulate(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		in := fuzz.Input(data)
		c := Config{N: in.Count(12), R: in.Count(12), W: in.Count(12), Latency: model(&in), ReadFanOut: FanOut(in.Count(1)), Trials: in.Count(200), Seed: in.Word()}
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
