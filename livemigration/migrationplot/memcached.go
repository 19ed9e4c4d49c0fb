package migrationplot

import (
	"fmt"
	"math"
	"slices"
	"time"

	"cloudconcepts/internal/chart"
	"cloudconcepts/livemigration"
)

// LinkSweep is one guest moved over links of rising bandwidth, with one
// downtime limit.
type LinkSweep struct {
	Limit   time.Duration // 0 = unlimited: stop and copy at once
	Results []livemigration.Result
}

// Predictor draws the total time of a guest against the link for several
// downtime limits, with the published cells of an independent predictor as
// dots, and below it the pause.
func Predictor(guest string, sweeps []LinkSweep, published []livemigration.Prediction) Figure {
	total := chart.Panel{
		Name: "Total time (log scale)", Weight: 1.5, X: chart.Axis{Name: "Bandwidth (log scale)", Log: true, Format: chart.BitRate},
		Y: chart.Axis{Log: true, Format: chart.Seconds},
	}
	pause := chart.Panel{Name: "Downtime (log scale)", X: total.X, Y: chart.Axis{Log: true, Format: chart.Seconds}}
	if end := 8 * convergesFrom(sweeps); end > 0 {
		first := 8 * sweeps[0].Results[0].Config.Link.Bandwidth
		total.X.Min, pause.X.Min = first, first
		if end > first {
			span := chart.Span{From: first, To: end, Text: "pre-copy\nnever ends", Color: chart.Vermillion}
			total.Marks = append(total.Marks, span)
			span.Text = ""
			pause.Marks = append(pause.Marks, span)
		}
	}
	for i, s := range sweeps {
		x, seconds, down := sweepColumns(s)
		line := chart.Line{Label: limitName(s.Limit), X: x, Y: seconds, Color: chart.Palette(i)}
		if s.Limit == 0 {
			line.Color, line.Dash = chart.Gray, chart.Dashed
		}
		pause.Marks = append(pause.Marks, chart.Line{Label: line.Label, X: x, Y: down, Color: line.Color, Dash: line.Dash})
		line.Label = ""
		total.Marks = append(total.Marks, line)
	}
	total.Marks = append(total.Marks, startNotes(sweeps)...)
	total.Marks = append(total.Marks, publishedDots(published)...)
	subtitle := guest + ": pre-copy by rounds under several downtime limits, and stop and copy."
	if len(published) > 0 {
		subtitle += "  Dots: the independent predictor's published cells, in whole seconds, rounded up."
	}
	return Figure{
		Title: predictorTitle(sweeps), Subtitle: subtitle, Caption: caption, ShareX: true,
		Panels: []chart.Panel{total, pause}, Height: 720,
	}
}

// startNotes name the longest and the shortest limit where they begin to end.
func startNotes(sweeps []LinkSweep) []chart.Mark {
	var notes []chart.Mark
	for i, s := range sweeps {
		if i > 0 && s.Limit > 0 && i+2 < len(sweeps) {
			continue
		}
		for _, r := range s.Results {
			if r.Outcome != livemigration.Converged {
				continue
			}
			text := "limit " + limitName(s.Limit)
			if s.Limit == 0 {
				text = limitName(0)
			}
			notes = append(notes, chart.Note{X: 8 * r.Config.Link.Bandwidth, Y: r.Total, Text: text, Color: startColor(i, s), Soft: true, Bold: true, Bare: true})
			break
		}
	}
	return notes
}

func startColor(i int, s LinkSweep) chart.Color {
	if s.Limit == 0 {
		return chart.Gray
	}
	return chart.Palette(i)
}

func limitName(limit time.Duration) string {
	if limit == 0 {
		return "stop and copy"
	}
	return chart.Seconds(limit.Seconds())
}

func sweepColumns(s LinkSweep) (x, total, down []float64) {
	for _, r := range s.Results {
		x = append(x, 8*r.Config.Link.Bandwidth)
		if r.Outcome != livemigration.Converged {
			total, down = append(total, math.NaN()), append(down, math.NaN())
			continue
		}
		total, down = append(total, r.Total), append(down, r.Downtime)
	}
	return x, total, down
}

// convergesFrom is the bandwidth from which on pre-copy ends with every limit.
func convergesFrom(sweeps []LinkSweep) float64 {
	from := 0.0
	for _, s := range sweeps {
		i := slices.IndexFunc(s.Results, func(r livemigration.Result) bool { return r.Outcome == livemigration.Converged })
		if s.Limit == 0 || i < 0 {
			continue
		}
		if at := s.Results[i].Config.Link.Bandwidth; from == 0 || at < from {
			from = at
		}
	}
	return from
}

func publishedDots(published []livemigration.Prediction) []chart.Mark {
	var x, y []float64
	seen := map[[2]float64]bool{}
	for _, p := range published {
		if p.Total > 0 && !seen[[2]float64{p.Bandwidth, p.Total}] {
			seen[[2]float64{p.Bandwidth, p.Total}] = true
			x, y = append(x, 8*p.Bandwidth), append(y, p.Total)
		}
	}
	if len(x) == 0 {
		return nil
	}
	return []chart.Mark{chart.Dots{X: x, Y: y, Color: chart.Ink, Hollow: true}}
}

func predictorTitle(sweeps []LinkSweep) string {
	from := convergesFrom(sweeps)
	if from == 0 {
		return "Pre-copy never ends, on none of these links"
	}
	first := sweeps[0].Results[0].Config.Link.Bandwidth
	if from <= first {
		return "Pre-copy ends on each of these links"
	}
	return fmt.Sprintf("Below %.2g Gbit/s none of these limits lets pre-copy end", from/livemigration.Gbps)
}
