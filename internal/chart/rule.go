package chart

import (
	"errors"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// HLine is a horizontal line across the panel, with words above or below it.
type HLine struct {
	At    float64
	Text  string
	Color Color   // Auto: Gray, with soft words
	Dash  Dash    // Solid, Dashed or Dotted
	Width float64 // px, 0 = 1.1
}

func (m HLine) check() error {
	if !finite(m.At) {
		return errors.New("At is not finite")
	}
	return checkWidth(m.Width)
}

func (m HLine) extend(e *extent) { e.y.add(m.At) }

func (m HLine) draw(p *pen) {
	y := p.y(m.At)
	p.rule(m.Color, m.Dash, m.Width, vg.Point{X: p.Min.X, Y: y}, vg.Point{X: p.Max.X, Y: y})
}

func (p *pen) rule(c Color, d Dash, width float64, a, b vg.Point) {
	if !p.Contains(a) || !p.Contains(b) {
		return
	}
	style := draw.LineStyle{
		Color:  p.look.Resolve(c.or(Gray)),
		Width:  vg.Length(orDefault(width, 1.1)) * px,
		Dashes: d.pattern(),
	}
	p.StrokeLine2(style, a.X, a.Y, b.X, b.Y)
	p.room.line([]vg.Point{a, b})
}

func (m HLine) words(p *pen) {
	y := p.y(m.At)
	if m.Text == "" || !p.ContainsY(y) {
		return
	}
	style := p.look.style(noteSize, m.Color != Auto, p.look.text(m.Color.or(Soft)))
	w, h := style.Width(m.Text), style.Height(m.Text)
	var places []vg.Rectangle
	for _, y := range []vg.Length{y + 3*px, y - h - 3*px} {
		for _, x := range []vg.Length{p.Min.X + 6*px, p.Max.X - w - 6*px, (p.Min.X + p.Max.X - w) / 2} {
			places = append(places, rectAt(x, y, w, h))
		}
	}
	p.putBest(style, places, m.Text)
}

// VLine is a vertical line across the panel, with words beside it at the top.
type VLine struct {
	At    float64
	Text  string
	Color Color   // Auto: Gray, with soft words
	Dash  Dash    // Solid, Dashed or Dotted
	Width float64 // px, 0 = 1.1
}

func (m VLine) check() error {
	if !finite(m.At) {
		return errors.New("At is not finite")
	}
	return checkWidth(m.Width)
}

func (m VLine) extend(e *extent) { e.x.add(m.At) }

func (m VLine) draw(p *pen) {
	x := p.x(m.At)
	p.rule(m.Color, m.Dash, m.Width, vg.Point{X: x, Y: p.Min.Y}, vg.Point{X: x, Y: p.Max.Y})
}

func (m VLine) words(p *pen) {
	x := p.x(m.At)
	if m.Text == "" || !p.ContainsX(x) {
		return
	}
	style := p.look.style(noteSize, m.Color != Auto, p.look.text(m.Color.or(Soft)))
	w, h := style.Width(m.Text), style.Height(m.Text)
	right, left := x+7*px, x-w-7*px
	var places []vg.Rectangle
	for y := p.Max.Y - h - 4*px; y > p.Min.Y; y -= h {
		places = append(places, rectAt(right, y, w, h), rectAt(left, y, w, h))
	}
	i := p.room.best(places, 1)
	if i < 0 {
		return
	}
	if places[i].Min.X == left {
		style.XAlign = draw.XRight
	}
	p.put(style, places[i], m.Text)
}
