package stats

import "math/bits"

// Histogram counts whole numbers that are not negative, such as times in nanoseconds, in buckets of 1/256 of their
// size: a quantile read from it differs from that of the numbers themselves by at most 0.2 % (numbers below 512 are
// kept exactly). Mean, least and greatest are exact. This is the layout of an HDR histogram (Tene). The zero value is
// ready; it takes memory for the range that it has seen, at most 120 KiB.
type Histogram struct {
	buckets  []uint64
	count    uint64
	sum      uint64 // the sum of all numbers modulo 2^64
	carry    uint64 // and how often it went over
	min, max int64
}

const (
	halfBits = 8
	half     = 1 << halfBits // buckets of one octave
)

// bucketOf is the index of v's bucket: v itself below 2*half, then half buckets for each power of two.
func bucketOf(v int64) int {
	shift := max(bits.Len64(uint64(v))-halfBits-1, 0)
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
func (h *Histogram) Add(v int64) { h.AddN(v, 1) }

// AddN counts v n times.
func (h *Histogram) AddN(v int64, n uint64) {
	v = max(v, 0)
	i := bucketOf(v)
	if i >= len(h.buckets) {
		h.grow(i)
	}
	h.buckets[i] += n
	if h.count == 0 || v < h.min {
		h.min = v
	}
	h.max = max(h.max, v)
	h.count += n
	hi, lo := bits.Mul64(uint64(v), n)
	var over uint64
	h.sum, over = bits.Add64(h.sum, lo, 0)
	h.carry += hi + over
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
	return (float64(h.carry)*0x1p64 + float64(h.sum)) / float64(h.count)
}

// Min is the least number, 0 if there was none.
func (h *Histogram) Min() int64 { return h.min }

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
		return min(max(v, float64(h.min)), float64(h.max))
	}
	return float64(h.max)
}

// Above is the share of the numbers that are greater than v, with those of v's own bucket evenly spaced in it.
func (h *Histogram) Above(v int64) float64 {
	if h.count == 0 || v >= h.max {
		return 0
	}
	if v < h.min {
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
	if h.count == 0 || other.min < h.min {
		h.min = other.min
	}
	h.max = max(h.max, other.max)
	h.count += other.count
	var over uint64
	h.sum, over = bits.Add64(h.sum, other.sum, 0)
	h.carry += other.carry + over
}
