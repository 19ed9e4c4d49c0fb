package index

import "time"

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

	Partitions []PartitionRow `json:"partitions"`
	Span       time.Duration  `json:"span_ns"`    // in which writes arrived
	Settled    time.Duration  `json:"settled_ns"` // when the index had all accepted writes

	Warnings []error `json:"-"`

	lags histogram
}

// PartitionRow is one partition of the index.
type PartitionRow struct {
	Share      float64 `json:"share"` // of the offered writes, by the keys' popularity
	Load       float64 `json:"load"`  // offered work by capacity
	Accepted   int64   `json:"accepted_writes"`
	Throttled  int64   `json:"throttled_writes"`
	LagMean    float64 `json:"lag_mean_s"`
	MaxBacklog int     `json:"max_backlog"`
}

// LagAbove is the share of accepted writes with a lag above d: of reads of one's own write after d, those that miss it.
func (r *Result) LagAbove(d time.Duration) float64 { return r.lags.Above(int64(d)) }

// LagQuantile is the lag in seconds that a share p of accepted writes do not exceed.
func (r *Result) LagQuantile(p float64) float64 { return r.lags.Quantile(p) / 1e9 }
