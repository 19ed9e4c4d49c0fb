package chart

// paletteSize is the number of colours for series.
const paletteSize = 6

// Palette returns the i-th colour of the palette for series; it starts again
// after the last one.
func Palette(i int) Color {
	series := [paletteSize]Color{Blue, Vermillion, Green, Purple, Orange, Sky}
	return series[((i%paletteSize)+paletteSize)%paletteSize]
}

// dealer hands out colours to the marks of a panel.
type dealer struct {
	next  int   // in the palette
	last  Color // of the line before
	lines bool  // the panel has lines
}

// colored gives each mark that leaves its colour open one: lines the palette
// in order (dashed from the second round on), dots, bands and areas that of
// the line before them.
func colored(marks []Mark) []Mark {
	d := &dealer{last: Blue}
	for _, m := range marks {
		_, line := m.(Line)
		d.lines = d.lines || line
	}
	out := make([]Mark, len(marks))
	for i, m := range marks {
		out[i] = d.deal(m)
	}
	return out
}

func (d *dealer) deal(m Mark) Mark {
	switch m := m.(type) {
	case Line:
		return d.line(m)
	case Dots:
		if m.Color == Auto && !d.lines {
			m.Color = Palette(d.next)
			d.next++
		}
		m.Color = m.Color.or(d.last)
		return m
	case Band:
		m.Color = m.Color.or(d.last)
		return m
	case Area:
		m.Color = m.Color.or(d.last)
		return m
	}
	return m
}

func (d *dealer) line(m Line) Line {
	if m.Color == Auto {
		m.Color = Palette(d.next)
		if d.next >= paletteSize && m.Dash == Solid {
			m.Dash = Dashed
		}
		d.next++
	}
	d.last = m.Color
	return m
}
