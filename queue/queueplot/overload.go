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
	Goodput float64 `json:"goodput_over_capacity"`
	Theory  float64 `json:"theory_goodput_over_capacity"` // NaN where there is none
	P99     float64 `json:"wait_p99_s"`                   // of those served in time or late
	Lost    float64 `json:"loss_fraction"`
}

// Overloads is goodput against load for several policies.
type Overloads struct {
	Points   []OverloadPoint            // policy by policy, loads rising
	Curves   map[string][]OverloadPoint // theory at many loads, by policy
	Deadline float64                    // s
	Service  string
	Messages int64
	Seed     uint64
}

// Overload draws goodput against load by policy, both as multiples of the capacity.
func Overload(o Overloads) Figure {
	p := chart.Panel{
		Name: "served in time, as a share of the capacity",
		X:    chart.Axis{Name: "load / capacity", Max: o.Points[len(o.Points)-1].Load, Format: chart.Multiple}, Y: chart.Axis{Zero: true, Max: 1.05, Format: chart.Percent},
		Marks: []chart.Mark{chart.VLine{At: 1, Text: "capacity", Dash: chart.Dashed}},
	}
	for i, name := range policies(o.Points) {
		color := policyColor(i)
		var x, y, tx, ty []float64
		for _, point := range o.Points {
			if point.Policy == name {
				x, y = append(x, point.Load), append(y, point.Goodput)
			}
		}
		for _, point := range o.Curves[name] {
			tx, ty = append(tx, point.Load), append(ty, point.Theory)
		}
		if len(tx) > 0 {
			p.Marks = append(p.Marks, chart.Line{Label: name, X: tx, Y: ty, Color: color, Width: 1.4}, chart.Dots{X: x, Y: y, Color: color, Size: 7})
			continue
		}
		p.Marks = append(p.Marks, chart.Line{Label: name, X: x, Y: y, Color: color, Dash: chart.Dotted, Dots: true, Width: 1.4})
	}
	return Figure{
		Title:    o.title(),
		Subtitle: fmt.Sprintf("one server, service %s; a message is worth something if it starts within %s; lines: theory, dotted: simulation only", o.Service, units.FormatSeconds(o.Deadline)),
		Caption:  fmt.Sprintf("%s · %s messages a point · seed %d", caption, units.FormatCount(float64(o.Messages)), o.Seed),
		Panels:   []chart.Panel{p}, Height: 520,
	}
}

// policyColor tells nine policies apart.
func policyColor(i int) chart.Color {
	all := []chart.Color{chart.Red, chart.Vermillion, chart.Green, chart.Purple, chart.Orange, chart.Sky, chart.Blue, chart.Gray, chart.Ink}
	return all[i%len(all)]
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

// title compares the first policy with the best at the highest load.
func (o Overloads) title() string {
	var worst, best OverloadPoint
	most := 0.0
	for _, p := range o.Points {
		most = max(most, p.Load)
	}
	for _, p := range o.Points {
		if p.Load != most {
			continue
		}
		if worst.Policy == "" || p.Goodput < worst.Goodput {
			worst = p
		}
		if p.Goodput > best.Goodput {
			best = p
		}
	}
	return fmt.Sprintf("At %.3g times the capacity %s serves %s in time, %s %s", most, worst.Policy, units.FormatPercent(round(worst.Goodput)), best.Policy, units.FormatPercent(round(best.Goodput)))
}
