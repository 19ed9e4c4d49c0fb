package migrationplot

import (
	"fmt"
	"math"
	"slices"
	"strings"

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
	used := chart.Panel{Name: "Downtime as a share of the limit", X: limits, Y: chart.Axis{Max: 1.05, Format: chart.Percent, Ticks: []float64{0, 0.25, 0.5, 0.75, 1}}}
	total.Marks = append(total.Marks, chart.HLine{At: once, Dash: chart.Dashed, Text: "every page once: " + units.FormatSeconds(once)})
	for i, s := range sweeps {
		total.Marks = append(total.Marks, limitLine(s, i, func(r lm.Result, _ float64) float64 { return r.Total }))
		used.Marks = append(used.Marks, limitLine(s, i, func(r lm.Result, limit float64) float64 { return r.Downtime / limit }))
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
	limits := sweeps[0].Limits
	var words []string
	free, stuck := true, true
	for _, s := range sweeps {
		i := slices.IndexFunc(s.Results, ended)
		switch {
		case i < 0:
			words = append(words, s.Name+" with none")
		case i == 0:
			words = append(words, s.Name+" with any")
		default:
			words = append(words, fmt.Sprintf("%s from %s", s.Name, units.FormatSeconds(s.Limits[i])))
		}
		free, stuck = free && i == 0, stuck && i < 0
	}
	if stuck {
		return fmt.Sprintf("No downtime limit up to %s makes this migration end", units.FormatSeconds(limits[len(limits)-1]))
	}
	if free {
		s := sweeps[0]
		first, last := s.Results[0], s.Results[len(limits)-1]
		return fmt.Sprintf("Every limit ends; waiting longer cuts the total from %s to %s", units.FormatSeconds(first.Total), units.FormatSeconds(last.Total))
	}
	return "A longer limit makes it end: " + strings.Join(words, ", ")
}

func limitLine(s LimitSweep, i int, value func(r lm.Result, limit float64) float64) chart.Line {
	line := chart.Line{Label: s.Name, Color: chart.Palette(i), X: s.Limits}
	for k, r := range s.Results {
		y := math.NaN()
		if ended(r) {
			y = value(r, s.Limits[k])
		}
		line.Y = append(line.Y, y)
	}
	return line
}
