package load

import (
	"encoding/json"
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"cloudconcepts/internal/des"
	"cloudconcepts/internal/rng"
)

func arrivals(p Profile, seed uint64, horizon time.Duration) []float64 {
	var list []float64
	s := p.Source(rng.New(seed), horizon)
	for at := s.Next(); at < des.Forever; at = s.Next() {
		list = append(list, des.Seconds(at))
	}
	return list
}

// The n-th even arrival is where the integral of the rate is n.
func TestEvenArrivals(t *testing.T) {
	times := theory("even arrivals on a ramp", "the n-th is where the integral of the rate is n: 5 t^2 = n; down to 0 after 1500", "s")
	count := theory("number of even arrivals in a burst", "integral of the rate", "")
	assert.Equal(t, []float64{0.25, 0.5, 0.75, 1}, arrivals(Constant(4).Regular(), 1, time.Second))
	assert.Equal(t, []float64{0.5, 1, 1.25, 1.5, 1.75, 2}, arrivals(Steps(Step{0, 2, false}, Step{time.Second, 4, false}).Regular(), 1, 2*time.Second))
	var worst, wanted float64
	for i, at := range arrivals(Ramp(0, 100, 0, 10*time.Second).Regular(), 1, 10*time.Second) {
		want := math.Sqrt(float64(i+1) / 5)
		assert.InDelta(t, want, at, 1e-9, "5 t^2 = n")
		if math.Abs(at-want) >= math.Abs(worst-wanted) {
			worst, wanted = at, want
		}
	}
	times.Within(t, "0 to 100/s in 10 s, the worst of 500", wanted, worst, 1e-9)
	down := arrivals(Ramp(100, 0, 10*time.Second, 10*time.Second).Regular(), 1, time.Minute)
	assert.Len(t, down, 1500)
	times.Within(t, "100/s for 10 s, then down to 0 in 10 s: the last", 20, down[1499], 1e-6)
	assert.Empty(t, arrivals(Profile{Steps: []Step{{time.Second, 5, false}}}.Regular(), 1, time.Second), "nothing before the first step")
	assert.Empty(t, arrivals(Constant(0), 1, year))
	burst := arrivals(Burst(50, 2000, 10*time.Second, time.Minute).Regular(), 1, 130*time.Second)
	count.Within(t, "2000/s for 60 of 130 s, else 50/s", 120_000+3500, float64(len(burst)), 0)
}

const year = 365 * 24 * time.Hour

func TestSine(t *testing.T) {
	p := Diurnal(100, 0.5, time.Hour)
	rate := theory("rate of a diurnal profile", "mean (1 + swing sin(2 pi t/period)); half a wave holds 1/pi more", "/s")
	const wave = "mean 100/s, swing 0.5, period 60 min"
	for _, x := range []struct{ minutes, rate float64 }{{0, 100}, {15, 150}, {45, 50}, {75, 150}, {5, 125}} {
		rate.Within(t, fmt.Sprintf("%s, after %v min", wave, x.minutes), x.rate, p.Rate(time.Duration(x.minutes*60e9)), 1e-9)
	}
	rate.Within(t, wave+", mean of 180 min", 100, p.Mean(0, 3*time.Hour), 1e-9)
	rate.Relative(t, wave+", mean of 30 min", 100*(1+1/math.Pi), p.Mean(0, 30*time.Minute), 4e-5)
	rate.Within(t, wave+", most in 30 min", 150, p.Max(0, 30*time.Minute), 1e-9)
	rate.Within(t, wave+", most in 9 hours", 150, p.Max(0, 9*time.Hour), 1e-9)
	rate.Within(t, wave+", most from 40 to 50 min: the last", p.Rate(50*time.Minute), p.Max(40*time.Minute, 50*time.Minute), 1e-9)
	count := theory("number of even arrivals in a period of a diurnal profile", "integral of the rate", "")
	count.Within(t, wave, 360_000, float64(len(arrivals(p.Regular(), 1, time.Hour))), 1)
	p.Phase = 0.25
	rate.Within(t, wave+", phase 0.25, at the start", 150, p.Rate(0), 1e-9)
	p.Swing = 1
	rate.Within(t, "mean 100/s, swing 1, period 60 min, phase 0.25, after 30 min", 0, p.Rate(30*time.Minute), 1e-9)
}

// Poisson counts have their mean as variance, also where the rate changes, and those of disjoint times are independent.
func TestPoisson(t *testing.T) {
	const runs = 3000
	p := Ramp(20, 60, time.Second, 2*time.Second)
	var first, second, both, square float64
	for seed := range uint64(runs) {
		var a, b float64
		for _, at := range arrivals(p, seed, 3*time.Second) {
			if at < 2 {
				a++
			} else {
				b++
			}
		}
		first, second, both, square = first+a/runs, second+b/runs, both+a*b/runs, square+b*b/runs
	}
	counts := theory("counts of Poisson arrivals on a ramp", "the mean is the integral of the rate, and the variance; disjoint times are independent; 3000 runs", "")
	counts.Within(t, "20/s, to 60/s from 1 to 3 s: mean in 2 s", 20+30, first, 4*math.Sqrt(50.0/runs))
	counts.Within(t, "20/s, to 60/s from 1 to 3 s: mean in the third second", 50, second, 4*math.Sqrt(50.0/runs))
	counts.Within(t, "20/s, to 60/s from 1 to 3 s: variance in the third second", 50, square-second*second, 4*50*math.Sqrt(2.0/runs))
	counts.Within(t, "20/s, to 60/s from 1 to 3 s: covariance of both", 0, both-first*second, 4*50/math.Sqrt(runs))
	mean := theory("mean rate of a ramp", "integral of the rate over the time", "/s")
	mean.Within(t, "20/s, to 60/s from 1 to 3 s: the third second", 50, p.Mean(2*time.Second, 3*time.Second), 1e-9)
	mean.Within(t, "20/s, to 60/s from 1 to 3 s: at 60 s", 60, p.Mean(time.Minute, time.Minute), 1e-9)
}

func TestProblems(t *testing.T) {
	for _, good := range []Profile{Constant(0), Burst(1, 2, 0, 1), Ramp(1, 2, 0, 1), Diurnal(1, 1, time.Hour), Steps(Step{})} {
		assert.Empty(t, good.Problems())
	}
	for _, bad := range []Profile{
		{},
		Constant(math.NaN()), Constant(-1), Constant(1e10), Diurnal(1, 2, time.Hour), Diurnal(1, 1, 0), Burst(1, 2, 0, 0),
		{Steps: []Step{{}}, Phase: 1},
		{Steps: []Step{{}}, Process: 2},
		{Steps: make([]Step, 1001)},
	} {
		assert.NotEmpty(t, bad.Problems(), "%+v", bad)
	}
	p := Profile{Process: 7, Swing: 2, Phase: -1, Steps: []Step{{-1, 3, false}}}
	assert.Len(t, p.Problems(), 5, "all of them: %v", p.Problems())
	raw, err := json.Marshal(Diurnal(1, 1, time.Hour).Regular())
	require.NoError(t, err)
	var back Profile
	require.NoError(t, json.Unmarshal(raw, &back))
	assert.Equal(t, Diurnal(1, 1, time.Hour).Regular(), back)
	assert.Error(t, json.Unmarshal([]byte(`{"process":"odd"}`), &back))
}

// FuzzSource wants rising times within the horizon, as many as the integral says if they are even.
func FuzzSource(f *testing.F) {
	f.Add(10.0, 20.0, 0.5, int64(time.Second), int64(1e9), true)
	f.Add(math.NaN(), 5e-324, 1.0, int64(1e6), int64(math.MaxInt64), true)
	f.Add(0.0, 1e300, math.Inf(1), int64(0), int64(-1), false)
	f.Add(0.0, 1e9, 1.0, int64(time.Minute), int64(1), true)
	f.Fuzz(func(t *testing.T, a, b, swing float64, period, at int64, ramp bool) {
		p := Profile{Steps: []Step{{0, a, ramp}, {time.Duration(at), b, ramp}}, Swing: swing, Period: time.Duration(period)}.Regular()
		const horizon = time.Second
		if len(p.Problems()) > 0 || p.Pieces(horizon) > 1e6 || p.Max(0, horizon) > 1e5 {
			return
		}
		last, list := 0.0, arrivals(p, 1, horizon)
		for _, at := range list {
			require.True(t, at >= last && at <= 1, "%g after %g", at, last)
			last = at
		}
		require.InDelta(t, p.Mean(0, horizon), len(list), 1.001)
	})
}

func BenchmarkSource(b *testing.B) {
	for name, p := range map[string]Profile{"constant": Constant(1000), "diurnal": Diurnal(1000, 0.5, time.Hour), "ramp": Ramp(10, 1e6, 0, year)} {
		b.Run(name, func(b *testing.B) {
			s := p.Source(rng.New(1), year)
			b.ReportAllocs()
			for b.Loop() {
				s.Next()
			}
		})
	}
}
