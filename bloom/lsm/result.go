package lsm

import "fmt"

// Result is what the lookups did.
type Result struct {
	Config Config  `json:"config"`
	Reads  []int64 `json:"reads"`  // lookups by their number of runs read, from 0
	Passes []int64 `json:"passes"` // lookups that each run's filter let through
	Visits []int64 `json:"visits"` // lookups that reached each run
	// FalseNegatives are present keys that their own filter refused: 0.
	FalseNegatives int64 `json:"false_negatives"`
}

// String is the result in a sentence.
func (r Result) String() string {
	keys := "absent"
	if r.Config.Present {
		keys = "present"
	}
	d := r.Distribution()
	return fmt.Sprintf("%d lookups of %s keys in %d runs: %.3g reads on average, %d at P99",
		r.Config.Lookups, keys, len(r.Config.Runs), d.Mean(), d.Quantile(0.99))
}

// Distribution is the measured distribution of reads.
func (r Result) Distribution() IODistribution {
	d := make(IODistribution, len(r.Reads))
	for j, n := range r.Reads {
		d[j] = float64(n) / float64(r.Config.Lookups)
	}
	return d
}
