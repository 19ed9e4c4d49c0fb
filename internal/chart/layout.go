package chart

import (
	"fmt"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

const (
	pageMargin = 20 * px // around the figure
	rowGap     = 16 * px // between the rows of panels
	columnGap  = 30 * px // between the columns of panels
)

// page is a figure whose places are all known.
type page struct {
	figure Figure
	look   look
	w, h   vg.Length
	title  block
	panels []drawnPanel
	data   []vg.Rectangle // the data areas of the panels
	bar    *drawnBar
	foot   block
}

// compose finds the place of everything in the figure.
func (f Figure) compose(t Theme) (*page, error) {
	if err := f.check(); err != nil {
		return nil, err
	}
	f, err := f.bounded()
	if err != nil {
		return nil, err
	}
	w, h := f.size()
	pg := &page{figure: f, look: look{t, newWords()}, w: vg.Length(w) * px, h: vg.Length(h) * px}
	pg.title = pg.look.titleBlock(f.Title, f.Subtitle, pg.w-2*pageMargin)
	pg.foot = pg.look.footBlock(f.Caption, pg.w-2*pageMargin)
	area := vg.Rectangle{
		Min: vg.Point{X: pageMargin, Y: pg.foot.height},
		Max: vg.Point{X: pg.w - pageMargin, Y: pg.h - pg.title.height},
	}
	if f.Bar != nil {
		pg.bar = pg.look.newBar(f.colorBar())
		area.Max.X -= pg.bar.width
	}
	if err := pg.place(area); err != nil {
		return nil, err
	}
	if pg.bar != nil {
		last := pg.data[len(pg.data)-1]
		pg.bar.place(vg.Rectangle{
			Min: vg.Point{X: area.Max.X, Y: last.Min.Y},
			Max: vg.Point{X: pg.w - pageMargin, Y: pg.data[0].Max.Y},
		})
	}
	return pg, nil
}

// bounded returns the figure with explicit bounds on all axes.
func (f Figure) bounded() (Figure, error) {
	extents := make([]extent, len(f.Panels))
	panels := make([]Panel, len(f.Panels))
	for i, p := range f.Panels {
		panels[i] = p.oriented()
		extents[i] = p.extent()
	}
	for i := range extents {
		for j := range extents {
			if f.ShareX {
				extents[i].x.join(extents[j].x)
			}
			if f.ShareY {
				extents[i].y.join(extents[j].y)
			}
		}
	}
	for i, p := range panels {
		if f.ShareX {
			p.X = shared(p.X, panels, func(p Panel) Axis { return p.X })
		}
		if f.ShareY {
			p.Y = shared(p.Y, panels, func(p Panel) Axis { return p.Y })
		}
		var err error
		if panels[i], err = p.bounded(extents[i]); err != nil {
			return f, fmt.Errorf("chart: invalid figure %q: panel %d (%s): %w", f.Title, i+1, p.Name, err)
		}
	}
	f.Panels = panels
	return f, nil
}

// oriented turns the y axis of horizontal bars round, so that the first
// category is on top.
func (p Panel) oriented() Panel {
	for _, m := range p.Marks {
		if b, ok := m.(Bars); ok && b.Horizontal {
			p.Y.Reverse = true
		}
	}
	return p
}

// shared fills what an axis leaves open from the first panel that says it.
func shared(a Axis, panels []Panel, of func(Panel) Axis) Axis {
	for _, p := range panels {
		o := of(p)
		if a.Min == 0 && a.Max == 0 {
			a.Min, a.Max = o.Min, o.Max
		}
		if a.Format == nil {
			a.Format = o.Format
		}
		if a.Name == "" {
			a.Name = o.Name
		}
		if len(a.Ticks) == 0 {
			a.Ticks = o.Ticks
		}
		if len(a.Labels) == 0 {
			a.Labels = o.Labels
		}
		a.Log = a.Log || o.Log
	}
	return a
}

// margins are what surrounds a data area.
type margins struct{ left, right, bottom, top vg.Length }

// measure returns the margins of a plot on a canvas of the given size.
func measure(p *plot.Plot, w, h vg.Length) margins {
	c := draw.Canvas{Rectangle: rectAt(0, 0, w, h)}
	d := p.DataCanvas(c)
	return margins{left: d.Min.X, right: w - d.Max.X, bottom: d.Min.Y, top: h - d.Max.Y}
}

// place divides the area among the panels: first roughly, then with the ticks
// that suit the room.
func (pg *page) place(area vg.Rectangle) error {
	f := pg.figure
	cols, rows := vg.Length(f.columns()), vg.Length(f.rows())
	cell := vg.Point{
		X: (area.Size().X - (cols-1)*columnGap) / cols,
		Y: (area.Size().Y - (rows-1)*rowGap) / rows,
	}
	guess := make([]vg.Point, len(f.Panels))
	for i := range guess {
		guess[i] = vg.Point{X: cell.X - 60*px, Y: cell.Y - 50*px}
	}
	for range 2 {
		pg.panels = pg.panels[:0]
		for i, p := range f.Panels {
			pg.panels = append(pg.panels, pg.look.build(p, frame{
				width: guess[i].X, height: guess[i].Y,
				xTicks: !f.ShareX || i+f.columns() >= len(f.Panels),
				yTicks: !f.ShareY || i%f.columns() == 0,
			}))
		}
		pg.data = pg.divide(area, cell)
		for i, r := range pg.data {
			guess[i] = r.Size()
		}
	}
	for i, r := range pg.data {
		if s := r.Size(); s.X < 40*px || s.Y < 20*px {
			return fmt.Errorf("chart: figure %q is too small: panel %d has %.0f x %.0f px left, want 40 x 20",
				f.Title, i+1, s.X/px, s.Y/px)
		}
	}
	return nil
}

// divide returns the data areas of the panels: aligned left and right in each
// column, at the top and the bottom in each row.
func (pg *page) divide(area vg.Rectangle, cell vg.Point) []vg.Rectangle {
	f := pg.figure
	cols, rows := f.columns(), f.rows()
	side := make([]margins, cols)
	over, weight := make([]margins, rows), make([]float64, rows)
	for i, d := range pg.panels {
		m := measure(d.plot, cell.X, max(cell.Y, 200*px))
		row, col := i/cols, i%cols
		side[col].left = max(side[col].left, m.left)
		side[col].right = max(side[col].right, m.right, 2*px)
		over[row].top = max(over[row].top, m.top)
		over[row].bottom = max(over[row].bottom, m.bottom)
		weight[row] = max(weight[row], orDefault(f.Panels[i].Weight, 1))
	}
	free, width, total := area.Size().Y-vg.Length(rows-1)*rowGap, area.Size().X-vg.Length(cols-1)*columnGap, 0.0
	for r := range rows {
		free -= over[r].top + over[r].bottom
		total += weight[r]
	}
	for _, s := range side {
		width -= s.left + s.right
	}
	width /= vg.Length(cols)
	data := make([]vg.Rectangle, len(pg.panels))
	y := area.Max.Y
	for r := range rows {
		height := free * vg.Length(weight[r]/total)
		y -= over[r].top
		x := area.Min.X
		for c := 0; c < cols && r*cols+c < len(data); c++ {
			x += side[c].left
			data[r*cols+c] = rectAt(snap(x), snap(y-height), snap(width), snap(height))
			pg.panels[r*cols+c].body.indent = snap(x) - x + side[c].left
			x += width + side[c].right + columnGap
		}
		y -= height + over[r].bottom + rowGap
	}
	return data
}

// background fills the page, on canvases that do not start with it.
func (pg *page) background(c vg.Canvas) {
	c.SetColor(pg.look.Background)
	c.Fill(rectAt(0, 0, pg.w, pg.h).Path())
}

// draw draws the page.
func (pg *page) draw(c vg.Canvas) {
	dc := draw.NewCanvas(c, pg.w, pg.h)
	pg.title.draw(dc, vg.Point{X: pageMargin, Y: pg.h})
	pg.foot.draw(dc, vg.Point{X: pageMargin, Y: pg.foot.height})
	for i, d := range pg.panels {
		dc.Rectangle = outer(d.plot, pg.data[i])
		d.plot.Draw(dc)
	}
	if pg.bar != nil {
		dc.Rectangle = rectAt(0, 0, pg.w, pg.h)
		pg.bar.draw(dc)
	}
}

// outer returns the canvas on which the plot has the given data area.
func outer(p *plot.Plot, data vg.Rectangle) vg.Rectangle {
	s := data.Size()
	m := measure(p, s.X+100*px, s.Y+100*px)
	r := vg.Rectangle{
		Min: vg.Point{X: data.Min.X - m.left, Y: data.Min.Y - m.bottom},
		Max: vg.Point{X: data.Max.X + m.right, Y: data.Max.Y + m.top},
	}
	for range 4 {
		got := p.DataCanvas(draw.Canvas{Rectangle: r}).Rectangle
		r.Min = r.Min.Add(data.Min).Sub(got.Min)
		r.Max = r.Max.Add(data.Max).Sub(got.Max)
	}
	return r
}
