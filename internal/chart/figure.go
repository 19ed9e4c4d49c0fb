package chart

import (
	"errors"
	"fmt"
	"math"

	"gonum.org/v1/plot"
)

// Figure is one picture: a title block, panels and a caption.
type Figure struct {
	Title    string // the finding, as a sentence
	Subtitle string // what is plotted, with the fixed parameters; wraps
	Caption  string // bottom left: package, runs, seed, kind of interval

	Width, Height float64 // px; 0 = 900 wide, and a height by the number of panels

	Panels  []Panel // top to bottom, or row by row when Columns > 1
	ShareX  bool    // one x range for all; tick labels and name only below the last row
	ShareY  bool    // one y range for all; tick labels only in the first column
	Columns int     // 0 or 1: stacked; n: small multiples in n columns

	Bar *ColorBar // the colours of a heat map, on the right; may be nil
}

// Panel is one pair of axes with the marks in it.
type Panel struct {
	Name  string // the name of the y axis with its unit, written above the panel
	X, Y  Axis
	Marks []Mark // drawn in order; words come on top of all marks

	Weight float64 // share of the height among stacked panels, 0 = 1
	NoGrid bool    // leave out the grid lines

	// Adjust, if not nil, changes the finished plot before it is drawn: the
	// last word for what this package has no field for.
	Adjust func(*plot.Plot)
}

// ColorBar explains the colours of a heat map. Everything but Name may be
// left zero: it is taken from the first heat map of the figure.
type ColorBar struct {
	Name     string // above the bar, with the unit
	Min, Max float64
	Log      bool
	Format   Format
	Ticks    []float64
	Ramp     Ramp
}

func (f Figure) columns() int {
	return max(1, min(f.Columns, len(f.Panels)))
}

func (f Figure) rows() int {
	return (len(f.Panels) + f.columns() - 1) / f.columns()
}

// size returns the size in px.
func (f Figure) size() (w, h float64) {
	w, h = f.Width, f.Height
	if w == 0 {
		w = 900
	}
	if h != 0 {
		return w, h
	}
	switch rows := f.rows(); {
	case f.columns() > 1:
		h = 130 + 230*float64(rows)
	case rows <= 1 && f.Bar != nil:
		h = 600
	case rows <= 1:
		h = 560
	default:
		h = 620 + 190*float64(rows-2)
	}
	return w, h
}

// check reports everything that keeps the figure from being drawn.
func (f Figure) check() error {
	var errs []error
	w, h := f.size()
	if !(w >= 200 && w <= 10000 && h >= 150 && h <= 10000) {
		errs = append(errs, fmt.Errorf("size %g x %g px, want 200 to 10000 wide and 150 to 10000 high", w, h))
	}
	if len(f.Panels) == 0 {
		errs = append(errs, errors.New("no panels"))
	}
	if f.Columns < 0 {
		errs = append(errs, fmt.Errorf("Columns = %d, want 0 or more", f.Columns))
	}
	for i, p := range f.Panels {
		if err := p.check(); err != nil {
			errs = append(errs, fmt.Errorf("panel %d (%s): %w", i+1, p.Name, err))
		}
	}
	if err := f.checkBar(); err != nil {
		errs = append(errs, err)
	}
	if len(errs) == 0 {
		return nil
	}
	return fmt.Errorf("chart: invalid figure %q: %w", f.Title, errors.Join(errs...))
}

func (f Figure) checkBar() error {
	if f.Bar == nil {
		return nil
	}
	b := f.colorBar()
	if !finite(b.Min, b.Max) || b.Min >= b.Max || (b.Log && b.Min <= 0) {
		return fmt.Errorf("colour bar from %g to %g (log %t) has no colours", b.Min, b.Max, b.Log)
	}
	return nil
}

func (p Panel) check() error {
	var errs []error
	if len(p.Marks) == 0 {
		errs = append(errs, errors.New("no marks"))
	}
	if !(p.Weight >= 0 && p.Weight < 1e6) {
		errs = append(errs, fmt.Errorf("Weight = %g, want 0 or more", p.Weight))
	}
	if err := p.X.check(); err != nil {
		errs = append(errs, fmt.Errorf("x axis: %w", err))
	}
	if err := p.Y.check(); err != nil {
		errs = append(errs, fmt.Errorf("y axis: %w", err))
	}
	for i, m := range p.Marks {
		if m == nil {
			errs = append(errs, fmt.Errorf("mark %d is nil", i+1))
			continue
		}
		if err := m.check(); err != nil {
			errs = append(errs, fmt.Errorf("mark %d (%T): %w", i+1, m, err))
		}
	}
	return errors.Join(errs...)
}

// finite tells whether all values are ordinary numbers.
func finite(vs ...float64) bool {
	for _, v := range vs {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return false
		}
	}
	return true
}
