package coldstartplot

import (
	"fmt"
	"math"

	"cloudconcepts/internal/chart"
	"cloudconcepts/internal/units"
)

// CostCurve is what one way to run a service costs in a month, against the rate of its requests.
type CostCurve struct {
	Name  string
	Rates []float64 // rising, 1/s
	USD   []float64 // in a month; NaN where it cannot do the rate
	Step  bool      // bought in pieces
}

// Cheaper is the lowest rate from which on a curve stays below another one with the same rates, by straight lines between them; 0 if it
// is below everywhere, NaN if it is not at the end.
func (c CostCurve) Cheaper(than CostCurve) float64 {
	last := -1
	for i := range c.Rates {
		if !(c.USD[i] < than.USD[i]) {
			last = i
		}
	}
	switch {
	case last < 0:
		return 0
	case last == len(c.Rates)-1:
		return math.NaN()
	}
	before, after := c.USD[last]-than.USD[last], c.USD[last+1]-than.USD[last+1]
	if math.IsNaN(before) {
		return c.Rates[last+1]
	}
	return c.Rates[last] + (c.Rates[last+1]-c.Rates[last])*before/(before-after)
}

// First is the lowest rate at which a curve is below another one, as Cheaper measures it.
func (c CostCurve) First(than CostCurve) float64 {
	for i := range c.Rates {
		if !(c.USD[i] < than.USD[i]) {
			continue
		}
		if i == 0 {
			return 0
		}
		before, after := c.USD[i-1]-than.USD[i-1], c.USD[i]-than.USD[i]
		if math.IsNaN(before) {
			return c.Rates[i]
		}
		return c.Rates[i-1] + (c.Rates[i]-c.Rates[i-1])*before/(before-after)
	}
	return math.NaN()
}

// Costs draws monthly costs against the rate; the first curve is what the others are compared with.
func Costs(curves []CostCurve, what, source string) Figure {
	first := curves[0]
	p := chart.Panel{
		Name: "cost of a month in US dollars",
		X:    chart.Axis{Name: "requests per second", Log: true, Min: first.Rates[0], Max: first.Rates[len(first.Rates)-1]},
		Y:    chart.Axis{Log: true, Format: units.FormatUSD},
	}
	for i, c := range curves {
		p.Marks = append(p.Marks, chart.Line{Label: c.Name, X: c.Rates, Y: c.USD, Step: c.Step, Color: costColor(i), Width: 1.7})
	}
	for i, c := range curves[1:] {
		if rate := c.First(first); rate > 0 && !(rate > 0.99*c.Cheaper(first)) {
			p.Marks = append(p.Marks, chart.Note{X: rate, Y: valueAt(first, rate), Text: "level at " + units.FormatNumber(digits(rate)) + "/s", Color: costColor(i + 1), Dot: true})
		}
		if rate := c.Cheaper(first); rate > 0 {
			p.Marks = append(p.Marks, chart.Note{X: rate, Y: valueAt(first, rate), Text: "cheaper above " + units.FormatNumber(digits(rate)) + "/s", Color: costColor(i + 1), Dot: true})
		}
	}
	return Figure{
		Title: costTitle(curves), Subtitle: what, Caption: caption + "/cost · " + source, Height: 580, Panels: []chart.Panel{p},
	}
}

func costColor(i int) chart.Color {
	return []chart.Color{chart.Blue, chart.Sky, chart.Orange, chart.Vermillion, chart.Green, chart.Purple, chart.Gray}[i%7]
}

// valueAt is a curve between its points.
func valueAt(c CostCurve, rate float64) float64 {
	for i, r := range c.Rates {
		if r >= rate && i > 0 {
			return c.USD[i-1] + (c.USD[i]-c.USD[i-1])*(rate-c.Rates[i-1])/(r-c.Rates[i-1])
		}
	}
	return c.USD[0]
}

// costTitle compares the first curve with the fourth and what comes behind, the containers and servers.
func costTitle(curves []CostCurve) string {
	first, end := curves[0], len(curves[0].Rates)-1
	best, at := curves[0], math.NaN()
	for _, c := range curves[min(3, len(curves)):] {
		if rate := c.Cheaper(first); rate >= 0 && !(rate >= at) {
			best, at = c, rate
		}
	}
	if math.IsNaN(at) {
		return fmt.Sprintf("%s is the cheapest or nearly so up to %s requests/s", first.Name, units.FormatNumber(first.Rates[end]))
	}
	if at == 0 {
		return fmt.Sprintf("%s is cheaper than %s at every rate from %s requests/s on", best.Name, first.Name, units.FormatNumber(first.Rates[0]))
	}
	return fmt.Sprintf("%s pays below %s requests/s; at %s/s it costs %s times as much as %s", first.Name, units.FormatNumber(digits(at)), units.FormatNumber(first.Rates[end]),
		units.FormatNumber(digits(first.USD[end]/best.USD[end])), best.Name)
}
