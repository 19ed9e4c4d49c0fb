package coldstartplot

import (
	"fmt"

	"cloudconcepts/coldstart/cost"
	"cloudconcepts/internal/chart"
	"cloudconcepts/internal/units"
)

// HybridCost is the cost of a private base of each size with a pay-per-use burst, and the load that it is for.
type HybridCost struct {
	Curve      []cost.Base
	Best       cost.Base
	Newsvendor int
	Profile    []cost.Phase
	Service    float64 // s
	Days       float64 // that the costs are for
	PerHour    float64 // USD, of a server
	PerRequest float64 // USD, of the burst
}

// Hybrid draws the monthly cost against the size of the base, and the load over the profile with the best base.
func Hybrid(h HybridCost) Figure {
	var x, fixed, burst, total []float64
	for _, b := range h.Curve {
		x = append(x, float64(b.Servers))
		fixed, burst, total = append(fixed, b.Fixed*h.Days), append(burst, b.Burst*h.Days), append(total, b.Total*h.Days)
	}
	costs := chart.Panel{
		Name: "cost of a month", Weight: 1.3, X: chart.Axis{Name: "servers of the private base"}, Y: chart.Axis{Zero: true, Format: units.FormatUSD},
		Marks: []chart.Mark{
			chart.Line{Label: "the base", X: x, Y: fixed, Color: chart.Gray, Width: 1.3},
			chart.Line{Label: "the burst", X: x, Y: burst, Color: chart.Orange, Width: 1.3},
			chart.Line{Label: "both", X: x, Y: total, Color: chart.Blue, Width: 2.4},
			chart.Note{X: float64(h.Best.Servers), Y: h.Best.Total * h.Days, Text: fmt.Sprintf("cheapest: %d servers, %s", h.Best.Servers, units.FormatUSD(h.Best.Total*h.Days)), Dot: true},
		},
	}
	if n := h.Newsvendor; n < len(x) && n != h.Best.Servers {
		costs.Marks = append(costs.Marks, chart.Note{X: x[n], Y: total[n], Text: fmt.Sprintf("newsvendor's rule: %d", n), Color: chart.Gray, Dot: true})
	}
	var at, load []float64
	t := 0.0
	for _, p := range h.Profile {
		at, load = append(at, t), append(load, p.Rate*h.Service)
		t += p.Length.Seconds()
	}
	at, load = append(at, t), append(load, load[len(load)-1])
	day := chart.Panel{
		Name: "busy servers that the load needs, over the day", X: chart.Axis{Name: "time", Max: t, Format: chart.Seconds}, Y: chart.Axis{Zero: true},
		Marks: []chart.Mark{
			chart.Area{X: at, Y: load, Color: chart.Blue, Step: true},
			chart.Line{X: at, Y: load, Color: chart.Blue, Step: true, Width: 1.4},
			chart.HLine{At: float64(h.Best.Servers), Text: "the cheapest base", Dash: chart.Dashed},
		},
	}
	return Figure{
		Title: h.title(),
		Subtitle: fmt.Sprintf("a request takes %s; a server of the base costs %s an hour, what finds none free %s per million requests; Erlang's formula in each hour",
			units.FormatSeconds(h.Service), units.FormatUSD(h.PerHour), units.FormatUSD(1e6*h.PerRequest)),
		Caption: caption + "/cost · closed form", Panels: []chart.Panel{costs, day}, Height: 620,
	}
}

func (h HybridCost) title() string {
	none := h.Curve[0].Total
	switch n := h.Best.Servers; {
	case !(none > 0):
		return "A burst that costs nothing needs no base"
	case n == 0:
		return "No base pays: doing all in the cloud is the cheapest"
	case n == 1:
		return fmt.Sprintf("A base of 1 server with a burst into the cloud costs %s of doing all in the cloud", units.FormatPercent(digits(h.Best.Total/none)))
	default:
		return fmt.Sprintf("A base of %s servers with a burst into the cloud costs %s of doing all in the cloud", units.FormatCount(float64(n)), units.FormatPercent(digits(h.Best.Total/none)))
	}
}
