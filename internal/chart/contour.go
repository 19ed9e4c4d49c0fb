package chart

import (
	"errors"
	"image/color"
	"math"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Contour draws lines of equal value of a grid. The lines end where the grid
// has no values.
type Contour struct {
	Grid
	Levels []float64
	LogZ   bool    // find the lines between the logarithms of the values
	Format Format  // writes the level into the line; nil = no text
	Color  Color   // Auto: white, for use on a heat map
	Width  float64 // px, 0 = 1.4
	Dash   Dash
}

func (m Contour) check() error {
	if err := m.Grid.check(); err != nil {
		return err
	}
	if len(m.Levels) == 0 || !finite(m.Levels...) {
		return errors.New("want one or more finite levels")
	}
	for _, l := range m.Levels {
		if m.LogZ && l <= 0 {
			return errors.New("LogZ with a level that is not above 0")
		}
	}
	return checkWidth(m.Width)
}

// shortest is the number of points (1.5 px apart) from which an open piece of a
// line is drawn; shorter ones are dust at the border of a region without
// values.
const shortest = 40

// scaled returns the grid and a level as the lines are to be found.
func (m Contour) scaled() ([][]float64, func(float64) float64) {
	if !m.LogZ {
		return m.Z, func(v float64) float64 { return v }
	}
	out := make([][]float64, len(m.Z))
	for j, row := range m.Z {
		out[j] = make([]float64, len(row))
		for i, v := range row {
			out[j][i] = math.NaN()
			if v > 0 {
				out[j][i] = math.Log(v)
			}
		}
	}
	return out, math.Log
}

func (m Contour) draw(p *pen) {
	z, scale := m.scaled()
	r := m.rect(p)
	width := vg.Length(orDefault(m.Width, 1.4)) * px
	line := draw.LineStyle{Color: color.White, Width: width, Dashes: m.Dash.pattern()}
	halo := draw.LineStyle{Color: alpha(hex(0), 0.22), Width: width + 1.4*px}
	if m.Color != Auto {
		line.Color, halo.Width = p.look.Resolve(m.Color), 0
	}
	for _, level := range m.Levels {
		txt := ""
		if m.Format != nil {
			txt = m.Format(level)
		}
		for _, piece := range m.pieces(p, m.longest(p, r, z, scale(level)), txt) {
			if halo.Width > 0 {
				p.stroke(halo, piece)
			}
			p.stroke(line, piece)
			p.room.line(piece)
		}
	}
}

// pieces returns what is drawn of the lines of a level: all but dust, with a
// gap for the text in the first line.
func (m Contour) pieces(p *pen, lines [][]vg.Point, txt string) (out [][]vg.Point) {
	for i, pts := range lines {
		switch {
		case i == 0 && txt != "":
			out = append(out, m.label(p, pts, txt)...)
		case i == 0 || len(pts) >= shortest || pts[0] == pts[len(pts)-1]:
			out = append(out, pts)
		}
	}
	return out
}

// longest returns the lines of a level on the page, the longest one first.
func (m Contour) longest(p *pen, r vg.Rectangle, z [][]float64, level float64) [][]vg.Point {
	cols, rows := len(z[0]), len(z)
	var out [][]vg.Point
	for _, l := range trace(z, level) {
		pts := make([]vg.Point, len(l))
		for i, g := range l {
			pts[i] = vg.Point{
				X: r.Min.X + r.Size().X*vg.Length(g.x/float64(cols-1)),
				Y: r.Min.Y + r.Size().Y*vg.Length(g.y/float64(rows-1)),
			}
		}
		for _, piece := range p.ClipLinesXY(pts) {
			out = append(out, dense(piece))
		}
	}
	for i := range out {
		if len(out[i]) > len(out[0]) {
			out[0], out[i] = out[i], out[0]
		}
	}
	return out
}

// dense adds points until neighbours are at most 1.5 px apart.
func dense(pts []vg.Point) []vg.Point {
	if len(pts) == 0 {
		return nil
	}
	out := []vg.Point{pts[0]}
	for i := 1; i < len(pts); i++ {
		d := pts[i].Sub(pts[i-1])
		n := int(hypot(d)/float64(1.5*px)) + 1
		for k := 1; k <= n; k++ {
			out = append(out, pts[i-1].Add(d.Scale(vg.Length(k)/vg.Length(n))))
		}
	}
	return out
}

// label writes a text into a line where the line is flattest, and returns the
// pieces that are left of the line.
func (m Contour) label(p *pen, pts []vg.Point, txt string) [][]vg.Point {
	style := p.look.style(labelSize, true, color.White)
	if m.Color != Auto {
		style.Color = p.look.text(m.Color)
	}
	w, h := style.Width(txt), style.Height(txt)
	reach := int(w / (1.5 * px))
	best, least := -1, math.Inf(1)
	for i := reach; i < len(pts)-reach; i += 2 {
		r := grow(rectAt(pts[i].X-w/2, pts[i].Y-h/2, w, h), 4*px)
		if !p.room.within(r) || !p.room.clear(r) || p.room.crossed(r) > 0 {
			continue
		}
		bend := math.Abs(float64(pts[i+reach].Y-pts[i-reach].Y)) / float64(w)
		side := math.Abs(float64((pts[i].X-p.Min.X)/(p.Max.X-p.Min.X)) - 0.15)
		if cost := bend + 0.8*side; cost < least {
			best, least = i, cost
		}
	}
	if best < 0 {
		return [][]vg.Point{pts}
	}
	r := rectAt(pts[best].X-w/2, pts[best].Y-h/2, w, h)
	if m.Color == Auto {
		under := style
		under.Color = alpha(hex(0), 0.22)
		for _, o := range []vg.Point{{X: px * 0.8}, {X: -px * 0.8}, {Y: px * 0.8}, {Y: -px * 0.8}} {
			p.FillText(under, r.Min.Add(o), txt)
		}
	}
	p.put(style, r, txt)
	return without(pts, grow(r, 2.5*px))
}

// without returns the pieces of a line outside a rectangle.
func without(pts []vg.Point, r vg.Rectangle) (out [][]vg.Point) {
	var piece []vg.Point
	for _, pt := range pts {
		if pt.X > r.Min.X && pt.X < r.Max.X && pt.Y > r.Min.Y && pt.Y < r.Max.Y {
			out = append(out, piece)
			piece = nil
			continue
		}
		piece = append(piece, pt)
	}
	return append(out, piece)
}
