package chart

import (
	"fmt"
	"image/color"
	"math"
	"strconv"

	"gonum.org/v1/plot/vg"
)

// matrix is an affine map: x' = a x + c y + e, y' = b x + d y + f.
type matrix struct{ a, b, c, d, e, f float64 }

// then returns the map that applies n first and m after it.
func (m matrix) then(n matrix) matrix {
	return matrix{
		a: m.a*n.a + m.c*n.b, b: m.b*n.a + m.d*n.b,
		c: m.a*n.c + m.c*n.d, d: m.b*n.c + m.d*n.d,
		e: m.a*n.e + m.c*n.f + m.e, f: m.b*n.e + m.d*n.f + m.f,
	}
}

func (m matrix) apply(p vg.Point) (x, y float64) {
	return m.a*float64(p.X) + m.c*float64(p.Y) + m.e, m.b*float64(p.X) + m.d*float64(p.Y) + m.f
}

// factor is by how much the map enlarges lengths.
func (m matrix) factor() float64 { return math.Sqrt(math.Abs(m.a*m.d - m.b*m.c)) }

// state is the drawing state of a vector canvas.
type state struct {
	color  color.NRGBA
	width  vg.Length
	dashes []vg.Length
	offset vg.Length
	m      matrix
}

// pencil keeps the state for the vector canvases: the part of vg.Canvas that
// draws nothing.
type pencil struct {
	state
	stack []state
}

func newPencil(m matrix) pencil {
	return pencil{state: state{color: color.NRGBA{A: 255}, width: vg.Points(1), m: m}}
}

// SetLineWidth sets the width of lines.
func (p *pencil) SetLineWidth(w vg.Length) { p.width = w }

// SetLineDash sets the pattern of lines.
func (p *pencil) SetLineDash(pattern []vg.Length, offset vg.Length) {
	p.dashes, p.offset = pattern, offset
}

// SetColor sets the colour of lines, areas and text; nil is black.
func (p *pencil) SetColor(c color.Color) {
	if c == nil {
		c = color.Black
	}
	p.color = color.NRGBAModel.Convert(c).(color.NRGBA)
}

// Rotate turns what follows.
func (p *pencil) Rotate(rad float64) {
	sin, cos := math.Sincos(rad)
	p.m = p.m.then(matrix{a: cos, b: sin, c: -sin, d: cos})
}

// Translate moves what follows.
func (p *pencil) Translate(pt vg.Point) {
	p.m = p.m.then(matrix{a: 1, d: 1, e: float64(pt.X), f: float64(pt.Y)})
}

// Scale enlarges what follows.
func (p *pencil) Scale(x, y float64) { p.m = p.m.then(matrix{a: x, d: y}) }

// Push saves the state.
func (p *pencil) Push() { p.stack = append(p.stack, p.state) }

// Pop restores the state saved last.
func (p *pencil) Pop() {
	if n := len(p.stack); n > 0 {
		p.state, p.stack = p.stack[n-1], p.stack[:n-1]
	}
}

// pathWriter takes the parts of a path in the coordinates of the format.
type pathWriter interface {
	move(x, y float64)
	line(x, y float64)
	cube(x1, y1, x2, y2, x, y float64)
	close()
}

// walk gives a path to the writer; arcs and quadratic curves become cubic ones.
func (p *pencil) walk(path vg.Path, w pathWriter) {
	var at vg.Point
	for _, c := range path {
		switch c.Type {
		case vg.MoveComp:
			at = c.Pos
			w.move(p.m.apply(at))
		case vg.LineComp:
			at = c.Pos
			w.line(p.m.apply(at))
		case vg.ArcComp:
			at = p.arc(c, w)
		case vg.CurveComp:
			p.curve(at, c, w)
			at = c.Pos
		case vg.CloseComp:
			w.close()
		}
	}
}

func (p *pencil) cube(w pathWriter, a, b, c vg.Point) {
	x1, y1 := p.m.apply(a)
	x2, y2 := p.m.apply(b)
	x, y := p.m.apply(c)
	w.cube(x1, y1, x2, y2, x, y)
}

func (p *pencil) curve(at vg.Point, c vg.PathComp, w pathWriter) {
	if len(c.Control) == 1 {
		q := c.Control[0]
		a := at.Add(q.Sub(at).Scale(2.0 / 3))
		b := c.Pos.Add(q.Sub(c.Pos).Scale(2.0 / 3))
		p.cube(w, a, b, c.Pos)
		return
	}
	p.cube(w, c.Control[0], c.Control[1], c.Pos)
}

// arc draws an arc in pieces of at most a quarter of a circle; it returns the
// end.
func (p *pencil) arc(c vg.PathComp, w pathWriter) vg.Point {
	on := func(angle float64) (pt, tangent vg.Point) {
		sin, cos := math.Sincos(angle)
		r := float64(c.Radius)
		return c.Pos.Add(vg.Point{X: vg.Length(r * cos), Y: vg.Length(r * sin)}),
			vg.Point{X: vg.Length(-r * sin), Y: vg.Length(r * cos)}
	}
	n := max(int(math.Ceil(math.Abs(c.Angle)/(math.Pi/2)-1e-9)), 1)
	step := c.Angle / float64(n)
	k := vg.Length(4.0 / 3 * math.Tan(step/4))
	from, out := on(c.Start)
	w.line(p.m.apply(from))
	for i := 1; i <= n; i++ {
		to, in := on(c.Start + float64(i)*step)
		p.cube(w, from.Add(out.Scale(k)), to.Sub(in.Scale(k)), to)
		from, out = to, in
	}
	return from
}

// number writes a coordinate with two decimals at most.
func number(b []byte, v float64) []byte {
	v = math.Round(v*100) / 100
	if v == 0 {
		return append(b, '0')
	}
	return strconv.AppendFloat(b, v, 'f', -1, 64)
}

// hexColor writes a colour as #rrggbb.
func hexColor(c color.NRGBA) string { return fmt.Sprintf("#%02x%02x%02x", c.R, c.G, c.B) }
