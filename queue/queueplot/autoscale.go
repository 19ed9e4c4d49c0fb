package queueplot

import (
	"fmt"

	"cloudconcepts/internal/chart"
	"cloudconcepts/internal/units"
	"cloudconcepts/queue/autoscale"
)

// Autoscale draws what scaling rules make of the same burst: instances and waiting messages over time. The runs need
// rows; the first is the one that the title speaks of.
func Autoscale(runs []autoscale.Result) Figure {
	first := runs[0]
	x := chart.Axis{Name: "time", Format: chart.Seconds, Max: first.Elapsed}
	instances := chart.Panel{Name: "instances that serve; gray: what the load needs", X: x, Y: chart.Axis{Zero: true}, Marks: []chart.Mark{needed(first)}}
	depth := chart.Panel{Name: "messages waiting", X: x, Y: chart.Axis{Zero: true, Format: chart.Short}}
	for i, r := range runs {
		var at, serving, waiting []float64
		for _, row := range r.Rows {
			at, serving, waiting = append(at, row.At), append(serving, float64(row.Serving)), append(waiting, float64(row.Depth))
		}
		name, color := r.Config.Rule.String(), chart.Palette(i)
		instances.Marks = append(instances.Marks, chart.Line{Label: name, X: at, Y: serving, Color: color, Step: true, Width: 1.5})
		depth.Marks = append(depth.Marks, chart.Line{Label: name, X: at, Y: waiting, Color: color, Width: 1.5})
	}
	c := first.Config
	return Figure{
		Title: autoscaleTitle(runs),
		Subtitle: fmt.Sprintf("service %v; metric every %s, %s old; decisions every %s; %s to boot; %d to %d instances", c.Service, units.FormatDuration(c.MetricPeriod),
			units.FormatDuration(c.MetricDelay), units.FormatDuration(c.EvaluationPeriod), units.FormatDuration(c.Boot), c.Min, c.Max),
		Caption: fmt.Sprintf("%s/autoscale · %s messages · seed %d", caption, units.FormatCount(float64(first.Arrived)), c.Seed),
		ShareX:  true, Panels: []chart.Panel{instances, depth}, Height: 640,
	}
}

// needed is the number of instances that the arrival rate keeps busy.
func needed(r autoscale.Result) chart.Mark {
	var at, y []float64
	for _, row := range r.Rows {
		at, y = append(at, row.At), append(y, row.Rate*r.Config.Service.Mean())
	}
	return chart.Area{X: at, Y: y, Color: chart.Gray, Step: true}
}

func autoscaleTitle(runs []autoscale.Result) string {
	r := runs[0]
	most := 0.0
	for _, row := range r.Rows {
		most = max(most, row.Rate*r.Config.Service.Mean())
	}
	return fmt.Sprintf("Scaled by %s, messages wait up to %s, and %d instances come for the work of %.0f", r.Config.Rule, units.FormatSeconds(r.MaxAge), r.PeakInstances, most)
}
