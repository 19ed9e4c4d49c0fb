package chart

import (
	"errors"
	"fmt"
	"math"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Bars shows one value per category and series. The categories stand at 0, 1,
// 2, ...; their names are the Labels of the x axis, or of the y axis if the
// bars are Horizontal (the first category is then on top). Two or more named
// series are explained in the line above the panel.
type Bars struct {
	Series     []Series
	Stacked    bool    // series on top of each other instead of side by side
	Horizontal bool    // bars from left to right
	Values     Format  // writes the value at the end of each bar; nil = no values
	Width      float64 // share of the room of a category, 0 = 0.7
}

// Series is one set of bars, a value for each category.
type Series struct {
	Label     string
	Y         []float64
	Low, High []float64 // ends of the 95 % bars, optional
	Color     Color     // Auto: the palette in order
	Colors    []Color   // one for each category, instead of Color
}

func (m Bars) check() error {
	var errs []error
	if len(m.Series) == 0 {
		errs = append(errs, errors.New("no series"))
	}
	for i, s := range m.Series {
		n := len(m.Series[0].Y)
		if len(s.Y) != n || len(s.Y) == 0 {
			errs = append(errs, fmt.Errorf("series %d has %d values, want %d and at least 1", i+1, len(s.Y), n))
		}
		if (s.Low == nil) != (s.High == nil) {
			errs = append(errs, fmt.Errorf("series %d: Low and High are needed both or not at all", i+1))
		}
		if err := sameLength(len(s.Y), "Y, Low and High", s.Low, s.High); err != nil {
			errs = append(errs, fmt.Errorf("series %d: %w", i+1, err))
		}
		if s.Colors != nil && len(s.Colors) != len(s.Y) {
			errs = append(errs, fmt.Errorf("series %d has %d colours for %d values", i+1, len(s.Colors), len(s.Y)))
		}
	}
	if !(m.Width >= 0 && m.Width <= 1) {
		errs = append(errs, errors.New("Width is not between 0 and 1"))
	}
	return errors.Join(errs...)
}

func (m Bars) extend(e *extent) {
	category, value := &e.x, &e.y
	if m.Horizontal {
		category, value = &e.y, &e.x
	}
	category.tight = true
	value.base = true
	value.words = m.Values != nil && !m.Stacked && m.Horizontal
	for c := range m.Series[0].Y {
		category.add(float64(c)-0.5, float64(c)+0.5)
		up, down := 0.0, 0.0
		for _, s := range m.Series {
			v := s.Y[c]
			value.add(v)
			if s.Low != nil {
				value.add(s.Low[c], s.High[c])
			}
			up, down = up+math.Max(v, 0), down+math.Min(v, 0)
		}
		if m.Stacked {
			value.add(up, down)
		}
	}
}

// bar is one bar on the page.
type bar struct {
	series, category int
	from, to         float64 // values
	rect             vg.Rectangle
}

func (m Bars) color(s, c int) Color {
	if m.Series[s].Colors != nil {
		return m.Series[s].Colors[c]
	}
	return m.Series[s].Color.or(Palette(s))
}

// layout returns all bars that have a finite value.
func (m Bars) layout(p *pen) []bar {
	var out []bar
	for c := range m.Series[0].Y {
		up, down := 0.0, 0.0
		for s := range m.Series {
			b := bar{series: s, category: c, to: m.Series[s].Y[c]}
			if !finite(b.to) {
				continue
			}
			if m.Stacked && b.to >= 0 {
				b.from, b.to = up, up+b.to
				up = b.to
			} else if m.Stacked {
				b.from, b.to = down, down+b.to
				down = b.to
			}
			b.rect = m.place(p, b)
			out = append(out, b)
		}
	}
	return out
}

func (m Bars) place(p *pen, b bar) vg.Rectangle {
	width := orDefault(m.Width, 0.7)
	from, to := float64(b.category)-width/2, float64(b.category)+width/2
	if !m.Stacked {
		each := width / float64(len(m.Series))
		from += each * float64(b.series)
		to = from + each
	}
	if m.Horizontal {
		return ordered(vg.Rectangle{
			Min: vg.Point{X: p.x(b.from), Y: p.y(from)},
			Max: vg.Point{X: p.x(b.to), Y: p.y(to)},
		})
	}
	return ordered(vg.Rectangle{
		Min: vg.Point{X: p.x(from), Y: p.y(b.from)},
		Max: vg.Point{X: p.x(to), Y: p.y(b.to)},
	})
}

func (m Bars) draw(p *pen) {
	for _, b := range m.layout(p) {
		r := m.gap(b.rect)
		if drawn, ok := p.box(p.look.Resolve(m.color(b.series, b.category)), r); ok {
			p.room.rect(drawn)
		}
		m.interval(p, b)
	}
}

// gap takes a thin slit off a bar, so that neighbours stay apart.
func (m Bars) gap(r vg.Rectangle) vg.Rectangle {
	const slit = 0.75 * px
	if len(m.Series) == 1 {
		return r
	}
	if m.Horizontal == m.Stacked {
		r.Min.X += min(slit, r.Size().X/4)
		r.Max.X -= min(slit, r.Size().X/4)
		return r
	}
	r.Min.Y += min(slit, r.Size().Y/4)
	r.Max.Y -= min(slit, r.Size().Y/4)
	return r
}

// interval draws the 95 % bar of a bar.
func (m Bars) interval(p *pen, b bar) {
	s := m.Series[b.series]
	if s.Low == nil || m.Stacked || !finite(s.Low[b.category], s.High[b.category]) {
		return
	}
	style := draw.LineStyle{Color: p.look.Ink, Width: 1.2 * px}
	mid := vg.Point{X: (b.rect.Min.X + b.rect.Max.X) / 2, Y: (b.rect.Min.Y + b.rect.Max.Y) / 2}
	const cap = 3.5 * px
	lo, hi := s.Low[b.category], s.High[b.category]
	if m.Horizontal {
		a, z := vg.Point{X: p.x(lo), Y: mid.Y}, vg.Point{X: p.x(hi), Y: mid.Y}
		p.stroke(style, []vg.Point{a, z})
		for _, e := range []vg.Point{a, z} {
			p.stroke(style, []vg.Point{{X: e.X, Y: e.Y - cap}, {X: e.X, Y: e.Y + cap}})
		}
		return
	}
	a, z := vg.Point{X: mid.X, Y: p.y(lo)}, vg.Point{X: mid.X, Y: p.y(hi)}
	p.stroke(style, []vg.Point{a, z})
	for _, e := range []vg.Point{a, z} {
		p.stroke(style, []vg.Point{{X: e.X - cap, Y: e.Y}, {X: e.X + cap, Y: e.Y}})
	}
}

// words writes the values: beside the ends of the bars, or inside the parts of
// a stack where they fit.
func (m Bars) words(p *pen) {
	if m.Values == nil {
		return
	}
	for _, b := range m.layout(p) {
		value := m.Series[b.series].Y[b.category]
		txt := m.Values(value)
		if m.Stacked && len(m.Series) > 1 {
			m.inside(p, b, txt)
			continue
		}
		style := p.look.style(tickSize, false, p.look.Soft)
		w, h := style.Width(txt), style.Height(txt)
		end := m.end(p, b)
		r := rectAt((b.rect.Min.X+b.rect.Max.X-w)/2, end.Max.Y+2*px, w, h)
		switch {
		case m.Horizontal && value < 0:
			r = rectAt(end.Min.X-5*px-w, (b.rect.Min.Y+b.rect.Max.Y-h)/2, w, h)
		case m.Horizontal:
			r = rectAt(end.Max.X+5*px, (b.rect.Min.Y+b.rect.Max.Y-h)/2, w, h)
		case value < 0:
			r.Min.Y, r.Max.Y = end.Min.Y-2*px-h, end.Min.Y-2*px
		}
		if p.room.clear(r) {
			p.box(p.look.Background, grow(r, -px))
			p.put(style, r, txt)
		}
	}
}

// end returns the bar together with its interval.
func (m Bars) end(p *pen, b bar) vg.Rectangle {
	r, s := b.rect, m.Series[b.series]
	if s.Low == nil || !finite(s.Low[b.category], s.High[b.category]) {
		return r
	}
	for _, v := range []float64{s.Low[b.category], s.High[b.category]} {
		if m.Horizontal {
			r.Min.X, r.Max.X = min(r.Min.X, p.x(v)), max(r.Max.X, p.x(v))
			continue
		}
		r.Min.Y, r.Max.Y = min(r.Min.Y, p.y(v)), max(r.Max.Y, p.y(v))
	}
	return r
}

func (m Bars) inside(p *pen, b bar, txt string) {
	fill := p.look.Resolve(m.color(b.series, b.category))
	style := p.look.style(tickSize, false, p.look.on(fill))
	w, h := style.Width(txt), style.Height(txt)
	s := b.rect.Size()
	if w+6*px > s.X || h > s.Y {
		return
	}
	p.put(style, rectAt(b.rect.Min.X+(s.X-w)/2, b.rect.Min.Y+(s.Y-h)/2, w, h), txt)
}

// keys returns the names of the series with their colours.
func (m Bars) keys() (out []key) {
	if len(m.Series) < 2 {
		return nil
	}
	for i, s := range m.Series {
		if s.Label != "" {
			out = append(out, key{text: s.Label, color: s.Color.or(Palette(i))})
		}
	}
	return out
}
