package chart

import (
	"errors"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
)

// Band is the area between two curves, such as an interval or the stretch
// between two quantiles. Values that are not finite leave a gap.
type Band struct {
	Label        string // written at the end of the upper edge
	X, Low, High []float64
	Color        Color   // Auto: that of the line before, or Blue
	Alpha        float64 // opacity, 0 = 60/255
	Step         bool    // keeps each value until the next point
}

func (m Band) check() error {
	if m.Low == nil || m.High == nil {
		return errors.New("Low and High are needed")
	}
	if err := checkAlpha(m.Alpha); err != nil {
		return err
	}
	return sameLength(len(m.X), "X, Low and High", m.Low, m.High)
}

func checkAlpha(a float64) error {
	if !(a >= 0 && a <= 1) {
		return errors.New("Alpha is not between 0 and 1")
	}
	return nil
}

func (m Band) extend(e *extent) {
	extendPoints(e, m.X, m.Low)
	extendPoints(e, m.X, m.High)
}

func (m Band) draw(p *pen) {
	c := alpha(p.look.Resolve(m.Color.or(Blue)), orDefault(m.Alpha, 60.0/255))
	for _, g := range m.gaps() {
		xs, low, high := m.X[g[0]:g[1]], m.Low[g[0]:g[1]], m.High[g[0]:g[1]]
		var outline []vg.Point
		for _, run := range p.runs(xs, high, m.Step) {
			outline = append(outline, thin(run)...)
		}
		for _, run := range p.runs(xs, low, m.Step) {
			run = thin(run)
			for i := len(run) - 1; i >= 0; i-- {
				outline = append(outline, run[i])
			}
		}
		p.fill(c, outline)
	}
}

// gaps returns the index ranges in which all values are finite.
func (m Band) gaps() (out [][2]int) {
	from := 0
	for i := 0; i <= len(m.X); i++ {
		if i < len(m.X) && finite(m.X[i], m.Low[i], m.High[i]) {
			continue
		}
		if i-from > 1 {
			out = append(out, [2]int{from, i})
		}
		from = i + 1
	}
	return out
}

func (m Band) endings(p *plot.Plot) []ending {
	return lastVisible(p, m.Label, m.Color.or(Blue), m.X, m.High)
}

// Area is the area between a curve and 0 (or the lower end of a log axis).
// Draw a Line with the same points on top of it for its edge.
type Area struct {
	X, Y  []float64
	Color Color   // Auto: that of the line before, or Blue
	Alpha float64 // opacity, 0 = 60/255
	Step  bool    // keeps each value until the next point
}

func (m Area) check() error {
	if len(m.X) != len(m.Y) {
		return errors.New("X and Y have different lengths")
	}
	return checkAlpha(m.Alpha)
}

func (m Area) extend(e *extent) {
	extendPoints(e, m.X, m.Y)
	e.y.base = true
}

func (m Area) draw(p *pen) {
	low := make([]float64, len(m.X))
	for i := range low {
		low[i] = p.floor()
	}
	Band{X: m.X, Low: low, High: m.Y, Color: m.Color, Alpha: m.Alpha, Step: m.Step}.draw(p)
}

// Polygon is a filled region, such as the part of a plane where a system is
// unstable.
type Polygon struct {
	X, Y  []float64 // the corners in order
	Color Color     // Auto: Gray
	Alpha float64   // opacity, 0 = 38/255
}

func (m Polygon) check() error {
	if len(m.X) != len(m.Y) || len(m.X) < 3 {
		return errors.New("want three or more corners in X and Y")
	}
	if !finite(m.X...) || !finite(m.Y...) {
		return errors.New("a corner is not finite")
	}
	return checkAlpha(m.Alpha)
}

func (m Polygon) extend(e *extent) { extendPoints(e, m.X, m.Y) }

func (m Polygon) draw(p *pen) {
	var pts []vg.Point
	for _, run := range p.runs(m.X, m.Y, false) {
		pts = append(pts, run...)
	}
	p.fill(alpha(p.look.Resolve(m.Color.or(Gray)), orDefault(m.Alpha, 38.0/255)), pts)
}
