package lsm

import (
	"cmp"
	"math"
	"slices"

	"cloudconcepts/bloom"
	"cloudconcepts/internal/check"
)

// maxBitsPerKey bounds every budget.
const maxBitsPerKey = 1000

// Allocation is filter memory divided among runs, in the order of the runs.
type Allocation struct {
	BitsPerKey []float64 `json:"bits_per_key"`
	// Rates are the false-positive rates e^(-bQ) of ideal filters: a real
	// number of probes, no rounding. See Engine.Rate for real ones.
	Rates []float64 `json:"fpr"`
	Bits  float64   `json:"bits"` // spent in all
	// Level is the water level c: a run with a filter has p = min(1, c Keys/w).
	// It is 0 for EqualBits.
	Level float64 `json:"water_level"`
}

// Allocate divides budget bits ([0, 1000] per key) among the filters of runs.
//
// It minimises sum w p subject to sum Keys ln(1/p)/Q = budget and p <= 1. The
// Karush-Kuhn-Tucker conditions give p = min(1, c Keys/w), and c is found
// exactly: a run is capped (has no filter) if w/Keys <= c. With equal weights
// this is Monkey (Dayan, Athanassoulis and Idreos, SIGMOD 2017) for a tree of
// any finite shape. Runs with NoFilter get nothing. If no run with a filter
// has weight, nothing is spent.
func Allocate(runs []Run, budget float64, by Sharing) (Allocation, error) {
	if err := validRuns(runs); err != nil {
		return Allocation{}, err
	}
	v := check.Of(ErrInvalidConfig)
	keys := filteredKeys(runs)
	if keys > 0 {
		v.Between("Budget", budget, 0, maxBitsPerKey*keys, "")
	} else {
		v.Between("Budget", budget, 0, 1e18, "")
	}
	if by < EqualBits || by > WeightedBits {
		v.Add("Sharing = %d, want uniform, monkey or weighted", by)
	}
	if !v.OK() {
		return Allocation{}, v.Err()
	}
	a := Allocation{BitsPerKey: make([]float64, len(runs)), Rates: make([]float64, len(runs))}
	if by == EqualBits {
		for i, r := range runs {
			if !r.NoFilter {
				a.BitsPerKey[i] = budget / keys
			}
		}
	} else {
		pour(&a, runs, budget, by)
	}
	for i, b := range a.BitsPerKey {
		a.Rates[i] = bloom.Ideal(b)
		a.Bits += b * runs[i].Keys
	}
	return a, nil
}

func filteredKeys(runs []Run) float64 {
	var sum float64
	for _, r := range runs {
		if !r.NoFilter {
			sum += r.Keys
		}
	}
	return sum
}

// pour pours the budget: runs in falling order of w/Keys get a filter as
// long as the water level stays below the run's own.
func pour(a *Allocation, runs []Run, budget float64, by Sharing) {
	type vessel struct {
		run    int
		height float64 // ln(w/Keys): the water level at which it is capped
	}
	var order []vessel
	for i, r := range runs {
		w := 1.0
		if by == WeightedBits {
			w = r.weight()
		}
		if !r.NoFilter && w > 0 {
			order = append(order, vessel{i, math.Log(w) - math.Log(r.Keys)})
		}
	}
	if len(order) == 0 {
		return
	}
	slices.SortStableFunc(order, func(x, y vessel) int { return cmp.Compare(y.height, x.height) })
	// Heights are counted down from the top, so that all terms have one sign.
	top := order[0].height
	var keys, down, depth float64
	n := 0
	for i, o := range order {
		k := runs[o.run].Keys
		drop := top - o.height
		if i > 0 && (budget*bloom.Ln2Squared+down)/keys <= drop {
			break
		}
		keys += k
		down += k * drop
		depth = (budget*bloom.Ln2Squared + down) / keys
		n++
	}
	a.Level = math.Exp(top - depth)
	for _, o := range order[:n] {
		a.BitsPerKey[o.run] = max(0, depth-(top-o.height)) / bloom.Ln2Squared
	}
}
