package chart

import (
	"errors"
	"image/color"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Dots are single measurements, with 95 % bars if Low and High are given. On a
// log axis a measurement of 0 is shown as an upper bound: its bar from High
// down, with an arrow head.
type Dots struct {
	Label     string // written beside the last dot
	X, Y      []float64
	Low, High []float64 // ends of the bars, optional
	Color     Color     // Auto: that of the line before, or the palette in order
	Size      float64   // diameter in px without the ring, 0 = 8
	Hollow    bool      // filled with the background
}

func (m Dots) check() error {
	if (m.Low == nil) != (m.High == nil) {
		return errors.New("Low and High are needed both or not at all")
	}
	if len(m.X) != len(m.Y) {
		return sameLength(len(m.X), "X and Y", append([]float64{}, m.Y...))
	}
	if err := sameLength(len(m.X), "X, Low and High", m.Low, m.High); err != nil {
		return err
	}
	return checkWidth(m.Size)
}

func (m Dots) extend(e *extent) {
	extendPoints(e, m.X, m.Y)
	if m.Low != nil {
		extendPoints(e, m.X, m.Low)
		extendPoints(e, m.X, m.High)
	}
	e.x.loose = true
}

func (m Dots) draw(p *pen) {
	color := p.look.Resolve(m.Color.or(Blue))
	if m.Low != nil {
		p.bars(draw.LineStyle{Color: color, Width: 1.4 * px}, m.X, m.Low, m.High)
	}
	r := vg.Length(orDefault(m.Size, 8)) * px / 2
	for i := range m.X {
		if p.logY && m.Y[i] <= 0 {
			if m.High != nil {
				p.upperBound(color, m.X[i], m.High[i])
			}
			continue
		}
		at, ok := p.at(m.X[i], m.Y[i])
		if !ok || !p.Contains(at) {
			continue
		}
		p.disk(p.look.Background, at, r+1.2*px)
		p.disk(color, at, r)
		if m.Hollow {
			p.disk(p.look.Background, at, r-1.5*px)
		}
		p.room.rect(grow(vg.Rectangle{Min: at, Max: at}, r+px))
	}
}

// bars draws the intervals, with a short cap where they end in the panel.
func (p *pen) bars(s draw.LineStyle, xs, low, high []float64) {
	const half = 3.5 * px
	for i := range xs {
		lo, ok1 := p.at(xs[i], low[i])
		hi, ok2 := p.at(xs[i], high[i])
		if !ok1 || !ok2 || !p.ContainsX(lo.X) {
			continue
		}
		p.stroke(s, []vg.Point{lo, hi})
		p.room.line(p.cut(lo, hi))
		for k, end := range []vg.Point{lo, hi} {
			atFloor := k == 0 && p.logY && low[i] <= p.plot.Y.Min
			if p.ContainsY(end.Y) && !atFloor {
				p.StrokeLine2(s, end.X-half, end.Y, end.X+half, end.Y)
			}
		}
	}
}

// cut returns a vertical line cut at the panel's edges.
func (p *pen) cut(a, b vg.Point) []vg.Point {
	c := func(y vg.Length) vg.Length { return min(max(y, p.Min.Y), p.Max.Y) }
	return []vg.Point{{X: a.X, Y: c(a.Y)}, {X: b.X, Y: c(b.Y)}}
}

// upperBound draws an arrow head on the axis below an interval.
func (p *pen) upperBound(color color.Color, x, high float64) {
	at, ok := p.at(x, high)
	if !ok || !p.ContainsX(at.X) {
		return
	}
	const w, h = 4.5 * px, 7 * px
	p.SetColor(color)
	var path vg.Path
	path.Move(vg.Point{X: at.X, Y: p.Min.Y})
	path.Line(vg.Point{X: at.X - w, Y: p.Min.Y + h})
	path.Line(vg.Point{X: at.X + w, Y: p.Min.Y + h})
	path.Close()
	p.Fill(path)
}

func (m Dots) endings(p *plot.Plot) []ending {
	return lastVisible(p, m.Label, m.Color.or(Blue), m.X, m.Y)
}
