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
func (z Zipf) Unique(t float64) float64 { return z.parts().Unique(t) }

// Max implements DirtyCurve.
func (z Zipf) Max() float64 { return float64(z.WorkingSet) }

// Integral is the integral of Unique from 0 to t, in byte seconds.
func (z Zipf) Integral(t float64) float64 { return z.parts().Integral(t) }

// String names the workload for a legend.
func (z Zipf) String() string {
	return fmt.Sprintf("Zipf(%.3g) %.4g MB/s over %.4g MiB", z.Exponent, z.Rate/MB, float64(z.WorkingSet)/MiB)
}

// parts groups the ranks into uniform sets: single ranks first, then groups
// that each span 6 % of their rank.
func (z Zipf) parts() Mixture {
	pages := z.WorkingSet / PageBytes
	var groups Mixture
	total := 0.0
	for first := int64(1); first <= pages; {
		last := min(pages, first+first/16)
		mass := zipfMass(float64(first), float64(last), z.Exponent)
		groups = append(groups, Uniform{Rate: mass, WorkingSet: (last - first + 1) * PageBytes})
		total += mass
		first = last + 1
	}
	for i := range groups {
		groups[i].Rate *= z.Rate / total
	}
	return groups
}

// zipfMass is the sum of j^-s for j in [first, last], by Euler-Maclaurin to the
// second term (exact for a single rank).
func zipfMass(first, last, s float64) float64 {
	if first == last {
		return math.Pow(first, -s)
	}
	var area float64
	if s == 1 {
		area = math.Log(last / first)
	} else {
		area = (math.Pow(last, 1-s) - math.Pow(first, 1-s)) / (1 - s)
	}
	ends := (math.Pow(first, -s) + math.Pow(last, -s)) / 2
	slope := s * (math.Pow(first, -s-1) - math.Pow(last, -s-1)) / 12
	return area + ends + slope
}
