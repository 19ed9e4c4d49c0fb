package sweep

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"

	"cloudconcepts/internal/stats"
)

// A Tally is what is kept of one measured number over several runs. Tallies of parts of the runs can be merged in any
// order, with the same result to the last bit. The zero value is ready; a tally must not be copied once it is used.
type Tally struct {
	Count   uint64 // numbers
	Missing uint64 // runs without one: it was NaN or infinite
	Min     float64
	Max     float64

	sum, squares stats.Exact
	buckets      []bucket // by their keys
}

// A bucket counts the numbers that share their first 20 bits: sign, exponent and 8 bits of the mantissa, as in a
// stats.Histogram. They differ by at most 1/256 of their size.
type bucket struct {
	key   int32
	count uint64
}

// dropped are the bits of a float64 that a bucket's key leaves out.
const dropped = 64 - 20

// keyOf is the key of x's bucket; keys are ordered as the numbers are.
func keyOf(x float64) int32 {
	b := int64(math.Float64bits(x + 0)) // -0 becomes 0
	if b < 0 {
		b ^= math.MaxInt64
	}
	return int32(b >> dropped)
}

// bounds are the least and the greatest number of a bucket.
func (b bucket) bounds() (low, high float64) {
	number := func(bits int64) float64 {
		if bits < 0 {
			bits ^= math.MaxInt64
		}
		return math.Float64frombits(uint64(bits))
	}
	first := int64(b.key) << dropped
	return number(first), number(first + (1<<dropped - 1))
}

// Add takes the number of one run in.
func (t *Tally) Add(x float64) {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		t.Missing++
		return
	}
	x += 0
	t.widen(x, x)
	t.Count++
	t.sum.Add(x)
	t.squares.AddSquare(x)
	t.count(bucket{keyOf(x), 1})
}

// Merge takes all runs of another tally in.
func (t *Tally) Merge(other *Tally) {
	t.Missing += other.Missing
	if other.Count == 0 {
		return
	}
	t.widen(other.Min, other.Max)
	t.Count += other.Count
	t.sum.Merge(&other.sum)
	t.squares.Merge(&other.squares)
	for _, b := range other.buckets {
		t.count(b)
	}
}

func (t *Tally) widen(low, high float64) {
	if t.Count == 0 {
		t.Min, t.Max = low, high
	}
	t.Min, t.Max = min(t.Min, low), max(t.Max, high)
}

func (t *Tally) count(b bucket) {
	i, found := slices.BinarySearchFunc(t.buckets, b.key, func(b bucket, key int32) int { return int(b.key) - int(key) })
	if !found {
		t.buckets = slices.Insert(t.buckets, i, bucket{key: b.key})
	}
	t.buckets[i].count += b.count
}

// Mean is the mean, NaN if there is no number.
func (t *Tally) Mean() float64 {
	mean, _ := stats.ExactMoments(t.Count, &t.sum, &t.squares)
	return mean
}

// Estimate is the mean with the interval that holds the true one with 95 % confidence (Student's t), and the standard
// deviation of the numbers. Of fewer than two numbers the interval and the deviation are NaN.
func (t *Tally) Estimate() (mean, low, high, sd float64) { return t.estimate(student{}) }

func (t *Tally) estimate(quantiles student) (mean, low, high, sd float64) {
	mean, variance := stats.ExactMoments(t.Count, &t.sum, &t.squares)
	if t.Count < 2 {
		return mean, math.NaN(), math.NaN(), math.NaN()
	}
	half := quantiles.of(t.Count) * math.Sqrt(variance/float64(t.Count))
	return mean, mean - half, mean + half, math.Sqrt(variance)
}

// student remembers the quantiles of Student's t for intervals of 95 %, by the number of numbers: they take long to find,
// and most cells have as many runs as the others.
type student map[uint64]float64

func (s student) of(count uint64) float64 {
	q, ok := s[count]
	if !ok {
		q = stats.StudentT(0.975, float64(count-1))
		s[count] = q
	}
	return q
}

// Quantile is the number that a share p of them does not exceed, p in [0, 1], within 0.2 % of its size, and NaN if there
// is none.
func (t *Tally) Quantile(p float64) float64 {
	if t.Count == 0 {
		return math.NaN()
	}
	rank, below := p*float64(t.Count), 0.0
	for _, b := range t.buckets {
		below += float64(b.count)
		if below >= rank {
			low, high := b.bounds()
			return min(max(low/2+high/2, t.Min), t.Max)
		}
	}
	return t.Max
}

// state is a tally as JSON.
type state struct {
	Count   uint64       `json:"n"`
	Missing uint64       `json:"missing,omitempty"`
	Min     float64      `json:"min"`
	Max     float64      `json:"max"`
	Sum     *stats.Exact `json:"sum"`
	Squares *stats.Exact `json:"squares"`
	Buckets [][2]int64   `json:"buckets"` // key and count
}

// MarshalJSON implements json.Marshaler.
func (t *Tally) MarshalJSON() ([]byte, error) {
	s := state{t.Count, t.Missing, t.Min, t.Max, &t.sum, &t.squares, make([][2]int64, len(t.buckets))}
	for i, b := range t.buckets {
		s.Buckets[i] = [2]int64{int64(b.key), int64(b.count)}
	}
	return json.Marshal(s)
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (t *Tally) UnmarshalJSON(text []byte) error {
	*t = Tally{}
	s := state{Sum: &t.sum, Squares: &t.squares}
	if err := json.Unmarshal(text, &s); err != nil {
		return err
	}
	t.Count, t.Missing, t.Min, t.Max = s.Count, s.Missing, s.Min, s.Max
	var counted uint64
	for _, b := range s.Buckets {
		t.count(bucket{int32(b[0]), uint64(b[1])})
		counted += uint64(b[1])
	}
	if counted != t.Count {
		return fmt.Errorf("sweep: a histogram of %d numbers for %d", counted, t.Count)
	}
	return nil
}
