package stats_test

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"testing"

	"cloudconcepts/internal/stats"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// hard are numbers whose sum a float64 cannot keep on the way.
func hard() []float64 {
	r := rand.New(rand.NewPCG(1, 2))
	list := []float64{1e300, 1, -1e300, math.SmallestNonzeroFloat64, 0.1, math.MaxFloat64, -math.MaxFloat64, math.Copysign(0, -1)}
	for range 200 {
		list = append(list, (r.Float64()-0.5)*math.Pow(10, r.Float64()*40-20))
	}
	return list
}

func exactOf(values []float64) (sum, squares stats.Exact) {
	for _, x := range values {
		sum.Add(x)
		squares.AddSquare(x)
	}
	return sum, squares
}

func text(t *testing.T, e stats.Exact) string {
	t.Helper()
	b, err := e.MarshalText()
	require.NoError(t, err)
	return string(b)
}

func TestExactSumsDependOnNoOrderAndNoSplit(t *testing.T) {
	values := hard()
	sum, squares := exactOf(values)
	r := rand.New(rand.NewPCG(3, 4))
	for range 20 {
		r.Shuffle(len(values), func(i, j int) { values[i], values[j] = values[j], values[i] })
		at := r.IntN(len(values))
		a, a2 := exactOf(values[:at])
		b, b2 := exactOf(values[at:])
		a.Merge(&b)
		a2.Merge(&b2)
		assert.Equal(t, text(t, sum), text(t, a))
		assert.Equal(t, text(t, squares), text(t, a2))
	}
}

func TestExactSumsAreExact(t *testing.T) {
	sum, squares := exactOf([]float64{1e300, 1, -1e300, 0.5})
	assert.Equal(t, 1.5, sum.Float())
	assert.Equal(t, math.Inf(1), squares.Float(), "2e600 is no float64")
	tiny, square := exactOf([]float64{math.SmallestNonzeroFloat64})
	assert.Equal(t, math.SmallestNonzeroFloat64, tiny.Float())
	assert.Equal(t, "0x.8p-2147", text(t, square))
	var none stats.Exact
	assert.Equal(t, "0", text(t, none))
	minus, _ := exactOf([]float64{math.Copysign(0, -1)})
	assert.False(t, math.Signbit(minus.Float()))
}

func TestExactSumsAsText(t *testing.T) {
	sum, squares := exactOf(hard())
	for _, e := range []stats.Exact{sum, squares, {}} {
		b, err := json.Marshal(e)
		require.NoError(t, err)
		var back stats.Exact
		require.NoError(t, json.Unmarshal(b, &back))
		assert.Equal(t, text(t, e), text(t, back))
		back.Merge(&e)
		double := e
		double.Merge(&e)
		assert.Equal(t, text(t, double), text(t, back))
	}
	for _, bad := range []string{"", "x", "Inf", "0x.8p+1 "} {
		assert.Error(t, new(stats.Exact).UnmarshalText([]byte(bad)), bad)
	}
}

func TestExactMoments(t *testing.T) {
	values := []float64{1e9 + 1, 1e9 + 2, 1e9 + 3, 1e9 + 7} // a sum of squares of float64 loses all digits of the variance
	sum, squares := exactOf(values)
	mean, variance := stats.ExactMoments(4, &sum, &squares)
	assert.Equal(t, 1e9+3.25, mean)
	assert.InDelta(t, 20.75/3, variance, 1e-14)
	mean, variance = stats.ExactMoments(0, new(stats.Exact), new(stats.Exact))
	assert.True(t, math.IsNaN(mean))
	assert.Zero(t, variance)
	sum, squares = exactOf([]float64{0.1, 0.1, 0.1})
	mean, variance = stats.ExactMoments(3, &sum, &squares)
	assert.Equal(t, 0.1, mean)
	assert.InDelta(t, 0, variance, 1e-40)
}
