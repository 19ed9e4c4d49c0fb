package coldstartplot

import (
	"fmt"
	"math"

	"cloudconcepts/coldstart"
	"cloudconcepts/coldstart/theory"
	"cloudconcepts/internal/chart"
	"cloudconcepts/internal/units"
)

// CausePoint is the cold requests of several runs at one rate, by cause.
type CausePoint struct {
	Rate         float64 `json:"rate_per_s"`
	Runs         int     `json:"runs"`
	Requests     int64   `json:"requests"`
	First        int64   `json:"first"`       // there never was one
	Expired      int64   `json:"expired"`     // there was none any more
	Concurrency  int64   `json:"concurrency"` // all were busy, there once were more
	ScaleUp      int64   `json:"scale_up"`    // all were busy, there never were more
	Cold         float64 `json:"cold_fraction"`
	Theory       float64 `json:"theory_fraction"` // expiry alone
	BusyFraction float64 `json:"busy_fraction"`   // of the cold requests found all busy
}

// Add counts a run.
func (p *CausePoint) Add(r coldstart.Result) {
	p.Requests += r.Requests
	p.Expired += r.ColdBy.IdleExpired
	p.Concurrency += r.ColdBy.Concurrency
	p.ScaleUp += r.ColdBy.ScaleUp
	p.First += r.ColdBy.First
	p.Cold = float64(p.cold()) / float64(max(p.Requests, 1))
	p.BusyFraction = float64(p.Concurrency+p.ScaleUp) / float64(max(p.cold(), 1))
}

func (p *CausePoint) cold() int64 { return p.First + p.Expired + p.Concurrency + p.ScaleUp }

// Causes is a sweep over rates, in ascending order.
type Causes struct {
	Config coldstart.Config
	Points []CausePoint
}

// Turn is the rate from which on most cold requests have found all environments busy, between points in the logarithm; 0 if
// there is none.
func (s Causes) Turn() float64 {
	for i := len(s.Points) - 1; i > 0; i-- {
		a, b := s.Points[i-1], s.Points[i]
		if a.BusyFraction <= 0.5 && b.BusyFraction > 0.5 {
			w := (0.5 - a.BusyFraction) / (b.BusyFraction - a.BusyFraction)
			return a.Rate * math.Pow(b.Rate/a.Rate, w)
		}
	}
	return 0
}

// ColdCauses draws the shares of the causes of cold requests against the rate, and the share of the requests that are cold.
func ColdCauses(s Causes) Figure {
	c := s.Config
	f := Figure{
		Title: s.title(),
		Subtitle: fmt.Sprintf("cold requests of %s after a deployment, by cause; Poisson arrivals, keep-alive %s, warm requests take %s, cold ones %s",
			days(c.Duration), KeepName(c.KeepAlive), lawWords(c.Warm), lawWords(c.Cold.Response)),
		ShareX: true, Height: 640,
	}
	var requests int64
	for _, p := range s.Points {
		requests = max(requests, p.Requests)
	}
	f.Caption = fmt.Sprintf("%s · up to %s requests a point, in runs of their own · seed %d", caption, units.FormatCount(digits(float64(requests))), c.Seed)
	f.Panels = []chart.Panel{s.shares(), s.level()}
	return f
}

func (s Causes) title() string {
	turn := s.Turn()
	first, last := s.Points[0], s.Points[len(s.Points)-1]
	switch {
	case turn > 0:
		return fmt.Sprintf("Up to %s requests are cold as no environment is there, then as all are busy", PerTime(turn))
	case first.cold() == 0 && last.cold() == 0:
		return "No request is cold"
	case last.BusyFraction <= 0.5:
		return "At these rates requests are cold because no environment is there"
	}
	return "At these rates requests are cold because all environments are busy"
}

// layer is a cause: a band in the stack.
type layer struct {
	name  string
	short string // at the end of a layer that has no room inside
	color chart.Color
	of    func(CausePoint) int64
}

func layers() []layer {
	return []layer{
		{"the first request", "first", chart.Green, func(p CausePoint) int64 { return p.First }},
		{"environments have expired", "expired", chart.Blue, func(p CausePoint) int64 { return p.Expired }},
		{"all are busy, there were more", "busy", chart.Vermillion, func(p CausePoint) int64 { return p.Concurrency }},
		{"all are busy, there never were more", "new peak", chart.Orange, func(p CausePoint) int64 { return p.ScaleUp }},
	}
}

// shares stacks the causes; each is named where it is widest.
func (s Causes) shares() chart.Panel {
	p := chart.Panel{
		Name: "share of the cold requests",
		X:    chart.Axis{Name: "requests per second", Log: true, Format: chart.Plain, Min: s.Points[0].Rate, Max: s.Points[len(s.Points)-1].Rate},
		Y:    chart.Axis{Min: 0, Max: 1, Format: chart.Percent}, Weight: 1.3,
	}
	var x, below []float64
	for _, point := range s.Points {
		x, below = append(x, point.Rate), append(below, 0)
	}
	var words []chart.Mark
	for _, l := range layers() {
		top, widest := make([]float64, len(x)), 0.0
		for i, point := range s.Points {
			top[i] = below[i] + float64(l.of(point))/float64(max(point.cold(), 1))
			widest = max(widest, top[i]-below[i])
		}
		band := chart.Band{X: x, Low: below, High: top, Color: l.color, Alpha: 150.0 / 255}
		if widest > 0.2 {
			words = append(words, nameLayer(l.name, x, below, top, widest))
		} else if widest > 0.01 {
			band.Label = l.short
		}
		p.Marks = append(p.Marks, band)
		below = top
	}
	p.Marks = append(p.Marks, words...)
	return p
}

// nameLayer writes a name in the middle of where a layer is nearly as wide as it gets.
func nameLayer(name string, x, low, high []float64, widest float64) chart.Text {
	var wide []int
	for i := range x {
		if high[i]-low[i] > 0.85*widest {
			wide = append(wide, i)
		}
	}
	first, last := wide[0], wide[len(wide)-1]
	middle := wide[len(wide)/2]
	return chart.Text{X: math.Sqrt(x[first] * x[last]), Y: (low[middle] + high[middle]) / 2, Text: name, Size: 13}
}

// level is the share of all requests.
func (s Causes) level() chart.Panel {
	var x, y, tx, ty []float64
	least := 0.05
	for _, p := range s.Points {
		if p.Cold > 0 {
			x, y, least = append(x, p.Rate), append(y, p.Cold), min(least, p.Cold)
		}
	}
	floor := math.Pow(10, math.Floor(math.Log10(least)))
	low, high := s.Points[0].Rate, s.Points[len(s.Points)-1].Rate
	for i := range 150 {
		rate := low * math.Pow(high/low, float64(i)/149)
		if v := theory.ColdExpiry(s.Config.KeepAlive, rate); v >= floor {
			tx, ty = append(tx, rate), append(ty, v)
		}
	}
	return chart.Panel{
		Name: "share of all requests that are cold", X: chart.Axis{Name: "requests per second", Log: true, Format: chart.Plain, Min: low, Max: high},
		Y: chart.Axis{Log: true, Format: chart.Percent, Min: floor, Max: 1},
		Marks: []chart.Mark{
			chart.Line{Label: "expiry alone", X: tx, Y: ty, Color: chart.Gray, Dash: chart.Dashed, Width: 1.3},
			chart.Line{X: x, Y: y, Color: chart.Ink, Width: 1.2},
			chart.Dots{X: x, Y: y, Color: chart.Ink, Size: 6},
		},
	}
}

// PerTime is a rate (1/s) for people, with two digits: 25/h, 2.4/min, 10/s.
func PerTime(rate float64) string {
	switch {
	case rate >= 0.0995:
		return units.FormatNumber(digits(rate)) + "/s"
	case rate*60 >= 1:
		return units.FormatNumber(digits(rate*60)) + "/min"
	}
	return units.FormatNumber(digits(rate*3600)) + "/h"
}
