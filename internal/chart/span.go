package chart

import (
	"errors"

	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

const spanAlpha = 38.0 / 255

// Span shades a stretch of the x axis, such as an outage; its name stands
// inside at the top.
type Span struct {
	From, To float64
	Text     string
	Color    Color   // Auto: Vermillion
	Alpha    float64 // opacity, 0 = 38/255
}

func (m Span) check() error {
	if !finite(m.From, m.To) || m.To < m.From {
		return errors.New("want From <= To, both finite")
	}
	return checkAlpha(m.Alpha)
}

// extend does nothing: an event alone does not stretch the axis.
func (m Span) extend(*extent) {}

func (m Span) rect(p *pen) (vg.Rectangle, bool) {
	a, b := p.x(m.From), p.x(m.To)
	r := ordered(vg.Rectangle{Min: vg.Point{X: a, Y: p.Min.Y}, Max: vg.Point{X: b, Y: p.Max.Y}})
	if r.Max.X-r.Min.X < px {
		r.Max.X = r.Min.X + px
	}
	r.Min.X, r.Max.X = max(r.Min.X, p.Min.X), min(r.Max.X, p.Max.X)
	return r, r.Min.X < r.Max.X
}

func (m Span) draw(p *pen) {
	if r, ok := m.rect(p); ok {
		p.spans = append(p.spans, r)
		p.box(alpha(p.look.Resolve(m.Color.or(Vermillion)), orDefault(m.Alpha, spanAlpha)), r)
	}
}

func (m Span) words(p *pen) {
	r, ok := m.rect(p)
	if !ok || m.Text == "" {
		return
	}
	style := p.look.style(labelSize, true, p.look.text(m.Color.or(Vermillion)))
	w, h := style.Width(m.Text), style.Height(m.Text)
	var places, worse []vg.Rectangle
	for row := range 6 {
		y := p.Max.Y - 5*px - h - vg.Length(row)*(h+2*px)
		xs := []vg.Length{r.Max.X + 5*px, r.Min.X - w - 5*px}
		if w <= r.Max.X-r.Min.X {
			xs = []vg.Length{(r.Min.X + r.Max.X - w) / 2}
		}
		for _, x := range xs {
			if place := rectAt(x, y, w, h); p.onOtherSpan(r, place) {
				worse = append(worse, place)
			} else {
				places = append(places, place)
			}
		}
	}
	style.XAlign = draw.XCenter
	p.putBest(style, append(places, worse...), m.Text)
}

// onOtherSpan tells whether a place lies on an event that is not its own.
func (p *pen) onOtherSpan(own, place vg.Rectangle) bool {
	for _, s := range p.spans {
		if s != own && overlap(s, place) {
			return true
		}
	}
	return false
}

// putBest writes a text at the best of the places, or nowhere if each is taken
// by other words.
func (p *pen) putBest(s text.Style, places []vg.Rectangle, txt string) {
	if i := p.room.best(places, 1); i >= 0 {
		p.put(s, places[i], txt)
	}
}

func rectAt(x, y, w, h vg.Length) vg.Rectangle {
	return vg.Rectangle{Min: vg.Point{X: x, Y: y}, Max: vg.Point{X: x + w, Y: y + h}}
}

// HSpan shades a stretch of the y axis, such as the values that meet a limit;
// its name stands inside. Use math.Inf to reach the panel's edge.
type HSpan struct {
	From, To float64
	Text     string
	Color    Color   // Auto: Green
	Alpha    float64 // opacity, 0 = 28/255
	Edge     bool    // a dashed line along the bounds that lie in the panel
}

func (m HSpan) check() error {
	if !(m.From <= m.To) {
		return errors.New("want From <= To")
	}
	return checkAlpha(m.Alpha)
}

func (m HSpan) extend(e *extent) { e.y.add(m.From, m.To) }

func (m HSpan) rect(p *pen) (r vg.Rectangle, ok bool) {
	y := func(v float64) vg.Length {
		switch {
		case v <= p.plot.Y.Min:
			v = p.plot.Y.Min
		case v >= p.plot.Y.Max:
			v = p.plot.Y.Max
		}
		return p.y(v)
	}
	r = ordered(vg.Rectangle{
		Min: vg.Point{X: p.Min.X, Y: y(m.From)},
		Max: vg.Point{X: p.Max.X, Y: y(m.To)},
	})
	return r, r.Max.Y > r.Min.Y
}

func (m HSpan) draw(p *pen) {
	r, ok := m.rect(p)
	if !ok {
		return
	}
	color := p.look.Resolve(m.Color.or(Green))
	p.box(alpha(color, orDefault(m.Alpha, 28.0/255)), r)
	if !m.Edge {
		return
	}
	style := draw.LineStyle{Color: color, Width: 1.4 * px, Dashes: Dashed.pattern()}
	for _, y := range []vg.Length{r.Min.Y, r.Max.Y} {
		if y > p.Min.Y+px && y < p.Max.Y-px {
			p.StrokeLine2(style, p.Min.X, y, p.Max.X, y)
			p.room.line([]vg.Point{{X: p.Min.X, Y: y}, {X: p.Max.X, Y: y}})
		}
	}
}

func (m HSpan) words(p *pen) {
	r, ok := m.rect(p)
	if !ok || m.Text == "" {
		return
	}
	style := p.look.style(labelSize, true, p.look.text(m.Color.or(Green)))
	w, h := style.Width(m.Text), style.Height(m.Text)
	var places []vg.Rectangle
	ys := []vg.Length{r.Max.Y - h - 4*px, r.Min.Y + 4*px, (r.Min.Y + r.Max.Y - h) / 2}
	if r.Max.Y-r.Min.Y < h+6*px {
		ys = []vg.Length{r.Max.Y + 3*px, r.Min.Y - h - 3*px}
	}
	for _, y := range ys {
		for _, x := range []vg.Length{p.Min.X + 8*px, (p.Min.X + p.Max.X - w) / 2, p.Max.X - w - 8*px} {
			places = append(places, rectAt(x, y, w, h))
		}
	}
	p.putBest(style, places, m.Text)
}
