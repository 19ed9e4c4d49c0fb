package chart

import (
	"errors"
	"math"

	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Note explains a point in words. It stands near the point where it covers
// nothing drawn and no other words, tied to it by a thin leader if it has to
// stand apart; when there is no such place it is left out.
type Note struct {
	X, Y  float64
	Text  string
	Color Color // Auto: Ink
	Dot   bool  // a small dot at the point itself
	Soft  bool  // may cover part of a line, never other words
}

func (m Note) check() error {
	if !finite(m.X, m.Y) {
		return errors.New("X or Y is not finite")
	}
	if m.Text == "" {
		return errors.New("no text")
	}
	return nil
}

func (m Note) extend(e *extent) {
	e.x.add(m.X)
	e.y.add(m.Y)
}

func (m Note) draw(p *pen) {
	at, ok := p.at(m.X, m.Y)
	if ok && m.Dot && p.Contains(at) {
		p.disk(p.look.Resolve(m.Color), at, 3*px)
	}
}

func (m Note) note(p *pen) {
	at, ok := p.at(m.X, m.Y)
	if !ok || !p.Contains(at) {
		return
	}
	style := p.look.style(noteSize, false, p.look.text(m.Color.or(Ink)))
	w, h := style.Width(m.Text), style.Height(m.Text)
	var places []vg.Rectangle
	for _, gap := range []vg.Length{9 * px, 16 * px, 28 * px} {
		places = append(places, around(at, w, h, gap)...)
	}
	grown := make([]vg.Rectangle, len(places))
	for i, r := range places {
		grown[i] = grow(r, 2*px)
	}
	share := 0.12
	if m.Soft {
		share = 0.5
	}
	i := p.room.best(grown, share)
	if i < 0 {
		return
	}
	r := places[i]
	if r.Max.X < at.X {
		style.XAlign = draw.XRight
	} else if r.Min.X < at.X {
		style.XAlign = draw.XCenter
	}
	p.put(style, r, m.Text)
	p.leader(at, r, draw.LineStyle{Color: p.look.text(m.Color.or(Ink)), Width: px})
}

// leader ties a text to its point, unless they are close.
func (p *pen) leader(at vg.Point, r vg.Rectangle, s draw.LineStyle) {
	to := vg.Point{X: min(max(at.X, r.Min.X), r.Max.X), Y: min(max(at.Y, r.Min.Y), r.Max.Y)}
	if to.X != at.X && to.Y != at.Y {
		to.Y = min(max(at.Y, r.Min.Y+0.3*(r.Max.Y-r.Min.Y)), r.Max.Y-0.3*(r.Max.Y-r.Min.Y))
	}
	d := to.Sub(at)
	length := vg.Length(hypot(d))
	if length < 12*px {
		return
	}
	unit := vg.Point{X: d.X / length, Y: d.Y / length}
	from := at.Add(unit.Scale(5 * px))
	to = to.Sub(unit.Scale(2.5 * px))
	p.StrokeLine2(s, from.X, from.Y, to.X, to.Y)
	p.room.line([]vg.Point{from, to})
}

// Text writes words centred at a point of the panel, such as the name of a
// region: bold, with softer words below.
type Text struct {
	X, Y   float64
	Text   string
	Detail string
	Color  Color   // Auto: Ink
	Size   float64 // px of the bold words, 0 = 14
}

func (m Text) check() error {
	if !finite(m.X, m.Y) {
		return errors.New("X or Y is not finite")
	}
	return checkWidth(m.Size)
}

// extend does nothing: words do not stretch the axis.
func (m Text) extend(*extent) {}

func (m Text) draw(*pen) {}

func (m Text) words(p *pen) {
	if at, ok := p.at(m.X, m.Y); ok {
		p.centred(at, m)
	}
}

// region returns the size of the words of a region.
func (p *pen) region(m Text) (w, h vg.Length) {
	bold, soft := p.regionStyles(m)
	w, h = bold.Width(m.Text), bold.Height(m.Text)
	if m.Detail != "" {
		w, h = max(w, soft.Width(m.Detail)), h+5*px+soft.Height(m.Detail)
	}
	return w, h
}

func (p *pen) regionStyles(m Text) (bold, soft text.Style) {
	bold = p.look.style(orDefault(m.Size, 14), true, p.look.text(m.Color.or(Ink)))
	soft = p.look.style(noteSize, false, p.look.Soft)
	bold.XAlign, soft.XAlign = draw.XCenter, draw.XCenter
	return bold, soft
}

// centred writes the words of a region around a point.
func (p *pen) centred(at vg.Point, m Text) {
	bold, soft := p.regionStyles(m)
	w, h := p.region(m)
	r := rectAt(at.X-w/2, at.Y-h/2, w, h)
	if !p.room.within(r) {
		return
	}
	top := r
	top.Min.Y = r.Max.Y - bold.Height(m.Text)
	p.put(bold, top, m.Text)
	if m.Detail != "" {
		below := r
		below.Max.Y = r.Min.Y + soft.Height(m.Detail)
		p.put(soft, below, m.Detail)
	}
}

func hypot(p vg.Point) float64 { return math.Hypot(float64(p.X), float64(p.Y)) }
