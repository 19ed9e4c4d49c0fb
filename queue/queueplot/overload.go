package queueplot

import (
	"fmt"

	"cloudconcepts/internal/chart"
	"cloudconcepts/internal/units"
)

// OverloadPoint is what one policy makes of one load.
type OverloadPoint struct {
	Policy  string  `json:"policy"`
	Load    float64 `json:"load_over_capacity"`
	Goodput float64 `json:"goodput_over_capacity"` // served in time
	Low     float64 `json:"goodput_low_over_capacity"`
	High    float64 `json:"goodput_high_over_capacity"`
	Theory  float64 `json:"theory_goodput_over_capacity"` // NaN where there is none
	P99     float64 `json:"wait_p99_s"`                   // of those served, in time or late
	Lost    float64 `json:"loss_fraction"`                // of the messages: rejected, dropped, expired or late
}

// Overloads is goodput against load for several policies.
type Overloads struct {
	Points   []OverloadPoint            // policy by policy, loads rising
	Curves   map[string][]OverloadPoint // theory at many loads, by policy
	Deadline float64                    // s
	Service  string
	Messages int64 // of a run
	Runs     int   // of a point
	Seed     uint64
}

// Overload draws goodput against load by policy, both as multiples of the capacity.
func Overload(o Overloads) Figure {
	most := o.most()
	p := chart.Panel{
		Name: "served in time, as a share of the capacity",
		X:    chart.Axis{Name: "load / capacity", Max: most, Format: chart.Multiple}, Y: chart.Axis{Zero: true, Max: 1.05, Format: chart.Percent},
		Marks: []chart.Mark{
			chart.VLine{At: 1, Text: "capacity", Dash: chart.Dashed},
			chart.Line{X: []float64{0, min(most, 1), most}, Y: []float64{0, min(most, 1), min(most, 1)}, Color: chart.Gray, Dash: chart.Dashed, Width: 1.1},
		},
	}
	for _, name := range policies(o.Points) {
		p.Marks = append(p.Marks, o.policy(name)...)
	}
	return Figure{
		Title: o.title(),
		Subtitle: fmt.Sprintf("one server, service %s; in time: begun within %s; lines: in closed form, rings: simulated only; dashed: all that can be done",
			o.Service, units.FormatSeconds(o.Deadline)),
		Caption: fmt.Sprintf("%s · %d %s of %s messages a point, more above the capacity · seed %d · 95 %% interval", caption, o.Runs, plural(o.Runs, "run", "runs"), units.FormatCount(float64(o.Messages)), o.Seed),
		Panels:  []chart.Panel{p}, Height: 520,
	}
}

// policy is one policy's theory with dots, or its rings.
func (o Overloads) policy(name string) []chart.Mark {
	dots := chart.Dots{Color: policyColor(name), Size: 7}
	for _, p := range o.Points {
		if p.Policy == name {
			dots.X, dots.Y = append(dots.X, p.Load), append(dots.Y, p.Goodput)
			dots.Low, dots.High = append(dots.Low, p.Low), append(dots.High, p.High)
		}
	}
	line := chart.Line{Label: name, Color: dots.Color, Width: 1.4}
	for _, p := range o.Curves[name] {
		line.X, line.Y = append(line.X, p.Load), append(line.Y, p.Theory)
	}
	if len(line.X) == 0 {
		line.X, line.Y, line.Dash, dots.Hollow = dots.X, dots.Y, chart.Dotted, true
	}
	marks := []chart.Mark{line, dots}
	for i, load := range dots.X {
		if load > 1.01 && dots.Y[i] < 0.001 {
			return append(marks, chart.Note{X: load, Y: dots.Y[i], Text: name + ": full work, all of it too late", Color: dots.Color})
		}
	}
	return marks
}

// policyColor tells the policies apart, and gives each its own in every picture.
func policyColor(name string) chart.Color {
	switch name {
	case "fifo":
		return chart.Vermillion
	case "bounded":
		return chart.Purple
	case "lifo":
		return chart.Orange
	case "adaptive-lifo":
		return chart.Sky
	case "expire":
		return chart.Blue
	case "codel":
		return chart.Gray
	case "codel-facebook":
		return chart.Green
	case "red":
		return chart.Red
	}
	return chart.Ink
}

func policies(points []OverloadPoint) []string {
	var list []string
	for _, p := range points {
		if len(list) == 0 || list[len(list)-1] != p.Policy {
			list = append(list, p.Policy)
		}
	}
	return list
}

// most is the highest load.
func (o Overloads) most() float64 {
	most := 0.0
	for _, p := range o.Points {
		most = max(most, p.Load)
	}
	return most
}

// title compares the worst policy with the best at the highest load.
func (o Overloads) title() string {
	var worst, best OverloadPoint
	most := o.most()
	for _, p := range o.Points {
		if p.Load != most {
			continue
		}
		if worst.Policy == "" || p.Goodput < worst.Goodput {
			worst = p
		}
		if best.Policy == "" || p.Goodput > best.Goodput-0.005 { // of equals the last
			best = p
		}
	}
	text := fmt.Sprintf("At %.3g times the capacity %s serves %s of it in time", most, worst.Policy, share(worst.Goodput))
	if best.Policy != worst.Policy {
		text += fmt.Sprintf(", %s %s", best.Policy, share(best.Goodput))
	}
	return text
}

// share writes what chance may have carried above 1.
func share(x float64) string { return units.FormatPercent(round(min(x, 1))) }
