package autoscale

import (
	"fmt"
	"time"

	"cloudconcepts/internal/des"
	"cloudconcepts/internal/stats"
	"cloudconcepts/internal/units"
)

// Result is what a run did. Times are in seconds. Backlog + Arrived = Completed + InFlight + Waiting.
type Result struct {
	Config Config `json:"config"`

	Arrived   int     `json:"arrived"`
	Completed int     `json:"completed"`
	InFlight  int     `json:"in_flight"` // at the end
	Waiting   int     `json:"waiting"`   // at the end
	End       float64 `json:"elapsed_s"` // Config.Duration, or less if MaxMessages ended the run

	DepthPeak int     `json:"peak_depth"` // most messages waiting
	PeakAt    float64 `json:"peak_at_s"`
	EmptyAt   float64 `json:"empty_at_s"` // when, after the peak, no message waited any more; -1 = never, or none ever waited
	AgeMax    float64 `json:"max_age_s"`  // longest wait of a message, including those that wait at the end

	LatencyMean        float64 `json:"latency_mean_s"` // from arrival to completion
	LatencyP50         float64 `json:"latency_p50_s"`  // quantiles to 0.2 %
	LatencyP95         float64 `json:"latency_p95_s"`
	LatencyP99         float64 `json:"latency_p99_s"`
	LatencyMax         float64 `json:"latency_max_s"`
	OverTargetFraction float64 `json:"over_target_fraction"` // of the completed messages, later than LatencyTarget
	TimeOver           float64 `json:"time_over_target_s"`   // for which the oldest waiting message was older than LatencyTarget

	ScaleOuts       int     `json:"scale_outs"`     // decisions that added instances
	ScaleIns        int     `json:"scale_ins"`      // decisions that removed some
	Reversals       int     `json:"reversals"`      // changes of direction: a fleet that follows one burst has 1
	Launched        int     `json:"launched"`       // instances
	Cancelled       int     `json:"cancelled"`      // of them stopped before they served
	InstancesPeak   int     `json:"peak_instances"` // paid at one time
	InstancesMean   float64 `json:"mean_instances"` // paid
	InstanceSeconds float64 `json:"instance_s"`     // paid: from launch, boot included, until the last message is done
	Cost            float64 `json:"cost_usd"`
	Utilization     float64 `json:"utilization"` // work completed over instance-seconds paid

	Rows     []Row   `json:"rows,omitempty"` // one at time 0 and one every Config.Sample
	Warnings []error `json:"-"`
}

// String is the result in one line.
func (r Result) String() string {
	return fmt.Sprintf("%v: %d of %d messages done, at most %d waiting, the oldest for %.4g s; %.3g instances on average, $%.4g",
		r.Config.Rule, r.Completed, r.Arrived+r.Config.Backlog, r.DepthPeak, r.AgeMax, r.InstancesMean, r.Cost)
}

// Row is the state at a time and what happened since the row before.
type Row struct {
	At          float64 `json:"at_s"`
	Rate        float64 `json:"rate_per_s"` // of the profile, now
	Arrived     int     `json:"arrived"`
	Completed   int     `json:"completed"`
	Depth       int     `json:"depth"`     // messages waiting
	InFlight    int     `json:"in_flight"` // messages being processed
	OldestAge   float64 `json:"oldest_age_s"`
	Wanted      int     `json:"wanted"`         // by the last decision, within Min and Max
	Running     int     `json:"running"`        // paid
	Serving     int     `json:"serving"`        // of them not booting; those that finish their last message are included
	LatencyMean float64 `json:"latency_mean_s"` // of the messages completed since the row before; 0 if none
}

// Series is a curve: X and Y. It has the methods of gonum/plot's plotter.XYer.
type Series = stats.Series

// Series is a number of each row over its time in seconds.
func (r Result) Series(of func(Row) float64) Series {
	return stats.Column(r.Rows, func(row Row) float64 { return row.At }, of)
}

// finish adds up.
func (f *fleet) finish() Result {
	r, c := &f.res, &f.cfg
	f.now = min(f.now, f.end)
	f.pay(f.now)
	r.Config, r.End = *c, des.Seconds(f.now)
	r.InFlight, r.Waiting = f.busy.Len(), f.backlog.Len()
	r.Completed = int(f.latency.Count())
	if f.backlog.Len() > 0 {
		f.maxAge = max(f.maxAge, f.oldest())
		f.over += max(0, f.now-max(f.lastStart, *f.backlog.Front()+f.target))
	}
	r.AgeMax, r.TimeOver = des.Seconds(f.maxAge), des.Seconds(f.over)
	h := &f.latency
	r.LatencyMean, r.LatencyMax = h.Mean()/1e9, des.Seconds(h.Max())
	r.LatencyP50, r.LatencyP95, r.LatencyP99 = h.Quantile(0.5)/1e9, h.Quantile(0.95)/1e9, h.Quantile(0.99)/1e9
	if r.Completed > 0 {
		r.OverTargetFraction = float64(f.late) / float64(r.Completed)
	}
	if r.End > 0 {
		r.InstancesMean = r.InstanceSeconds / r.End
	}
	r.Cost = r.InstanceSeconds * c.Price / 3600
	if r.InstanceSeconds > 0 {
		r.Utilization = min(float64(r.Completed)*f.mean/r.InstanceSeconds, 1)
	}
	f.warn()
	return *r
}

func (f *fleet) warn() {
	r, c := &f.res, &f.cfg
	warn := func(format string, args ...any) {
		r.Warnings = append(r.Warnings, fmt.Errorf("autoscale: "+format, args...))
	}
	if f.left < 0 {
		warn("ended after %s: MaxMessages = %d arrived", units.FormatSeconds(r.End), c.MaxMessages)
	}
	most := c.Max
	if limited, ok := c.Rule.(interface{ limit() int }); ok {
		most = max(min(most, limited.limit()), c.Min)
	}
	rate, capacity := c.Arrivals.Mean(0, max(time.Duration(f.now), 1)), float64(most)/f.mean
	switch {
	case rate >= capacity:
		warn("never drains: %d instances at most complete %.6g messages/s, and %.6g arrive on average", most, capacity, rate)
	case r.Waiting > most:
		warn("%d messages still wait at the end", r.Waiting)
	}
	if r.Completed == 0 {
		warn("no message was completed")
	}
}
