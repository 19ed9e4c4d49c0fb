package migrationplot

import (
	"fmt"
	"math"
	"slices"

	"cloudconcepts/internal/chart"
	"cloudconcepts/internal/units"
	lm "cloudconcepts/livemigration"
)

// Sweep is one strategy over rising bandwidths.
type Sweep struct {
	Name    string
	Results []lm.Result
}

// Strategies draws total time, downtime and guest time lost over the bandwidth,
// a curve for each strategy. Where one does not end its curve has a gap.
func Strategies(sweeps []Sweep) Figure {
	columns := []struct {
		name  string
		value func(lm.Result) float64
	}{
		{"Total time (log scale)", func(r lm.Result) float64 { return r.Total }},
		{"Downtime: the guest stands still (log scale)", func(r lm.Result) float64 { return r.Downtime }},
		{"Guest time lost in all: downtime, throttle and waiting for pages (log scale)", func(r lm.Result) float64 { return r.LostCPU }},
	}
	first := sweeps[0].Results
	low, high := first[0].Config.Link.Bandwidth, first[len(first)-1].Config.Link.Bandwidth
	x := chart.Axis{Name: "Bandwidth (log scale)", Log: true, Min: 8 * low, Max: 8 * high, Format: chart.BitRate}
	var panels []chart.Panel
	for _, c := range columns {
		p := chart.Panel{Name: c.name, X: x, Y: chart.Axis{Log: true, Format: chart.Seconds}}
		if !anyPositive(sweeps, c.value) {
			p.Y = chart.Axis{Max: 1, Format: chart.Seconds}
		}
		p.Marks = append(p.Marks, neverSpans(sweeps, len(panels) == 0)...)
		for _, l := range sweepLines(sweeps, c.value) {
			p.Marks = append(p.Marks, l)
		}
		panels = append(panels, p)
	}
	return Figure{
		Title:    strategiesTitle(sweeps),
		Subtitle: fmt.Sprintf("%s guest with %s, for links from %s to %s.", units.FormatBytes(float64(first[0].Config.VM.Memory)), workloadWords(first[0].Config.VM.Workload), chart.BitRate(8*low), chart.BitRate(8*high)),
		Caption:  caption, ShareX: true, Panels: panels, Height: 860,
	}
}

// strategiesTitle says up to which link one of the strategies never ends.
func strategiesTitle(sweeps []Sweep) string {
	for _, s := range sweeps {
		i := slices.IndexFunc(s.Results, ended)
		switch {
		case i < 0:
			return fmt.Sprintf("On none of these links does %s ever end; the others end on all", s.Name)
		case i > 0:
			return fmt.Sprintf("Below %s %s never ends; the others end on any link", chart.BitRate(roundTo(8*s.Results[i].Config.Link.Bandwidth)), s.Name)
		}
	}
	return "On these links every strategy ends; what differs is how long the guest waits"
}

// roundTo rounds to two digits.
func roundTo(v float64) float64 {
	unit := math.Pow(10, math.Floor(math.Log10(v))-1)
	return math.Round(v/unit) * unit
}

// neverSpans shades where a strategy does not end.
func neverSpans(sweeps []Sweep, words bool) []chart.Mark {
	var marks []chart.Mark
	for i, s := range sweeps {
		from, to := 0.0, 0.0
		for _, r := range s.Results {
			if ended(r) {
				continue
			}
			to = 8 * r.Config.Link.Bandwidth
			if from == 0 {
				from = to
			}
		}
		if to > from {
			span := chart.Span{From: from, To: to, Color: chart.Palette(i)}
			if words {
				span.Text = s.Name + "\nnever ends"
			}
			marks = append(marks, span)
		}
	}
	return marks
}

// sweepLines are the curves of a quantity. Curves that coincide share a label
// and take turns in dashes.
func sweepLines(sweeps []Sweep, value func(lm.Result) float64) []chart.Line {
	var lines []chart.Line
	for i, s := range sweeps {
		line := chart.Line{Label: s.Name, Color: chart.Palette(i), Width: 2.2}
		for _, r := range s.Results {
			y := math.NaN()
			if ended(r) {
				y = value(r)
			}
			line.X, line.Y = append(line.X, 8*r.Config.Link.Bandwidth), append(line.Y, y)
		}
		for _, other := range lines {
			if coincide(line.Y, other.Y) {
				line.Dash = chart.Dashed
			}
		}
		lines = append(lines, line)
	}
	return lines
}

func anyPositive(sweeps []Sweep, value func(lm.Result) float64) bool {
	for _, s := range sweeps {
		for _, r := range s.Results {
			if ended(r) && value(r) > 0 {
				return true
			}
		}
	}
	return false
}

// coincide tells whether two curves are drawn on top of each other.
func coincide(a, b []float64) bool {
	for i := range a {
		if !(math.Abs(a[i]-b[i]) <= 0.02*math.Abs(a[i])) {
			return false
		}
	}
	return true
}
