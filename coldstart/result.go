package coldstart

import (
	"fmt"

	"cloudconcepts/internal/stats"
)

// Result is what a run gives. The statistics are of the window from Config.Warmup to the end of the run; requests are those that
// come in it.
type Result struct {
	Config Config `json:"config"`

	Requests       int64 `json:"requests"`
	Served         int64 `json:"served"`
	Failed         int64 `json:"failed"`            // by function errors and timeouts, for good
	Dropped        int64 `json:"dropped"`           // throttled, for good
	DeadLettered   int64 `json:"dead_lettered"`     // given up by the asynchronous queue
	Waiting        int64 `json:"waiting"`           // for another try, at the end
	Warm           int64 `json:"warm"`              // invocations on environments on demand that were there
	Cold           int64 `json:"cold"`              // on new ones
	Provisioned    int64 `json:"provisioned"`       // on provisioned ones
	Spilled        int64 `json:"spilled"`           // requests that found no free provisioned one
	Timeouts       int64 `json:"timeouts"`          // invocations that reached the function's timeout
	Errors         int64 `json:"errors"`            // that ended in a function error
	Suppressed     int64 `json:"suppressed_inits"`  // that reached the limit of INIT
	Proactive      int64 `json:"proactive_inits"`   // cold starts that had been initialised before
	Pings          int64 `json:"pings"`             // invocations by the warmer
	ColdPings      int64 `json:"cold_pings"`        // of them cold
	ThrottledPings int64 `json:"throttled_pings"`   // and those throttled
	Created        int64 `json:"instances_created"` // environments on demand
	Expired        int64 `json:"instances_expired"` // removed
	InstancesMax   int   `json:"instances_max"`

	ColdProbability float64   `json:"cold_probability"`     // of the invocations by requests
	ColdLow         float64   `json:"cold_probability_low"` // its interval, as that of an Estimate
	ColdHigh        float64   `json:"cold_probability_high"`
	ColdBy          Causes    `json:"cold_by"`
	Throttles       Throttles `json:"throttles"` // refused tries, by cause

	ThrottledFraction float64 `json:"throttled_fraction"` // of tries
	SpilledFraction   float64 `json:"spilled_fraction"`   // of requests

	InstancesMean   float64  `json:"instances_mean"` // environments, provisioned ones included
	Instances       Estimate `json:"instances"`      // with its interval
	RunningMean     float64  `json:"running_mean"`   // those that serve
	Running         Estimate `json:"running"`
	IdleMean        float64  `json:"idle_mean"`
	ProvisionedMean float64  `json:"provisioned_mean"`
	LifespanMean    float64  `json:"lifespan_mean_s"` // of those that were removed
	// Spread is how much of the time there was each number of environments.
	Spread []Share `json:"instance_distribution"`

	// Latency is from the arrival to the end of the response, of the served; retries included.
	LatencyMean     float64  `json:"latency_mean_s"`
	Latency         Estimate `json:"latency_of_invocations_s"` // of all invocations, with its interval
	LatencyP50      float64  `json:"latency_p50_s"`
	LatencyP90      float64  `json:"latency_p90_s"`
	LatencyP99      float64  `json:"latency_p99_s"`
	LatencyP999     float64  `json:"latency_p999_s"`
	LatencyMax      float64  `json:"latency_max_s"`
	ColdLatencyMean float64  `json:"cold_latency_mean_s"` // of those that were cold
	ColdLatencyP99  float64  `json:"cold_latency_p99_s"`

	Phases PhaseTimes `json:"phase_sums"`

	BilledGBSeconds            float64 `json:"billed_gb_s"`             // on demand
	ProvisionedBilledGBSeconds float64 `json:"provisioned_billed_gb_s"` // of invocations on provisioned ones
	ProvisionedGBSeconds       float64 `json:"provisioned_gb_s"`        // of their being there
	WastedGBSeconds            float64 `json:"wasted_gb_s"`             // idle, on demand and provisioned
	Cost                       float64 `json:"cost_usd"`

	Window   float64  `json:"window_s"`         // length of the window
	Rows     []Row    `json:"series,omitempty"` // Config.Sample apart
	Records  []Record `json:"records,omitempty"`
	Spans    []Span   `json:"spans,omitempty"`
	Warnings []error  `json:"-"`

	latency, coldLatency *stats.Histogram
}

// Estimate is a Mean, the interval from Low to High that holds the true one with 95 % confidence, and its StandardError: by
// batch means of a run, over the runs of a Summary. Of too few batches or runs the interval is the mean itself.
type Estimate = stats.Estimate

// Causes are cold starts by cause.
type Causes struct {
	First       int64 `json:"first"`
	IdleExpired int64 `json:"idle_expired"`
	Concurrency int64 `json:"concurrency"`
	ScaleUp     int64 `json:"scale_up"`
}

func (c *Causes) count(why Cause) {
	switch why {
	case First:
		c.First++
	case IdleExpired:
		c.IdleExpired++
	case Concurrency:
		c.Concurrency++
	case ScaleUp:
		c.ScaleUp++
	}
}

// Overlapping are all cold starts that came because all environments worked.
func (c Causes) Overlapping() int64 { return c.Concurrency + c.ScaleUp }

// Throttles are refused tries by cause.
type Throttles struct {
	Concurrency int64 `json:"concurrency"`
	Rate        int64 `json:"rate"`
	Scaling     int64 `json:"scaling"`
}

func (t *Throttles) count(why throttled) {
	switch why {
	case throttledConcurrency:
		t.Concurrency++
	case throttledRate:
		t.Rate++
	case throttledScaling:
		t.Scaling++
	}
}

// Total is their sum.
func (t Throttles) Total() int64 { return t.Concurrency + t.Rate + t.Scaling }

// Share is a part of the time.
type Share struct {
	Instances int     `json:"instances"`
	Fraction  float64 `json:"fraction"`
}

// Row is the state at a time; Arrivals, Cold and Throttled are since the row before.
type Row struct {
	At          float64 `json:"at_s"`
	Demanded    int64   `json:"demanded"` // requests that would be in service if each was served warm and at once
	Busy        int64   `json:"busy"`     // environments that serve
	Idle        int64   `json:"idle"`     // on demand
	Provisioned int64   `json:"provisioned"`
	Tokens      float64 `json:"tokens"`  // new environments that may come at once, -1 = any number
	Waiting     int64   `json:"waiting"` // requests, for another try
	Arrivals    int64   `json:"arrivals"`
	Cold        int64   `json:"cold"`
	Throttled   int64   `json:"throttled"`
}

// Series is a curve: X and Y, and the methods Len and XY of gonum/plot's plotter.XYer.
type Series = stats.Series

// Series is a column of the rows against time in seconds, such as func(r Row) float64 { return float64(r.Busy) }.
func (r Result) Series(column func(Row) float64) Series {
	return stats.Column(r.Rows, func(row Row) float64 { return row.At }, column)
}

// String is the result in two lines.
func (r Result) String() string {
	return fmt.Sprintf("%d requests, %.3g %% of them cold: %d were the first, %d after idleness, %d because all were busy; %.3g %% of the tries throttled\n"+
		"%.4g environments, %.4g of them busy; latency %.4g s mean, %.4g s p99; $%.4g",
		r.Requests, 100*r.ColdProbability, r.ColdBy.First, r.ColdBy.IdleExpired, r.ColdBy.Overlapping(), 100*r.ThrottledFraction,
		r.InstancesMean, r.RunningMean, r.LatencyMean, r.LatencyP99, r.Cost)
}
