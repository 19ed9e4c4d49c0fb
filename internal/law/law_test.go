package law

import (
	"encoding/json"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"cloudconcepts/internal/rng"
)

func all() []Law {
	return []Law{
		{},
		Const(time.Second), Exp(150 * time.Millisecond), Erlang(1, time.Second), Erlang(4, time.Second), Erlang(200, time.Minute),
		Hyper(1, time.Second), Hyper(4, time.Second), Lognormal(time.Second, 0.3), Lognormal(time.Second, 2),
		Uniform(time.Second, 2*time.Second), Uniform(0, 10*time.Millisecond), Pareto(2.5, time.Second), Pareto(10, 261*time.Microsecond),
		Empirical(5*time.Second, time.Second, 2*time.Second, 2*time.Second), Exp(time.Millisecond).After(5 * time.Millisecond),
	}
}

func TestTextAndJSONRoundTrip(t *testing.T) {
	for _, l := range all() {
		require.NoError(t, l.Validate(), l)
		read, err := Parse(l.String())
		require.NoError(t, err)
		assert.Equal(t, l, read)
		data, err := json.Marshal(struct{ L Law }{l})
		require.NoError(t, err)
		var back struct{ L Law }
		require.NoError(t, json.Unmarshal(data, &back))
		assert.Equal(t, l, back.L)
	}
	assert.Equal(t, "hyper:cv2=4,1s", Hyper(4, time.Second).String())
	assert.Equal(t, "5ms+exp:1ms", all()[15].String())
}

func TestForms(t *testing.T) {
	for text, want := range map[string]Law{
		"1s": Const(time.Second), " exp: 1.991s ": Exp(1991 * time.Millisecond), "lognormal:cv=2,1s": Lognormal(time.Second, 2),
		"erlang:k=4,1s": Erlang(4, time.Second), "pareto:xm=235us,alpha=10": Pareto(10, 261111*time.Nanosecond),
		"5ms+1ms": Const(time.Millisecond).After(5 * time.Millisecond), "hyper:1s,cv2=4": Hyper(4, time.Second),
	} {
		got, err := Parse(text)
		require.NoError(t, err, text)
		assert.Equal(t, want, got, text)
	}
	for _, text := range []string{
		"", "exp", "exp:", "exp:-1s", "exp:1s,2s", "exp:NaN", "gamma:1s", "erlang:1s", "erlang:0,1s", "erlang:1.5,1s", "hyper:1s", "hyper:cv2=0.5,1s",
		"hyper:cv2=NaN,1s", "hyper:cv2=4,1s,2s", "lognormal:1s,cv=-1", "uniform:2s,1s", "pareto:alpha=1,1s", "pareto:alpha=NaN,xm=1s", "empirical:", "x+exp:1s",
		"exp:20y", "exp:1e300s", "const:200000h", "lognormal:1s,cv=2,cv=3",
	} {
		_, err := Parse(text)
		assert.Error(t, err, text)
	}
	_, err := Parse("gamma:1s")
	assert.ErrorContains(t, err, "hyper:cv2=4,1s")
}

// The sampler, the quantile function, the survival function, the moments and the transform say the same.
func TestEverythingAgrees(t *testing.T) {
	for _, l := range all() {
		t.Run(l.String(), func(t *testing.T) {
			const n = 200_000
			r := rng.New(3)
			s := l.Sampler()
			var sum, above, lst float64
			median := l.Quantile(0.5)
			rate := 0.7 / max(l.Mean(), 1e-9)
			for range n {
				x := s.Seconds(r)
				sum += x
				lst += math.Exp(-rate * x)
				if x > median {
					above++
				}
			}
			sd := math.Sqrt(l.Variance())
			assert.InDelta(t, l.Mean(), sum/n, 4*sd/math.Sqrt(n)+1e-12)
			assert.InDelta(t, l.Survival(median), above/n, 4*0.5/math.Sqrt(n))
			assert.InDelta(t, l.LST(rate), lst/n, 4*0.5/math.Sqrt(n))
			assert.InDelta(t, 1, l.LST(0), 1e-9)
			if _, fixed := l.Fixed(); !fixed && l.kind != empirical {
				for _, p := range []float64{1e-6, 0.01, 0.3, 0.9, 0.9999} {
					assert.InDelta(t, 1-p, l.Survival(l.Quantile(p)), 1e-9, "%v", p)
				}
			}
			slope := (l.LST(0) - l.LST(1e-6*rate)) / (1e-6 * rate)
			assert.InDelta(t, l.Mean(), slope, 1e-4*l.Mean()+1e-9)
		})
	}
}

// The mean and the variance are those of the quantile function.
func TestMomentsByIntegration(t *testing.T) {
	for _, l := range all() {
		const n = 40_000
		var m1, m2 float64
		for i := range n {
			q := l.Quantile((float64(i) + 0.5) / n)
			m1 += q / n
			m2 += q * q / n
		}
		assert.InEpsilon(t, l.Mean()+1, m1+1, 5e-4, l)
		if l.kind != pareto && l.kind != lognormal {
			assert.InDelta(t, l.Variance(), m2-m1*m1, 2e-3*l.Variance()+1e-9, l)
		}
	}
	assert.InEpsilon(t, 0.8, Pareto(2.5, time.Second).CV2(), 1e-12)
	assert.True(t, math.IsInf(Pareto(2, time.Second).CV2(), 1))
	assert.InEpsilon(t, 4, Lognormal(time.Second, 2).CV2(), 1e-12)
	assert.Zero(t, Law{}.CV2())
}

// Transforms against numbers computed by other means: LST(1) of the lognormal law with mean 1 and cv 2 by fine
// integration over its quantiles, and the closed form of the Pareto law's at a half-integer index through quantiles.
func TestLSTOfHeavyTails(t *testing.T) {
	for _, l := range []Law{Lognormal(time.Second, 2), Pareto(2.5, time.Second), Lognormal(time.Second, 0.2)} {
		for _, s := range []float64{0.1, 1, 10} {
			const n = 100_000
			var sum float64
			for i := range n {
				sum += math.Exp(-s * l.Quantile((float64(i)+0.5)/n))
			}
			assert.InDelta(t, sum/n, l.LST(s), 2e-6, "%v at %v", l, s)
		}
	}
}

type weird float64

func (w weird) Quantile(float64) float64 { return float64(w) }

type half struct{ Law }

func (h half) Quantile(p float64) float64 { return h.Law.Quantile(p) / 2 }

func TestTabulate(t *testing.T) {
	l, err := Tabulate(half{Exp(time.Second)})
	require.NoError(t, err)
	assert.InEpsilon(t, 0.5, l.Mean(), 1e-4)
	assert.InEpsilon(t, 0.5*math.Ln2, l.Quantile(0.5), 1e-3)
	for _, bad := range []float64{math.NaN(), -1, math.Inf(1), 1e300} {
		_, err := Tabulate(weird(bad))
		assert.Error(t, err)
	}
	_, err = Tabulate(nil)
	assert.Error(t, err)
}

func TestEdges(t *testing.T) {
	assert.True(t, Law{}.IsZero())
	assert.False(t, Exp(1).IsZero())
	assert.True(t, Exp(5).Exponential())
	assert.Error(t, Empirical().Validate())
	assert.Error(t, Exp(-1).Validate())
	for _, l := range all() {
		assert.True(t, math.IsNaN(l.Quantile(math.NaN())))
		assert.InDelta(t, 1, l.Survival(-1), 0)
		assert.GreaterOrEqual(t, l.Quantile(-3), 0.0)
		assert.GreaterOrEqual(t, l.Quantile(7), l.Quantile(0.999))
	}
	tail := Pareto(1.0001, longest)
	s := tail.Sampler()
	r := rng.New(1)
	for range 10000 {
		require.GreaterOrEqual(t, s.Next(r), int64(0))
	}
}

func BenchmarkSampler(b *testing.B) {
	for _, l := range []Law{Const(time.Second), Exp(time.Second), Erlang(4, time.Second), Hyper(4, time.Second), Lognormal(time.Second, 2), Pareto(2.5, time.Second)} {
		b.Run(l.String(), func(b *testing.B) {
			s, r := l.Sampler(), rng.New(1)
			var sum int64
			for b.Loop() {
				sum += s.Next(r)
			}
			_ = sum
		})
	}
}

func FuzzParse(f *testing.F) {
	for _, l := range all() {
		f.Add(l.String())
	}
	f.Add("pareto:alpha=1e300,xm=1s")
	f.Add("hyper:cv2=+Inf,1s")
	f.Fuzz(func(t *testing.T, text string) {
		l, err := Parse(text)
		if err != nil {
			return
		}
		require.NoError(t, l.Validate())
		again, err := Parse(l.String())
		require.NoError(t, err)
		require.Equal(t, l, again)
		s := l.Sampler()
		require.GreaterOrEqual(t, s.Next(rng.New(1)), int64(0))
		require.False(t, math.IsNaN(l.Mean()))
	})
}
