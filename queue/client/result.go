package client

import (
	"fmt"

	"cloudconcepts/internal/stats"
)

// Result is what happened. Times are in seconds.
type Result struct {
	Config Config  `json:"config"`
	End    float64 `json:"duration_s"` // simulated

	Requests  Requests  `json:"requests"`
	Attempts  Attempts  `json:"attempts"`
	Abandoned Abandoned `json:"abandoned"`

	Retries      int64 `json:"retries"`       // attempts that were not the first of their request
	BudgetDenied int64 `json:"budget_denied"` // retries that the budget did not allow
	BreakerOpens int64 `json:"breaker_opens"`

	OfferedRate      float64 `json:"offered_per_s"`
	AttemptRate      float64 `json:"attempts_per_s"`
	Goodput          float64 `json:"goodput_per_s"` // requests that succeeded
	Amplification    float64 `json:"attempts_per_request"`
	SuccessFraction  float64 `json:"success_fraction"`        // of requests that ended
	WastedFraction   float64 `json:"wasted_fraction"`         // of services: for clients that had given up
	Utilization      float64 `json:"utilization_fraction"`    // of the servers' time; an outage counts as idle
	QueueMean        float64 `json:"queue_mean"`              // attempts in the waiting line, over time
	QueueMax         int     `json:"queue_max"`               // the longest line
	RejectedFraction float64 `json:"rejected_fraction"`       // of attempts: rejected, refused or dropped, by either side
	LastTimeout      float64 `json:"last_timeout_s"`          // when the last attempt timed out, 0 if none did
	Recovered        bool    `json:"recovered"`               // of the requests that ended in the last tenth of the run, 95 % succeeded
	RecoveryTime     float64 `json:"recovery_s"`              // from the end of the last outage to the last timeout; meant for Recovered runs
	Latency          Latency `json:"latency"`                 // of requests that succeeded, retries and waits included
	Rows             []Row   `json:"rows,omitempty"`          // if Config.Sample > 0
	Warnings         []error `json:"-"`                       // what to know before believing the numbers
	Stopped          bool    `json:"stopped_at_max_attempts"` // before Config.Duration
}

// Requests counts requests by how they ended:
// Offered = Succeeded + TimedOut + Rejected + Pending.
type Requests struct {
	Offered   int64 `json:"offered"`
	Succeeded int64 `json:"succeeded"`
	TimedOut  int64 `json:"timed_out"` // the last attempt did
	Rejected  int64 `json:"rejected"`  // the last attempt was
	Pending   int64 `json:"pending"`   // at the end of the run
}

// Attempts counts attempts by what the client saw:
// Sent is the sum of all others.
type Attempts struct {
	Sent      int64 `json:"sent"`
	Succeeded int64 `json:"succeeded"`
	TimedOut  int64 `json:"timed_out"`
	Throttled int64 `json:"throttled"`      // by Config.Throttle
	Capped    int64 `json:"capped"`         // by Config.MaxInFlight
	Broken    int64 `json:"breaker"`        // by Config.Breaker
	OverRate  int64 `json:"over_rate"`      // by Server.Bucket
	Refused   int64 `json:"refused"`        // in an outage
	LineFull  int64 `json:"line_full"`      // by the waiting line on arrival: full, or RED
	Dropped   int64 `json:"dropped"`        // out of the waiting line
	Waiting   int64 `json:"still_awaiting"` // for their answer, at the end of the run
}

// Abandoned counts what became of the attempts that timed out:
// TimedOut = Served + Discarded + Withdrawn + InSystem.
type Abandoned struct {
	Served    int64 `json:"served"`    // all the same: wasted work, or an answer that came too late
	Discarded int64 `json:"discarded"` // rejected or dropped by the server, which saved the work
	Withdrawn int64 `json:"withdrawn"` // before the client had sent them, for want of a credit or a place
	InSystem  int64 `json:"in_system"` // at the end of the run
}

// Latency are quantiles with an error of at most 0.2 %; all 0 if nothing
// succeeded.
type Latency struct {
	Mean float64 `json:"mean_s"`
	P50  float64 `json:"p50_s"`
	P90  float64 `json:"p90_s"`
	P99  float64 `json:"p99_s"`
	P999 float64 `json:"p999_s"`
	Max  float64 `json:"max_s"`
}

func latency(h *stats.Histogram) Latency {
	if h.Count() == 0 {
		return Latency{}
	}
	return Latency{
		Mean: h.Mean() / 1e9, P50: h.Quantile(0.5) / 1e9, P90: h.Quantile(0.9) / 1e9,
		P99: h.Quantile(0.99) / 1e9, P999: h.Quantile(0.999) / 1e9, Max: float64(h.Max()) / 1e9,
	}
}

// Row is one step of the run: rates over it, and the state at its end.
type Row struct {
	At       float64      `json:"time_s"` // end of the step
	Offered  float64      `json:"offered_per_s"`
	Attempts float64      `json:"attempts_per_s"`
	Goodput  float64      `json:"goodput_per_s"`
	Timeouts float64      `json:"timeouts_per_s"`
	Rejected float64      `json:"rejected_per_s"` // attempts, by either side
	Served   float64      `json:"served_per_s"`   // services that ended, wasted ones included
	Queue    int          `json:"queue_length"`
	InFlight int64        `json:"in_flight"` // attempts that clients wait for
	Breaker  BreakerState `json:"breaker"`
}

// Series is a curve: X and Y. It has the methods of gonum/plot's plotter.XYer.
type Series = stats.Series

// Series is a number of each row over its time in seconds.
func (r Result) Series(of func(Row) float64) Series {
	return stats.Column(r.Rows, func(row Row) float64 { return row.At }, of)
}

// String is the result in one line.
func (r Result) String() string {
	return fmt.Sprintf("%d requests, %.2f attempts each: %.1f %% succeeded, goodput %.1f/s of %.1f/s offered, last timeout at %.1f s",
		r.Requests.Offered, r.Amplification, 100*r.SuccessFraction, r.Goodput, r.OfferedRate, r.LastTimeout)
}
