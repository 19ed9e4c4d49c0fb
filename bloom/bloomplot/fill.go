package bloomplot

import (
	"fmt"
	"math"
	"slices"

	"cloudconcepts/bloom"
	"cloudconcepts/internal/chart"
)

// Fills is the law of a filter's set bits, and the set bits of real ones.
type Fills struct {
	Params   bloom.Params
	Law      []float64 // chance of i set bits, as bloom.FillDistribution gives it
	Measured []uint64  // set bits of each filter
	Seed     uint64
	Scheme   string
}

// sameFill is the standard deviation of the fill below which filters are taken
// for equally full.
const sameFill = 5e-7

// Moments are the mean and the standard deviation of the fill in theory.
func (f Fills) Moments() (mean, sd float64) {
	mean, sd = bloom.FillMoments(f.Params.Bits, f.Params.Keys, f.Params.Hashes)
	m := float64(f.Params.Bits)
	if sd < 1e-9 {
		sd = 0 // every bit is set, or none
	}
	return mean / m, sd / m
}

// Fill draws how full filters are: the histogram of real ones on the exact law,
// and below it the false-positive rate that a filter of that fill has.
func Fill(f Fills) Figure {
	mean, sd := f.Moments()
	m := float64(f.Params.Bits)
	first, last := f.support()
	width := binWidth(first, last, len(f.Measured))
	bars, theory, top := f.histogram(first, last, width)
	low, high := (float64(first)-0.5)/m, (float64(last)+0.5)/m
	share := chart.Panel{
		Name: fmt.Sprintf("Share of the filters, by %s", counted(uint64(width), "bit")), Weight: 1.5,
		Y: chart.Axis{Zero: true, Max: 1.12 * top, Format: chart.Percent},
		Marks: []chart.Mark{
			bars, theory,
			chart.VLine{At: mean, Dash: chart.Dashed, Color: chart.Vermillion, Text: fmt.Sprintf("mean %s\nstandard deviation %s", percent(mean), percent(sd))},
		},
	}
	rate := chart.Line{Color: chart.Green}
	for _, x := range spread(math.Max(low, 0), math.Min(high, 1), 100) {
		rate.X, rate.Y = append(rate.X, x), append(rate.Y, math.Pow(x, float64(f.Params.Hashes)))
	}
	below := chart.Panel{Name: "False-positive rate of a filter with this fill: fill^{k}", Y: chart.Axis{Zero: true, Format: chart.Percent}, Marks: []chart.Mark{rate}}
	around := []float64{-2, 0, 2}
	if sd < sameFill {
		around = []float64{0}
	}
	for _, s := range around {
		x := mean + s*sd
		p := math.Pow(x, float64(f.Params.Hashes))
		if x >= low && x <= high {
			below.Marks = append(below.Marks, chart.Note{X: x, Y: p, Dot: true, Color: chart.Green, Text: percent(p)})
		}
	}
	x := chart.Axis{Name: "Fill: share of the bits that are set, X/m", Min: low, Max: high, Format: chart.Percent}
	share.X, below.X = x, x
	return Figure{
		Title: fillTitle(f, mean, sd),
		Subtitle: fmt.Sprintf("%s bits, %s, %s. Bars: real filters; line: exact theory.\nBelow: what a fill means for false positives, with the mean and two standard deviations to each side.",
			chart.Count(m), counted(f.Params.Keys, "key"), hashesOf(f.Params.Hashes)),
		Caption: fmt.Sprintf("%s · %s, each with keys of its own · %s hashing · seed %d", caption, counted(uint64(len(f.Measured)), "filter"), f.Scheme, f.Seed),
		ShareX:  true, Height: 720, Panels: []chart.Panel{share, below},
	}
}

func fillTitle(f Fills, mean, sd float64) string {
	if sd < sameFill {
		return fmt.Sprintf("Every one of these filters is %s full", percent(mean))
	}
	if len(f.Measured) == 1 {
		return fmt.Sprintf("This filter is %s full; on average it would be %s", percent(float64(f.Measured[0])/float64(f.Params.Bits)), percent(mean))
	}
	near := 0
	for _, x := range f.Measured {
		if math.Abs(float64(x)/float64(f.Params.Bits)-mean) <= 2*sd {
			near++
		}
	}
	return fmt.Sprintf("Filters are %s full, and %s of them to within %s of that", percent(mean), percent(float64(near)/float64(len(f.Measured))), points(2*sd))
}

// points writes a difference between shares.
func points(v float64) string { return fmt.Sprintf("%.2g points", 100*v) }

// support is the range of set bits that is drawn: where the law has more than
// one in 100,000 of its weight outside on either side, and all that was seen.
func (f Fills) support() (first, last int) {
	sum := 0.0
	first, last = -1, 0
	for i, p := range f.Law {
		sum += p
		if first < 0 && sum > 1e-5 {
			first = i
		}
		if sum < 1-1e-5 {
			last = i + 1
		}
	}
	first, last = max(first, 0), min(max(first, last), len(f.Law)-1)
	if len(f.Measured) > 0 {
		first, last = min(first, int(slices.Min(f.Measured))), max(last, int(slices.Max(f.Measured)))
	}
	return first, max(last, first)
}

// binWidth is the width of a bar in bits: at most 40 bars, fewer for few filters.
func binWidth(first, last, filters int) int {
	bars := max(8, min(40, int(2.5*math.Cbrt(float64(filters)))))
	return max(1, (last-first+bars)/bars)
}

// histogram gives the bars of the measured fills and the law in the same bins;
// top is the highest of both.
func (f Fills) histogram(first, last, width int) (chart.Blocks, chart.Line, float64) {
	m, top := float64(f.Params.Bits), 0.0
	bars := chart.Blocks{Color: chart.Sky}
	for from := first; from <= last; from += width {
		n := 0
		for _, x := range f.Measured {
			if int(x) >= from && int(x) < from+width {
				n++
			}
		}
		y := float64(n) / float64(len(f.Measured))
		top = math.Max(top, y)
		end := math.Min(float64(from+width), float64(last+1))
		bars.Items = append(bars.Items, chart.Block{X0: (float64(from) - 0.5) / m, X1: (end - 0.5) / m, Y: y})
	}
	line := chart.Line{Label: "theory", Color: chart.Vermillion, Width: 2.2, Dots: last-first < 40}
	for i := first; i <= last; i++ {
		y := f.Law[i] * float64(width)
		top = math.Max(top, y)
		line.X, line.Y = append(line.X, float64(i)/m), append(line.Y, y)
	}
	return bars, line, top
}
