package coldstartplot

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"cloudconcepts/coldstart"
	"cloudconcepts/coldstart/container"
	"cloudconcepts/internal/validation"
)

func TestSojournQuantile(t *testing.T) {
	percentile := validation.Claim{Kind: validation.Theory, Name: "99th percentile of the latency of M/M/1, 6/s of 0.1 s", Source: "ln(100)/(10 - 6)", Unit: "s"}
	percentile.Relative(t, "1 place", math.Log(100)/4, sojournQuantile(1, 6, 0.1, 0.99), 1e-9)
}

func TestTails(t *testing.T) {
	c := coldstart.AWSLambda("java21-zip-x86")
	c.Warm, c.Limits, c.Arrivals, c.Duration = coldstart.Exp(20*time.Millisecond), coldstart.Limits{}, coldstart.Poisson(20), 2000*time.Second
	function, err := coldstart.Simulate(c)
	require.NoError(t, err)
	s := container.AlwaysOn(1, 20)
	s.Service, s.Duration = c.Warm, 2000*time.Second
	service, err := container.Simulate(s)
	require.NoError(t, err)
	l := Latencies{Quantile: 0.99, Rate: 20, Service: c.Warm, Function: function, Services: []container.Result{service}, Points: []LatencyPoint{
		{Rate: 0.1, Requests: 100, Cold: 0.02, ColdMean: 0.3, Tail: 0.3},
		{Rate: 40, Requests: 100, Tail: 0.1},
		{Tasks: 1, Rate: 0.1, Tail: 0.1},
		{Tasks: 1, Rate: 40, Tail: 0.9},
	}}
	assert.InDelta(t, 20, l.Above(1), 0.1, "half way between the logarithms")
	assert.Equal(t, 0.3, l.Cold())
	assert.Equal(t, 0.1, l.Seen())
	assert.Contains(t, Tails(l).Title, "the queue of 1 container is worse than a cold start at P99")
	drawn(t, Tails(l))
}

// drawn renders a figure in both formats and themes and looks for more than one colour.
func drawn(t *testing.T, f Figure) {
	t.Helper()
	for _, theme := range []Theme{Light(), Dark()} {
		img, err := f.Image(theme)
		require.NoError(t, err)
		seen := map[any]bool{}
		for y := range img.Bounds().Dy() {
			seen[img.At(y%img.Bounds().Dx(), y)] = true
		}
		assert.Greater(t, len(seen), 3, "blank")
		require.NoError(t, f.Write(discard{}, "svg", theme))
	}
}

type discard struct{}

func (discard) Write(p []byte) (int, error) { return len(p), nil }
