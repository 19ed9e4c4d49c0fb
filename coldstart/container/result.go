package container

import (
	"time"

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
	Series   Series  `json:"series,omitempty"`
	Warnings []error `json:"-"`

	latency *stats.Histogram
}

// Row is the state at a time.
type Row struct {
	At        time.Duration `json:"at_ns"`
	Waiting   int           `json:"waiting"`
	InService int           `json:"in_service"`
	Ready     int           `json:"ready"`
	Starting  int           `json:"starting"`
	Spare     int           `json:"spare"`     // of Cloud Run: not wanted, kept for a while
	Finishing int           `json:"finishing"` // tasks that take no more requests
	Wanted    int           `json:"wanted"`    // by the last decision
	Panic     bool          `json:"panic"`
}

// Series are the rows of a run, Config.Sample apart.
type Series []Row

// Curve is one column of a series against time in seconds; it has the methods of gonum/plot's plotter.XYer.
type Curve struct {
	rows Series
	of   func(Row) float64
}

// Curve is a column, such as func(r container.Row) float64 { return float64(r.Ready) }.
func (s Series) Curve(column func(Row) float64) Curve { return Curve{s, column} }

// Len is the number of points.
func (c Curve) Len() int { return len(c.rows) }

// XY is point i: seconds and the column's value.
func (c Curve) XY(i int) (x, y float64) { return c.rows[i].At.Seconds(), c.of(c.rows[i]) }
