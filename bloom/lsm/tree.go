package lsm

import (
	"fmt"
	"math"

	"cloudconcepts/internal/check"
)

// Tree is an LSM tree: level i holds SizeRatio times as many keys as level
// i-1, and its last level is full.
type Tree struct {
	SizeRatio float64 `json:"size_ratio"` // [2, 1000]; a whole number unless Policy is Levelling
	Levels    int     `json:"levels"`     // [1, 64]; see TreeLevels
	Keys      float64 `json:"keys"`       // distinct keys in all levels, [1, 1e15]
	Policy    Policy  `json:"policy"`
}

// Run is one sorted run, with one filter. Runs are listed from the newest to
// the oldest, the order in which a lookup visits them.
type Run struct {
	Level int     `json:"level"` // from 1, for the reader; not used in any formula
	Keys  float64 `json:"keys"`  // [1e-30, 1e15]
	// Rate is how often a lookup reaches this run and does not find its key
	// there, per lookup or per second, [0, 1e15]. Only ratios matter to Allocate.
	Rate        float64 `json:"rate"`
	CacheHit    float64 `json:"cache_hit"`      // share of its data blocks' reads that are served from memory, [0, 1]
	ReadSeconds float64 `json:"read_seconds"`   // mean time of one uncached read, (0, 1e6] s
	NoFilter    bool    `json:"without_filter"` // every lookup reads it (RocksDB's optimize_filters_for_hits on the last level)
}

// weight is what one unit of false-positive rate on the run costs: w of
// Allocate.
func (r Run) weight() float64 { return r.Rate * (1 - r.CacheHit) * r.ReadSeconds }

// maxRuns bounds the work of every function that takes runs.
const maxRuns = 4096

// Validate says all that is wrong with t at once; every error wraps ErrInvalidConfig.
func (t Tree) Validate() error {
	v := check.Of(ErrInvalidConfig)
	v.Between("Tree.SizeRatio", t.SizeRatio, 2, 1000, "")
	v.Between("Tree.Levels", float64(t.Levels), 1, 64, "")
	v.Between("Tree.Keys", t.Keys, 1, 1e15, "")
	if t.Policy < Levelling || t.Policy > LazyLevelling {
		v.Add("Tree.Policy = %d, want levelling, tiering or lazy", t.Policy)
	}
	if t.Policy != Levelling && t.SizeRatio != math.Trunc(t.SizeRatio) {
		v.Add("Tree.SizeRatio = %g, want a whole number: SizeRatio-1 runs stand on a level", t.SizeRatio)
	}
	if !v.OK() {
		return v.Err()
	}
	if n := float64(t.Levels) * t.runsOn(1); n > maxRuns {
		v.Add("Tree.Levels = %d levels of %g runs, want at most %d runs", t.Levels, t.runsOn(1), maxRuns)
	}
	if span := float64(t.Levels-1) * math.Log(t.SizeRatio); span > math.Log(1e18) {
		v.Add("Tree.Levels = %d at SizeRatio = %g, want levels whose sizes differ by at most 1e18", t.Levels, t.SizeRatio)
	}
	return v.Err()
}

// runsOn is the number of runs on a level.
func (t Tree) runsOn(level int) float64 {
	if t.Policy == Levelling || t.Policy == LazyLevelling && level == t.Levels {
		return 1
	}
	return t.SizeRatio - 1
}

// Runs lists the tree's runs. Each has Rate 1, an uncached read of 1 s and a
// filter.
func (t Tree) Runs() ([]Run, error) {
	if err := t.Validate(); err != nil {
		return nil, err
	}
	shares := make([]float64, t.Levels)
	var sum float64
	for i := range shares {
		shares[i] = math.Pow(t.SizeRatio, float64(i-t.Levels+1))
		sum += shares[i]
	}
	var runs []Run
	for i, share := range shares {
		n := t.runsOn(i + 1)
		for range int(n) {
			runs = append(runs, Run{Level: i + 1, Keys: t.Keys * share / sum / n, Rate: 1, ReadSeconds: 1})
		}
	}
	return runs, nil
}

// validRuns checks a list of runs.
func validRuns(runs []Run) error {
	v := check.Of(ErrInvalidConfig)
	if len(runs) == 0 || len(runs) > maxRuns {
		v.Add("Runs: %d runs, want 1 to %d", len(runs), maxRuns)
		return v.Err()
	}
	for i, r := range runs {
		name := fmt.Sprintf("Runs[%d]", i)
		v.Between(name+".Keys", r.Keys, 1e-30, 1e15, "")
		v.Between(name+".Rate", r.Rate, 0, 1e15, "")
		v.Between(name+".CacheHit", r.CacheHit, 0, 1, "")
		v.Above(name+".ReadSeconds", r.ReadSeconds, 0, 1e6, "")
	}
	return v.Err()
}
