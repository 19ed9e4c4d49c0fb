package coldstartplot

import (
	"fmt"
	"math"

	"cloudconcepts/coldstart"
	"cloudconcepts/coldstart/theory"
	"cloudconcepts/internal/chart"
	"cloudconcepts/internal/units"
)

// KeepPoint is the share of cold requests with one keep-alive at one rate.
type KeepPoint struct {
	KeepAlive coldstart.KeepAlive `json:"keep_alive"`
	Rate      float64             `json:"rate_per_s"`
	Requests  int64               `json:"requests"`
	Cold      float64             `json:"cold_fraction"`
	Low       float64             `json:"cold_low_fraction"` // 95 %
	High      float64             `json:"cold_high_fraction"`
	Theory    float64             `json:"theory_fraction"`  // theory.ColdExpiry
	Overlap   float64             `json:"overlap_fraction"` // of the cold requests found environments, all busy
	Instances float64             `json:"instances"`
}

// KeepAlives is a sweep over rates for several keep-alives: the points of one follow one another, by rate.
type KeepAlives struct {
	Config   coldstart.Config // what the points have in common
	Points   []KeepPoint
	Measured []Experiment // with a keep-alive of 10 min; may be empty
	Requests int64        // of each point
}

// curves are the points by keep-alive.
func (s KeepAlives) curves() [][]KeepPoint {
	var list [][]KeepPoint
	for i, p := range s.Points {
		if i == 0 || p.Rate <= s.Points[i-1].Rate {
			list = append(list, nil)
		}
		list[len(list)-1] = append(list[len(list)-1], p)
	}
	return list
}

// Ends are two points of the keep-alive nearest to 10 min: the first, and the last up to 1 request/s.
func (s KeepAlives) Ends() (low, high KeepPoint) {
	var best []KeepPoint
	off := func(p KeepPoint) float64 { return math.Abs(math.Log(p.KeepAlive.Mean() / 600)) }
	for _, c := range s.curves() {
		if len(best) == 0 || off(c[0]) < off(best[0]) {
			best = c
		}
	}
	if len(best) == 0 {
		return low, high
	}
	high = best[len(best)-1]
	for _, p := range best[1:] {
		if p.Rate <= 1.0001 {
			high = p
		}
	}
	return best[0], high
}

// Rise is the point that is most above the one before it on its curve, and whether there is one beyond its error.
func (s KeepAlives) Rise() (up KeepPoint, ok bool) {
	most := 1.0
	for _, c := range s.curves() {
		for i := 1; i < len(c); i++ {
			if c[i].Low > c[i-1].High && c[i-1].Cold > 0 && c[i].Cold/c[i-1].Cold > most {
				up, ok, most = c[i], true, c[i].Cold/c[i-1].Cold
			}
		}
	}
	return up, ok
}

// KeepName is a keep-alive for people: 10 min, half every 380 s, exp:10m.
func KeepName(k coldstart.KeepAlive) string {
	if l, ok := k.Idle(); ok {
		if d, fixed := l.Fixed(); fixed {
			return units.FormatDuration(d)
		}
		return k.String()
	}
	if mean := k.Mean(); !math.IsInf(mean, 1) {
		return "half every " + units.FormatSeconds(mean/2)
	}
	return k.String()
}

// Verdict says whether cold starts end with traffic.
func (s KeepAlives) Verdict() string {
	switch _, high := s.Ends(); {
	case high.Cold == 0:
		return "Here more traffic ends cold starts, as far as the runs can see"
	case high.Cold < 2*high.Theory:
		return "Up to this rate more traffic means fewer cold starts"
	}
	return "More traffic does not end cold starts"
}

// TTL draws the share of cold requests against the rate, a curve for each keep-alive, with what expiry alone would leave.
func TTL(s KeepAlives) Figure {
	_, high := s.Ends()
	c := s.Config
	f := Figure{
		Title: s.Verdict(),
		Subtitle: fmt.Sprintf("cold requests against the rate of Poisson arrivals; warm requests take %s, cold ones %s; dots: simulated, 95 %% bars; dashed: exp(-rate × keep-alive), "+
			"if only idle environments counted", lawWords(c.Warm), lawWords(c.Cold.Response)),
		Caption: fmt.Sprintf("%s · %s requests a point and more · seed %d · 95 %% interval by batch means", caption, units.FormatCount(float64(s.Requests)), c.Seed),
		Height:  560,
	}
	if len(s.Measured) > 0 {
		f.Subtitle += "; rings: measured on AWS Lambda (10 min)"
	}
	if high.Cold > 0 && high.Cold >= 2*high.Theory {
		f.Title += fmt.Sprintf(": 1 request in %s is still cold at %s", units.FormatCount(digits(1/high.Cold)), PerTime(high.Rate))
	}
	p := chart.Panel{
		Name: "share of the requests that are cold",
		X:    chart.Axis{Name: "requests per second", Log: true, Format: chart.Plain, Min: s.Points[0].Rate, Max: s.most()},
		Y:    chart.Axis{Log: true, Format: chart.Percent, Min: s.floor(), Max: 1},
	}
	for i, points := range s.curves() {
		p.Marks = append(p.Marks, keepMarks(points, chart.Palette(i), p.Y.Min)...)
	}
	if len(s.Measured) > 0 {
		p.Marks = append(p.Marks, measuredCold(s.Measured))
	}
	if len(p.Marks) == 0 {
		p.Marks = append(p.Marks, chart.Text{X: math.Sqrt(p.X.Min * p.X.Max), Y: 0.1, Text: "no request was cold"})
	}
	f.Panels = []chart.Panel{p}
	return f
}

// most is the highest rate.
func (s KeepAlives) most() float64 {
	most := 0.0
	for _, p := range s.Points {
		most = max(most, p.Rate)
	}
	return most
}

// floor is the lower end of the axis: a decade of room below what was seen, a few requests at least.
func (s KeepAlives) floor() float64 {
	least := 0.01
	for _, p := range s.Points {
		if p.Cold > 0 {
			least = min(least, p.Cold)
		}
	}
	return math.Pow(10, math.Floor(math.Log10(least)))
}

// keepMarks are theory down to the floor, and dots on a thin line.
func keepMarks(points []KeepPoint, color chart.Color, floor float64) []chart.Mark {
	var tx, ty, x, y, low, high []float64
	first, last := points[0].Rate, points[len(points)-1].Rate
	for i := range 600 {
		rate := first * math.Pow(last/first, float64(i)/599)
		if v := theory.ColdExpiry(points[0].KeepAlive, rate); v >= floor {
			tx, ty = append(tx, rate), append(ty, v)
		}
	}
	for _, p := range points {
		if p.Cold > 0 {
			x, y, low, high = append(x, p.Rate), append(y, p.Cold), append(low, max(p.Low, floor/10)), append(high, p.High)
		}
	}
	var marks []chart.Mark
	if len(tx) > 0 {
		marks = append(marks, chart.Line{X: tx, Y: ty, Color: color, Dash: chart.Dashed, Width: 1.3})
	}
	if len(x) == 0 {
		return marks
	}
	return append(marks, chart.Line{Label: KeepName(points[0].KeepAlive), X: x, Y: y, Color: color, Width: 1}, chart.Dots{X: x, Y: y, Low: low, High: high, Color: color, Size: 5.5})
}

// measuredCold are the experiments as rings with bars of two standard errors.
func measuredCold(list []Experiment) chart.Dots {
	d := chart.Dots{Color: chart.Ink, Size: 8, Hollow: true}
	for _, e := range list {
		d.X, d.Y = append(d.X, e.Rate), append(d.Y, e.Cold)
		d.Low, d.High = append(d.Low, e.Cold-1.96*e.StandardError), append(d.High, e.Cold+1.96*e.StandardError)
	}
	return d
}
