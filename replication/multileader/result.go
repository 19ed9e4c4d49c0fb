package multileader

import "fmt"

// Result is what a run has counted. Fractions are of Writes.
type Result struct {
	Config Config `json:"config"`

	Writes    int64 `json:"writes"`     // all acknowledged
	Delivered int64 `json:"deliveries"` // of a write at another leader

	ConflictPairs    int64   `json:"conflict_pairs"`    // pairs of writes of one key that did not know of one another
	PairsPerSecond   float64 `json:"pairs_per_s"`       // while writes arrived
	Conflicting      int64   `json:"conflicting"`       // writes in at least one such pair
	ConflictFraction float64 `json:"conflict_fraction"` // of the writes

	// Lost are acknowledged increments that vanished without a word by last-writer-wins: the values kept at last hold their own
	// increments and those that their writers had seen.
	Lost         int64   `json:"lost"`
	LostFraction float64 `json:"lost_fraction"`
	// Inverted are writes whose timestamp was less than that of an earlier write of the key (in true time): they can only lose to it.
	// Swallowed are those of them whose writer had seen that earlier write.
	Inverted  int64 `json:"inverted"`
	Swallowed int64 `json:"swallowed"`

	// Sum is what all keys add up to at last, and CounterError how far it is below Writes. Writers that find siblings go on from the greatest
	// of them: which increments they have in common cannot be told, so version vectors lose nothing and still miscount.
	Sum          int64 `json:"sum"`
	CounterError int64 `json:"counter_error"`

	// Merges are writes that found siblings and replaced them all; SiblingsMean is how many values a write found (of keys with
	// any), SiblingsMax the most. Unmerged are keys that still have siblings at the end.
	Merges       int64   `json:"merges"`
	SiblingsMean float64 `json:"siblings_mean"`
	SiblingsMax  int     `json:"siblings_max"`
	Unmerged     int     `json:"unmerged_keys"`

	Span      float64 `json:"span_s"`    // in which writes arrived, s
	End       float64 `json:"end_s"`     // when the last log was delivered, s
	Converged bool    `json:"converged"` // all leaders hold the same, as they must

	Warnings []error `json:"-"`
}

// String is the result in one line.
func (r Result) String() string {
	return fmt.Sprintf("%v: %d writes, %.3g %% in conflict, %d lost (%.3g %%), counter off by %d, %d keys with siblings",
		r.Config.Policy, r.Writes, 100*r.ConflictFraction, r.Lost, 100*r.LostFraction, r.CounterError, r.Unmerged)
}
