package chart

import (
	"image"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

const (
	barGap   = 28 * px // between the panel and the bar
	barWidth = 14 * px
)

// colorBar returns the colour bar with everything filled in.
func (f Figure) colorBar() ColorBar {
	b := *f.Bar
	var m *HeatMap
	for _, p := range f.Panels {
		for _, k := range p.Marks {
			if h, ok := k.(HeatMap); ok && m == nil {
				m = &h
			}
		}
	}
	if m == nil {
		return b
	}
	if b.Min == 0 && b.Max == 0 {
		b.Min, b.Max = m.limits()
		b.Log = m.LogZ
	}
	if b.Ramp == 0 {
		b.Ramp = m.Ramp
	}
	return b
}

// drawnBar is a colour bar made ready for drawing.
type drawnBar struct {
	look  look
	bar   ColorBar
	axis  Axis
	style text.Style
	width vg.Length // with the gap before it
	area  vg.Rectangle
}

func (l look) newBar(b ColorBar) *drawnBar {
	d := &drawnBar{look: l, bar: b, style: l.style(tickSize, false, l.Soft)}
	d.axis = Axis{Log: b.Log, Format: b.Format, Ticks: b.Ticks, Min: b.Min, Max: b.Max}
	w := d.style.Width(b.Name)
	for _, t := range d.ticks(300 * px) {
		w = max(w, barWidth+9*px+d.style.Width(t.Label))
	}
	d.width = barGap + w
	return d
}

func (d *drawnBar) ticks(length vg.Length) []plot.Tick {
	const air = 16 * px
	return ticker{
		axis: d.axis, length: length, air: air,
		need: func(s string) vg.Length { return d.style.Height(s) + air },
	}.Ticks(d.axis.Min, d.axis.Max)
}

// place sets the area right of the panels in which the bar stands.
func (d *drawnBar) place(area vg.Rectangle) {
	area.Min.X += barGap
	area.Max.X = area.Min.X + barWidth
	d.area = area
}

func (d *drawnBar) draw(c draw.Canvas) {
	const n = 255
	img := image.NewPaletted(image.Rect(0, 0, 1, n), d.look.palette(d.bar.Ramp))
	for i := range n {
		img.SetColorIndex(0, i, uint8(n-i))
	}
	c.DrawImage(d.area, stretch(img, pixels(d.area)))
	name := d.look.style(nameSize, false, d.look.Soft)
	c.FillText(name, vg.Point{X: d.area.Min.X, Y: d.area.Max.Y + headingGap}, d.bar.Name)
	line := draw.LineStyle{Color: d.look.Axis, Width: px}
	style := d.style
	style.YAlign = draw.YCenter
	scale := d.axis.scale()
	for _, t := range d.ticks(d.area.Size().Y) {
		y := d.area.Min.Y + d.area.Size().Y*vg.Length(scale.Normalize(d.axis.Min, d.axis.Max, t.Value))
		x := d.area.Max.X
		c.StrokeLine2(line, x, snap(y), x+4*px, snap(y))
		c.FillText(style, vg.Point{X: x + 8*px, Y: y}, t.Label)
	}
}
