package migrationplot

import (
	"fmt"
	"math"
	"strings"

	"cloudconcepts/internal/chart"
	"cloudconcepts/internal/units"
	lm "cloudconcepts/livemigration"
	"cloudconcepts/livemigration/theory"
)

// Fleet is the evacuation of one kind of guests, some at a time, over rising
// numbers of guests at a time.
type Fleet struct {
	Name   string
	Guests int
	Rate   float64 // of each guest's writes, bytes/s
	Runs   []lm.Evacuation
}

// Parallel draws how long an evacuation takes and how much it sends, over the
// number of guests that move at a time. The thin curves are theory: the
// geometric series on a share of the link, in as many turns as it takes.
func Parallel(fleets []Fleet) Figure {
	c := fleets[0].Runs[0].Each.Config
	least, most, slowest := math.Inf(1), 1, 0.0
	for _, f := range fleets {
		for _, e := range f.Runs {
			most = max(most, e.Parallel)
			least = math.Min(least, e.Makespan)
			if !math.IsInf(e.Makespan, 0) {
				slowest = math.Max(slowest, e.Makespan)
			}
		}
	}
	never := slowest == 0
	if never {
		least = float64(c.VM.Memory) / c.Link.Bandwidth
	}
	memory, slowest := float64(c.VM.Memory), math.Max(slowest, 2*least)
	x := chart.Axis{Name: "Guests that move at a time", Min: 0.7, Max: float64(most) + 0.3, Format: chart.Count, Ticks: counts(most)}
	times := chart.Panel{
		Name: "Until the last guest has moved (log scale)", X: x, Weight: 1.5,
		Y: chart.Axis{Log: true, Min: least / 1.6, Max: slowest * 6, Format: chart.Seconds},
	}
	sent := chart.Panel{Name: "Sent in all, as a multiple of the memory (log scale)", X: x, Y: chart.Axis{Log: true, Min: 0.8, Max: 8 * slowest / least, Format: chart.Multiple}}
	for i, f := range fleets {
		color := chart.Palette(i)
		var words chart.Format // only the last, or they would be in each other's way
		if i == len(fleets)-1 {
			words = units.FormatSeconds
		}
		times.Marks = append(times.Marks, f.outrun(color)...)
		curve := f.theory(color, float64(most), func(g theory.Geometric, k float64) float64 { return g.Total * float64(f.Guests) / k })
		name := "" // stands beside the curve, if there is one
		if curve.Label == "" {
			name = f.Name + " each"
		}
		times.Marks = append(times.Marks, curve)
		times.Marks = append(times.Marks, f.dots(color, name, func(e lm.Evacuation) float64 { return e.Makespan }, words)...)
		times.Marks = append(times.Marks, f.never(color, times.Y.Max/1.5/math.Pow(1.3, float64(len(fleets)-1-i)))...)
		sent.Marks = append(sent.Marks, f.theory(color, float64(most), func(g theory.Geometric, _ float64) float64 { return g.Sent / memory }))
		sent.Marks = append(sent.Marks, f.dots(color, name, func(e lm.Evacuation) float64 { return float64(e.SentBytes) / memory / float64(f.Guests) }, nil)...)
	}
	panels := []chart.Panel{times, sent}
	if never { // there is no scale for that, and nothing to compare
		panels[0].Name = "Until the last guest has moved"
		panels[0].Y.Format = func(float64) string { return "" }
		panels = panels[:1]
	}
	return Figure{
		Title: parallelTitle(fleets),
		Subtitle: fmt.Sprintf("%s of %s over one %s link, downtime limit %s.  Dots: simulated.  Thin: theory, the geometric series.",
			plural(fleets[0].Guests, "guest"), units.FormatBytes(memory), chart.BitRate(8*c.Link.Bandwidth), units.FormatDuration(c.Method.Limit.Highest())),
		Caption: caption, ShareX: true, Panels: panels, Height: 380*float64(len(panels)) - 80,
	}
}

// counts are the ticks of an axis of small whole numbers.
func counts(most int) []float64 {
	var ticks []float64
	step := max(1, (most+11)/12)
	for k := 1; k <= most; k++ {
		if k == 1 || k%step == 0 {
			ticks = append(ticks, float64(k))
		}
	}
	return ticks
}

// theory is a quantity of the geometric series on every share of the link, as
// far as it ends.
func (f Fleet) theory(color chart.Color, most float64, value func(g theory.Geometric, k float64) float64) chart.Line {
	c := f.Runs[0].Each.Config
	line := chart.Line{Color: color, Width: 1.1, X: []float64{1}, Y: []float64{math.NaN()}}
	for k := 1.0; k <= most; k += most / 2000 {
		g, ok := theory.GeometricSeries(float64(c.VM.Memory), c.Link.Bandwidth/k, f.Rate, c.Method.Limit.Highest().Seconds())
		if ok {
			line.X, line.Y, line.Label = append(line.X, k), append(line.Y, value(g, k)), f.Name+" each"
		}
	}
	return line
}

// dots are the simulated values, those that there are.
func (f Fleet) dots(color chart.Color, name string, value func(lm.Evacuation) float64, words chart.Format) []chart.Mark {
	d := chart.Dots{Color: color, Label: name, Size: 9}
	for _, e := range f.Runs {
		if !math.IsInf(e.Makespan, 1) {
			d.X, d.Y = append(d.X, float64(e.Parallel)), append(d.Y, value(e))
		}
	}
	if len(d.X) == 0 {
		return nil
	}
	marks := []chart.Mark{d}
	if words != nil {
		for i := range d.X {
			marks = append(marks, chart.Note{X: d.X[i], Y: d.Y[i], Text: words(d.Y[i]), Color: chart.Soft, Bare: true, Soft: true})
		}
	}
	return marks
}

// outrun marks where the guests together write faster than the link sends.
func (f Fleet) outrun(color chart.Color) []chart.Mark {
	c := f.Runs[0].Each.Config
	at := c.Link.Bandwidth / f.Rate
	if last := f.Runs[len(f.Runs)-1].Parallel; f.Rate == 0 || at > float64(last) || at < 1 {
		return nil
	}
	return []chart.Mark{chart.VLine{At: at, Color: color, Dash: chart.Dashed, Text: fmt.Sprintf("%.3g guests that write\n%s fill the link", at, f.Name)}}
}

// never marks the numbers of guests at a time with which it does not end.
func (f Fleet) never(color chart.Color, y float64) []chart.Mark {
	d := chart.Dots{Color: color, Hollow: true, Size: 9}
	for _, e := range f.Runs {
		if math.IsInf(e.Makespan, 1) {
			d.X, d.Y = append(d.X, float64(e.Parallel)), append(d.Y, y)
		}
	}
	if len(d.X) == 0 {
		return nil
	}
	return []chart.Mark{d, chart.Note{X: d.X[len(d.X)-1], Y: y, Text: "never ends", Color: color, Bold: true}}
}

// parallelTitle compares, for the last fleet, the fewest at a time with the
// most that end and with those that do not.
func parallelTitle(fleets []Fleet) string {
	f := fleets[len(fleets)-1]
	n := len(f.Runs)
	for n > 0 && math.IsInf(f.Runs[n-1].Makespan, 1) {
		n--
	}
	if n == 0 {
		return fmt.Sprintf("Moving %s never ends at %s written each, not even %s", plural(f.Guests, "guest"), f.Name, atATime(f.Runs[0].Parallel))
	}
	first := f.Runs[0]
	words := []string{fmt.Sprintf("Moving %s: %s %s", plural(f.Guests, "guest"), units.FormatSeconds(first.Makespan), atATime(first.Parallel))}
	if n > 1 {
		last := f.Runs[n-1]
		words = append(words, fmt.Sprintf("%s %s", units.FormatSeconds(last.Makespan), atATime(last.Parallel)))
	}
	if n < len(f.Runs) {
		words = append(words, fmt.Sprintf("never with %d", f.Runs[n].Parallel))
	}
	return strings.Join(words, ", ")
}

func atATime(n int) string {
	if n == 1 {
		return "one by one"
	}
	return fmt.Sprintf("with %d at a time", n)
}
