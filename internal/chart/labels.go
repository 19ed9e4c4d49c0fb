package chart

import (
	"math"
	"sort"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// ending is the name of a curve beside the last point that can be seen; x and
// y are shares of the panel's width and height.
type ending struct {
	text  string
	color Color
	x, y  float64
}

const (
	labelGap   = 14 * px // from the panel's right edge to the labels
	leaderGap  = 3 * px
	labelAir   = 2 * px // between labels
	outsideMin = 0.965  // curves that end further left are named in the panel
)

// outside tells whether the label stands in the right margin.
func (e ending) outside() bool { return e.x >= outsideMin }

// lastVisible returns the ending of a curve: its last point in the panel, or
// the place where it leaves the panel.
func lastVisible(p *plot.Plot, label string, c Color, xs, ys []float64) []ending {
	if label == "" {
		return nil
	}
	const eps = 1e-6
	in := func(v float64) bool { return v >= -eps && v <= 1+eps }
	norm := func(i int) (x, y float64, ok bool) {
		if !finite(xs[i], ys[i]) {
			return 0, 0, false
		}
		x, y = p.X.Norm(xs[i]), p.Y.Norm(ys[i])
		return x, y, finite(x, y)
	}
	for i := len(xs) - 1; i >= 0; i-- {
		x, y, ok := norm(i)
		if !ok || !in(x) || !in(y) {
			continue
		}
		if i+1 < len(xs) {
			if nx, ny, ok := norm(i + 1); ok {
				x, y = leave(x, y, nx, ny)
			}
		}
		return []ending{{text: label, color: c, x: x, y: y}}
	}
	return nil
}

// leave returns where the segment from a point in the unit square to one
// outside of it crosses the border.
func leave(x0, y0, x1, y1 float64) (x, y float64) {
	t := 1.0
	for _, d := range [][2]float64{{x0, x1}, {y0, y1}} {
		if d[1] > 1 {
			t = math.Min(t, (1-d[0])/(d[1]-d[0]))
		}
		if d[1] < 0 {
			t = math.Min(t, d[0]/(d[0]-d[1]))
		}
	}
	t = math.Max(t, 0)
	return x0 + t*(x1-x0), y0 + t*(y1-y0)
}

func (l look) label(c Color) text.Style {
	return l.style(labelSize, true, l.text(c))
}

// labelMargin returns the width of the right margin that the labels need.
func (l look) labelMargin(ends []ending) (w vg.Length) {
	for _, e := range ends {
		if e.outside() {
			w = max(w, labelGap+l.label(e.color).Width(e.text))
		}
	}
	return w
}

// labels writes the names of the curves: those that reach the right edge in
// the margin, pushed apart and tied to their curves by thin leaders, the
// others beside their ends.
func (p *pen) labels(ends []ending) {
	var out []ending
	for _, e := range ends {
		if e.outside() {
			out = append(out, e)
			continue
		}
		p.labelInside(e)
	}
	sort.SliceStable(out, func(i, j int) bool { return out[i].y < out[j].y })
	want, height := make([]float64, len(out)), make([]float64, len(out))
	for i, e := range out {
		want[i] = float64(p.Y(e.y))
		height[i] = float64(p.look.label(e.color).Height(e.text) + labelAir)
	}
	for i, y := range relax(want, height, float64(p.Min.Y-4*px), float64(p.Max.Y+6*px)) {
		e := out[i]
		style := p.look.label(e.color)
		style.YAlign = draw.YCenter
		at := vg.Point{X: p.Max.X + labelGap, Y: vg.Length(y)}
		end := vg.Point{X: p.X(e.x), Y: p.Y(e.y)}
		if math.Abs(y-want[i]) > float64(3*px) || p.Max.X-end.X > 8*px {
			thin := draw.LineStyle{Color: alpha(p.look.Resolve(e.color), 0.7), Width: 0.8 * px}
			p.StrokeLine2(thin, end.X+leaderGap, end.Y, at.X-leaderGap, at.Y)
		}
		p.FillText(style, at, e.text)
	}
}

// labelInside names a curve that ends within the panel, or nothing if there is
// no free place near its end.
func (p *pen) labelInside(e ending) {
	style := p.look.label(e.color)
	at := vg.Point{X: p.X(e.x), Y: p.Y(e.y)}
	places := around(at, style.Width(e.text), style.Height(e.text), 7*px)
	if i := p.room.best(places, 0.5); i >= 0 {
		p.put(style, places[i], e.text)
	}
}

// around returns the places for a text of the given size beside a point:
// right, above right, below right, above, below, left; first near, then
// farther away.
func around(at vg.Point, w, h, gap vg.Length) []vg.Rectangle {
	var out []vg.Rectangle
	for _, far := range []vg.Length{1, 2.2, 4, 6.5} {
		d := gap * far
		for _, o := range []vg.Point{
			{X: d, Y: -h / 2},
			{X: d * 0.7, Y: d * 0.5},
			{X: d * 0.7, Y: -d*0.5 - h},
			{X: -w / 2, Y: d},
			{X: -w / 2, Y: -d - h},
			{X: -w - d*0.7, Y: d * 0.5},
			{X: -w - d*0.7, Y: -d*0.5 - h},
			{X: -w - d, Y: -h / 2},
		} {
			out = append(out, rectAt(at.X+o.X, at.Y+o.Y, w, h))
		}
	}
	return out
}

// relax moves centres, sorted upwards, as little as needed so that boxes of
// the given heights do not overlap and stay between lo and hi. If they cannot
// all fit, they share the room evenly.
func relax(want, height []float64, lo, hi float64) []float64 {
	total := 0.0
	for _, h := range height {
		total += h
	}
	squeeze := 1.0
	if total > hi-lo {
		squeeze = math.Max(hi-lo, 0) / total
	}
	var groups []stack
	for i := range want {
		groups = append(groups, stack{first: i, n: 1, height: height[i] * squeeze, want: want[i]}.within(lo, hi))
		for k := len(groups) - 1; k > 0 && groups[k-1].top() > groups[k].bottom()+1e-9; k-- {
			groups[k-1] = groups[k-1].merge(groups[k]).within(lo, hi)
			groups = groups[:k]
		}
	}
	out := make([]float64, len(want))
	for _, g := range groups {
		y := g.bottom()
		for i := g.first; i < g.first+g.n; i++ {
			out[i] = y + height[i]*squeeze/2
			y += height[i] * squeeze
		}
	}
	return out
}

// stack is a pile of touching labels around the mean of their wishes.
type stack struct {
	first, n     int
	height       float64
	want, centre float64
}

func (s stack) bottom() float64 { return s.centre - s.height/2 }
func (s stack) top() float64    { return s.centre + s.height/2 }

func (s stack) within(lo, hi float64) stack {
	s.centre = math.Max(math.Min(s.want, hi-s.height/2), lo+s.height/2)
	return s
}

func (s stack) merge(o stack) stack {
	// Each wish is for the pile's own centre; weigh them by the labels.
	n := float64(s.n + o.n)
	height := s.height + o.height
	a := s.want - s.height/2 + height/2
	b := o.want + o.height/2 - height/2
	return stack{
		first: s.first, n: s.n + o.n, height: height,
		want: (a*float64(s.n) + b*float64(o.n)) / n,
	}
}
