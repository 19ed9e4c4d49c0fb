package bloomplot

import (
	"fmt"
	"math"

	"cloudconcepts/bloom"
	"cloudconcepts/internal/chart"
)

// FormulaError is how far the exact rate lies above the textbook formula, for
// one number of hashes and filters of rising size.
type FormulaError struct {
	Hashes int
	Bits   []uint64
	Excess []float64 // exact/classical - 1
}

// SchemeError is what was measured with one hash scheme at rising sizes.
type SchemeError struct {
	Name    string
	Results []bloom.Result
}

// Exact draws how far true rates lie above the textbook formula: the exact
// rate of ideal hashing for several numbers of hashes, and below it measured
// rates of real hash schemes.
func Exact(formulas []FormulaError, bitsPerKey float64, schemes []SchemeError) Figure {
	low, high := formulas[0].Bits[0], formulas[0].Bits[len(formulas[0].Bits)-1]
	x := chart.Axis{Name: "Size of the filter: bits, m (log scale)", Log: true, Min: float64(low), Max: float64(high)}
	ideal := chart.Panel{Name: "Ideal hashing: exact rate above the formula (log scale)", X: x, Y: chart.Axis{Log: true, Format: chart.Percent}}
	for i, f := range formulas {
		line := chart.Line{Label: hashesOf(f.Hashes), Color: chart.Palette(i)}
		for j, m := range f.Bits {
			line.X, line.Y = append(line.X, float64(m)), append(line.Y, positive(f.Excess[j]))
		}
		ideal.Marks = append(ideal.Marks, line)
	}
	f := Figure{
		Title:    exactTitle(formulas, schemes),
		Subtitle: fmt.Sprintf("How far true false-positive rates lie above the formula (1 − e^{−kn/m})^{k}, at %.4g bits per key. \nDots: measured, 95 %% interval, where they can be told from the formula.", bitsPerKey),
		Caption:  caption, ShareX: true, Height: 760, Panels: []chart.Panel{ideal},
	}
	if len(schemes) == 0 {
		return f
	}
	k := schemes[0].Results[0].Config.Hashes
	real := chart.Panel{Name: fmt.Sprintf("Real hash schemes, %s: measured rate above the formula (log scale)", hashesOf(k)), X: x, Y: chart.Axis{Log: true, Format: chart.Percent}}
	for i, s := range schemes {
		real.Marks = append(real.Marks, excessDots(s, chart.Palette(i+3), 1+0.05*float64(i))...)
	}
	for _, formula := range formulas {
		if formula.Hashes == k {
			line := ideal.Marks[indexOf(formulas, k)].(chart.Line)
			line.Label, line.Width = "ideal", 1.3
			real.Marks = append([]chart.Mark{clipped(line)}, real.Marks...)
		}
	}
	c := schemes[0].Results[0].Config
	f.Caption = fmt.Sprintf("%s · each dot %s, %s in all · seed %d · 95 %% interval", caption, counted(uint64(c.Filters), "filter"), counted(uint64(c.Filters*c.Queries), "lookup"), c.Seed)
	f.Panels = append(f.Panels, real)
	return f
}

// exactTitle says how wrong the formula is for the smallest filters, with
// ideal hashing and with the worst scheme.
func exactTitle(formulas []FormulaError, schemes []SchemeError) string {
	last := formulas[len(formulas)-1]
	small, large := last.Bits[0], last.Bits[len(last.Bits)-1]
	name, worst := "", 0.0
	for _, s := range schemes {
		if r := s.Results[0]; r.FPRMeasured > worst {
			name, worst = s.Name, r.FPRMeasured
		}
	}
	if name != "" {
		r := schemes[0].Results[0]
		start := fmt.Sprintf("At %s bits the formula is %s too low", chart.Count(float64(r.FilterBits)), percent(1-r.FPRClassical/r.FPRExact))
		if worst < 1.1*r.FPRExact {
			return start + "; hash schemes add next to nothing"
		}
		return fmt.Sprintf("%s, and %s adds a factor of %s", start, name, factor(worst/r.FPRExact))
	}
	return fmt.Sprintf("The formula is %s too low at %s bits, and %s at %s", percent(1-1/(1+last.Excess[0])), chart.Count(float64(small)),
		percent(1-1/(1+last.Excess[len(last.Excess)-1])), chart.Count(float64(large)))
}

// excessDots are the measured rates above the formula, shifted a little to the
// right so that the schemes stand side by side, where the interval is clear of 0.
func excessDots(s SchemeError, color chart.Color, shift float64) []chart.Mark {
	d := chart.Dots{Color: color, Size: 7}
	l := chart.Line{Label: s.Name, Color: color, Width: 1.2, Dash: chart.Dotted}
	for _, r := range s.Results {
		y, low, high := r.FPRMeasured/r.FPRClassical-1, r.FPRLow/r.FPRClassical-1, r.FPRHigh/r.FPRClassical-1
		if low <= 0 {
			continue
		}
		l.X, l.Y = append(l.X, shift*float64(r.FilterBits)), append(l.Y, y)
		d.X, d.Y = append(d.X, shift*float64(r.FilterBits)), append(d.Y, y)
		d.Low, d.High = append(d.Low, low), append(d.High, high)
	}
	if len(l.X) == 0 {
		return []chart.Mark{d}
	}
	return []chart.Mark{l, d}
}

// clipped is the part of a line that lies above a thousandth: measurements see
// no less.
func clipped(l chart.Line) chart.Line {
	out := l
	out.X, out.Y = nil, nil
	for i := range l.X {
		if l.Y[i] >= 1e-3 {
			out.X, out.Y = append(out.X, l.X[i]), append(out.Y, l.Y[i])
		}
	}
	if len(out.X) == 0 {
		return l
	}
	return out
}

func indexOf(formulas []FormulaError, hashes int) int {
	for i, f := range formulas {
		if f.Hashes == hashes {
			return i
		}
	}
	return 0
}

func hashesOf(k int) string {
	if k == 1 {
		return "1 hash"
	}
	return fmt.Sprintf("%d hashes", k)
}

// positive is NaN for what a log axis cannot show.
func positive(v float64) float64 {
	if v > 0 {
		return v
	}
	return math.NaN()
}
