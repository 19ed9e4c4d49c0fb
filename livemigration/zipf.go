package livemigration

import (
	"fmt"
	"math"
)

// Zipf writes pages whose popularity falls with their rank j as j^-Exponent:
// the usual law of caches and key-value stores.
// U(t) = sum over pages of 4096 (1 - e^(-Rate p_j t/4096)).
type Zipf struct {
	Rate       float64 `json:"rate_bytes_per_s"`  // bytes/s written, [0, 1e15]
	WorkingSet int64   `json:"working_set_bytes"` // bytes, [4096, Memory]
	Exponent   float64 `json:"exponent"`          // [0, 4]; 0 is uniform
}

// Unique implements DirtyCurve. It sums over groups of ranks of nearly equal
// popularity; the error against the sum over every page is below 0.1 %.
func (z Zipf) Unique(t float64) float64 { return z.parts(1).Unique(t) }

// Max implements DirtyCurve.
func (z Zipf) Max() float64 { return float64(z.WorkingSet) }

// Integral is the integral of Unique from 0 to t, in byte seconds.
func (z Zipf) Integral(t float64) float64 { return z.parts(1).Integral(t) }

// String names the workload for a legend.
func (z Zipf) String() string {
	return fmt.Sprintf("Zipf(%.3g) %.4g MB/s over %.4g MiB", z.Exponent, z.Rate/MB, float64(z.WorkingSet)/MiB)
}

// parts groups the ranks into uniform sets: single pages first, then groups
// that each span 6 % of their rank. A page here is unit pages of 4096 bytes with
// neighbouring ranks, all of which one write makes dirty.
func (z Zipf) parts(unit int64) Mixture {
	ranks := z.WorkingSet / PageBytes
	pages := (ranks + unit - 1) / unit
	var groups Mixture
	total := 0.0
	for first := int64(1); first <= pages; {
		last := min(pages, first+first/16)
		low, high := (first-1)*unit+1, min(ranks, last*unit)
		mass := zipfMass(float64(low), float64(high), z.Exponent)
		groups = append(groups, Uniform{Rate: mass, WorkingSet: (high - low + 1) * PageBytes})
		total += mass
		first = last + 1
	}
	for i := range groups {
		groups[i].Rate *= z.Rate * float64(unit) / total
	}
	return groups
}

// zipfMass is the sum of j^-s for j in [first, last]: term by term up to rank
// 32, and by Euler-Maclaurin to the second term from there.
func zipfMass(first, last, s float64) float64 {
	sum := 0.0
	for ; first <= math.Min(last, 32); first++ {
		sum += math.Pow(first, -s)
	}
	switch {
	case first > last:
		return sum
	case first == last:
		return sum + math.Pow(first, -s)
	}
	area := math.Log(last / first)
	if s != 1 {
		area = (math.Pow(last, 1-s) - math.Pow(first, 1-s)) / (1 - s)
	}
	ends := (math.Pow(first, -s) + math.Pow(last, -s)) / 2
	slope := s * (math.Pow(first, -s-1) - math.Pow(last, -s-1)) / 12
	return sum + area + ends + slope
}
