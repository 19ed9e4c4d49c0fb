package fleet

import (
	"math"
	"time"

	"cloudconcepts/internal/check"
	"cloudconcepts/internal/des"
)

// Hybrid is the hybrid histogram policy (Shahrad et al., Serverless in the Wild, ATC 2020): a histogram of the idle times of
// each unit, from the end of its last execution to the next arrival. If it is representative an instance is unloaded when it becomes idle, loaded
// again at the Head percentile (lower end of its bin) less Margin, and kept until the Tail percentile (upper end) plus
// Margin; a head in the first bin unloads nothing. If most idle times are beyond the range a forecast f of the next one takes its place: from
// (1 - ForecastMargin) f to (1 + ForecastMargin) f. Else the instance stays for the range.
//
// The paper forecasts by ARIMA; here it is an autoregression of order 1 with exponentially weighted moments, mean + phi (last - mean).
type Hybrid struct {
	Bin            time.Duration `json:"bin_ns"`   // [1 s, 1 day]
	Range          time.Duration `json:"range_ns"` // a multiple of Bin, at least 2 and at most 10,000 of them
	Head           float64       `json:"head"`     // [0, 1]
	Tail           float64       `json:"tail"`     // [Head, 1]
	Margin         float64       `json:"margin"`   // [0, 1]
	MinCV          float64       `json:"min_cv"`   // of the counts of the bins, from which on they are representative, [0, 1000]
	MaxOutOfRange  float64       `json:"max_out_of_range"`
	ForecastMargin float64       `json:"forecast_margin"` // [0, 1]
	Smoothing      float64       `json:"smoothing"`       // weight of the newest idle time in the forecast's moments, (0, 1]
}

// ServerlessInTheWild are the constants of the paper, as the simulator DSLab FaaS has them: bins of 1 min over 4 h, 5th and
// 99th percentile, 10 % margin, CV 2; 50 % out of range, 15 % margin of the forecast. Smoothing is an assumption.
func ServerlessInTheWild() Hybrid {
	return Hybrid{
		Bin: time.Minute, Range: 4 * time.Hour, Head: 0.05, Tail: 0.99, Margin: 0.1, MinCV: 2, MaxOutOfRange: 0.5,
		ForecastMargin: 0.15, Smoothing: 0.3,
	}
}

func (h Hybrid) check(v *check.List) {
	v.Span("Hybrid.Bin", h.Bin, time.Second, 24*time.Hour)
	if h.Bin > 0 && (h.Range%h.Bin != 0 || h.Range/h.Bin < 2 || h.Range/h.Bin > 10_000) {
		v.Add("Hybrid.Range = %v, want a multiple of Bin (%v) in [2, 10000] of them", h.Range, h.Bin)
	}
	v.Between("Hybrid.Head", h.Head, 0, 1, "")
	v.Between("Hybrid.Tail", h.Tail, h.Head, 1, "")
	v.Between("Hybrid.Margin", h.Margin, 0, 1, "")
	v.Between("Hybrid.MinCV", h.MinCV, 0, 1000, "")
	v.Between("Hybrid.MaxOutOfRange", h.MaxOutOfRange, 0, 1, "")
	v.Between("Hybrid.ForecastMargin", h.ForecastMargin, 0, 1, "")
	v.Above("Hybrid.Smoothing", h.Smoothing, 0, 1, "")
}

// checkNumbers wants finite numbers of a policy that is not used: JSON has no others.
func (h Hybrid) checkNumbers(v *check.List) {
	for _, f := range []struct {
		name string
		x    float64
	}{
		{"Head", h.Head},
		{"Tail", h.Tail},
		{"Margin", h.Margin},
		{"MinCV", h.MinCV},
		{"MaxOutOfRange", h.MaxOutOfRange},
		{"ForecastMargin", h.ForecastMargin},
		{"Smoothing", h.Smoothing},
	} {
		if math.IsNaN(f.x) || math.IsInf(f.x, 0) {
			v.Add("Hybrid.%s = %g, want a finite number", f.name, f.x)
		}
	}
}

// histogram is that of one unit. Its percentiles move along with the counts, so that no update goes through all bins.
type histogram struct {
	rules      *Hybrid
	bins       []uint32
	in, out    uint64  // idle times inside and outside of the range
	squares    float64 // sum of the squares of the bins
	head, tail mark
	forecast   forecast
	after, end int64 // the window as of the last idle time
}

// mark is the bin of a percentile.
type mark struct {
	bin   int
	below uint64 // counts in the bins before it
}

func newHistogram(rules *Hybrid) *histogram {
	return &histogram{rules: rules, end: int64(rules.Range)}
}

// reset forgets everything and keeps the room.
func (h *histogram) reset() {
	bins := h.bins
	clear(bins)
	*h = histogram{rules: h.rules, bins: bins, end: int64(h.rules.Range)}
}

// add takes an idle time in.
func (h *histogram) add(idle int64) {
	r := h.rules
	if h.bins == nil {
		h.bins = make([]uint32, r.Range/r.Bin)
	}
	h.forecast.add(float64(idle), r.Smoothing)
	bin := idle / int64(r.Bin)
	if bin < int64(len(h.bins)) {
		h.squares += 2*float64(h.bins[bin]) + 1
		h.bins[bin]++
		h.in++
		h.head.add(int(bin), h.bins, rank(r.Head, h.in))
		h.tail.add(int(bin), h.bins, rank(r.Tail, h.in))
	} else {
		h.out++
	}
	h.decide()
}

// rank is the number of the value that is the percentile p of n, from 1.
func rank(p float64, n uint64) uint64 { return max(1, uint64(math.Ceil(p*float64(n)-1e-9))) }

// add counts one in a bin and moves to the bin of the k-th.
func (m *mark) add(bin int, bins []uint32, k uint64) {
	if bin < m.bin {
		m.below++
	}
	for m.below >= k {
		m.bin--
		m.below -= uint64(bins[m.bin])
	}
	for m.below+uint64(bins[m.bin]) < k {
		m.below += uint64(bins[m.bin])
		m.bin++
	}
}

// cv is the coefficient of variation of the counts of the bins, with the sample variance: the square root of their number
// if all are in one.
func (h *histogram) cv() float64 {
	n, sum := float64(len(h.bins)), float64(h.in)
	if sum == 0 {
		return 0
	}
	return math.Sqrt(max(0, h.squares-sum*sum/n)/(n-1)) * n / sum
}

func (h *histogram) decide() {
	r := h.rules
	switch {
	case float64(h.out) >= r.MaxOutOfRange*float64(h.in+h.out):
		f := h.forecast.next()
		h.after = clampTime((1 - r.ForecastMargin) * f)
		h.end = max(h.after, clampTime((1+r.ForecastMargin)*f))
	case h.cv() < r.MinCV:
		h.after, h.end = 0, int64(r.Range)
	default:
		h.after = clampTime((1 - r.Margin) * float64(h.head.bin) * float64(r.Bin))
		h.end = clampTime((1 + r.Margin) * float64(h.tail.bin+1) * float64(r.Bin))
	}
}

func clampTime(ns float64) int64 { return int64(math.Round(max(0, min(ns, des.Forever/2)))) }

// window is from when to when after a finish an instance is loaded.
func (h *histogram) window() (after, end int64) { return h.after, h.end }

// forecast is an autoregression of order 1.
type forecast struct {
	mean, variance, covariance, last float64
	n                                int
}

func (f *forecast) add(x, weight float64) {
	if f.n == 0 {
		f.mean = x
	}
	before, now := f.last-f.mean, x-f.mean
	f.mean += weight * now
	if f.n > 0 {
		f.variance += weight * (now*now - f.variance)
		f.covariance += weight * (before*now - f.covariance)
	}
	f.last = x
	f.n++
}

func (f *forecast) next() float64 {
	if f.variance <= 0 {
		return f.mean
	}
	phi := max(-1, min(1, f.covariance/f.variance))
	return max(0, f.mean+phi*(f.last-f.mean))
}
