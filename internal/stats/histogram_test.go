package stats

import (
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"cloudconcepts/internal/rng"
)

func TestBucketsCoverEverything(t *testing.T) {
	next := int64(0)
	for i := range bucketOf(math.MaxInt64) + 1 {
		low, width := bucketBounds(i)
		require.Equal(t, next, low)
		require.Equal(t, i, bucketOf(low))
		require.Equal(t, i, bucketOf(low+width-1))
		require.LessOrEqual(t, float64(width-1), math.Max(0, float64(low)/half))
		next = low + width // wraps at the end
	}
	require.Equal(t, int64(math.MinInt64), next)
}

func TestHistogramAgainstSortedNumbers(t *testing.T) {
	r := rng.New(11)
	var h, left, right Histogram
	var all []int64
	var sum float64
	for i := range 200_000 {
		v := int64(r.ExpFloat64() * 1e9)
		if i%5 == 0 {
			v = int64(r.IntN(300))
		}
		all = append(all, v)
		sum += float64(v)
		h.Add(v)
		if i%3 == 0 {
			left.Add(v)
		} else {
			right.Add(v)
		}
	}
	slices.Sort(all)
	left.Merge(&right)
	assert.Equal(t, h, left, "merged in two parts")
	assert.InEpsilon(t, sum/200_000, h.Mean(), 1e-12)
	assert.Equal(t, all[0], h.Min())
	assert.Equal(t, all[len(all)-1], h.Max())
	for _, p := range []float64{0.001, 0.01, 0.1, 0.3, 0.5, 0.9, 0.99, 0.999, 0.99999} {
		want := float64(all[int(math.Ceil(p*200_000))-1])
		assert.InDelta(t, want, h.Quantile(p), 0.002*want+1, "%v", p)
		above, _ := slices.BinarySearch(all, int64(want)+1)
		assert.InDelta(t, 1-float64(above)/200_000, h.Above(int64(want)), 0.002, "%v", p)
	}
	assert.InDelta(t, float64(h.Max()), h.Quantile(1), 0)
	assert.InDelta(t, float64(h.Min()), h.Quantile(0), 0)
	assert.Zero(t, h.Above(h.Max()))
	assert.InDelta(t, 1, h.Above(h.Min()-1), 0)
}

func TestHistogramEdges(t *testing.T) {
	var none Histogram
	assert.Zero(t, none.Mean()+none.Quantile(0.5)+none.Above(0))
	var h Histogram
	h.Merge(&none)
	h.AddN(math.MaxInt64, 4)
	h.Add(-5)
	assert.Equal(t, uint64(5), h.Count())
	assert.InEpsilon(t, 4*float64(math.MaxInt64)/5, h.Mean(), 1e-15)
	assert.InEpsilon(t, float64(math.MaxInt64), h.Quantile(0.9), 0.002)
	assert.InDelta(t, 0.8, h.Above(0), 1e-12)
	var same Histogram
	same.AddN(777_777, 9)
	assert.InDelta(t, 777_777, same.Quantile(0.5), 0, "between least and greatest")
}

// An autoregressive process has a known variance of its mean; independent numbers are the easy case.
func TestBatchMeansCoverTheTruth(t *testing.T) {
	for _, memory := range []float64{0, 0.5, 0.95} {
		covered := 0
		const runs, n = 400, 20_000
		for run := range uint64(runs) {
			r := rng.New(5, run)
			var b BatchMeans
			x := r.NormFloat64()
			for range n {
				x = memory*x + math.Sqrt(1-memory*memory)*r.NormFloat64()
				b.Add(x + 3)
			}
			if low, high := b.Interval(0.95); low < 3 && 3 < high {
				covered++
			}
			require.GreaterOrEqual(t, b.Batches(), fewestBatches)
		}
		assert.InDelta(t, 0.95, float64(covered)/runs, 0.045, "memory %v", memory)
	}
	var b BatchMeans
	b.Add(2)
	low, high := b.Interval(0.95)
	assert.True(t, math.IsInf(low, -1) && math.IsInf(high, 1) && math.IsInf(b.StandardError(), 1))
	b.Add(4)
	assert.InDelta(t, 3, b.Mean(), 0)
	assert.InDelta(t, 1, b.StandardError(), 1e-12)
}

func BenchmarkHistogram(b *testing.B) {
	r := rng.New(3)
	values := make([]int64, 4096)
	for i := range values {
		values[i] = int64(r.ExpFloat64() * 1e9)
	}
	var h Histogram
	i := 0
	for b.Loop() {
		h.Add(values[i&4095])
		i++
	}
}

// Many at a time are as many one by one, and a sum is exact beyond 64 bits.
func TestHistogramOfMany(t *testing.T) {
	r := rng.New(5)
	values := make([]int64, 3000)
	var one, many Histogram
	var sum Sum
	for i := range values {
		values[i] = int64(r.Uint64() >> (1 + i%62))
		one.Add(values[i])
		sum.Add(values[i])
	}
	many.AddAll(values[:7], sumOf(values[:7]))
	many.AddAll(values[7:], sum.Minus(sumOf(values[:7])))
	assert.Equal(t, one, many)
	assert.Equal(t, slices.Min(values), many.Min())

	var product Sum
	product.AddProduct(3, math.MaxInt64)
	product.AddProduct(3, math.MaxInt64)
	assert.Equal(t, Sum{2, ^uint64(5)}, product, "6 (2^63 - 1) = 3 x 2^64 - 6")
	assert.InEpsilon(t, 6*0x1p63, product.Float(), 1e-15)
	assert.Equal(t, product, product.Plus(sum).Minus(sum))
}

func sumOf(values []int64) (s Sum) {
	for _, v := range values {
		s.Add(v)
	}
	return s
}
