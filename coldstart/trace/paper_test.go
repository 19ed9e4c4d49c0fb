// Published: Shahrad et al., Serverless in the Wild, ATC 2020, section 3.
package trace

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"cloudconcepts/internal/validation"
)

// TestFits: the values of the published laws that the paper itself states, with the distance between the fit and the data.
func TestFits(t *testing.T) {
	// The fits as formulas.
	work := validation.Claim{
		Kind: validation.Theory, Name: "quantiles of mean execution times of Azure's functions", Source: "lognormal law, mu = -0.38, sigma = 2.36, fitted by Shahrad et al., ATC 2020", Unit: "s",
	}
	work.Within(t, "50 %", 0.684, meanWork(0.5), 0.001)
	work.Within(t, "56.4 %", 1, meanWork(0.564), 0.01)
	work.Within(t, "97.1 %", 60, meanWork(0.9710), 2)
	memory := validation.Claim{
		Kind: validation.Theory, Name: "quantiles of memory of Azure's applications", Source: "Burr law, c = 11.652, k = 0.221, lambda = 107.083 MB, fitted by Shahrad et al., ATC 2020", Unit: "MB",
	}
	memory.Within(t, "50 %", 139.6, memoryMB(0.5), 0.1)
	memory.Within(t, "90 %", 261.9, memoryMB(0.9), 0.1)
	// Against the data: half of functions below 1 s (fit 56 %), 96 % below 60 s (fit 97 %), half of applications at most
	// 170 MB and 90 % at most 400 MB, both of maxima, where the fit is of averages.
	shares := validation.Claim{Kind: validation.Published, Name: "functions with a short mean execution time", Source: "Shahrad et al., Serverless in the Wild, ATC 2020, section 3, text"}
	const why = "the lognormal law that the paper itself fits is not quite its data"
	shares.Gap(t, "below 1 s", 0.5, shareBelow(1), 0.005, why)
	shares.Gap(t, "below 60 s", 0.96, shareBelow(60), 0.005, why)
	assert.Less(t, meanWork(0.5), 1.0)
	assert.Less(t, meanWork(0.96), 60.0)
	assert.Less(t, memoryMB(0.5), 170.0)
	assert.Less(t, memoryMB(0.9), 400.0)
}

// shareBelow is the share of functions whose mean execution time is less than a number of seconds.
func shareBelow(seconds float64) float64 {
	low, high := 0.0, 1.0
	for range 60 {
		middle := (low + high) / 2
		if meanWork(middle) < seconds {
			low = middle
		} else {
			high = middle
		}
	}
	return low
}

// TestShares: of the functions generated, not of the formulas. Rates are stratified, so that a few thousand applications
// have the shares to 1 %; requests come in bursts and are counted in one day, hence 2 points for those.
func TestShares(t *testing.T) {
	claim := validation.Claim{
		Kind: validation.Published, Name: "20,000 generated functions like Azure's", Source: "Shahrad et al., Serverless in the Wild, ATC 2020, section 3",
	}
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
	claim.Within(t, "share of applications with one function", 0.54, one, 0.02)
	claim.Within(t, "share of applications with at most ten functions", 0.95, ten, 0.02)
	claim.Within(t, "share of applications with at most one request an hour", 0.45, hourly, 0.001)
	claim.Within(t, "share of applications with at most one request a minute", 0.814, minutely, 0.001)
	claim.Within(t, "share of requests of the other applications", 0.996, top, 0.001)
	claim.Within(t, "orders of magnitude of the rates", 8, math.Log10(most/least), 0.7) // of a finite sample
	for _, x := range []struct {
		trigger             Trigger
		functions, requests float64
	}{{Event, 0.022, 0.247}, {Queue, 0.152, 0.335}, {Timer, 0.156, 0.02}, {HTTP, 0.55, 0.36}} {
		claim.Within(t, fmt.Sprintf("share of functions, trigger %v", x.trigger), x.functions, ofFunctions[x.trigger], 0.001)
		claim.Within(t, fmt.Sprintf("share of requests, trigger %v", x.trigger), x.requests, ofRequests[x.trigger]/all, 0.02)
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
	claim := validation.Claim{Kind: validation.Theory, Name: "requests of a day of 4,000 generated functions", Source: "sum of the rates that were drawn"}
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
	claim.Relative(t, "bursts of a few heavy applications", want, sum, 0.1)
	claim.Relative(t, "timers only", calmWant, calm, 0.01)
	a.Bursty = 0
	functions, err = a.Generate()
	require.NoError(t, err)
	sum = 0
	for _, f := range functions {
		sum += float64(f.Total())
	}
	claim.Within(t, "no bursts: Poisson, within 4 sqrt(n)", want, sum, 4*math.Sqrt(want))
}

// meanWork is the quantile of functions' mean execution times in seconds.
func meanWork(p float64) float64 {
	return math.Exp(workMu + workSigma*math.Sqrt2*math.Erfinv(2*p-1))
}
