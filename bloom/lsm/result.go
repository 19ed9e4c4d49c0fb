package lsm

// Result is what the lookups did.
type Result struct {
	Config Config  `json:"config"`
	Reads  []int64 `json:"reads"`  // lookups by their number of runs read, from 0
	Passes []int64 `json:"passes"` // lookups that each run's filter let through
	Visits []int64 `json:"visits"` // lookups that reached each run
	// FalseNegatives are present keys that their own filter refused: 0.
	FalseNegatives int64 `json:"false_negatives"`
}

// Distribution is the measured distribution of reads.
func (r Result) Distribution() IODistribution {
	d := make(IODistribution, len(r.Reads))
	for j, n := range r.Reads {
		d[j] = float64(n) / float64(r.Config.Lookups)
	}
	return d
}
