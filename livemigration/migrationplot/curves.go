package migrationplot

import (
	"fmt"
	"math"

	"cloudconcepts/internal/chart"
	"cloudconcepts/internal/units"
	lm "cloudconcepts/livemigration"
)

// Curve is a workload with what pre-copy by rounds leaves of it.
type Curve struct {
	Name     string
	Workload lm.DirtyCurve
	Measured bool
	Plateau  float64 // bytes that stay dirty however many rounds there are; 0 = none
}

// Curves draws dirty curves over the time since all pages were clean, against
// the line of what the link sends meanwhile (bandwidth in bytes/s). Where a
// curve crosses the line, a round dirties as much as it sends: to the left of
// the downtime limit (seconds) that still fits, to the right pre-copy never ends.
func Curves(curves []Curve, bandwidth, limit float64) Figure {
	from, to := curveRange(curves, bandwidth, limit)
	low := math.Inf(1)
	var marks []chart.Mark
	crossing := chart.Dots{Color: chart.Ink, Size: 9}
	for i, c := range curves {
		line := chart.Line{Label: c.Name, Color: chart.Palette(i), Width: 1.9}
		if c.Measured {
			line.Color, line.Width = chart.Ink, 2.6
		}
		for _, t := range logRange(from, to, 400) {
			line.X, line.Y = append(line.X, t), append(line.Y, c.Workload.Unique(t))
		}
		low = math.Min(low, firstPositive(line.Y))
		marks = append(marks, line)
		if c.Plateau > 0 {
			crossing.X, crossing.Y = append(crossing.X, c.Plateau/bandwidth), append(crossing.Y, c.Plateau)
		}
	}
	if math.IsInf(low, 1) {
		low = bandwidth * from
	}
	link := chart.Line{
		Label: "link " + chart.BitRate(8*bandwidth), Color: chart.Gray, Dash: chart.Dashed, Width: 2.2,
		X: []float64{from, to}, Y: []float64{bandwidth * from, bandwidth * to},
	}
	marks = append([]chart.Mark{link, chart.VLine{At: limit, Dash: chart.Dashed, Text: units.FormatSeconds(limit) + " downtime limit:\nends if it crosses left of here"}}, marks...)
	if len(crossing.X) > 0 {
		marks = append(marks, crossing)
		for i := range crossing.X {
			marks = append(marks, chart.Note{X: crossing.X[i], Y: crossing.Y[i], Text: units.FormatBytes(crossing.Y[i]), Bold: true, Soft: true})
		}
	}
	marks = append(marks, measuredNotes(curves, from, to)...)
	return Figure{
		Title: curvesTitle(curves, bandwidth, limit),
		Subtitle: fmt.Sprintf("Unique memory dirtied since all pages were clean, against what a %s link sends meanwhile.  Dots: a round dirties as much as it sends, for ever.",
			chart.BitRate(8*bandwidth)),
		Caption: caption + " · thick line: measured",
		Panels: []chart.Panel{{
			Name:  "Unique memory dirtied (log scale)",
			X:     chart.Axis{Name: "Time since all pages were clean (log scale)", Log: true, Min: from, Max: to, Format: chart.Seconds},
			Y:     chart.Axis{Log: true, Min: low, Format: chart.Bytes},
			Marks: marks,
		}},
	}
}

func curvesTitle(curves []Curve, bandwidth, limit float64) string {
	never := 0
	for _, c := range curves {
		if c.Plateau > limit*bandwidth {
			never++
		}
	}
	switch {
	case never == 0:
		return fmt.Sprintf("At %s every one of these guests can be migrated", chart.BitRate(8*bandwidth))
	case never == len(curves):
		return fmt.Sprintf("At %s none of these guests can be migrated in rounds", chart.BitRate(8*bandwidth))
	}
	return fmt.Sprintf("It is the bend that counts: at %s, %d of %d guests never end", chart.BitRate(8*bandwidth), never, len(curves))
}

// curveRange is the range of times that shows every crossing and the limit.
func curveRange(curves []Curve, bandwidth, limit float64) (from, to float64) {
	from, to = math.Min(0.05, limit/2), 100.0
	for _, c := range curves {
		if t := c.Plateau / bandwidth; t > 0 {
			from, to = math.Min(from, t/2), math.Max(to, 2*t)
		}
	}
	return math.Max(from, 1e-6), to
}

// logRange is n+1 values, evenly spread on a log axis.
func logRange(from, to float64, n int) []float64 {
	out := make([]float64, n+1)
	for i := range out {
		out[i] = from * math.Pow(to/from, float64(i)/float64(n))
	}
	return out
}

func firstPositive(values []float64) float64 {
	for _, v := range values {
		if v > 0 {
			return v
		}
	}
	return math.Inf(1)
}

// measuredNotes tells the dirty rate of measured curves over a short and a long
// window.
func measuredNotes(curves []Curve, from, to float64) []chart.Mark {
	var marks []chart.Mark
	for _, c := range curves {
		e, ok := c.Workload.(lm.Empirical)
		if !ok || len(e.Points) == 0 {
			continue
		}
		for _, p := range []lm.CurvePoint{e.Points[0], e.Points[len(e.Points)-1]} {
			if p.Seconds >= from && p.Seconds <= to {
				marks = append(marks, chart.Note{
					X: p.Seconds, Y: p.Bytes, Dot: true, Soft: true,
					Text: fmt.Sprintf("%s over %s", rateWords(p), units.FormatSeconds(p.Seconds)),
				})
			}
		}
	}
	return marks
}

// rateWords is the dirty rate that a measurement over this window reports.
func rateWords(p lm.CurvePoint) string {
	return fmt.Sprintf("%.3g MiB/s", p.Bytes/p.Seconds/lm.MiB)
}
