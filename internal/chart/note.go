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
	Bold  bool
	Bare  bool // without a leader
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
	color := p.look.text(m.Color.or(Ink))
	style := p.look.style(noteSize, m.Bold, color)
	places := m.places(p, at, style)
	share := 0.12
	if m.Soft {
		share = 0.5
	}
	grown := make([]vg.Rectangle, len(places))
	for i, r := range places {
		grown[i] = grow(r, 2*px)
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
	if from, to, ok := leader(at, r); ok && !m.Bare {
		p.StrokeLine2(draw.LineStyle{Color: color, Width: px}, from.X, from.Y, to.X, to.Y)
		p.room.line([]vg.Point{from, to})
	}
}

// places returns where the note may stand, the best first: above the point or
// beside it, with a leader that crosses no words and few lines.
func (m Note) places(p *pen, at vg.Point, s text.Style) (out []vg.Rectangle) {
	w, h := s.Width(m.Text), s.Height(m.Text)
	for _, d := range []vg.Length{9 * px, 20 * px, 34 * px, 52 * px, 75 * px} {
		for _, r := range []vg.Rectangle{
			rectAt(at.X-w/2, at.Y+d, w, h),
			rectAt(at.X+d*0.7, at.Y+d*0.5, w, h),
			rectAt(at.X-w-d*0.7, at.Y+d*0.5, w, h),
			rectAt(at.X+d, at.Y-h/2, w, h),
			rectAt(at.X-w-d, at.Y-h/2, w, h),
			rectAt(at.X+d*0.7, at.Y-d*0.5-h, w, h),
			rectAt(at.X-w-d*0.7, at.Y-d*0.5-h, w, h),
			rectAt(at.X-w/2, at.Y-d-h, w, h),
			rectAt(at.X-w*0.85, at.Y+d, w, h),
			rectAt(at.X-w*0.15, at.Y+d, w, h),
			rectAt(at.X-w*0.85, at.Y-d-h, w, h),
			rectAt(at.X-w*0.15, at.Y-d-h, w, h),
		} {
			from, to, ok := leader(at, r)
			if !ok || m.Bare || p.room.free(from, to) {
				out = append(out, r)
			}
		}
	}
	return out
}

// leader returns the thin line that ties a text to its point; there is none if
// they are close.
func leader(at vg.Point, r vg.Rectangle) (from, to vg.Point, ok bool) {
	to = vg.Point{X: min(max(at.X, r.Min.X), r.Max.X), Y: min(max(at.Y, r.Min.Y), r.Max.Y)}
	if to.X != at.X && to.Y != at.Y {
		h := r.Max.Y - r.Min.Y
		to.Y = min(max(at.Y, r.Min.Y+0.3*h), r.Max.Y-0.3*h)
	}
	d := to.Sub(at)
	length := vg.Length(hypot(d))
	if length < 19*px {
		return from, to, false
	}
	unit := d.Scale(1 / length)
	return at.Add(unit.Scale(5.5 * px)), to.Sub(unit.Scale(2.5 * px)), true
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
