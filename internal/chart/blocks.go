package chart

import (
	"errors"
	"fmt"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Blocks are bars of different widths, such as rounds of a protocol (width:
// duration, height: data sent) or the lanes of a schedule.
type Blocks struct {
	Items []Block
	Color Color // of the blocks that name none; Auto: Blue
}

// Block is a rectangle from (X0, Y0) to (X1, Y).
type Block struct {
	X0, X1 float64
	Y0, Y  float64 // Y0 = 0: stands on the axis, also on a log axis
	Color  Color
	Label  string // small, above the block; left out where it has no room
	Text   string // bold inside the block; left out if it is too wide
}

func (m Blocks) check() error {
	if len(m.Items) == 0 {
		return errors.New("no blocks")
	}
	for i, b := range m.Items {
		if !finite(b.X0, b.X1, b.Y0, b.Y) || b.X1 < b.X0 {
			return fmt.Errorf("block %d: want finite edges with X0 <= X1", i+1)
		}
	}
	return nil
}

func (m Blocks) extend(e *extent) {
	for _, b := range m.Items {
		e.x.add(b.X0, b.X1)
		e.y.add(b.Y0, b.Y)
		e.y.base = e.y.base || b.Y0 == 0
	}
}

func (m Blocks) rect(p *pen, b Block) vg.Rectangle {
	from := b.Y0
	if from == 0 {
		from = p.floor()
	}
	return ordered(vg.Rectangle{
		Min: vg.Point{X: p.x(b.X0), Y: p.y(from)},
		Max: vg.Point{X: p.x(b.X1), Y: p.y(b.Y)},
	})
}

func (m Blocks) color(b Block) Color { return b.Color.or(m.Color.or(Blue)) }

func (m Blocks) draw(p *pen) {
	const slit = 0.75 * px
	for _, b := range m.Items {
		r := m.rect(p, b)
		if w := r.Size().X; w > 4*slit {
			r.Min.X, r.Max.X = r.Min.X+slit, r.Max.X-slit
		} else if w < px {
			r.Max.X = r.Min.X + px
		}
		if drawn, ok := p.box(p.look.Resolve(m.color(b)), r); ok {
			p.room.rect(drawn)
		}
	}
}

func (m Blocks) words(p *pen) {
	small := p.look.style(tickSize, false, p.look.Soft)
	for _, b := range m.Items {
		r := m.rect(p, b)
		mid := (r.Min.X + r.Max.X) / 2
		m.inside(p, b, r)
		if b.Label == "" {
			continue
		}
		w, h := small.Width(b.Label), small.Height(b.Label)
		place := rectAt(mid-w/2, r.Max.Y+2*px, w, h)
		if p.room.clear(grow(place, px)) && p.ContainsX(mid) && p.room.crossed(grow(place, -2*px)) == 0 {
			p.put(small, place, b.Label)
		}
	}
}

func (m Blocks) inside(p *pen, b Block, r vg.Rectangle) {
	if b.Text == "" {
		return
	}
	bold := p.look.style(labelSize, true, p.look.on(p.look.Resolve(m.color(b))))
	bold.XAlign = draw.XCenter
	w, h := bold.Width(b.Text), bold.Height(b.Text)
	if s := r.Size(); w+8*px > s.X || h > s.Y {
		return
	}
	p.put(bold, rectAt((r.Min.X+r.Max.X-w)/2, (r.Min.Y+r.Max.Y-h)/2, w, h), b.Text)
}
