package sweep

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func tallyOf(values ...float64) *Tally {
	t := new(Tally)
	for _, x := range values {
		t.Add(x)
	}
	return t
}

func encoded(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	require.NoError(t, err)
	return string(b)
}

func TestTalliesMergeInAnyOrder(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	values := []float64{math.NaN(), math.Inf(1), 0, math.Copysign(0, -1), -3, 1e-300, 1e300}
	for range 100 {
		values = append(values, r.ExpFloat64()*math.Pow(10, 6*r.Float64()-3))
	}
	whole := tallyOf(values...)
	assert.EqualValues(t, 2, whole.Missing)
	for range 20 {
		r.Shuffle(len(values), func(i, j int) { values[i], values[j] = values[j], values[i] })
		parts := []*Tally{tallyOf(values[:30]...), tallyOf(), tallyOf(values[30:31]...), tallyOf(values[31:]...)}
		merged := new(Tally)
		for _, i := range r.Perm(4) {
			var read Tally
			require.NoError(t, json.Unmarshal([]byte(encoded(t, parts[i])), &read))
			merged.Merge(&read)
		}
		assert.Equal(t, encoded(t, whole), encoded(t, merged))
	}
}

func TestTallyEstimates(t *testing.T) {
	mean, low, high, sd := tallyOf(1, 2, 3, 4, 5).Estimate()
	assert.Equal(t, 3.0, mean)
	assert.InDelta(t, math.Sqrt(2.5), sd, 1e-15)
	half := 2.7764451052 * math.Sqrt(2.5/5) // t of 4 degrees of freedom, from tables
	assert.InDelta(t, 3-half, low, 1e-9)
	assert.InDelta(t, 3+half, high, 1e-9)
	mean, low, high, sd = tallyOf(7).Estimate()
	assert.Equal(t, 7.0, mean)
	assert.True(t, math.IsNaN(low) && math.IsNaN(high) && math.IsNaN(sd), "one run says nothing about others")
	assert.True(t, math.IsNaN(tallyOf().Mean()))
	assert.True(t, math.IsNaN(tallyOf(math.NaN()).Quantile(0.5)))
}

func TestTallyQuantiles(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 2))
	var values []float64
	for range 1001 {
		values = append(values, (r.Float64()-0.3)*math.Pow(10, 8*r.Float64()))
	}
	tally := tallyOf(values...)
	slices.Sort(values)
	for _, p := range []float64{0, 0.001, 0.1, 0.5, 0.9, 0.999, 1} {
		want := values[max(int(math.Ceil(p*1001))-1, 0)]
		assert.InEpsilon(t, want, tally.Quantile(p), 0.00391/2+1e-9, "p = %g", p)
	}
	assert.Equal(t, values[0], tally.Min)
	assert.Equal(t, values[1000], tally.Max)
}

func TestBucketsAreOrdered(t *testing.T) {
	list := []float64{-math.MaxFloat64, -2, -1.5, -1, -1e-300, 0, 1e-300, 1, 1.5, 2, math.MaxFloat64}
	for i, x := range list {
		low, high := bucket{key: keyOf(x)}.bounds()
		assert.True(t, low <= x && x <= high || math.IsInf(high, 0) || high != high, "%g in [%g, %g]", x, low, high)
		if i > 0 {
			assert.Less(t, keyOf(list[i-1]), keyOf(x))
		}
	}
	assert.Equal(t, keyOf(0), keyOf(math.Copysign(0, -1)))
}

func TestTornTallies(t *testing.T) {
	for _, bad := range []string{`{"n":2,"buckets":[[1,1]]}`, `{"n":1,"sum":"x","buckets":[[1,1]]}`, `[]`} {
		assert.Error(t, json.Unmarshal([]byte(bad), new(Tally)), bad)
	}
}
