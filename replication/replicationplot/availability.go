package replicationplot

import (
	"fmt"

	"cloudconcepts/internal/chart"
	"cloudconcepts/internal/units"
)

// UpPoint is how often a cluster of a size can write.
type UpPoint struct {
	Servers   int     `json:"servers"`
	Node      float64 `json:"node_up_fraction"`
	Tolerated int     `json:"tolerated_failures"`
	Majority  float64 `json:"majority_up_fraction"`
	All       float64 `json:"all_up_fraction"`
	Down      float64 `json:"majority_down_s_per_year"`
}

// Availability draws how often a majority is missing, and how often not all are there, against the cluster's size.
func Availability(nodes []float64, points []UpPoint) Figure {
	p := chart.Panel{
		Name: "share of the time without a majority", X: chart.Axis{Name: "servers", Ticks: sizes(points)},
		Y: chart.Axis{Log: true, Format: chart.Percent, Max: 1},
	}
	for i, node := range nodes {
		var x, y, all []float64
		for _, q := range points {
			if q.Node == node {
				x, y, all = append(x, float64(q.Servers)), append(y, 1-q.Majority), append(all, 1-q.All)
			}
		}
		color := chart.Palette(i)
		p.Marks = append(p.Marks, chart.Line{Label: "servers up " + units.FormatPercent(node), X: x, Y: y, Color: color, Dots: true})
		if i == 0 {
			p.Marks = append(p.Marks, chart.Line{Label: "all needed, " + units.FormatPercent(node), X: x, Y: all, Color: chart.Gray, Dash: chart.Dashed, Width: 1.2})
		}
	}
	return Figure{
		Title:    upTitle(nodes, points),
		Subtitle: "servers fail independently; a cluster works while more than half of its servers are up",
		Caption:  caption + " · closed form", Panels: []chart.Panel{p}, Height: 480,
	}
}

func sizes(points []UpPoint) []float64 {
	var list []float64
	for _, p := range points {
		if len(list) == 0 || list[len(list)-1] < float64(p.Servers) {
			list = append(list, float64(p.Servers))
		}
	}
	return list
}

// upTitle compares three servers with four.
func upTitle(nodes []float64, points []UpPoint) string {
	var three, four float64
	for _, p := range points {
		if p.Node == nodes[0] && p.Servers == 3 {
			three = p.Down
		}
		if p.Node == nodes[0] && p.Servers == 4 {
			four = p.Down
		}
	}
	if three == 0 || four == 0 {
		return "An even number of servers is worse than one server less"
	}
	return fmt.Sprintf("A fourth server makes it worse: %s a year without a majority instead of %s", units.FormatSeconds(four), units.FormatSeconds(three))
}
