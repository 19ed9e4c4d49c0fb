package bloomplot

import (
	"fmt"
	"math"

	"cloudconcepts/bloom"
	"cloudconcepts/internal/chart"
)

// Contender is one kind of filter: its theory over the bits per key, and what
// was measured of it.
type Contender struct {
	Name     string
	Rate     func(bitsPerKey float64) float64 // false-positive rate in theory
	Bits     float64                          // bits per key that reach the target, NaN = none do
	Measured []bloom.Result
}

// Tradeoff draws the false-positive rate over the bits per key, from low to
// high: each contender's theory and measurements, the least memory that any
// filter needs, and two filters for keys known in advance. The first contender
// is the one that the title speaks of.
func Tradeoff(target, low, high float64, contenders []Contender) Figure {
	bottom := lowestRate(high, contenders)
	p := chart.Panel{
		Name: "False-positive rate (log scale)",
		X:    chart.Axis{Name: "Memory: bits per key, m/n", Min: low, Max: edge(high, contenders)},
		Y:    chart.Axis{Log: true, Min: bottom, Max: 1, Format: chart.Percent},
	}
	xs := spread(low, high, 72)
	p.Marks = append(p.Marks,
		chart.HLine{At: target, Dash: chart.Dashed, Text: "target " + chart.Percent(target)},
		over(chart.Line{Color: chart.Gray, Width: 1.3}, xs, limitRate, bottom))
	for i, c := range contenders {
		p.Marks = append(p.Marks, over(chart.Line{Label: c.Name, Color: chart.Palette(i)}, xs, c.Rate, bottom), rateDots(c.Measured, chart.Palette(i), low, edge(high, contenders)))
	}
	p.Marks = append(p.Marks, over(chart.Line{Color: chart.Ink, Width: 1, Dash: chart.Dotted}, xs, bloom.Ideal, bottom))
	p.Marks = append(p.Marks, staticFilters(low, high, bottom)...)
	if b := low + (high-low)/4; limitRate(b) > bottom {
		p.Marks = append(p.Marks, chart.Note{X: b, Y: limitRate(b), Text: "no filter can do better", Color: chart.Gray, Soft: true})
	}
	if b := contenders[0].Bits; b >= low && b <= high {
		p.Marks = append(p.Marks, chart.Note{X: b, Y: target, Dot: true, Bold: true, Color: chart.Palette(0), Text: fmt.Sprintf("%s: %.3g bits", chart.Percent(target), b)})
	}
	return Figure{
		Title:    tradeoffTitle(target, contenders[0].Bits),
		Subtitle: "False-positive rate by memory. Lines: theory with the best whole number of hashes; dotted: if hashes need not be whole.\nDots: measured, 95 % interval. Hollow: filters for keys known in advance.",
		Caption:  measuredCaption(contenders[0].Measured), Height: 600,
		Panels: []chart.Panel{p},
	}
}

// tradeoffTitle says what the target costs and what the next bit buys.
func tradeoffTitle(target, bits float64) string {
	cut := 1 - math.Exp(-bloom.Ln2Squared)
	if math.IsNaN(bits) {
		return fmt.Sprintf("Each bit per key cuts the false positives by %.0f %%", 100*cut)
	}
	return fmt.Sprintf("%s false positives take %.3g bits per key; each bit more cuts them by %.0f %%", chart.Percent(target), bits, 100*cut)
}

// limitRate is the information limit.
func limitRate(bitsPerKey float64) float64 { return math.Exp2(-bitsPerKey) }

// edge is where the axis ends: filters are built of whole lines, and so may
// have a little more memory than asked for.
func edge(high float64, contenders []Contender) float64 {
	end := high
	for _, c := range contenders {
		for _, r := range c.Measured {
			if b := float64(r.FilterBits) / float64(r.Config.Keys); b < 1.02*high {
				end = math.Max(end, b)
			}
		}
	}
	return end
}

// staticFilters are the points that fuse and ribbon filters have.
func staticFilters(low, high, bottom float64) []chart.Mark {
	var marks []chart.Mark
	for _, s := range []struct {
		name    string
		x, rate float64
	}{{"ribbon", 7, 0.0095}, {"binary fuse 8", 8 * 1.125, math.Exp2(-8)}, {"binary fuse 16", 16 * 1.125, math.Exp2(-16)}} {
		if s.x < low || s.x > high || s.rate < bottom {
			continue
		}
		marks = append(marks,
			chart.Dots{X: []float64{s.x}, Y: []float64{s.rate}, Color: chart.Ink, Hollow: true},
			chart.Note{X: s.x, Y: s.rate, Text: s.name})
	}
	return marks
}

// lowestRate is the power of ten that the panel needs: for the best contender,
// not for the limit, which would take up half of it.
func lowestRate(high float64, contenders []Contender) float64 {
	least := 1e-2
	for _, c := range contenders {
		if v := c.Rate(high); v > 0 {
			least = math.Min(least, v)
		}
	}
	return math.Max(math.Pow(10, math.Floor(math.Log10(least))), 1e-12)
}

// over is a line with the values of a function; what is below the panel is
// left out.
func over(l chart.Line, xs []float64, f func(float64) float64, bottom float64) chart.Line {
	for _, x := range xs {
		y := f(x)
		if y < bottom {
			y = math.NaN()
		}
		l.X, l.Y = append(l.X, x), append(l.Y, y)
	}
	return l
}

// rateDots are measured rates over the bits per key of the filters as built.
func rateDots(results []bloom.Result, color chart.Color, low, high float64) chart.Dots {
	d := chart.Dots{Color: color}
	for _, r := range results {
		b := float64(r.FilterBits) / float64(r.Config.Keys)
		if b < low || b > high {
			continue
		}
		d.X, d.Y = append(d.X, b), append(d.Y, r.FPRMeasured)
		d.Low, d.High = append(d.Low, r.FPRLow), append(d.High, r.FPRHigh)
	}
	return d
}

// measuredCaption says what one measured point is made of.
func measuredCaption(results []bloom.Result) string {
	if len(results) == 0 {
		return caption
	}
	c := results[0].Config
	return fmt.Sprintf("%s · %s of %s, %s each · seed %d · 95 %% interval", caption, counted(uint64(c.Filters), "filter"), counted(c.Keys, "key"), counted(uint64(c.Queries), "lookup"), c.Seed)
}

// counted writes a number of things.
func counted(n uint64, thing string) string {
	if n != 1 {
		thing += "s"
	}
	return chart.Count(float64(n)) + " " + thing
}

// spread is n+1 values from low to high.
func spread(low, high float64, n int) []float64 {
	xs := make([]float64, n+1)
	for i := range xs {
		xs[i] = low + (high-low)*float64(i)/float64(n)
	}
	return xs
}
