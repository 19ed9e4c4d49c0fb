package trace

import (
	"bytes"
	"fmt"
	"math"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"cloudconcepts/internal/law"
	"cloudconcepts/internal/rng"
	"cloudconcepts/internal/stats"
	"cloudconcepts/internal/validation"
)

// TestSpreads: all requests, in order, inside their minutes, and the gaps that each spread promises.
func TestSpreads(t *testing.T) {
	const source = "n uniform times: 1; equal gaps: 0; uniform gaps: 1/sqrt(3)"
	variation := validation.Claim{Kind: validation.Theory, Name: "coefficient of variation of the gaps in a minute of 100,000 requests", Source: source}
	works := validation.Claim{Kind: validation.Theory, Name: "mean execution time of 100,000 requests", Source: "the mean of the law, exponential", Unit: "s"}
	f := Function{Counts: pack([]int64{0, 3, 1, 0, 100_000, 7}), Work: law.Exp(time.Second)}
	for _, spread := range []Spread{Poisson, Regular, Uniform} {
		c := f.Cursor(spread, 1, 5)
		var all []Arrival
		for c.Minute() != math.MaxInt {
			minute, from := int64(c.Minute()), len(all)
			all = c.Append(all)
			for _, a := range all[from:] {
				require.True(t, a.At >= minute*Minute && a.At < (minute+1)*Minute && a.Function == 5)
			}
		}
		require.Len(t, all, int(f.Total()))
		require.True(t, slices.IsSortedFunc(all, func(a, b Arrival) int { return int(min(1, max(-1, a.At-b.At))) }))
		var gaps, work stats.Moments
		for i := 5; i < 100_000; i++ {
			gaps.Add(float64(all[i].At - all[i-1].At))
			work.Add(float64(all[i].Work))
		}
		// Of n uniform times the gaps have a coefficient of variation of almost 1, of uniform gaps 1/sqrt(3).
		cv := map[Spread]float64{Poisson: 1, Regular: 0, Uniform: 1 / math.Sqrt(3)}[spread]
		variation.Within(t, spread.String(), cv, gaps.SD()/gaps.Mean(), 0.015)
		works.Relative(t, spread.String(), 1, work.Mean()/1e9, 0.015)
	}
}

// TestPoissonPositions: the k-th of n uniform times has mean k/(n+1).
func TestPoissonPositions(t *testing.T) {
	counts := make([]int64, 20_000)
	for i := range counts {
		counts[i] = 3
	}
	f := Function{Counts: pack(counts)}
	c := f.Cursor(Poisson, 2, 0)
	var m [3]stats.Moments
	var list []Arrival
	for minute := int64(0); c.Minute() != math.MaxInt; minute++ {
		list = c.Append(list[:0])
		for k := range m {
			m[k].Add(float64(list[k].At-minute*Minute) / float64(Minute))
		}
	}
	claim := validation.Claim{Kind: validation.Theory, Name: "where in its minute the k-th of three requests comes, on average", Source: "k/(n + 1) for n uniform times"}
	for k := range m {
		claim.Within(t, fmt.Sprintf("k = %d", k+1), float64(k+1)/4, m[k].Mean(), 4*m[k].StandardError())
	}
}

// TestPoissonNumbers: mean and variance are equal, in both methods.
func TestPoissonNumbers(t *testing.T) {
	means := validation.Claim{Kind: validation.Theory, Name: "mean of Poisson numbers", Source: "the mean asked for; tolerance of four standard errors"}
	variances := validation.Claim{Kind: validation.Theory, Name: "variance of Poisson numbers", Source: "the variance of a Poisson law is its mean"}
	for _, mean := range []float64{0.01, 3, 15.9, 16.1, 50, 1e4} {
		c := counter{random: rng.New(3, math.Float64bits(mean)), left: 1}
		var m stats.Moments
		for range 200_000 {
			m.Add(float64(c.draw(mean)))
		}
		name := fmt.Sprintf("mean %g, 200,000 numbers", mean)
		means.Within(t, name, mean, m.Mean(), 4*m.StandardError())
		variances.Relative(t, name, mean, m.Variance(), 0.1*max(0.2, math.Sqrt(0.01/mean)))
	}
}

// TestFixtures: the files in testdata are what the generator makes.
func TestFixtures(t *testing.T) {
	a := AzureLike()
	a.Functions, a.RateFactor = 12, 1e-3
	list, err := a.Generate()
	require.NoError(t, err)
	var b bytes.Buffer
	require.NoError(t, writeMinutes(&b, func(yield func(Minutes) bool) {
		for i, f := range list {
			if !yield(Minutes{"owner", string(rune('a' + f.App)), string(rune('f' + i)), f.Trigger, f.Counts}) {
				return
			}
		}
	}))
	if os.Getenv("UPDATE") != "" {
		require.NoError(t, os.MkdirAll("testdata", 0o755))
		require.NoError(t, os.WriteFile("testdata/invocations.csv", b.Bytes(), 0o600))
	}
	golden, err := os.ReadFile("testdata/invocations.csv")
	require.NoError(t, err)
	assert.Equal(t, string(golden), b.String())
}
