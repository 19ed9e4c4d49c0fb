package chart

import (
	"strings"

	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// block is a stack of texts on the left of the page.
type block struct {
	lines  []blockLine
	height vg.Length // of the block with its margins
}

type blockLine struct {
	text  string
	style text.Style
	y     vg.Length // of the lower edge, below the top of the block
}

func (b block) draw(c draw.Canvas, top vg.Point) {
	for _, l := range b.lines {
		c.FillText(l.style, vg.Point{X: top.X, Y: top.Y - l.y}, l.text)
	}
}

// add puts a text below what is there.
func (b *block) add(s text.Style, txt string, before, after vg.Length) {
	b.height += before + s.Height(txt)
	b.lines = append(b.lines, blockLine{text: txt, style: s, y: b.height})
	b.height += after
}

// titleBlock sets the title and the subtitle above each other. Long ones wrap
// to two lines, then shrink, then wrap further: nothing is cut off.
func (l look) titleBlock(title, subtitle string, width vg.Length) block {
	b := block{height: 17 * px}
	if title != "" {
		style, txt := l.fit(title, titleSize, 14, true, width)
		style.Color = l.Ink
		b.add(style, txt, 0, 3*px)
	}
	if subtitle != "" {
		style, txt := l.fit(subtitle, subtitleSize, 11, false, width)
		style.Color = l.Soft
		b.add(style, txt, 2*px, 0)
	}
	b.height += 12 * px
	return b
}

// footBlock sets the caption.
func (l look) footBlock(caption string, width vg.Length) block {
	b := block{height: 14 * px}
	if caption != "" {
		style, txt := l.fit(caption, captionSize, 9, false, width)
		style.Color = l.Faint
		b.add(style, txt, 0, 14*px)
	}
	return b
}

// fit returns the largest size at which the text takes at most two lines, and
// the text with its line breaks.
func (l look) fit(txt string, size, least float64, bold bool, width vg.Length) (text.Style, string) {
	for ; ; size -= 0.5 {
		style := l.style(size, bold, l.Ink)
		wrapped := wrap(style, txt, width)
		if (strings.Count(wrapped, "\n") <= 1 && style.Width(wrapped) <= width) || size-0.5 < least {
			return style, balance(style, txt, wrapped, width)
		}
	}
}

// balance narrows the lines as long as their number stays the same, so that no
// single word is left on the last one.
func balance(s text.Style, txt, wrapped string, width vg.Length) string {
	n := strings.Count(wrapped, "\n")
	if n == 0 || n != strings.Count(txt, "\n")+1 {
		return wrapped
	}
	for w := width; w > width*0.7; w -= width * 0.05 {
		next := wrap(s, txt, w)
		if strings.Count(next, "\n") != n {
			break
		}
		wrapped = next
	}
	return wrapped
}
