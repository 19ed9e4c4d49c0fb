package bloomplot

import (
	"fmt"
	"math"

	"cloudconcepts/bloom"
	"cloudconcepts/bloom/filter"
	"cloudconcepts/internal/chart"
)

// KeyFilter is a filter for a set of real keys, sized as one system does.
type KeyFilter struct {
	System     string        `json:"system"`
	BitsPerKey float64       `json:"bits_per_key"`
	Bits       uint64        `json:"bits"`
	Hashes     int           `json:"hashes"`
	Layout     filter.Layout `json:"layout"`
	Scheme     filter.Scheme `json:"scheme"`

	Expected       float64 `json:"fpr_expected_fraction"`
	Measured       float64 `json:"fpr_measured_fraction"`
	Low            float64 `json:"fpr_measured_low_fraction"`
	High           float64 `json:"fpr_measured_high_fraction"`
	FalseNegatives uint64  `json:"false_negatives"`

	Refused string `json:"-"` // why the system cannot do this; such a filter is not drawn
}

// OwnKeys draws what each system makes of a set of keys: the rate, expected and
// measured, against the target, and the memory.
func OwnKeys(name string, set bloom.KeySet, target float64, filters []KeyFilter, measured bloom.Config) Figure {
	y := chart.Axis{Reverse: true, Min: -0.6, Max: float64(len(filters)) - 0.4}
	rates := chart.Panel{Name: "False-positive rate (log scale)", Y: y, X: chart.Axis{Log: true, Format: chart.Percent}}
	memory := chart.Panel{Name: "Bits per key", X: chart.Axis{Zero: true}}
	low, high := target, target
	var bits []float64
	var colors []chart.Color
	rates.Marks = append(rates.Marks, chart.VLine{At: target, Color: chart.Green, Width: 1.6, Text: chart.Percent(target) + " asked for"})
	for i, f := range filters {
		at, color := float64(i), chart.Blue
		if f.Expected > target*(1+1e-9) {
			color = chart.Vermillion
		}
		rates.Y.Labels, memory.Y.Labels = append(rates.Y.Labels, f.System), append(memory.Y.Labels, f.System)
		bits, colors = append(bits, f.BitsPerKey), append(colors, color)
		bottom := math.Max(math.Max(f.Low, f.Measured/3), f.Expected/100)
		rates.Marks = append(rates.Marks,
			chart.Line{X: []float64{bottom, f.High}, Y: []float64{at, at}, Color: color, Width: 1.6},
			chart.Dots{X: []float64{f.Expected}, Y: []float64{at}, Color: color, Hollow: true, Size: 13})
		if f.Measured > 0 {
			rates.Marks = append(rates.Marks, chart.Dots{X: []float64{f.Measured}, Y: []float64{at}, Color: color, Size: 6})
		}
		low, high = math.Min(low, math.Min(f.Expected, bottom)), math.Max(high, math.Max(f.Expected, f.High))
	}
	rates.X.Min, rates.X.Max = low*0.93, high*1.07
	memory.Marks = []chart.Mark{chart.Bars{Horizontal: true, Values: func(v float64) string { return fmt.Sprintf("%.4g", v) }, Series: []chart.Series{{Y: bits, Colors: colors}}}}
	return Figure{
		Title:    ownKeysTitle(target, filters),
		Subtitle: fmt.Sprintf("%s from %s, each filter sized for %s as the system does. Rings: theory; dots: measured; vermillion: over the target.", counted(set.Distinct(), "different key"), name, chart.Percent(target)),
		Caption:  fmt.Sprintf("%s · %s of all keys, %s each · seed %d · 95 %% interval", caption, counted(uint64(measured.Filters), "filter"), counted(uint64(measured.Queries), "lookup"), measured.Seed),
		Columns:  2, Panels: []chart.Panel{rates, memory}, Height: 210 + 42*float64(len(filters)),
	}
}

func ownKeysTitle(target float64, filters []KeyFilter) string {
	least, most, over := math.Inf(1), 0.0, 0
	for _, f := range filters {
		least, most = math.Min(least, f.Expected), math.Max(most, f.Expected)
		if f.Expected > target*(1+1e-9) {
			over++
		}
	}
	if len(filters) == 1 {
		return fmt.Sprintf("Asked for %s, these keys get %.3g %%", chart.Percent(target), 100*least)
	}
	return fmt.Sprintf("Asked for %s, these keys get %.3g to %.3g %%: %d of %d systems are over", chart.Percent(target), 100*least, 100*most, over, len(filters))
}
