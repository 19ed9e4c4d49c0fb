package migrationplot

import (
	"fmt"
	"math"
	"slices"

	"cloudconcepts/internal/chart"
	"cloudconcepts/internal/units"
	lm "cloudconcepts/livemigration"
)

// LimitSweep is one method over rising downtime limits.
type LimitSweep struct {
	Name    string
	Limits  []float64 // s
	Results []lm.Result
}

// Downtime draws what a longer downtime limit buys: total time, and below it
// how much of the limit is used.
func Downtime(sweeps []LimitSweep) Figure {
	first := sweeps[0]
	limits := chart.Axis{
		Name: "Downtime limit (log scale)", Log: true, Format: chart.Seconds,
		Min: first.Limits[0], Max: first.Limits[len(first.Limits)-1],
	}
	c := first.Results[0].Config
	once := float64(c.VM.NonZero) / c.Link.Bandwidth
	total := chart.Panel{Name: "Total time", X: limits, Y: chart.Axis{Format: chart.Seconds, Zero: true}}
	used := chart.Panel{Name: "Downtime (log scale)", X: limits, Y: chart.Axis{Log: true, Format: chart.Seconds}}
	total.Marks = append(total.Marks, chart.HLine{At: once, Dash: chart.Dashed, Text: "every page once: " + units.FormatSeconds(once)})
	used.Marks = append(used.Marks, chart.Line{
		Label: "the limit", Color: chart.Gray, Dash: chart.Dashed, X: []float64{limits.Min, limits.Max}, Y: []float64{limits.Min, limits.Max},
	})
	for i, s := range sweeps {
		total.Marks = append(total.Marks, limitLine(s, i, func(r lm.Result) float64 { return r.Total }))
		used.Marks = append(used.Marks, limitLine(s, i, func(r lm.Result) float64 { return r.Downtime }))
	}
	for i, s := range sweeps {
		at := slices.IndexFunc(s.Results, ended)
		switch {
		case at > 0:
			total.Marks = append(total.Marks, chart.Note{
				X: s.Limits[at], Y: s.Results[at].Total, Dot: true, Soft: true, Bold: true, Color: chart.Palette(i),
				Text: fmt.Sprintf("%s: ends\nfrom %s on", s.Name, units.FormatSeconds(s.Limits[at])),
			})
		case at < 0:
			total.Marks = append(total.Marks, chart.Note{
				X: math.Sqrt(limits.Min * limits.Max), Y: once * (1.5 + float64(i)), Bold: true, Bare: true, Color: chart.Palette(i), Text: s.Name + ": never ends",
			})
		}
	}
	if from := endsFrom(sweeps); from > limits.Min {
		total.Marks = append([]chart.Mark{chart.Span{From: limits.Min, To: from, Text: "never ends", Color: chart.Gray}}, total.Marks...)
		used.Marks = append([]chart.Mark{chart.Span{From: limits.Min, To: from, Color: chart.Gray}}, used.Marks...)
	}
	return Figure{
		Title:    downtimeTitle(sweeps),
		Subtitle: guestWords(c) + ".  Pre-copy with a limit on the downtime; both ways differ only in when they look.",
		Caption:  caption, ShareX: true, Panels: []chart.Panel{total, used}, Height: 700,
	}
}

// endsFrom is the smallest limit with which any method ends; the largest limit
// if none does.
func endsFrom(sweeps []LimitSweep) float64 {
	from := math.Inf(1)
	for _, s := range sweeps {
		if i := slices.IndexFunc(s.Results, ended); i >= 0 {
			from = math.Min(from, s.Limits[i])
		}
	}
	limits := sweeps[0].Limits
	return math.Min(from, limits[len(limits)-1])
}

func downtimeTitle(sweeps []LimitSweep) string {
	var shortest, longest lm.Result
	name, limit := "", 0.0
	for _, s := range sweeps {
		i := slices.IndexFunc(s.Results, ended)
		if i >= 0 && (name == "" || s.Limits[i] < limit) {
			name, limit = s.Name, s.Limits[i]
			shortest, longest = s.Results[i], s.Results[len(s.Results)-1]
		}
	}
	switch {
	case name == "":
		return "No downtime limit up to " + units.FormatSeconds(sweeps[0].Limits[len(sweeps[0].Limits)-1]) + " makes this migration end"
	case limit > sweeps[0].Limits[0]:
		return fmt.Sprintf("Below %s of downtime it never ends; above, seconds of pause buy less and less", units.FormatSeconds(limit))
	}
	return fmt.Sprintf("From %s to %s of downtime, the total falls from %s to %s", units.FormatSeconds(shortest.Downtime),
		units.FormatSeconds(longest.Downtime), units.FormatSeconds(shortest.Total), units.FormatSeconds(longest.Total))
}

func limitLine(s LimitSweep, i int, value func(lm.Result) float64) chart.Line {
	line := chart.Line{Label: s.Name, Color: chart.Palette(i), X: s.Limits}
	for _, r := range s.Results {
		y := math.NaN()
		if v := value(r); ended(r) && v > 0 {
			y = v
		}
		line.Y = append(line.Y, y)
	}
	return line
}
