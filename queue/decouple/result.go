package decouple

import (
	"fmt"
	"time"

	"cloudconcepts/internal/des"
	"cloudconcepts/internal/stats"
	"cloudconcepts/internal/units"
	"cloudconcepts/queue/theory"
)

// Result is the same requests both ways. Times are in seconds.
type Result struct {
	Config   Config      `json:"config"`
	End      float64     `json:"elapsed_s"` // Config.Duration, or less if MaxRequests ended the run
	Sync     SyncResult  `json:"sync"`
	Async    AsyncResult `json:"async"`
	Warnings []error     `json:"-"`
}

// String is the result in two lines, one for each way.
func (r Result) String() string {
	s, q := r.Sync, r.Async
	return fmt.Sprintf("without a queue: %d of %d requests succeeded, %.3g s mean, %.3g s p99\nwith a queue: %d of %d completed, %.3g s mean, %.3g s p99, the oldest after %.4g s",
		s.Succeeded, s.Requests, s.Latency.Mean, s.Latency.P99, q.Completed, q.Requests, q.Latency.Mean, q.Latency.P99, q.AgeMax)
}

// Latency is how long something took, in seconds; quantiles to 0.2 %.
type Latency struct {
	Count int     `json:"count"`
	Mean  float64 `json:"mean_s"`
	P50   float64 `json:"p50_s"`
	P95   float64 `json:"p95_s"`
	P99   float64 `json:"p99_s"`
	Max   float64 `json:"max_s"`
}

func latencyOf(h *stats.Histogram) Latency {
	return Latency{
		Count: int(h.Count()), Mean: h.Mean() / 1e9, Max: des.Seconds(h.Max()),
		P50: h.Quantile(0.5) / 1e9, P95: h.Quantile(0.95) / 1e9, P99: h.Quantile(0.99) / 1e9,
	}
}

// SyncResult is what the synchronous API did. Requests = Succeeded + Failed + Pending, Attempts = Succeeded + Timeouts
// + Dropped + Errors + Open, Calls = Succeeded + Errors + Wasted.
type SyncResult struct {
	Requests  int `json:"requests"`  // of users
	Succeeded int `json:"succeeded"` // in time, at whichever attempt
	Failed    int `json:"failed"`    // after the last attempt
	Pending   int `json:"pending"`   // at the end: an attempt open or a retry to come

	Attempts int `json:"attempts"`
	Timeouts int `json:"timeouts"`
	Dropped  int `json:"dropped"` // 503: no thread and no room in the backlog
	Errors   int `json:"errors"`  // from the provider, in time
	Open     int `json:"open"`    // at the end

	Calls          int     `json:"calls"`           // of the provider, ended
	Wasted         int     `json:"wasted_calls"`    // of them for users who had given up
	Skipped        int     `json:"skipped"`         // not called because of Sync.SkipGone
	WastedFraction float64 `json:"wasted_fraction"` // of the provider's working time spent on ended calls

	SuccessFraction float64 `json:"success_fraction"`      // Succeeded over Requests
	Latency         Latency `json:"latency"`               // of those that succeeded, from the first attempt
	LastBad         float64 `json:"last_bad_s"`            // when an attempt last timed out, was dropped or got an error; -1 = never
	BusyFraction    float64 `json:"threads_busy_fraction"` // mean

	Rows []SyncRow `json:"rows,omitempty"` // one every Config.Sample
}

// SyncRow is the state at a time and what happened since the row before.
type SyncRow struct {
	At        float64 `json:"at_s"`
	Requests  int     `json:"requests"`
	Attempts  int     `json:"attempts"`
	Succeeded int     `json:"succeeded"`
	Timeouts  int     `json:"timeouts"`
	Dropped   int     `json:"dropped"`
	Errors    int     `json:"errors"`
	Wasted    int     `json:"wasted_calls"`
	Threads   int     `json:"threads"` // busy
	Backlog   int     `json:"backlog"` // waiting for a thread
	P50       float64 `json:"latency_p50_s"`
	P99       float64 `json:"latency_p99_s"`
}

// AsyncResult is what the queue and its workers did. Requests = Completed + Dead + Expired + Pending.
type AsyncResult struct {
	Requests  int `json:"requests"`
	Completed int `json:"completed"`
	Dead      int `json:"dead_lettered"` // failed MaxReceives times
	Expired   int `json:"expired"`       // older than the retention: lost
	Pending   int `json:"pending"`       // at the end: in the queue, in flight or waiting for another attempt

	Calls   int     `json:"calls"`   // of the provider, ended
	Retries int     `json:"retries"` // failed calls after which the message went back to the queue
	Accept  Latency `json:"accept"`  // what the user waits for
	Latency Latency `json:"latency"` // from the user's request to its completion

	DepthPeak int     `json:"peak_depth"` // most messages waiting
	PeakAt    float64 `json:"peak_at_s"`
	EmptyAt   float64 `json:"empty_at_s"` // when, after the peak, no message waited any more; -1 = never, or none ever waited
	AgeMax    float64 `json:"max_age_s"`  // longest time in the queue until a first call

	Rows []AsyncRow `json:"rows,omitempty"` // one every Config.Sample
}

// AsyncRow is the state at a time and what happened since the row before.
type AsyncRow struct {
	At        float64 `json:"at_s"`
	Requests  int     `json:"requests"`
	Completed int     `json:"completed"`
	Failed    int     `json:"failed_calls"`
	Depth     int     `json:"depth"`        // messages waiting
	InFlight  int     `json:"in_flight"`    // called
	Later     int     `json:"later"`        // hidden until their next attempt
	OldestAge float64 `json:"oldest_age_s"` // of the waiting messages that were never called
	P50       float64 `json:"latency_p50_s"`
	P99       float64 `json:"latency_p99_s"`
}

// Series is a curve: X and Y. It has the methods of gonum/plot's plotter.XYer.
type Series = stats.Series

// Series is a number of each row over its time in seconds.
func (r SyncResult) Series(of func(SyncRow) float64) Series {
	return stats.Column(r.Rows, func(row SyncRow) float64 { return row.At }, of)
}

// Series is a number of each row over its time in seconds.
func (r AsyncResult) Series(of func(AsyncRow) float64) Series {
	return stats.Column(r.Rows, func(row AsyncRow) float64 { return row.At }, of)
}

func (r *Result) warn(cut bool) {
	c, mean := &r.Config, r.Config.Provider.Service.Mean()
	add := func(format string, args ...any) {
		r.Warnings = append(r.Warnings, fmt.Errorf("decouple: "+format, args...))
	}
	if cut {
		add("ended after %s: MaxRequests = %d arrived", units.FormatSeconds(r.End), c.MaxRequests)
	}
	rate := c.Arrivals.Mean(0, max(time.Duration(r.End*1e9), 1))
	direct := float64(min(c.Provider.Servers, c.Sync.Threads)) / mean
	queued := float64(min(c.Provider.Servers, c.Async.Workers)) / mean
	calls, _ := theory.Attempts(c.Provider.Failure, c.Async.MaxReceives)
	load := rate * calls
	if load >= queued {
		add("the backlog grows for ever: %.6g calls/s arrive on average and %.6g/s can be done: a queue adds no capacity", load, queued)
	}
	switch storm := rate * float64(1+c.Sync.Retries); {
	case rate >= direct:
		add("the API is overloaded: %.6g requests/s arrive on average and %.6g/s can be done", rate, direct)
	case storm >= direct:
		add("retries can keep an overload alive: %.6g requests/s times %d attempts is more than %.6g/s", rate, 1+c.Sync.Retries, direct)
	}
	if t := c.Sync.Timeout; t > 0 && t.Seconds() < mean {
		add("users give up after %s, sooner than the %s of a mean call", units.FormatDuration(t), units.FormatSeconds(mean))
	}
}
