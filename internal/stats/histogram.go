package stats

import (
	"math"
	"math/bits"
)

// Histogram counts whole numbers that are not negative, such as times in nanoseconds, in buckets of 1/256 of their
// size: a quantile read from it differs from that of the numbers themselves by at most 0.2 % (numbers below 512 are
// kept exactly). Mean, least and greatest are exact. This is the layout of an HDR histogram (Tene). The zero value is
// ready; it takes memory for the range that it has seen, at most 120 KiB.
type Histogram struct {
	buckets []uint64
	count   uint64
	sum     Sum
	max     int64
	short   int64 // by how much the least falls short of the greatest int64: a maximum, too, with 0 to start from
}

const (
	halfBits = 8
	half     = 1 << halfBits // buckets of one octave
)

// bucketOf is the index of v's bucket: v itself below 2*half, then half buckets for each power of two.
func bucketOf(v int64) int {
	shift := bits.Len64(uint64(v) >> (halfBits + 1))
	return shift<<halfBits + int(uint64(v)>>shift)
}

// bucketBounds are the first value of a bucket and how many values it holds.
func bucketBounds(i int) (low int64, width int64) {
	if i < 2*half {
		return int64(i), 1
	}
	shift := i>>halfBits - 1
	return int64(i-shift<<halfBits) << shift, 1 << shift
}

// Add counts v; less than 0 counts as 0.
func (h *Histogram) Add(v int64) {
	v = max(v, 0)
	i := bucketOf(v)
	if i >= len(h.buckets) {
		h.grow(i)
	}
	h.buckets[i]++
	h.sum.Add(v)
	h.count++
	h.max = max(h.max, v)
	h.short = max(h.short, math.MaxInt64-v)
}

// AddAll counts numbers that are not negative and whose sum is known.
func (h *Histogram) AddAll(values []int64, sum Sum) {
	high, short, buckets := h.max, h.short, h.buckets
	for _, v := range values {
		i := bucketOf(v)
		if i >= len(buckets) {
			h.grow(i)
			buckets = h.buckets
		}
		buckets[i]++
		high, short = max(high, v), max(short, math.MaxInt64-v)
	}
	h.max, h.short = high, short
	h.count += uint64(len(values))
	h.sum = h.sum.Plus(sum)
}

// AddN counts v n times.
func (h *Histogram) AddN(v int64, n uint64) {
	if n == 0 {
		return
	}
	v = max(v, 0)
	i := bucketOf(v)
	if i >= len(h.buckets) {
		h.grow(i)
	}
	h.buckets[i] += n
	h.count += n
	h.sum.AddProduct(int64(n), v)
	h.max = max(h.max, v)
	h.short = max(h.short, math.MaxInt64-v)
}

func (h *Histogram) grow(i int) {
	octaves := i>>halfBits + 1
	h.buckets = append(h.buckets, make([]uint64, octaves<<halfBits-len(h.buckets))...)
}

// Count is how many numbers there were.
func (h *Histogram) Count() uint64 { return h.count }

// Mean is their mean, exact to the last digits of a float64; 0 if there was none.
func (h *Histogram) Mean() float64 {
	if h.count == 0 {
		return 0
	}
	return h.sum.Float() / float64(h.count)
}

// Min is the least number, 0 if there was none.
func (h *Histogram) Min() int64 {
	if h.count == 0 {
		return 0
	}
	return math.MaxInt64 - h.short
}

// Max is the greatest number, 0 if there was none.
func (h *Histogram) Max() int64 { return h.max }

// Quantile is the number that a share p of them do not exceed, p in [0, 1], by even spacing inside a bucket; 0 if
// there was none.
func (h *Histogram) Quantile(p float64) float64 {
	if h.count == 0 {
		return 0
	}
	rank := p * float64(h.count)
	var below float64
	for i, n := range h.buckets {
		if n == 0 || below+float64(n) < rank {
			below += float64(n)
			continue
		}
		low, width := bucketBounds(i)
		v := float64(low) + float64(width-1)*max(rank-below, 0)/float64(n)
		return min(max(v, float64(h.Min())), float64(h.max))
	}
	return float64(h.max)
}

// Above is the share of the numbers that are greater than v, with those of v's own bucket evenly spaced in it.
func (h *Histogram) Above(v int64) float64 {
	if h.count == 0 || v >= h.max {
		return 0
	}
	if v < h.Min() {
		return 1
	}
	at := bucketOf(v)
	low, width := bucketBounds(at)
	above := float64(h.buckets[at]) * float64(low+width-1-v) / float64(width)
	for _, n := range h.buckets[at+1:] {
		above += float64(n)
	}
	return above / float64(h.count)
}

// Merge adds all numbers of another histogram.
func (h *Histogram) Merge(other *Histogram) {
	if other.count == 0 {
		return
	}
	if len(other.buckets) > len(h.buckets) {
		h.grow(len(other.buckets) - 1)
	}
	for i, n := range other.buckets {
		h.buckets[i] += n
	}
	h.max = max(h.max, other.max)
	h.short = max(h.short, other.short)
	h.count += other.count
	h.sum = h.sum.Plus(other.sum)
}
