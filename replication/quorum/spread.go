package quorum

import "math"

// A spread counts times in ms in buckets of 1/2048 of a power of two: a quantile read from it is that of the times
// themselves to within 0.05 %, and mostly far better, by even spacing within a bucket. Its memory does not grow with the
// number of times, and spreads add up in any order. (internal/stats.Histogram is coarser, over whole nanoseconds.)
type spread struct {
	count    uint64
	below    uint64 // times of 0 or less
	low, top float64
	buckets  []uint32
}

const (
	mantissa = 11                              // bits that tell buckets of one power of two apart
	lowest   = (1023 - 40) << mantissa         // 2^-40 ms, less than 1e-12 s
	size     = (40+60)<<mantissa + 1<<mantissa // up to 2^60 ms, 36 million years
	dropped  = 52 - mantissa
)

func newSpread() *spread { return &spread{buckets: make([]uint32, size), low: math.Inf(1)} }

func (s *spread) add(x float64) {
	s.count++
	if !(x > 0) {
		s.below++
		return
	}
	s.low, s.top = min(s.low, x), max(s.top, x)
	s.buckets[place(x)]++
}

// place is the bucket of a positive x.
func place(x float64) int { return min(max(int(math.Float64bits(x)>>dropped)-lowest, 0), size-1) }

// used are the buckets from the least time's to the greatest's.
func (s *spread) used() (first, last int) {
	if s.count == s.below {
		return 0, -1
	}
	return place(s.low), place(s.top)
}

func (s *spread) merge(other *spread) {
	s.count += other.count
	s.below += other.below
	s.low, s.top = min(s.low, other.low), max(s.top, other.top)
	first, last := other.used()
	for i := first; i <= last; i++ {
		s.buckets[i] += other.buckets[i]
	}
}

// edge is where bucket i begins.
func edge(i int) float64 { return math.Float64frombits(uint64(i+lowest) << dropped) }

// quantile is the time that a share p of them do not exceed, in ms; 0 if that is 0 or less.
func (s *spread) quantile(p float64) float64 {
	want := p * float64(s.count)
	seen := float64(s.below)
	if s.count == s.below || want <= seen {
		return 0
	}
	first, last := s.used()
	for i := first; i <= last; i++ {
		n := float64(s.buckets[i])
		if n > 0 && seen+n >= want {
			x := edge(i) + (edge(i+1)-edge(i))*(want-seen)/n
			return min(max(x, s.low), s.top)
		}
		seen += n
	}
	return s.top
}

// atMost is how many times do not exceed x ms.
func (s *spread) atMost(x float64) float64 {
	if !(x >= s.low) {
		return float64(s.below) // there is none between 0 and low
	}
	if x >= s.top {
		return float64(s.count)
	}
	seen := float64(s.below)
	at := place(x)
	for i, _ := s.used(); i < at; i++ {
		seen += float64(s.buckets[i])
	}
	share := (x - edge(at)) / (edge(at+1) - edge(at))
	return seen + float64(s.buckets[at])*min(max(share, 0), 1)
}
