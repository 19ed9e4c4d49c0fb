package bloomplot

import (
	"fmt"
	"math"

	"cloudconcepts/bloom"
	"cloudconcepts/bloom/filter"
	"cloudconcepts/internal/chart"
)

// Measured draws one measurement beside theory: the false-positive rate by the
// textbook, exactly and as measured, and below it the fill.
func Measured(r bloom.Result) Figure {
	c := r.Config
	subtitle := fmt.Sprintf("False-positive rate and fill of %s with %s and %s; %s layout, %s hashing.",
		counted(r.FilterBits, "bit"), counted(c.Keys, "key"), hashesOf(c.Hashes), c.Layout, schemeWords(c.Scheme))
	if c.Filters == 1 && r.FPRSDExpected > 0 {
		subtitle += "\nExact is the mean over all such filters; its bar is where 95 % of single filters lie."
	}
	return Figure{
		Title: measuredTitle(r), Subtitle: subtitle, Caption: measuredCaption([]bloom.Result{r}), Height: 520,
		Panels: []chart.Panel{ratePanel(r), fillPanel(r)},
	}
}

// measuredTitle says what was found and which theory it fits.
func measuredTitle(r bloom.Result) string {
	all := r.FalsePositives + r.TrueNegatives
	low, high := exactRange(r)
	within := r.FPRLow <= high && low <= r.FPRHigh
	start := percent(r.FPRMeasured) + " of the absent keys pass"
	switch {
	case r.FalsePositives == 0:
		return fmt.Sprintf("No false positive in %s: the rate is below %s", counted(all, "lookup"), percent(r.FPRHigh))
	case !within && r.Config.Absent == bloom.Overlapping:
		return start + ", since some of them are present"
	case !within && r.FPRExact > 0 && r.FPRMeasured > 2*r.FPRExact:
		return fmt.Sprintf("%s, %s times the exact rate", start, factor(r.FPRMeasured/r.FPRExact))
	case !within && r.FPRExact > 0:
		return fmt.Sprintf("%s, %s than the exact rate", start, moreOrLess(r.FPRMeasured/r.FPRExact-1))
	case r.FPRClassical < r.FPRLow || r.FPRClassical > r.FPRHigh:
		return fmt.Sprintf("%s, as the exact rate says; the textbook says %s", start, percent(r.FPRClassical))
	}
	return start + ", as theory says"
}

func moreOrLess(v float64) string {
	if v < 0 {
		return percent(-v) + " less"
	}
	return percent(v) + " more"
}

// exactRange is the exact rate, and for one filter alone where its rate may be.
func exactRange(r bloom.Result) (low, high float64) {
	spread := 0.0
	if r.Config.Filters == 1 {
		spread = 1.96 * r.FPRSDExpected
	}
	return math.Max(r.FPRExact-spread, 0), math.Min(r.FPRExact+spread, 1)
}

// ratePanel has a row for the textbook, the exact rate and the measurement.
func ratePanel(r bloom.Result) chart.Panel {
	low, high := exactRange(r)
	values := []float64{r.FPRClassical, r.FPRExact, r.FPRMeasured}
	from, to := math.Min(r.FPRClassical, math.Min(low, r.FPRLow)), math.Max(r.FPRClassical, math.Max(high, r.FPRHigh))
	p := rows("False-positive rate", []string{"textbook formula", "exact rate", "measured"}, from, to)
	p.Weight = 1.5
	words := []string{percent(values[0]), percent(values[1]), fmt.Sprintf("%s (%s to %s)", percent(r.FPRMeasured), percent(r.FPRLow), percent(r.FPRHigh))}
	lows, highs := []float64{values[0], low, r.FPRLow}, []float64{values[0], high, r.FPRHigh}
	p.Marks = append(p.Marks, chart.VLine{At: r.FPRExact, Dash: chart.Dashed})
	for i, v := range values {
		p.Marks = append(p.Marks, rowDot(i, v, lows[i], highs[i], words[i])...)
	}
	return p
}

// fillPanel has a row for theory and one for the measurement, with the spread
// between filters.
func fillPanel(r bloom.Result) chart.Panel {
	values, sds := []float64{r.FillExpected, r.FillMeasured}, []float64{r.FillSDExpected, r.FillSD}
	p := rows("Fill: share of the bits that are set, with 95 % of the filters", []string{"theory", "measured"}, 0, 1)
	p.X.Min, p.X.Max, p.X.Ticks = 0, 1, []float64{0, 0.25, 0.5, 0.75, 1}
	for i, v := range values {
		low, high := math.Max(v-1.96*sds[i], 0), math.Min(v+1.96*sds[i], 1)
		p.Marks = append(p.Marks, rowDot(2*i, v, low, high, percent(v))...)
	}
	p.Y.Labels, p.Y.Min, p.Y.Max = []string{"theory", "", "measured"}, -0.7, 2.7
	return p
}

// rows is a panel with names on the left and values along x, a little wider
// than from..to.
func rows(name string, names []string, from, to float64) chart.Panel {
	pad := 0.12 * (to - from)
	if pad == 0 {
		pad = math.Max(0.1*to, 1e-9)
	}
	left := from - pad
	if left < 0.4*to {
		left = 0
	}
	return chart.Panel{
		Name: name,
		X:    chart.Axis{Min: left, Max: math.Min(to+2*pad, math.Max(1, to)), Format: chart.Percent},
		Y:    chart.Axis{Labels: names, Reverse: true, Min: -0.6, Max: float64(len(names)) - 0.4},
	}
}

// rowDot is one value with its bar and its number.
func rowDot(row int, v, low, high float64, words string) []chart.Mark {
	y, color := float64(row), chart.Palette(row)
	return []chart.Mark{
		chart.Line{X: []float64{low, high}, Y: []float64{y, y}, Color: color, Width: 2.4},
		chart.Dots{X: []float64{v}, Y: []float64{y}, Color: color, Size: 10},
		chart.Note{X: v, Y: y, Text: words, Color: color, Bold: true, Bare: true, Soft: true},
	}
}

func schemeWords(s filter.Scheme) string {
	switch s {
	case filter.Double:
		return "double"
	case filter.Enhanced:
		return "enhanced double"
	case filter.BitsAndBlooms:
		return "bits-and-blooms"
	}
	return s.String()
}
