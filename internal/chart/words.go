package chart

import (
	"image/color"
	"strings"

	stdfont "golang.org/x/image/font"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/font/liberation"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
)

// px is one pixel of the figure at its natural size: 1/96 inch.
const px vg.Length = 0.75

// words is the text handler of all charts: Liberation Sans, lines set close,
// ^{raised} and _{lowered} parts.
type words struct {
	fonts *font.Cache
}

var _ text.Handler = words{}

func newWords() words {
	return words{fonts: font.NewCache(liberation.Collection())}
}

// style returns a text style; the size is in px.
func (w words) style(size float64, bold bool, c color.Color) text.Style {
	f := font.Font{Typeface: "Liberation", Variant: "Sans", Size: vg.Length(size) * px}
	if bold {
		f.Weight = stdfont.WeightBold
	}
	return text.Style{Color: c, Font: f, Handler: w}
}

// Cache returns the fonts.
func (w words) Cache() *font.Cache { return w.fonts }

// Extents returns the metrics of a font.
func (w words) Extents(f font.Font) font.Extents {
	face := w.fonts.Lookup(f, f.Size)
	return face.Extents()
}

// Lines splits a text at its line breaks.
func (w words) Lines(txt string) []string {
	return strings.Split(strings.TrimRight(txt, "\n"), "\n")
}

// Box measures one line.
func (w words) Box(line string, f font.Font) (width, height, depth vg.Length) {
	ext := w.Extents(f)
	for _, part := range parts(line) {
		face := w.fonts.Lookup(f, f.Size*part.size())
		width += face.Width(part.text)
	}
	return width, ext.Ascent, ext.Descent
}

// Draw writes the lines so that the block's point given by the alignment lies
// on pt. Rotation is not supported: nothing in a chart is rotated.
func (w words) Draw(c vg.Canvas, txt string, sty text.Style, pt vg.Point) {
	if txt == "" {
		return
	}
	c.SetColor(sty.Color)
	ext := w.Extents(sty.Font)
	baseline := pt.Y + sty.Height(txt)*vg.Length(1+sty.YAlign) - ext.Ascent
	for _, line := range w.Lines(txt) {
		width, _, _ := w.Box(line, sty.Font)
		x := pt.X + vg.Length(sty.XAlign)*width
		for _, part := range parts(line) {
			face := w.fonts.Lookup(sty.Font, sty.Font.Size*part.size())
			y := baseline + part.shift()*sty.Font.Size
			c.FillString(face, vg.Point{X: x, Y: y}, part.text)
			x += face.Width(part.text)
		}
		baseline -= ext.Height
	}
}

// lowered draws all text a little lower: the tick labels of an x axis, which
// would otherwise touch the ticks.
type lowered struct {
	words
	by vg.Length
}

// Draw writes the lines.
func (l lowered) Draw(c vg.Canvas, txt string, sty text.Style, pt vg.Point) {
	pt.Y -= l.by
	l.words.Draw(c, txt, sty, pt)
}

// part is a piece of a line on one level: 0, raised (1) or lowered (-1).
type part struct {
	text  string
	level int
}

func (p part) size() vg.Length {
	if p.level == 0 {
		return 1
	}
	return 0.72
}

func (p part) shift() vg.Length {
	switch p.level {
	case 1:
		return 0.36
	case -1:
		return -0.14
	}
	return 0
}

// parts splits a line at ^{...} and _{...}. Raised digits that the font lacks
// become raised ordinary ones.
func parts(line string) []part {
	line = raised(line)
	var out []part
	for line != "" {
		at := strings.Index(line, "{")
		for at > 0 && line[at-1] != '^' && line[at-1] != '_' {
			next := strings.Index(line[at+1:], "{")
			if next < 0 {
				at = -1
				break
			}
			at += next + 1
		}
		end := -1
		if at > 0 {
			end = strings.Index(line[at:], "}")
		}
		if end < 0 {
			return append(out, part{text: line})
		}
		if at > 1 {
			out = append(out, part{text: line[:at-1]})
		}
		level := 1
		if line[at-1] == '_' {
			level = -1
		}
		out = append(out, part{text: line[at+1 : at+end], level: level})
		line = line[at+end+1:]
	}
	return out
}

// raised rewrites the superscript characters of Unicode, of which the font
// has only some, as one ^{...} for each run of them.
func raised(line string) string {
	if !strings.ContainsAny(line, superscripts) {
		return line
	}
	var b strings.Builder
	inside := false
	for _, r := range line {
		plain, ok := unraised(r)
		if ok && !inside {
			b.WriteString("^{")
		}
		if !ok && inside {
			b.WriteString("}")
		}
		inside = ok
		b.WriteRune(plain)
	}
	if inside {
		b.WriteString("}")
	}
	return b.String()
}

const (
	superscripts = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿ"
	ordinary     = "0123456789+−n"
)

func unraised(r rune) (rune, bool) {
	from, to := []rune(superscripts), []rune(ordinary)
	for i, s := range from {
		if r == s {
			return to[i], true
		}
	}
	return r, false
}
