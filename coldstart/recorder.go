package coldstart

import (
	"math"
	"math/bits"

	"cloudconcepts/internal/stats"
)

// recorder counts times in the buckets of stats.Histogram, with no more work per time than that; the histogram is made
// of it at the end.
type recorder struct {
	buckets  []uint64
	sum      area
	count    int64
	min, max int64
}

const (
	halfBits = 8 // 256 buckets for each power of two
	allTimes = (65 - halfBits) << halfBits
)

func newRecorder() recorder {
	return recorder{buckets: make([]uint64, 40<<halfBits), min: math.MaxInt64}
}

// bucketOf is the index of v's bucket, v >= 0.
func bucketOf(v int64) int {
	shift := bits.Len64(uint64(v) >> (halfBits + 1))
	return shift<<halfBits + int(uint64(v)>>shift)
}

// lowOf is the least value of a bucket.
func lowOf(i int) int64 {
	if i < 2<<halfBits {
		return int64(i)
	}
	shift := i>>halfBits - 1
	return int64(i-shift<<halfBits) << shift
}

func (r *recorder) add(v int64) {
	i := bucketOf(v)
	if i >= len(r.buckets) {
		r.grow()
	}
	r.buckets[i]++
	r.sum.add(v)
	r.count++
	r.min = min(r.min, v)
	r.max = max(r.max, v)
}

func (r *recorder) grow() {
	r.buckets = append(r.buckets, make([]uint64, allTimes-len(r.buckets))...)
}

// mean is in ns.
func (r *recorder) mean() float64 {
	if r.count == 0 {
		return 0
	}
	return r.sum.float() / float64(r.count)
}

// histogram has the same buckets, least and greatest time; its own mean means nothing.
func (r *recorder) histogram() *stats.Histogram {
	h := new(stats.Histogram)
	if r.count == 0 {
		return h
	}
	h.Add(r.min)
	r.buckets[bucketOf(r.min)]--
	if r.count > 1 {
		h.Add(r.max)
		r.buckets[bucketOf(r.max)]--
	}
	for i, n := range r.buckets {
		if n > 0 {
			h.AddN(min(max(lowOf(i), r.min), r.max), n)
		}
	}
	return h
}
