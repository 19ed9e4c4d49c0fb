package queueplot

import (
	"fmt"
	"math"

	"cloudconcepts/internal/chart"
	"cloudconcepts/internal/units"
	"cloudconcepts/queue/autoscale"
)

// Autoscale draws what scaling rules make of the same load, a row each: instances on the left, waiting messages on the
// right. The runs need rows.
func Autoscale(runs []autoscale.Result) Figure {
	c := runs[0].Config
	var most, deepest float64
	for _, r := range runs {
		for _, row := range r.Rows {
			most, deepest = max(most, float64(row.Running), busy(row, r)), max(deepest, float64(row.Depth))
		}
	}
	f := Figure{
		Title: autoscaleTitle(runs),
		Subtitle: fmt.Sprintf("left: instances that serve (line) and are paid (shade), gray: what the load keeps busy; right: messages waiting; service %s; metric every %s, seen %s later; decisions every %s; %s to boot; %d to %d instances",
			LawWords(c.Service), units.FormatDuration(c.MetricPeriod), units.FormatDuration(c.MetricDelay), units.FormatDuration(c.EvaluationPeriod), units.FormatDuration(c.Boot), c.Min, c.Max),
		Caption: fmt.Sprintf("%s/autoscale · %s messages, the same for each rule · seed %d", caption, units.FormatCount(float64(runs[0].Arrived)), c.Seed),
		Columns: 2, ShareX: true, Width: 1000, Height: 190 + 125*float64(len(runs)),
	}
	for i, r := range runs {
		color := chart.Palette(i)
		x := chart.Axis{Format: chart.Seconds, Max: r.End, Name: "time"}
		at, paid := r.Series(func(row autoscale.Row) float64 { return float64(row.Running) }), chart.Area{Color: color, Step: true, Alpha: 0.2}
		paid.X, paid.Y = at.X, at.Y
		serving := r.Series(func(row autoscale.Row) float64 { return float64(row.Serving) })
		depth := r.Series(func(row autoscale.Row) float64 { return float64(row.Depth) })
		f.Panels = append(f.Panels,
			chart.Panel{
				Name: fmt.Sprintf("%v: %s", r.Config.Rule, units.FormatUSD(r.Cost)), X: x, Y: chart.Axis{Max: 1.05 * max(most, 1)},
				Marks: []chart.Mark{needed(r), paid, chart.Line{X: serving.X, Y: serving.Y, Color: color, Step: true, Width: 1.6}},
			},
			chart.Panel{
				Name: waits(r), X: x, Y: chart.Axis{Max: 1.05 * max(deepest, 1), Format: chart.Short},
				Marks: []chart.Mark{chart.Area{X: depth.X, Y: depth.Y, Color: color}, chart.Line{X: depth.X, Y: depth.Y, Color: color, Width: 1.6}},
			})
	}
	return f
}

func waits(r autoscale.Result) string {
	text := "waits up to " + units.FormatSeconds(r.AgeMax)
	if r.TimeOver > 0 {
		text += fmt.Sprintf(", over %s for %s", units.FormatDuration(r.Config.LatencyTarget), units.FormatSeconds(r.TimeOver))
	}
	return text
}

// busy is how many instances the arrival rate keeps busy.
func busy(row autoscale.Row, r autoscale.Result) float64 { return row.Rate * r.Config.Service.Mean() }

func needed(r autoscale.Result) chart.Mark {
	s := r.Series(func(row autoscale.Row) float64 { return busy(row, r) })
	return chart.Area{X: s.X, Y: s.Y, Color: chart.Gray, Step: true}
}

// Foresees tells whether a rule of a run knows the load, or does not look: such a rule is there to compare with.
func Foresees(r autoscale.Result) bool {
	switch r.Config.Rule.(type) {
	case autoscale.Oracle, autoscale.Fixed:
		return true
	}
	return false
}

// autoscaleTitle says what the rules that see only the queue make of the load.
func autoscaleTitle(runs []autoscale.Result) string {
	need, most, best, worst, rules := 0.0, 0, math.Inf(1), 0.0, 0
	for _, row := range runs[0].Rows {
		need = max(need, busy(row, runs[0]))
	}
	for _, r := range runs {
		if Foresees(r) && len(runs) > 1 {
			continue
		}
		rules++
		most, best, worst = max(most, r.InstancesPeak), min(best, r.AgeMax), max(worst, r.AgeMax)
	}
	text := fmt.Sprintf("A load for %s gets up to %s, and messages wait ", instances(math.Ceil(need)), units.FormatCount(float64(most)))
	if rules < 2 || units.FormatSeconds(best) == units.FormatSeconds(worst) {
		return text + "up to " + units.FormatSeconds(worst)
	}
	return text + fmt.Sprintf("%s to %s, depending on the rule", units.FormatSeconds(best), units.FormatSeconds(worst))
}

func instances(n float64) string {
	if n == 1 {
		return "one instance"
	}
	return units.FormatCount(n) + " instances"
}
