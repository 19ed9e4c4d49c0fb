package migrationplot

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"cloudconcepts/internal/chart"
	"cloudconcepts/internal/units"
	"cloudconcepts/livemigration"
	"cloudconcepts/livemigration/hypervisor"
)

// Predicted is what migrations of one guest would do.
type Predicted struct {
	Guest     string                     // in words, for the subtitle
	Curve     []livemigration.CurvePoint // the measured points of its dirty curve, may be empty
	Sweeps    []LinkSweep                // by rising limit; one without a limit comes last
	Border    []LinkNeed                 // by rising limit
	Published []hypervisor.Prediction    // of an independent predictor, may be empty
}

// LinkSweep is one guest moved over links of rising bandwidth, with one
// downtime limit.
type LinkSweep struct {
	Limit   time.Duration // 0 = unlimited: stop and copy at once
	Need    float64       // bytes/s from which on it ends
	Results []livemigration.Result
}

// LinkNeed is the bandwidth in bytes/s from which on pre-copy ends with a
// downtime limit in seconds.
type LinkNeed struct{ Limit, Bandwidth float64 }

// Predictor draws for which links and downtime limits the migration of a guest
// ends, how long it takes, as a multiple of copying every page once, and how
// long the guest stands still. Published predictions are known to a whole
// second, which is a bar in the second panel; in the first they are dots, hollow
// for those that never end.
func Predictor(p Predicted) Figure {
	low, high := p.links()
	x := chart.Axis{Name: "Bandwidth (log scale)", Log: true, Min: 8 * low, Max: 8 * high, Format: chart.BitRate}
	panels := []chart.Panel{p.ends(x), p.prices(x), p.pauses(x)}
	subtitle := p.Guest + ".  Rounds until the next one fits the downtime limit, an hour at most."
	if len(p.Published) > 0 {
		subtitle += "  Dots on the links, and bars: an independent predictor's published table, in whole seconds."
	}
	return Figure{
		Title: p.title(), Subtitle: subtitle, Caption: caption, ShareX: true, Panels: panels, Height: 960,
	}
}

// links is the range of the picture: all links of the sweeps, but not far below
// those on which anything ends.
func (p Predicted) links() (low, high float64) {
	results := p.Sweeps[0].Results
	low, high = results[0].Config.Link.Bandwidth, results[len(results)-1].Config.Link.Bandwidth
	_, least := p.needs()
	return math.Min(math.Max(low, least/2), high/2), high
}

// needs are the bandwidths from which on every limit ends, and from which on
// the longest does.
func (p Predicted) needs() (most, least float64) {
	least = math.Inf(1)
	for _, s := range p.Sweeps {
		if s.Limit > 0 {
			most, least = math.Max(most, s.Need), math.Min(least, s.Need)
		}
	}
	return most, least
}

// ends is the plane of links and limits, with the border between those that end
// and those that do not.
func (p Predicted) ends(x chart.Axis) chart.Panel {
	first, last := p.Border[0], p.Border[len(p.Border)-1]
	border, never := chart.Line{Color: chart.Gray, Width: 2.4}, chart.Polygon{Color: chart.Gray, Alpha: 0.14}
	for _, b := range p.Border {
		within := math.Min(math.Max(8*b.Bandwidth, x.Min), x.Max)
		never.X, never.Y = append(never.X, within), append(never.Y, b.Limit)
		if within != 8*b.Bandwidth {
			within = math.NaN()
		}
		border.X, border.Y = append(border.X, within), append(border.Y, b.Limit)
	}
	never.X, never.Y = append(never.X, x.Min, x.Min), append(never.Y, last.Limit, first.Limit)
	panel := chart.Panel{
		Name: "Downtime limit (log scale)", X: x, Weight: 1.1,
		Y: chart.Axis{Log: true, Min: first.Limit, Max: last.Limit, Format: chart.Seconds}, Marks: []chart.Mark{never},
	}
	for _, link := range p.publishedLinks() {
		if gibit := 8 * link / (1 << 30); 8*link >= x.Min && gibit == math.Trunc(gibit) {
			panel.Marks = append(panel.Marks, chart.VLine{At: 8 * link, Text: chart.BitRate(8 * link), Dash: chart.Dotted})
		}
	}
	for i, s := range p.Sweeps {
		if s.Limit > 0 && 8*s.Need < x.Max {
			at := s.Limit.Seconds()
			panel.Marks = append(panel.Marks, chart.Line{
				Label: limitName(s.Limit), X: []float64{math.Max(8*s.Need, x.Min), x.Max}, Y: []float64{at, at}, Color: chart.Palette(i), Width: 1.6,
			})
		}
	}
	panel.Marks = append(panel.Marks, border)
	panel.Marks = append(panel.Marks, p.measured(x)...)
	panel.Marks = append(panel.Marks, p.verdicts(x)...)
	if most, _ := p.needs(); 8*most > 2*x.Min {
		panel.Marks = append(panel.Marks, chart.Text{
			X: math.Sqrt(x.Min * math.Min(8*most, x.Max)), Y: first.Limit * math.Pow(last.Limit/first.Limit, 0.28),
			Text: "pre-copy never ends", Detail: "a round dirties as much as it sends",
		})
	}
	return panel
}

// publishedLinks are the links of the published table.
func (p Predicted) publishedLinks() []float64 {
	var links []float64
	for _, c := range p.Published {
		if !slices.Contains(links, c.Bandwidth) {
			links = append(links, c.Bandwidth)
		}
	}
	return links
}

// measured is the measured curve as the rate that a window of that length shows.
func (p Predicted) measured(x chart.Axis) []chart.Mark {
	dots := chart.Dots{Color: chart.Gray, Size: 6.5}
	for _, c := range p.Curve {
		rate := 8 * c.Bytes / c.Seconds
		if rate >= x.Min && rate <= x.Max && c.Seconds >= p.Border[0].Limit && c.Seconds <= p.Border[len(p.Border)-1].Limit {
			dots.X, dots.Y = append(dots.X, rate), append(dots.Y, c.Seconds)
		}
	}
	if len(dots.X) == 0 {
		return nil
	}
	at := 2 * len(dots.X) / 3
	return []chart.Mark{dots, chart.Note{X: dots.X[at], Y: dots.Y[at], Text: "measured: dirty rate\nover a window that long", Soft: true}}
}

// verdicts are the published cells: filled if they end.
func (p Predicted) verdicts(x chart.Axis) []chart.Mark {
	yes, no := chart.Dots{Color: chart.Ink, Size: 7}, chart.Dots{Color: chart.Ink, Size: 7, Hollow: true}
	for _, c := range p.Published {
		dots := &yes
		if c.Total == 0 {
			dots = &no
		}
		if c.Limit > 0 && 8*c.Bandwidth >= x.Min {
			dots.X, dots.Y = append(dots.X, 8*c.Bandwidth), append(dots.Y, c.Limit.Seconds())
		}
	}
	return []chart.Mark{yes, no}
}

// prices is the total time against copying every page once.
func (p Predicted) prices(x chart.Axis) chart.Panel {
	once := p.once()
	panel := chart.Panel{Name: "Total time, as a multiple of sending every page once", X: x, Y: chart.Axis{Min: 0.7, Format: chart.Multiple}}
	panel.Marks = p.seconds(x)
	top := 1.3
	for i, s := range p.Sweeps {
		line := p.line(i, func(r livemigration.Result) float64 { return r.Total * r.Config.Link.Bandwidth / once })
		line.Label = ""
		if s.Limit == 0 {
			panel.Marks = append(panel.Marks, chart.Note{X: x.Min * 1.02, Y: 1, Text: "stop and copy", Color: chart.Gray, Bold: true, Soft: true, Bare: true})
		}
		for _, y := range line.Y {
			if y > top {
				top = math.Min(y, 4)
			}
		}
		panel.Marks = append(panel.Marks, line)
	}
	panel.Y.Max = math.Ceil(5*top) / 5
	return panel
}

// seconds are the published cells that end, each as high as its whole second.
func (p Predicted) seconds(x chart.Axis) []chart.Mark {
	once := p.once()
	var marks, notes []chart.Mark
	for _, link := range p.publishedLinks() {
		var totals []float64
		for _, c := range p.Published {
			if c.Bandwidth == link && c.Total > 0 && !slices.Contains(totals, c.Total) {
				totals = append(totals, c.Total)
			}
		}
		if len(totals) == 0 || 8*link < x.Min {
			continue
		}
		slices.Sort(totals)
		var words []string
		for _, t := range totals {
			marks = append(marks, bar(8*link, (t-0.97)*link/once, (t-0.03)*link/once))
			words = append(words, chart.Plain(t))
		}
		notes = append(notes, chart.Note{
			X: 8 * link, Y: totals[len(totals)-1] * link / once, Text: "published\n" + strings.Join(words, ", ") + " s", Soft: true, Bare: true,
		})
	}
	return append(marks, notes...)
}

// bar is an upright bar around a place on a log axis.
func bar(x, low, high float64) chart.Polygon {
	const half = 1.012
	return chart.Polygon{X: []float64{x / half, x * half, x * half, x / half}, Y: []float64{low, low, high, high}, Color: chart.Ink, Alpha: 0.55}
}

// once is what copying every page once sends.
func (p Predicted) once() float64 {
	for _, s := range p.Sweeps {
		if s.Limit == 0 {
			return float64(s.Results[0].SentBytes)
		}
	}
	return float64(p.Sweeps[0].Results[0].Config.VM.NonZero)
}

// pauses is the downtime.
func (p Predicted) pauses(x chart.Axis) chart.Panel {
	panel := chart.Panel{Name: "Downtime (log scale)", X: x, Y: chart.Axis{Log: true, Format: chart.Seconds}}
	for i := range p.Sweeps {
		panel.Marks = append(panel.Marks, p.line(i, func(r livemigration.Result) float64 { return r.Downtime }))
	}
	return panel
}

// line is a quantity over the link with one limit, where it ends.
func (p Predicted) line(i int, value func(livemigration.Result) float64) chart.Line {
	s := p.Sweeps[i]
	low, _ := p.links()
	line := chart.Line{Label: limitName(s.Limit), Color: chart.Palette(i)}
	if s.Limit == 0 {
		line.Color, line.Dash = chart.Gray, chart.Dashed
	}
	for _, r := range s.Results {
		y := math.NaN()
		if ended(r) {
			y = value(r)
		}
		if r.Config.Link.Bandwidth >= low {
			line.X, line.Y = append(line.X, 8*r.Config.Link.Bandwidth), append(line.Y, y)
		}
	}
	return line
}

func limitName(limit time.Duration) string {
	if limit == 0 {
		return "stop and copy"
	}
	return "limit " + chart.Seconds(limit.Seconds())
}

// title says from which links on the limits let it end.
func (p Predicted) title() string {
	most, least := p.needs()
	results := p.Sweeps[0].Results
	low, high := results[0].Config.Link.Bandwidth, results[len(results)-1].Config.Link.Bandwidth
	longest := time.Duration(0)
	for _, s := range p.Sweeps {
		longest = max(longest, s.Limit)
	}
	switch {
	case least > high:
		return fmt.Sprintf("No limit lets pre-copy end on these links: it takes %s", bits(least))
	case most <= low:
		return "Pre-copy ends on each of these links with each of these limits"
	case bits(most) == bits(least):
		return fmt.Sprintf("Pre-copy ends from %s on", bits(most))
	}
	return fmt.Sprintf("From %s on every limit works, below %s not even %s does", bits(most), bits(least), units.FormatDuration(longest))
}

// bits writes bytes/s as a bit rate of two digits.
func bits(v float64) string { return chart.BitRate(roundTo(8 * v)) }
