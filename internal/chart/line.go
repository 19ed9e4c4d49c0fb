package chart

import (
	"errors"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Line is a curve. Values that are not finite leave a gap.
type Line struct {
	Label string       // written at the end of the curve, in its colour
	X, Y  []float64    // the points, in order
	XY    plotter.XYer // the points, instead of X and Y
	Color Color        // Auto: the palette in order
	Width float64      // px, 0 = 1.9
	Dash  Dash         // Solid, Dashed or Dotted
	Step  bool         // keeps each value until the next point
	Dots  bool         // a dot at each point
}

// thinFrom is the number of points from which a curve is thinned to what its
// pixel columns can show.
const thinFrom = 50000

func (m Line) points() (xs, ys []float64) {
	if m.XY == nil {
		return m.X, m.Y
	}
	n := m.XY.Len()
	xs, ys = make([]float64, n), make([]float64, n)
	for i := range n {
		xs[i], ys[i] = m.XY.XY(i)
	}
	return xs, ys
}

func (m Line) check() error {
	if m.XY != nil {
		if m.X != nil || m.Y != nil {
			return errors.New("both XY and X, Y are given")
		}
		return nil
	}
	if len(m.X) != len(m.Y) {
		return sameLength(len(m.X), "X and Y", append([]float64{}, m.Y...))
	}
	return checkWidth(m.Width)
}

func checkWidth(w float64) error {
	if !(w >= 0 && w <= 200) {
		return errors.New("Width is not between 0 and 200 px")
	}
	return nil
}

func (m Line) extend(e *extent) {
	xs, ys := m.points()
	extendPoints(e, xs, ys)
}

// extendPoints takes points into the range; a point counts for an axis only if
// the other axis can show it.
func extendPoints(e *extent, xs, ys []float64) {
	for i := range xs {
		if finite(xs[i], ys[i]) {
			e.x.add(xs[i])
			e.y.add(ys[i])
		}
	}
}

func (m Line) draw(p *pen) {
	xs, ys := m.points()
	style := draw.LineStyle{
		Color:  p.look.Resolve(m.Color.or(Blue)),
		Width:  vg.Length(orDefault(m.Width, 1.9)) * px,
		Dashes: m.Dash.pattern(),
	}
	runs := p.runs(xs, ys, m.Step)
	for _, run := range runs {
		for _, piece := range p.ClipLinesXY(thin(run)) {
			p.StrokeLines(style, piece)
			p.room.line(piece)
		}
	}
	if m.Dots {
		Dots{X: xs, Y: ys, Color: m.Color.or(Blue), Size: 8}.draw(p)
	}
}

// runs returns the stretches of a curve between gaps, on the page.
func (p *pen) runs(xs, ys []float64, step bool) [][]vg.Point {
	var out [][]vg.Point
	var run []vg.Point
	for i := range xs {
		pt, ok := p.at(xs[i], ys[i])
		if !ok {
			if len(run) > 0 {
				out = append(out, run)
			}
			run = nil
			continue
		}
		if step && len(run) > 0 {
			run = append(run, vg.Point{X: pt.X, Y: run[len(run)-1].Y})
		}
		run = append(run, pt)
	}
	if len(run) > 0 {
		out = append(out, run)
	}
	return out
}

// thin keeps of each run of points within one half-pixel column the first,
// the lowest, the highest and the last, in their order.
func thin(pts []vg.Point) []vg.Point {
	if len(pts) <= thinFrom {
		return pts
	}
	column := func(i int) int { return int(math.Floor(float64(pts[i].X / (px / 2)))) }
	out := make([]vg.Point, 0, thinFrom)
	for i := 0; i < len(pts); {
		j, low, high := i, i, i
		for ; j < len(pts) && column(j) == column(i); j++ {
			if pts[j].Y < pts[low].Y {
				low = j
			}
			if pts[j].Y > pts[high].Y {
				high = j
			}
		}
		last := -1
		for _, k := range []int{i, min(low, high), max(low, high), j - 1} {
			if k > last {
				out = append(out, pts[k])
				last = k
			}
		}
		i = j
	}
	return out
}

func (m Line) endings(p *plot.Plot) []ending {
	xs, ys := m.points()
	return lastVisible(p, m.Label, m.Color.or(Blue), xs, ys)
}
