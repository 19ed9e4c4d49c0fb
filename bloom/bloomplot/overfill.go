package bloomplot

import (
	"fmt"
	"math"

	"cloudconcepts/bloom"
	"cloudconcepts/internal/chart"
	"cloudconcepts/internal/units"
)

// Overfilled is a filter built for one number of keys and given others.
type Overfilled struct {
	Target  float64 // false-positive rate that it was built for
	Design  uint64  // keys that it was built for
	Results []bloom.Result
}

// At is the exact rate with times as many keys as planned.
func (o Overfilled) At(times float64) float64 {
	c := o.Results[0].Config
	return bloom.Exact(c.Bits, uint64(math.Round(times*float64(o.Design))), c.Hashes)
}

// Overfill draws the false-positive rate, and the fill, over the keys as a
// multiple of the keys planned. The title speaks of the first filter.
func Overfill(filters []Overfilled) Figure {
	rate := chart.Panel{Name: "False-positive rate (log scale)", Y: chart.Axis{Log: true, Format: chart.Percent, Max: 1}, Weight: 1.7}
	fill := chart.Panel{Name: "Fill: share of the bits that are set", Y: chart.Axis{Max: 1, Zero: true, Format: chart.Percent, Ticks: []float64{0, 0.25, 0.5, 0.75, 1}}}
	rate.Marks = append(rate.Marks, chart.VLine{At: 1, Text: "as planned", Dash: chart.Dashed})
	fill.Marks = append(fill.Marks, chart.VLine{At: 1, Dash: chart.Dashed})
	end := 1.0
	for _, r := range filters[0].Results {
		end = math.Max(end, float64(r.Config.Keys)/float64(filters[0].Design))
	}
	low := 1.0
	for i, o := range filters {
		marks, lowest := overfillMarks(o, i, end)
		low = math.Min(low, lowest)
		rate.Marks = append(rate.Marks, marks...)
		fill.Marks = append(fill.Marks, fillMarks(o, i, end)...)
	}
	rate.Y.Min = math.Pow(10, math.Floor(math.Log10(low)))
	if p := filters[0].At(2); end >= 2 {
		rate.Marks = append(rate.Marks, chart.Note{X: 2, Y: p, Dot: true, Color: chart.Palette(0), Bold: true, Text: "twice the keys: " + percent(p)})
	}
	x := chart.Axis{Name: "Keys added, as a multiple of the keys planned", Min: 0, Max: end, Format: chart.Multiple}
	rate.X, fill.X = x, x
	return Figure{
		Title:    overfillTitle(filters[0], end),
		Subtitle: fmt.Sprintf("False-positive rate and fill of filters built for %s, as more come. Lines: exact theory; dots: measured, 95 %% interval.", counted(filters[0].Design, "key")),
		Caption:  overfillCaption(filters[0]), ShareX: true, Height: 720,
		Panels: []chart.Panel{rate, fill},
	}
}

func overfillTitle(o Overfilled, end float64) string {
	times := math.Min(2, end)
	if times <= 1 {
		return fmt.Sprintf("With no more keys than planned the filter stays at %s", percent(o.At(1)))
	}
	words := "Twice the keys"
	if times < 2 {
		words = chart.Multiple(times) + " the keys"
	}
	return fmt.Sprintf("%s, %s times the false positives: %s become %s", words, factor(o.At(times)/o.At(1)), percent(o.At(1)), percent(o.At(times)))
}

func overfillCaption(o Overfilled) string {
	c := o.Results[0].Config
	return fmt.Sprintf("%s · %s, %s each · seed %d · 95 %% interval", caption, counted(uint64(c.Filters), "filter"), counted(uint64(c.Queries), "lookup"), c.Seed)
}

// overfillMarks are the rates of one filter; lowest is the least that is shown.
func overfillMarks(o Overfilled, i int, end float64) (marks []chart.Mark, lowest float64) {
	line := chart.Line{Label: "built for " + chart.Percent(o.Target), Color: chart.Palette(i)}
	dots := chart.Dots{Color: chart.Palette(i)}
	lowest = 1
	for _, r := range o.Results {
		dots.X, dots.Y = append(dots.X, float64(r.Config.Keys)/float64(o.Design)), append(dots.Y, r.FPRMeasured)
		dots.Low, dots.High = append(dots.Low, r.FPRLow), append(dots.High, r.FPRHigh)
		lowest = math.Min(lowest, r.FPRExact)
	}
	lowest = math.Max(lowest, 1e-7) // few lookups tell smaller rates from 0
	for _, x := range spread(0.05*end, end, 95) {
		if p := o.At(x); p >= lowest/3 {
			line.X, line.Y = append(line.X, x), append(line.Y, p)
		}
	}
	return []chart.Mark{line, dots}, lowest / 3
}

// fillMarks are the fills of one filter.
func fillMarks(o Overfilled, i int, end float64) []chart.Mark {
	c := o.Results[0].Config
	line := chart.Line{Label: "built for " + chart.Percent(o.Target), Color: chart.Palette(i)}
	for _, x := range spread(0, end, 100) {
		mean, _ := bloom.FillMoments(c.Bits, uint64(math.Round(x*float64(o.Design))), c.Hashes)
		line.X, line.Y = append(line.X, x), append(line.Y, mean/float64(c.Bits))
	}
	dots := chart.Dots{Color: chart.Palette(i), Size: 6}
	for _, r := range o.Results {
		dots.X, dots.Y = append(dots.X, float64(r.Config.Keys)/float64(o.Design)), append(dots.Y, r.FillMeasured)
	}
	return []chart.Mark{line, dots}
}

// percent writes a fraction with three digits, in percent.
func percent(v float64) string { return units.FormatPercent(v) }

// factor writes a factor with two digits, or whole from 10 on.
func factor(v float64) string {
	if v >= 10 {
		return chart.Count(v)
	}
	return fmt.Sprintf("%.2g", v)
}
