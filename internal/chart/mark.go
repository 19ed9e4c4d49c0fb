package chart

import (
	"fmt"
	"image/color"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Mark is something drawn in a panel. The marks are the types of this package
// with data in their exported fields; [Custom] takes any plotter of gonum.
type Mark interface {
	check() error   // what is wrong with the data
	extend(*extent) // the range of the data
	draw(*pen)      // the shapes
}

// worded is a mark with words at a fixed place; they come on top of all marks.
type worded interface{ words(*pen) }

// noted is a mark with words that look for a free place; they come last.
type noted interface{ note(*pen) }

// ended is a mark that is named beside its end.
type ended interface {
	endings(*plot.Plot) []ending
}

// pen draws the marks of one panel.
type pen struct {
	draw.Canvas
	look  look
	plot  *plot.Plot
	room  *room
	spans []vg.Rectangle // the shaded events
	x, y  func(float64) vg.Length
	logY  bool
}

// look is a theme with its fonts.
type look struct {
	Theme
	words
}

// Sizes of words in px.
const (
	titleSize    = 19
	subtitleSize = 12.5
	nameSize     = 11.5
	tickSize     = 11
	labelSize    = 12
	noteSize     = 11.5
	captionSize  = 10
)

// at returns the place of a value; ok is false if it has none.
func (p *pen) at(x, y float64) (pt vg.Point, ok bool) {
	if !finite(x, y) {
		return pt, false
	}
	pt = vg.Point{X: p.x(x), Y: p.y(y)}
	if !finite(float64(pt.X), float64(pt.Y)) {
		return pt, false
	}
	const far = 1e7 // keeps the arithmetic of clipping exact enough
	pt.X, pt.Y = min(max(pt.X, -far), far), min(max(pt.Y, -far), far)
	return pt, true
}

// floor is the lower end of things that stand on 0.
func (p *pen) floor() float64 {
	if p.logY {
		return p.plot.Y.Min
	}
	return math.Max(p.plot.Y.Min, math.Min(0, p.plot.Y.Max))
}

// fill fills a polygon, cut at the panel's edges.
func (p *pen) fill(c color.Color, pts []vg.Point) {
	pts = p.ClipPolygonXY(pts)
	if len(pts) < 3 {
		return
	}
	var path vg.Path
	path.Move(pts[0])
	for _, pt := range pts[1:] {
		path.Line(pt)
	}
	path.Close()
	p.SetColor(c)
	p.Fill(path)
}

// box fills a rectangle, cut at the panel's edges; it returns what is left.
func (p *pen) box(c color.Color, r vg.Rectangle) (vg.Rectangle, bool) {
	r = ordered(r)
	r.Min.X, r.Max.X = max(r.Min.X, p.Min.X), min(r.Max.X, p.Max.X)
	r.Min.Y, r.Max.Y = max(r.Min.Y, p.Min.Y), min(r.Max.Y, p.Max.Y)
	if r.Min.X >= r.Max.X || r.Min.Y >= r.Max.Y {
		return r, false
	}
	p.SetColor(c)
	p.Fill(r.Path())
	return r, true
}

// stroke draws a line, cut at the panel's edges.
func (p *pen) stroke(s draw.LineStyle, pts []vg.Point) {
	if len(pts) < 2 {
		return
	}
	p.StrokeLines(s, p.ClipLinesXY(pts)...)
}

// disk fills a circle.
func (p *pen) disk(c color.Color, at vg.Point, r vg.Length) {
	p.DrawGlyphNoClip(draw.GlyphStyle{Color: c, Radius: r, Shape: draw.CircleGlyph{}}, at)
}

// put writes a text whose lower left corner is given, and reserves its place.
// Lines of different length are aligned as the style says.
func (p *pen) put(s text.Style, r vg.Rectangle, txt string) {
	at := vg.Point{X: r.Min.X - vg.Length(s.XAlign)*(r.Max.X-r.Min.X), Y: r.Min.Y}
	s.YAlign = draw.YBottom
	p.FillText(s, at, txt)
	p.room.block(r)
}

func ordered(r vg.Rectangle) vg.Rectangle {
	return vg.Rectangle{
		Min: vg.Point{X: min(r.Min.X, r.Max.X), Y: min(r.Min.Y, r.Max.Y)},
		Max: vg.Point{X: max(r.Min.X, r.Max.X), Y: max(r.Min.Y, r.Max.Y)},
	}
}

// Dash is the pattern of a line.
type Dash int

// The patterns.
const (
	Solid Dash = iota
	Dashed
	Dotted
)

func (d Dash) pattern() []vg.Length {
	switch d {
	case Dashed:
		return []vg.Length{6 * px, 4 * px}
	case Dotted:
		return []vg.Length{1.5 * px, 3 * px}
	}
	return nil
}

func orDefault(v, def float64) float64 {
	if v == 0 {
		return def
	}
	return v
}

func (c Color) or(def Color) Color {
	if c == Auto {
		return def
	}
	return c
}

// sameLength reports slices whose length differs from n; nil slices are
// allowed where they are optional.
func sameLength(n int, names string, slices ...[]float64) error {
	for _, s := range slices {
		if s != nil && len(s) != n {
			return fmt.Errorf("%s have different lengths (%d and %d)", names, n, len(s))
		}
	}
	return nil
}

// Custom draws any plotter of gonum/plot.
type Custom struct {
	Plotter plot.Plotter
}

func (m Custom) check() error {
	if m.Plotter == nil {
		return fmt.Errorf("no plotter")
	}
	return nil
}

func (m Custom) extend(e *extent) {
	if r, ok := m.Plotter.(plot.DataRanger); ok {
		x0, x1, y0, y1 := r.DataRange()
		e.x.add(x0, x1)
		e.y.add(y0, y1)
	}
}

// boxes passes on the room that the plotter asks for.
func (m Custom) boxes(p *plot.Plot) []plot.GlyphBox {
	if b, ok := m.Plotter.(plot.GlyphBoxer); ok {
		return b.GlyphBoxes(p)
	}
	return nil
}

func (m Custom) draw(p *pen) { m.Plotter.Plot(p.Canvas, p.plot) }
