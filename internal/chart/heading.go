package chart

import (
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
)

const (
	headingGap = 11 * px // between the panel and its name
	swatch     = 10 * px // the coloured square before the name of a series
	keyGap     = 16 * px // between the names of series
)

func (b *body) name() string {
	if b.panel.Name != "" {
		return b.panel.Name
	}
	return b.panel.Y.Name
}

// headingHeight returns the room above the panel for its name and the names
// of the series.
func (b *body) headingHeight(p *plot.Plot) vg.Length {
	style := b.look.style(nameSize, false, b.look.Soft)
	if b.name() == "" && len(b.keys) == 0 {
		return 0
	}
	rows := 1
	if b.keysBelow(style, b.width+b.room(p)) {
		rows = 2
	}
	return headingGap + vg.Length(rows)*style.Height("X")
}

// room returns the distance from the panel's name to its data area.
func (b *body) room(p *plot.Plot) vg.Length {
	if b.indent > 0 {
		return b.indent
	}
	w := vg.Length(0)
	for _, t := range p.Y.Tick.Marker.Ticks(p.Y.Min, p.Y.Max) {
		w = max(w, p.Y.Tick.Label.Width(t.Label))
	}
	return w + p.Y.Label.TextStyle.Width(" ") + p.Y.Padding
}

// keysBelow tells whether the names of the series need a line of their own.
func (b *body) keysBelow(s text.Style, width vg.Length) bool {
	if b.name() == "" || len(b.keys) == 0 {
		return false
	}
	return s.Width(b.name())+keyGap+b.keysWidth(s) > width
}

func (b *body) keysWidth(s text.Style) (w vg.Length) {
	for _, k := range b.keys {
		w += swatch + 5*px + s.Width(k.text) + keyGap
	}
	return w
}

// heading writes the panel's name, flush with the tick labels, and the names
// of the series.
func (b *body) heading(p *pen) {
	style := b.look.style(nameSize, false, b.look.Soft)
	h := style.Height("X")
	indent := b.room(p.plot)
	x, y := p.Min.X-indent, p.Max.Y+headingGap
	below := b.keysBelow(style, b.width+indent)
	if below {
		y += h
	}
	p.FillText(style, vg.Point{X: x, Y: y}, b.name())
	switch {
	case below:
		y -= h
	case b.name() != "":
		x += style.Width(b.name()) + 1.5*keyGap
	}
	for _, k := range b.keys {
		bold := b.look.style(nameSize, true, b.look.text(k.color))
		p.SetColor(b.look.Resolve(k.color))
		p.Fill(rectAt(x, y+1.5*px, swatch, swatch).Path())
		x += swatch + 5*px
		p.FillText(bold, vg.Point{X: x, Y: y}, k.text)
		x += bold.Width(k.text) + keyGap
	}
}

// wrap breaks a text at spaces so that no line is wider than width, where
// there are spaces.
func wrap(s text.Style, txt string, width vg.Length) string {
	var lines []string
	for line := range strings.SplitSeq(txt, "\n") {
		words := strings.Split(line, " ")
		current := words[0]
		for _, w := range words[1:] {
			if s.Width(current+" "+w) > width {
				lines = append(lines, strings.TrimRight(current, " "))
				current = w
				continue
			}
			current += " " + w
		}
		lines = append(lines, current)
	}
	return strings.Join(lines, "\n")
}
