// Published: Shahrad et al., Serverless in the Wild, ATC 2020, section 3.
package trace

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestFits: the values of the published laws that the paper itself states, with the distance between the fit and the data.
func TestFits(t *testing.T) {
	// The fits as formulas.
	assert.InDelta(t, 0.684, MeanWork(0.5), 0.001, "median of the lognormal fit")
	assert.InDelta(t, 1, MeanWork(0.564), 0.01)
	assert.InDelta(t, 60, MeanWork(0.9710), 2)
	assert.InDelta(t, 139.6, Memory(0.5), 0.1, "median of the Burr fit")
	assert.InDelta(t, 261.9, Memory(0.9), 0.1)
	// Against the data: half of functions below 1 s (fit 56 %), 96 % below 60 s (fit 97 %), half of applications at most
	// 170 MB and 90 % at most 400 MB, both of maxima, where the fit is of averages.
	assert.Less(t, MeanWork(0.5), 1.0)
	assert.Less(t, MeanWork(0.96), 60.0)
	assert.Less(t, Memory(0.5), 170.0)
	assert.Less(t, Memory(0.9), 400.0)
}

// TestShares: of the functions generated, not of the formulas. Rates are stratified, so that a few thousand applications
// have the shares to 1 %; requests come in bursts and are counted in one day, hence 2 points for those.
func TestShares(t *testing.T) {
	a := AzureLike()
	a.Functions = 20_000
	functions, rates := a.apps()
	assignTriggers(functions, rates)
	apps := functions[len(functions)-1].App + 1
	size, rate := make([]int, apps), make([]float64, apps)
	var ofFunctions, ofRequests [triggers]float64
	all, least, most := 0.0, math.Inf(1), 0.0
	for i, f := range functions {
		size[f.App]++
		rate[f.App] += rates[i]
		ofFunctions[f.Trigger] += 1 / float64(len(functions))
		ofRequests[f.Trigger] += rates[i]
		all += rates[i]
	}
	one, ten, hourly, minutely, top := 0.0, 0.0, 0.0, 0.0, 0.0
	for i, r := range rate {
		least, most = min(least, r), max(most, r)
		one += share(size[i] == 1, apps)
		ten += share(size[i] <= 10, apps)
		hourly += share(r <= 24, apps)
		minutely += share(r <= 1440, apps)
		if r > 1440 {
			top += r / all
		}
	}
	assert.InDelta(t, 0.54, one, 0.02)
	assert.InDelta(t, 0.95, ten, 0.02)
	assert.InDelta(t, 0.45, hourly, 0.001)
	assert.InDelta(t, 0.814, minutely, 0.001)
	assert.InDelta(t, 0.996, top, 0.001)
	assert.InDelta(t, 8, math.Log10(most/least), 0.7, "orders of magnitude, of a finite sample")
	for trigger, want := range map[Trigger][2]float64{Event: {0.022, 0.247}, Queue: {0.152, 0.335}, Timer: {0.156, 0.02}, HTTP: {0.55, 0.36}} {
		assert.InDelta(t, want[0], ofFunctions[trigger], 0.001, "%v", trigger)
		assert.InDelta(t, want[1], ofRequests[trigger]/all, 0.02, "%v", trigger)
	}
}

func share(yes bool, of int) float64 {
	if yes {
		return 1 / float64(of)
	}
	return 0
}

// TestCountsFollowRates: what Generate counts is what the rates promise, timers evenly.
func TestCountsFollowRates(t *testing.T) {
	a := AzureLike()
	a.Functions, a.RateFactor = 4_000, 0.2
	_, rates := a.apps()
	functions, err := a.Generate()
	require.NoError(t, err)
	sum, want, calm, calmWant := 0.0, 0.0, 0.0, 0.0
	for i, f := range functions {
		sum += float64(f.Total())
		want += rates[i]
		if f.Trigger == Timer {
			assert.InDelta(t, rates[i], float64(f.Total()), 1.001)
			calm += float64(f.Total())
			calmWant += rates[i]
		}
	}
	assert.InEpsilon(t, want, sum, 0.1, "bursts of a few heavy applications")
	assert.InEpsilon(t, calmWant, calm, 0.01)
	a.Bursty = 0
	functions, err = a.Generate()
	require.NoError(t, err)
	sum = 0
	for _, f := range functions {
		sum += float64(f.Total())
	}
	assert.Less(t, math.Abs(sum-want)/math.Sqrt(want), 4.0, "Poisson")
}
