package commit

import (
	"fmt"

	"cloudconcepts/internal/stats"
)

// Result is how long proposals took from the leader's append until its commit, in seconds.
type Result struct {
	Config  Config `json:"config"`
	Blocked bool   `json:"blocked"` // nothing can ever be committed
	Cause   string `json:"blocked_cause,omitempty"`

	CommitMean   float64 `json:"commit_mean_s"`
	CommitLow    float64 `json:"commit_mean_low_s"` // interval of 95 %, by batch means
	CommitHigh   float64 `json:"commit_mean_high_s"`
	CommitP50    float64 `json:"commit_p50_s"`
	CommitP90    float64 `json:"commit_p90_s"`
	CommitP99    float64 `json:"commit_p99_s"`
	CommitP999   float64 `json:"commit_p999_s"`
	CommitMax    float64 `json:"commit_max_s"`
	MessagesMean float64 `json:"messages_per_proposal"` // appends and answers between servers that are alive

	latency stats.Histogram
}

// CommitQuantile is the time in seconds within which a share p was committed.
func (r Result) CommitQuantile(p float64) float64 { return r.latency.Quantile(min(max(p, 0), 1)) / 1e9 }

// String is the result in one line.
func (r Result) String() string {
	if r.Blocked {
		return "blocked: " + r.Cause
	}
	return fmt.Sprintf("committed after %.4g s mean (95 %%: %.4g to %.4g), %.4g s p99; %.3g messages each", r.CommitMean, r.CommitLow, r.CommitHigh, r.CommitP99, r.MessagesMean)
}
