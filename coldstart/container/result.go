package container

import (
	"fmt"

	"cloudconcepts/internal/stats"
)

// Result is what a run gives. The statistics are of the window from Config.Warmup to the end of the run.
type Result struct {
	Config Config `json:"config"`

	Requests int64 `json:"requests"` // that came in the window
	Served   int64 `json:"served"`   // ends of service of these
	Rejected int64 `json:"rejected"`
	InSystem int64 `json:"in_system"` // waiting or in service at the end

	LatencyMean float64 `json:"latency_mean_s"` // from the arrival to the end of service
	LatencyLow  float64 `json:"latency_mean_low_s"`
	LatencyHigh float64 `json:"latency_mean_high_s"` // 95 % confidence, by batch means
	LatencyP50  float64 `json:"latency_p50_s"`
	LatencyP90  float64 `json:"latency_p90_s"`
	LatencyP99  float64 `json:"latency_p99_s"`
	LatencyP999 float64 `json:"latency_p999_s"`
	LatencyMax  float64 `json:"latency_max_s"`

	WaitMean        float64 `json:"wait_mean_s"` // of those whose service began
	WaitProbability float64 `json:"wait_probability"`
	WaitingMean     float64 `json:"waiting_mean"`
	BusyMean        float64 `json:"in_service_mean"` // requests

	TasksMean   float64 `json:"tasks_mean"` // paid for: starting, ready, spare and finishing
	ReadyMean   float64 `json:"ready_mean"` // that take requests
	TasksMax    int     `json:"tasks_max"`
	TaskSeconds float64 `json:"task_s"`
	Utilization float64 `json:"utilization"` // in service/places of ready tasks
	Started     int64   `json:"started"`     // tasks
	Stopped     int64   `json:"stopped"`
	Panics      int64   `json:"panics"` // of Knative

	Window   float64 `json:"window_s"`
	Rows     []Row   `json:"series,omitempty"` // Config.Sample apart
	Warnings []error `json:"-"`

	latency *stats.Histogram
}

// Row is the state at a time.
type Row struct {
	At        float64 `json:"at_s"`
	Waiting   int     `json:"waiting"`
	InService int     `json:"in_service"`
	Ready     int     `json:"ready"`
	Starting  int     `json:"starting"`
	Spare     int     `json:"spare"`     // of Cloud Run: not wanted, kept for a while
	Finishing int     `json:"finishing"` // tasks that take no more requests
	Wanted    int     `json:"wanted"`    // by the last decision
	Panic     bool    `json:"panic"`
}

// Series is a curve: X and Y, and the methods Len and XY of gonum/plot's plotter.XYer.
type Series = stats.Series

// Series is a column of the rows against time in seconds, such as func(r Row) float64 { return float64(r.Ready) }.
func (r Result) Series(column func(Row) float64) Series {
	return stats.Column(r.Rows, func(row Row) float64 { return row.At }, column)
}

// String is the result in one line.
func (r Result) String() string {
	return fmt.Sprintf("%d served of %d: latency %.4g s mean, %.4g s p99; %.3g %% waited; %.4g tasks, %.3g %% busy",
		r.Served, r.Requests, r.LatencyMean, r.LatencyP99, 100*r.WaitProbability, r.TasksMean, 100*r.Utilization)
}

// LatencyQuantile is the latency in s that a share p of the served requests do not exceed, p in [0, 1]; 0 if there was none.
func (r Result) LatencyQuantile(p float64) float64 {
	if r.latency == nil {
		return 0
	}
	return r.latency.Quantile(min(max(p, 0), 1)) * 1e-9
}

// LatencyAbove is the share of the served requests whose latency is more than so many seconds.
func (r Result) LatencyAbove(seconds float64) float64 {
	if r.latency == nil {
		return 0
	}
	return r.latency.Above(int64(min(max(seconds, 0)*1e9, 1e18)))
}
