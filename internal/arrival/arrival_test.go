package arrival

import (
	"slices"
	"testing"
	"time"

	"cloudconcepts/internal/law"
	"cloudconcepts/internal/rng"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestText(t *testing.T) {
	for _, text := range []string{
		"poisson:0.8/s", "every:1.25s", "renewal:erlang:4,1s", "onoff:200/s,0/s,1s,4s", "steps:0s=200/s,10s=2000/s,1m10s=200/s",
		"paced:0s=1e-07/s", "poisson:0.8/s,batch=5", "every:1s,batch=geometric:2.5", "trace", "diurnal:10/s,0.8,1d",
	} {
		a, err := Parse(text)
		require.NoError(t, err, text)
		back, err := Parse(a.String())
		require.NoError(t, err, text)
		assert.Equal(t, a, back, text)
	}
	for _, text := range []string{
		"", "poisson", "poisson:0/s", "poisson:-1/s", "poisson:NaN/s", "poisson:1e300/s", "every:0s", "every:-1s", "renewal:exp:0s",
		"onoff:0/s,0/s,1s,1s", "onoff:1/s,1s", "steps:1s=5/s", "steps:0s=0/s", "steps:0s=1/s,0s=2/s", "steps:", "poisson:1/s,batch=0",
		"poisson:1/s,batch=x", "trace:x", "trace,batch=2", "burst:1/s", "onoff:1e-7/s,0/s,1us,1s", "diurnal:1/s,1.1,1d",
		"diurnal:1/s,0.5,1ms", "diurnal:NaN,1,1s", "diurnal:1/s",
	} {
		_, err := Parse(text)
		require.Error(t, err, text)
	}
	a, err := Parse("onoff:200/s,0/s,1s,4s")
	require.NoError(t, err)
	assert.InDelta(t, 40, a.Rate(), 1e-12)
	assert.InDelta(t, 200, a.Most(), 1e-12)
	d, err := Parse("diurnal:10/s,0.8,24h")
	require.NoError(t, err)
	assert.Equal(t, Diurnal(10, 0.8, 24*time.Hour), d)
	assert.InDelta(t, 18, d.Most(), 1e-12)
}

// The mean number of arrivals by a time, for each kind.
func TestRates(t *testing.T) {
	const n = 200_000
	for _, a := range []Arrivals{
		Poisson(50), Every(20 * time.Millisecond), Renewal(law.Erlang(3, 20*time.Millisecond)), OnOff(200, 0, time.Second/10, 3*time.Second/10),
		OnOff(80, 20, time.Second/50, time.Second/50), Steps(Step{0, 100}, Step{time.Second, 50}), Paced(Step{0, 50}),
		Poisson(10).InBatches(5), Poisson(10).InGeometricBatches(5), Diurnal(50, 0.9, time.Minute),
	} {
		s := NewSource(a, rng.New(3), nil)
		at := make([]int64, n)
		require.Equal(t, n, s.Fill(at))
		assert.InEpsilon(t, a.Rate(), n/(float64(at[n-1])/1e9), 0.05, a.String())
		require.True(t, slices.IsSorted(at))
	}
	s := NewSource(Paced(Step{0, 10}, Step{time.Second, 0}, Step{2 * time.Second, 4}, Step{3 * time.Second, 0}), rng.New(0), nil)
	at := make([]int64, 100)
	require.Equal(t, 14, s.Fill(at))
	assert.InDelta(t, 1e9, at[9], 1)
	assert.InDelta(t, 2.25e9, at[10], 1)
	s = NewSource(Paced(Step{0, 0.5}, Step{time.Second, 0.25}), rng.New(0), nil)
	require.Equal(t, 2, s.Fill(at[:2]))
	assert.InDelta(t, 3e9, at[0], 1, "half of it by 1 s")
	assert.InDelta(t, 7e9, at[1], 1)
}

// FuzzParse: what is read can be written and read again, and drawn from.
func FuzzParse(f *testing.F) {
	for _, s := range []string{
		"poisson:0.8/s", "every:1.25s", "renewal:erlang:4,1s", "onoff:200/s,0/s,1s,4s", "steps:0s=200/s,10s=2000/s", "paced:0s=1/s",
		"poisson:0.8/s,batch=5", "every:1s,batch=geometric:2.5", "trace", "", "poisson:NaN/s", "onoff:1e-300/s,1/s,1s,1s", "diurnal:1/s,0.5,1d", "steps:0s=5e-324/s",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		a, err := Parse(text)
		if err != nil {
			return
		}
		back, err := Parse(a.String())
		require.NoError(t, err, a.String())
		require.Equal(t, a, back)
		s := NewSource(a, rng.New(0), nil)
		at := make([]int64, 50)
		at = at[:s.Fill(at)]
		for i := 1; i < len(at); i++ {
			require.LessOrEqual(t, at[i-1], at[i])
		}
	})
}

// A trace gives out its times in pieces of any size, once.
func TestTrace(t *testing.T) {
	s := NewSource(FromTrace(), rng.New(0), []time.Duration{1, 2, 3})
	at := make([]int64, 2)
	require.Equal(t, 2, s.Fill(at))
	assert.Equal(t, []int64{1, 2}, at)
	require.Equal(t, 1, s.Fill(at))
	assert.Equal(t, int64(3), at[0])
	assert.Zero(t, s.Fill(at))
	assert.True(t, FromTrace().Traced())
	assert.False(t, Poisson(1).Traced())
	assert.True(t, Poisson(1).InBatches(1).Poisson())
	assert.False(t, Poisson(1).InBatches(2).Poisson())
}
