package chart

import (
	"fmt"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// frame says what a panel shows of its axes and how much room it has.
type frame struct {
	width, height  vg.Length // of the data area, roughly; for the choice of ticks
	xTicks, yTicks bool
}

// drawnPanel is a panel made ready for drawing.
type drawnPanel struct {
	plot *plot.Plot
	body *body
}

// build makes the plot of a panel whose axes have explicit bounds.
func (l look) build(panel Panel, f frame) drawnPanel {
	p := plot.New()
	p.TextHandler = l.words
	p.Title.TextStyle.Handler = l.words
	p.Legend.TextStyle.Handler = l.words
	p.BackgroundColor = nil
	b := &body{panel: panel, look: l, width: f.width}
	b.panel.Marks = colored(panel.Marks)
	for _, m := range b.panel.Marks {
		if k, ok := m.(Bars); ok {
			b.keys = append(b.keys, k.keys()...)
			b.upright = b.upright || k.Horizontal
		}
	}
	l.xAxis(p, panel.X, f)
	l.yAxis(p, panel.Y, f)
	p.Add(b)
	p.X.Min, p.X.Max = panel.X.Min, panel.X.Max
	p.Y.Min, p.Y.Max = panel.Y.Min, panel.Y.Max
	if panel.Adjust != nil {
		panel.Adjust(p)
	}
	return drawnPanel{plot: p, body: b}
}

func (l look) xAxis(p *plot.Plot, a Axis, f frame) {
	tick := l.style(tickSize, false, l.Soft)
	tick.XAlign, tick.YAlign = draw.XCenter, draw.YTop
	tick.Handler = lowered{l.words, 2.5 * px}
	name := l.style(nameSize, false, l.Soft)
	name.XAlign, name.YAlign = draw.XCenter, draw.YBottom
	p.X.Scale = a.scale()
	p.X.Padding = 0
	p.X.LineStyle = draw.LineStyle{Color: l.Axis, Width: px}
	p.X.Label.TextStyle = name
	p.X.Label.Padding = 8 * px
	p.X.Tick.Label = tick
	p.X.Tick.LineStyle = draw.LineStyle{Color: l.Axis, Width: px}
	p.X.Tick.Length = 4 * px
	if len(a.Labels) > 0 {
		p.X.Tick.LineStyle.Color = l.Background
		a.Labels = wrapAll(tick, a.Labels, f.width/vg.Length(len(a.Labels))-6*px)
	}
	const air = 26 * px
	p.X.Tick.Marker = ticker{
		axis: a, length: f.width, air: air, minor: true, silent: !f.xTicks,
		need: func(s string) vg.Length { return tick.Width(s) + air + 5*px },
	}
	if f.xTicks {
		p.X.Label.Text = a.Name
	}
}

func (l look) yAxis(p *plot.Plot, a Axis, f frame) {
	tick := l.style(tickSize, false, l.Soft)
	tick.XAlign, tick.YAlign = draw.XRight, -0.70
	p.Y.Scale = a.scale()
	p.Y.Padding = 2 * px
	p.Y.LineStyle.Width = 0
	p.Y.Label.TextStyle = l.style(nameSize, false, l.Soft)
	p.Y.Tick.Label = tick
	p.Y.Tick.LineStyle.Width = 0
	p.Y.Tick.Length = 0
	const air = 12 * px
	p.Y.Tick.Marker = ticker{
		axis: a, length: f.height, air: air, wide: 18 * px, silent: !f.yTicks,
		need: func(s string) vg.Length { return tick.Height(s) + air },
	}
}

// key explains the colour of a series.
type key struct {
	text  string
	color Color
}

// body is the plotter that draws all of a panel but its axes.
type body struct {
	panel   Panel
	look    look
	keys    []key
	upright bool      // the grid lines are vertical
	indent  vg.Length // from the panel's name to its data area
	width   vg.Length // of the data area, roughly
}

var (
	_ plot.Plotter    = (*body)(nil)
	_ plot.GlyphBoxer = (*body)(nil)
)

// Plot draws the grid, the marks and then all words.
func (b *body) Plot(c draw.Canvas, p *plot.Plot) {
	pn := &pen{Canvas: c, look: b.look, plot: p, room: newRoom(c.Rectangle), logY: b.panel.Y.Log}
	pn.x, pn.y = p.Transforms(&c)
	if !b.panel.NoGrid {
		b.grid(pn)
	}
	for _, m := range b.panel.Marks {
		m.draw(pn)
	}
	b.heading(pn)
	for _, m := range b.panel.Marks {
		if w, ok := m.(worded); ok {
			w.words(pn)
		}
	}
	pn.labels(b.endings(p))
	for _, m := range b.panel.Marks {
		if n, ok := m.(noted); ok {
			n.note(pn)
		}
	}
}

// GlyphBoxes reserves the right margin for the labels of the curves, and room
// at the top for the panel's name.
func (b *body) GlyphBoxes(p *plot.Plot) (boxes []plot.GlyphBox) {
	if w := b.look.labelMargin(b.endings(p)); w > 0 {
		boxes = append(boxes, plot.GlyphBox{X: 1, Y: 0.5, Rectangle: rectAt(0, 0, w, px)})
	}
	for _, m := range b.panel.Marks {
		if c, ok := m.(Custom); ok {
			boxes = append(boxes, c.boxes(p)...)
		}
	}
	if h := b.headingHeight(p); h > 0 {
		boxes = append(boxes, plot.GlyphBox{X: 0.5, Y: 1, Rectangle: rectAt(0, 0, px, h)})
	}
	return boxes
}

func (b *body) endings(p *plot.Plot) (out []ending) {
	for _, m := range b.panel.Marks {
		if e, ok := m.(ended); ok {
			out = append(out, e.endings(p)...)
		}
	}
	widest := max(0.22*b.width, 70*px)
	for i, e := range out {
		out[i].text = wrap(b.look.label(e.color), e.text, widest)
	}
	return out
}

// grid draws a line at each labelled tick.
func (b *body) grid(p *pen) {
	s := draw.LineStyle{Color: b.look.Grid, Width: px}
	if b.upright {
		for _, t := range p.plot.X.Tick.Marker.Ticks(p.plot.X.Min, p.plot.X.Max) {
			if x := p.x(t.Value); !t.IsMinor() && p.ContainsX(x) {
				p.StrokeLine2(s, snap(x), p.Min.Y, snap(x), p.Max.Y)
			}
		}
		return
	}
	for _, t := range p.plot.Y.Tick.Marker.Ticks(p.plot.Y.Min, p.plot.Y.Max) {
		if y := p.y(t.Value); !t.IsMinor() && p.ContainsY(y) {
			p.StrokeLine2(s, p.Min.X, snap(y), p.Max.X, snap(y))
		}
	}
}

// snap moves a coordinate onto the raster of the PNG, which keeps thin lines
// sharp.
func snap(v vg.Length) vg.Length {
	const dot = px / 2
	return vg.Length(int(v/dot+0.5)) * dot
}

// bounded returns the panel with the bounds of its axes filled in.
func (p Panel) bounded(e extent) (Panel, error) {
	var err error
	if p.X.Min, p.X.Max, err = p.X.limits(e.x, false); err != nil {
		return p, fmt.Errorf("x axis: %w", err)
	}
	if p.Y.Min, p.Y.Max, err = p.Y.limits(e.y, true); err != nil {
		return p, fmt.Errorf("y axis: %w", err)
	}
	return p, nil
}

// extent returns the range of the data of the panel.
func (p Panel) extent() extent {
	e := extent{x: newSpan(p.X.Log), y: newSpan(p.Y.Log)}
	for _, m := range p.Marks {
		m.extend(&e)
	}
	return e
}

func wrapAll(s text.Style, texts []string, width vg.Length) []string {
	out := make([]string, len(texts))
	for i, t := range texts {
		out[i] = wrap(s, t, width)
	}
	return out
}
