package index

import (
	"fmt"

	"cloudconcepts/internal/stats"
)

// Result is what a run has counted. Lags are from the table's acknowledgement until the index has the write, in seconds.
type Result struct {
	Config Config `json:"config"`

	Offered           int64   `json:"offered_writes"` // Accepted + Throttled
	Accepted          int64   `json:"accepted_writes"`
	Throttled         int64   `json:"throttled_writes"`
	ThrottledFraction float64 `json:"throttled_fraction"`
	Throughput        float64 `json:"throughput_per_s"` // of accepted writes

	LagMean float64 `json:"lag_mean_s"`
	LagP50  float64 `json:"lag_p50_s"`
	LagP99  float64 `json:"lag_p99_s"`
	LagP999 float64 `json:"lag_p999_s"`
	LagMax  float64 `json:"lag_max_s"`

	// StaleReads are reads of a key that had an accepted write which the index did not have.
	Reads         int64   `json:"reads"`
	StaleReads    int64   `json:"stale_reads"`
	StaleFraction float64 `json:"stale_fraction"`

	MaxShare  float64 `json:"max_share"`          // of the writes, that goes to the most loaded partition
	Threshold float64 `json:"threshold_writes_s"` // up to which rate of writes it can follow; see [Threshold]

	Partitions []Partition `json:"partitions"`
	Span       float64     `json:"span_s"` // in which writes arrived, s
	End        float64     `json:"end_s"`  // when the index had all accepted writes, s

	Warnings []error `json:"-"`

	lags stats.Histogram
}

// Partition is one partition of the index.
type Partition struct {
	Share      float64 `json:"share"` // of the offered writes, by the keys' popularity
	Load       float64 `json:"load"`  // offered work by capacity
	Accepted   int64   `json:"accepted_writes"`
	Throttled  int64   `json:"throttled_writes"`
	LagMean    float64 `json:"lag_mean_s"`
	BacklogMax int     `json:"max_backlog"`
}

// String is the result in one line.
func (r Result) String() string {
	return fmt.Sprintf("%d writes accepted, %.3g %% throttled; lag %.4g s mean, %.4g s p99; %.3g %% of reads stale; the index follows up to %.4g writes/s",
		r.Accepted, 100*r.ThrottledFraction, r.LagMean, r.LagP99, 100*r.StaleFraction, r.Threshold)
}

// LagAbove is the share of accepted writes with a lag above t seconds: of reads of one's own write after t, those that miss it.
func (r Result) LagAbove(t float64) float64 { return r.lags.Above(int64(t * 1e9)) }

// LagQuantile is the lag in seconds that a share p of accepted writes do not exceed.
func (r Result) LagQuantile(p float64) float64 { return r.lags.Quantile(p) / 1e9 }
