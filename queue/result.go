package queue

import (
	"fmt"
	"math"

	"cloudconcepts/internal/arrival"
	"cloudconcepts/internal/stats"
)

// Result is what happened to the messages after the warm-up. The wait is the time before the service, the sojourn that
// until its end; both are of messages that were served. Averages over time are from the first counted arrival to the
// last one or the end of the duration. Quantiles are read from a histogram, within 0.2 %; means are exact.
type Result struct {
	Config Config `json:"config"` // the seed is in it
	Engine Engine `json:"engine"` // that did the run
	Counts

	WaitMean float64 `json:"wait_mean_s"`
	WaitHalf float64 `json:"wait_mean_ci95_s"` // the true mean is within WaitMean -+ this with 95 % confidence, by batch means; 0 if there are not enough messages to say
	WaitP50  float64 `json:"wait_p50_s"`
	WaitP90  float64 `json:"wait_p90_s"`
	WaitP95  float64 `json:"wait_p95_s"`
	WaitP99  float64 `json:"wait_p99_s"`
	WaitP999 float64 `json:"wait_p999_s"`
	WaitMax  float64 `json:"wait_max_s"`

	SojournMean float64 `json:"sojourn_mean_s"`
	SojournP50  float64 `json:"sojourn_p50_s"`
	SojournP90  float64 `json:"sojourn_p90_s"`
	SojournP95  float64 `json:"sojourn_p95_s"`
	SojournP99  float64 `json:"sojourn_p99_s"`
	SojournP999 float64 `json:"sojourn_p999_s"`
	SojournMax  float64 `json:"sojourn_max_s"`

	WaitProbability float64 `json:"wait_probability"` // share of those started that had to wait
	LossFraction    float64 `json:"loss_fraction"`    // share of those offered that was rejected, dropped, expired or late
	Utilization     float64 `json:"utilization"`      // mean share of the servers that is busy
	Throughput      float64 `json:"throughput_per_s"` // departures
	Goodput         float64 `json:"goodput_per_s"`    // departures of messages that started in time
	QueueMean       float64 `json:"queue_mean"`       // mean number waiting
	SystemMean      float64 `json:"system_mean"`      // mean number waiting or in service
	BlockedFraction float64 `json:"blocked_fraction"` // share of the time in which the producer had to hold a message
	Window          float64 `json:"window_s"`         // length of the time averages
	End             float64 `json:"end_s"`            // when the run was over

	Classes  []ClassResult `json:"classes,omitempty"` // most urgent first
	Rows     []Row         `json:"rows,omitempty"`    // every Config.Sample
	Warnings []error       `json:"-"`

	wait, sojourn *stats.Histogram
}

// ClassResult is what happened to the messages of one class.
type ClassResult struct {
	Counts
	WaitMean        float64 `json:"wait_mean_s"`
	WaitP50         float64 `json:"wait_p50_s"`
	WaitP99         float64 `json:"wait_p99_s"`
	SojournMean     float64 `json:"sojourn_mean_s"`
	SojournP99      float64 `json:"sojourn_p99_s"`
	WaitProbability float64 `json:"wait_probability"`
	LossFraction    float64 `json:"loss_fraction"`
}

// ratio is a/b, 0 if b is 0.
func ratio(a, b float64) float64 {
	if b == 0 {
		return 0
	}
	return a / b
}

func newResult(r *run) Result {
	t := &r.total
	out := Result{
		Config: r.config, Engine: Recursion, Counts: t.Counts, Rows: r.rows,
		WaitProbability: t.wait.Above(0), LossFraction: t.lossFraction(),
		Window: float64(r.window()) / 1e9, End: float64(r.end) / 1e9,
		WaitMean: t.wait.Mean() / 1e9, SojournMean: t.sojourn.Mean() / 1e9,
		wait: new(t.wait), sojourn: new(t.sojourn),
	}
	if r.events {
		out.Engine = Events
	}
	out.quantiles()
	if t.means.means.Batches() >= 2 {
		low, high := t.means.means.Interval(0.95)
		out.WaitHalf = (high - low) / 2 / 1e9
	}
	if t.Offered > 0 {
		window := float64(r.window())
		out.QueueMean = ratio(r.waiting.Float(), window)
		busy := ratio(r.busy.Float(), window)
		out.SystemMean = out.QueueMean + busy
		out.Utilization = busy / float64(r.config.Servers)
		out.Throughput = ratio(float64(r.departures), window) * 1e9
		out.Goodput = ratio(float64(r.punctual), window) * 1e9
		out.BlockedFraction = ratio(float64(r.blocked), window)
	}
	for i := range r.classes {
		out.Classes = append(out.Classes, r.classes[i].result())
	}
	out.Warnings = out.warnings(r)
	return out
}

func (t *tally) lossFraction() float64 {
	return ratio(float64(t.Rejected+t.Dropped+t.Expired+t.Late), float64(t.Offered))
}

func (t *tally) result() ClassResult {
	wait, sojourn := new(t.wait), new(t.sojourn)
	return ClassResult{
		Counts: t.Counts, WaitMean: t.wait.Mean() / 1e9, WaitP50: wait.Quantile(0.5) / 1e9, WaitP99: wait.Quantile(0.99) / 1e9,
		SojournMean: t.sojourn.Mean() / 1e9, SojournP99: sojourn.Quantile(0.99) / 1e9,
		WaitProbability: t.wait.Above(0), LossFraction: t.lossFraction(),
	}
}

func (r *Result) quantiles() {
	r.WaitMax, r.SojournMax = float64(r.wait.Max())/1e9, float64(r.sojourn.Max())/1e9
	r.WaitP50, r.WaitP90, r.WaitP95 = r.WaitQuantile(0.5), r.WaitQuantile(0.9), r.WaitQuantile(0.95)
	r.WaitP99, r.WaitP999 = r.WaitQuantile(0.99), r.WaitQuantile(0.999)
	r.SojournP50, r.SojournP90, r.SojournP95 = r.SojournQuantile(0.5), r.SojournQuantile(0.9), r.SojournQuantile(0.95)
	r.SojournP99, r.SojournP999 = r.SojournQuantile(0.99), r.SojournQuantile(0.999)
}

// WaitQuantile is the wait in seconds that a share p of the served messages does not exceed, p in [0, 1].
func (r Result) WaitQuantile(p float64) float64 { return quantile(r.wait, p) }

// SojournQuantile is the same of the sojourn.
func (r Result) SojournQuantile(p float64) float64 { return quantile(r.sojourn, p) }

func quantile(h *stats.Histogram, p float64) float64 {
	if h == nil || math.IsNaN(p) {
		return 0
	}
	return h.Quantile(min(max(p, 0), 1)) / 1e9
}

// WaitAbove is the share of the served messages that waited longer than t seconds.
func (r Result) WaitAbove(t float64) float64 { return aboveShare(r.wait, t) }

// SojournAbove is the same of the sojourn.
func (r Result) SojournAbove(t float64) float64 { return aboveShare(r.sojourn, t) }

func aboveShare(h *stats.Histogram, t float64) float64 {
	switch {
	case h == nil || math.IsNaN(t):
		return 0
	case t < 0:
		return min(float64(h.Count()), 1)
	case t >= float64(arrival.TooLate)/1e9:
		return 0
	}
	return h.Above(int64(t * 1e9))
}

// Series is a curve: X and Y. It has the methods of gonum/plot's plotter.XYer.
type Series = stats.Series

// Series is a number of each row over its time in seconds.
func (r Result) Series(of func(Row) float64) Series {
	return stats.Column(r.Rows, func(row Row) float64 { return row.At }, of)
}

// String is the result in one line.
func (r Result) String() string {
	return fmt.Sprintf("%d served of %d: wait %.4g s mean, %.4g s p99; %.3g %% lost; %.3g %% busy",
		r.Served, r.Offered, r.WaitMean, r.WaitP99, 100*r.LossFraction, 100*r.Utilization)
}
