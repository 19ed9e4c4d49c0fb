package migrationplot

import (
	"fmt"
	"math"
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
		Name: "Total time (log scale)", Weight: 1.5, X: chart.Axis{Name: "Bandwidth (log scale)", Log: true, Format: bits},
		Y: chart.Axis{Log: true, Format: chart.Seconds},
	}
	pause := chart.Panel{Name: "Downtime (log scale)", X: total.X, Y: chart.Axis{Log: true, Format: chart.Seconds}}
	if end := convergesFrom(sweeps); end > 0 {
		first := sweeps[0].Results[0].Config.Link.Bandwidth
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
		total.Marks = append(total.Marks, line)
		line.Y = down
		pause.Marks = append(pause.Marks, line)
	}
	total.Marks = append(total.Marks, publishedDots(published)...)
	subtitle := guest + ", for downtime limits."
	if len(published) > 0 {
		subtitle += "  Dots: the independent predictor's published cells, in whole seconds, rounded up."
	}
	return Figure{
		Title: predictorTitle(sweeps), Subtitle: subtitle, Caption: caption, ShareX: true,
		Panels: []chart.Panel{total, pause}, Height: 720,
	}
}

func bits(v float64) string { return chart.BitRate(8 * v) }

func limitName(limit time.Duration) string {
	if limit == 0 {
		return "stop and copy"
	}
	return chart.Seconds(limit.Seconds())
}

func sweepColumns(s LinkSweep) (x, total, down []float64) {
	for _, r := range s.Results {
		x = append(x, r.Config.Link.Bandwidth)
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
		for _, r := range s.Results {
			if s.Limit > 0 && r.Outcome == livemigration.Converged {
				if from == 0 || r.Config.Link.Bandwidth < from {
					from = r.Config.Link.Bandwidth
				}
				break
			}
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
			x, y = append(x, p.Bandwidth), append(y, p.Total)
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
	return fmt.Sprintf("Below %s no limit of these lets pre-copy end", bits(from))
}
