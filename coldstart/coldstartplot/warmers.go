package coldstartplot

import (
	"fmt"
	"math"
	"time"

	"cloudconcepts/coldstart"
	"cloudconcepts/coldstart/theory"
	"cloudconcepts/internal/chart"
	"cloudconcepts/internal/units"
)

// PingPoint is what pings do for bursts of a size.
type PingPoint struct {
	Pings  int     `json:"pings"` // at a time
	Burst  int     `json:"burst"` // requests at a time
	Cold   float64 `json:"cold_per_burst"`
	Low    float64 `json:"cold_low_per_burst"` // 95 %
	High   float64 `json:"cold_high_per_burst"`
	Theory float64 `json:"theory_per_burst"` // theory.WarmerCold
	Idle   float64 `json:"idle_instances"`
	Cost   float64 `json:"cost_usd_per_month"` // of requests and pings
}

// BusyPing is single requests beside one ping at a time that works for a while.
type BusyPing struct {
	Work     float64 `json:"work_s"`
	Cold     float64 `json:"cold_fraction"`
	Low      float64 `json:"cold_low_fraction"` // 95 %
	High     float64 `json:"cold_high_fraction"`
	Theory   float64 `json:"theory_fraction"` // theory.PingCold
	Requests int64   `json:"requests"`
}

// Warmers is bursts at random beside pings: the points of one number of pings follow one another, by the size of the burst.
type Warmers struct {
	Config coldstart.Config // what the runs have in common
	Gap    time.Duration    // mean time between bursts
	Bursts int              // of each run
	Points []PingPoint
	Busy   []BusyPing
}

// Largest are the points of the largest burst, by pings.
func (w Warmers) Largest() []PingPoint {
	var list []PingPoint
	for _, p := range w.Points {
		if len(list) > 0 && p.Burst > list[0].Burst {
			list = nil
		}
		if len(list) == 0 || p.Burst == list[0].Burst {
			list = append(list, p)
		}
	}
	return list
}

// Costs are those of the most pings for 30 days, and of as many provisioned environments, in US dollars.
func (w Warmers) Costs() (pings, provisioned float64) {
	c := w.Config
	n := 0
	for _, p := range w.Points {
		n = max(n, p.Pings)
	}
	const month = 30 * 86400
	gb := float64(c.MemoryMB) / 1024
	each := c.Price.Request + gb*c.Warmer.Work.Mean()*c.Price.GBSecond
	return float64(n) * month / c.Warmer.Every.Seconds() * each, float64(n) * month * gb * c.Price.ProvisionedGBSecond
}

// Warmer draws the cold requests of bursts against their size for each number of pings, and what busy pings cost.
func Warmer(w Warmers) Figure {
	c := w.Config
	return Figure{
		Title: w.title(),
		Subtitle: fmt.Sprintf("bursts at random, every %s on average; pings every %s, keep-alive %s; left: a ping works for %s; right: one request at a time beside one ping; dashed: theory",
			units.FormatDuration(w.Gap), units.FormatDuration(c.Warmer.Every), KeepName(c.KeepAlive), lawWords(c.Warmer.Work)),
		Caption: fmt.Sprintf("%s · %s bursts a point, %s requests on the right · seed %d · 95 %% interval by batch means", caption,
			units.FormatCount(float64(w.Bursts)), units.FormatCount(float64(10*w.Bursts)), c.Seed),
		Columns: 2, Width: 1000, Height: 480,
		Panels: []chart.Panel{w.bursts(), w.busy()},
	}
}

func (w Warmers) title() string {
	c := w.Config
	if gone := theory.Uncovered(c.KeepAlive, c.Warmer.Every); gone > 0.02 {
		return fmt.Sprintf("A ping every %s leaves %s of the time to cold starts if environments stay for %s",
			units.FormatDuration(c.Warmer.Every), units.FormatPercent(digits(gone)), KeepName(c.KeepAlive))
	}
	most := w.Largest()
	last := most[len(most)-1]
	if first := most[0]; first.Pings == 0 && first.Cold < 0.05*float64(first.Burst) {
		return fmt.Sprintf("Hardly a burst is cold, with pings or without: %s of %d requests", units.FormatNumber(digits(first.Cold)), first.Burst)
	}
	if last.Pings == 0 {
		return fmt.Sprintf("Without pings %s of a burst of %d are cold", units.FormatNumber(digits(last.Cold)), last.Burst)
	}
	return fmt.Sprintf("%s warm %s: %s of a burst of %d stay cold", plural(last.Pings, "ping"), plural(last.Pings, "environment"), units.FormatNumber(digits(last.Cold)), last.Burst)
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

func (w Warmers) bursts() chart.Panel {
	p := chart.Panel{Name: "cold requests of a burst", X: chart.Axis{Name: "requests of a burst", Zero: true}, Y: chart.Axis{Zero: true}}
	var list []PingPoint
	flush := func(color chart.Color) {
		if len(list) == 0 {
			return
		}
		dots := chart.Dots{Color: color, Size: 6.5}
		theory := chart.Line{Label: plural(list[0].Pings, "ping"), Color: color, Dash: chart.Dashed, Width: 1.3}
		if list[0].Pings == 0 {
			theory.Label = "no pings"
		}
		for _, q := range list {
			x := float64(q.Burst)
			theory.X, theory.Y = append(theory.X, x), append(theory.Y, q.Theory)
			dots.X, dots.Y, dots.Low, dots.High = append(dots.X, x), append(dots.Y, q.Cold), append(dots.Low, q.Low), append(dots.High, q.High)
		}
		p.Marks = append(p.Marks, theory, dots)
	}
	series := 0
	for i, q := range w.Points {
		if i > 0 && q.Pings != w.Points[i-1].Pings {
			flush(chart.Palette(series))
			list, series = nil, series+1
		}
		list = append(list, q)
	}
	flush(chart.Palette(series))
	return p
}

// busy is single requests: the share that pings make cold by being busy.
func (w Warmers) busy() chart.Panel {
	alone := theory.ColdExpiry(w.Config.KeepAlive, 1/w.Gap.Seconds())
	p := chart.Panel{
		Name: "share of single requests that are cold", X: chart.Axis{Name: "time that a ping works", Log: true, Format: chart.Seconds},
		Y: chart.Axis{Log: true, Format: chart.Percent, Max: 1},
	}
	dots := chart.Dots{Label: "1 ping", Color: chart.Vermillion, Size: 6.5}
	theory := chart.Line{Color: chart.Vermillion, Dash: chart.Dashed, Width: 1.3}
	least := 0.01
	for _, b := range w.Busy {
		high := b.High
		if b.Cold == 0 {
			high = 3 / float64(max(b.Requests, 1))
		} else {
			least = min(least, b.Cold)
		}
		if !math.IsNaN(b.Theory) { // some keep-alives have no formula
			least = min(least, b.Theory)
		}
		dots.X, dots.Y, dots.Low, dots.High = append(dots.X, b.Work), append(dots.Y, b.Cold), append(dots.Low, max(b.Low, 0)), append(dots.High, high)
		theory.X, theory.Y = append(theory.X, b.Work), append(theory.Y, b.Theory)
	}
	p.Y.Min = math.Pow(10, math.Floor(math.Log10(least)))
	p.Marks = []chart.Mark{theory, dots}
	if alone > p.Y.Min {
		p.Marks = append(p.Marks, chart.HLine{At: alone, Text: "no pings", Color: chart.Blue, Dash: chart.Dashed})
	}
	return p
}
