package bloomplot

import (
	"fmt"
	"math"

	"cloudconcepts/bloom"
	"cloudconcepts/bloom/filter"
	"cloudconcepts/internal/chart"
)

// LayoutCost is one layout over rising memory, in theory and measured.
type LayoutCost struct {
	Name    string
	Hashes  func(bitsPerKey float64) int
	Rate    func(bitsPerKey float64) float64
	Results []bloom.Result
}

// Layouts draws what each layout pays: false positives as a multiple of the
// ideal filter's, and below it the cache lines of a lookup. The title speaks of
// the memory given by at.
func Layouts(costs []LayoutCost, low, high, at float64) Figure {
	rate := chart.Panel{Name: "False positives, as a multiple of the ideal filter's (log scale)", Y: chart.Axis{Log: true, Format: chart.Multiple, Min: 0.8}, Weight: 1.5}
	lines := chart.Panel{Name: "Cache lines read by a lookup. Solid: absent key, dashed: present key", Y: chart.Axis{Zero: true, Min: 0}}
	xs := spread(low, high, 72)
	rate.Marks = append(rate.Marks, chart.VLine{At: at, Dash: chart.Dashed, Text: fmt.Sprintf("%.4g bits per key", at)})
	lines.Marks = append(lines.Marks, chart.VLine{At: at, Dash: chart.Dashed})
	most := 0.0
	for i, c := range costs {
		color := chart.Palette(i)
		theory := chart.Line{Label: c.Name, Color: color}
		if c.Results[0].Config.Layout == filter.Partitioned {
			theory.Dash = chart.Dashed // on top of the classic filter's
		}
		for _, b := range xs {
			y := c.Rate(b) / bloom.Ideal(b)
			theory.X, theory.Y = append(theory.X, b), append(theory.Y, y)
			most = math.Max(most, y)
		}
		rate.Marks = append(rate.Marks, theory, factorDots(c.Results, color, low, high))
	}
	rate.Y.Max = math.Max(2, 1.1*most)
	lines.Marks = append(lines.Marks, lineMarks(costs, xs)...)
	x := chart.Axis{Name: "Memory: bits per key, m/n", Min: low, Max: high}
	rate.X, lines.X = x, x
	return Figure{
		Title: layoutsTitle(costs, at),
		Subtitle: "False positives and cache lines of four layouts with the same memory, each with its best number of hashes.\n" +
			"Lines: theory; dots: measured, 95 % interval.",
		Caption: measuredCaption(costs[0].Results), ShareX: true, Height: 760, Panels: []chart.Panel{rate, lines},
	}
}

// layoutsTitle compares the third layout, blocked, with the first, classic.
func layoutsTitle(costs []LayoutCost, at float64) string {
	classic, blocked := costs[0], costs[2]
	k := classic.Hashes(at)
	extra := blocked.Rate(at)/classic.Rate(at) - 1
	if k == 1 {
		return fmt.Sprintf("At %.4g bits per key every layout reads 1 cache line", at)
	}
	return fmt.Sprintf("At %.4g bits per key, 1 cache line instead of up to %d costs %.0f %% more false positives", at, k, 100*extra)
}

// factorDots are measured rates over the ideal one of the same memory.
func factorDots(results []bloom.Result, color chart.Color, low, high float64) chart.Dots {
	d := chart.Dots{Color: color, Size: 7}
	for _, r := range results {
		b := float64(r.FilterBits) / float64(r.Config.Keys)
		if b < low || b > 1.02*high || r.FPRMeasured == 0 {
			continue
		}
		ideal := bloom.Ideal(b)
		d.X, d.Y = append(d.X, math.Min(b, high)), append(d.Y, r.FPRMeasured/ideal)
		d.Low, d.High = append(d.Low, r.FPRLow/ideal), append(d.High, r.FPRHigh/ideal)
	}
	return d
}

// lineMarks are the cache lines of classic and of blocked layouts.
func lineMarks(costs []LayoutCost, xs []float64) []chart.Mark {
	classic := costs[0]
	absent := chart.Line{Label: "classic, partitioned: absent", Color: chart.Palette(0)}
	present := chart.Line{Label: "present", Color: chart.Palette(0), Dash: chart.Dashed, Step: true}
	one := chart.Line{Label: "blocked, split-block", Color: chart.Palette(2)}
	for _, b := range xs {
		k := classic.Hashes(b)
		fill := -math.Expm1(-float64(k) / b)
		absent.X, absent.Y = append(absent.X, b), append(absent.Y, bloom.LinesRead(filter.Classic, fill, k, true))
		present.X, present.Y = append(present.X, b), append(present.Y, bloom.LinesRead(filter.Classic, fill, k, false))
		one.X, one.Y = append(one.X, b), append(one.Y, bloom.LinesRead(filter.Blocked, fill, k, true))
	}
	dots := chart.Dots{Color: chart.Palette(0), Size: 6}
	for _, r := range classic.Results {
		dots.X, dots.Y = append(dots.X, float64(r.FilterBits)/float64(r.Config.Keys)), append(dots.Y, r.ProbesAbsent)
	}
	return []chart.Mark{present, absent, one, dots}
}
