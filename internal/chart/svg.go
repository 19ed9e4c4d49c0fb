package chart

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"html"
	"image"
	"image/png"
	"io"
	"math"

	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
)

// svgCanvas writes SVG 1.1. Text is drawn from the outlines of its glyphs,
// each of which stands once in the file; so it looks the same everywhere.
type svgCanvas struct {
	pencil
	body, defs bytes.Buffer
	ids        map[glyphID]string
	err        error
}

type glyphID struct {
	face  string
	index sfnt.GlyphIndex
}

func writeSVG(pg *page, w io.Writer) error {
	c := &svgCanvas{ids: make(map[glyphID]string)}
	scale := 1 / float64(px)
	width, height := float64(pg.w)*scale, float64(pg.h)*scale
	c.pencil = newPencil(matrix{a: scale, d: -scale, f: height})
	pg.background(c)
	pg.draw(c)
	if c.err != nil {
		return fmt.Errorf("chart: svg: %w", c.err)
	}
	var out bytes.Buffer
	fmt.Fprintf(&out, `<?xml version="1.0" encoding="UTF-8"?>
<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="%g" height="%g" viewBox="0 0 %g %g" role="img" aria-label="%s">
`, width, height, width, height, html.EscapeString(pg.figure.spoken()))
	fmt.Fprintf(&out, "<defs>\n%s</defs>\n", c.defs.Bytes())
	fmt.Fprintf(&out, "<g fill=\"none\" stroke-linejoin=\"round\">\n%s</g>\n</svg>\n", c.body.Bytes())
	_, err := w.Write(out.Bytes())
	return err
}

// spoken is what a reader says in place of the picture.
func (f Figure) spoken() string {
	if f.Subtitle == "" {
		return f.Title
	}
	return f.Title + ". " + f.Subtitle
}

// svgPath collects the data of a path, in hundredths and relative to the point before, which is shorter. Lines that go
// nowhere are left out.
type svgPath struct {
	b              []byte
	op             byte
	x, y           int
	startX, startY int // of the part that close closes
}

// hundredths rounds a coordinate to what the file holds.
func hundredths(v float64) int { return int(math.Round(v * 100)) }

// put writes an operation; the same one again needs no letter.
func (s *svgPath) put(op byte, vs ...int) {
	same := op == s.op && op != 'M'
	if !same {
		s.b = append(s.b, op)
	}
	for i, v := range vs {
		if (i > 0 || same) && v >= 0 {
			s.b = append(s.b, ',')
		}
		s.b = number(s.b, float64(v)/100)
	}
	s.op = op
}

// to writes a relative operation whose last point is the new position.
func (s *svgPath) to(op byte, vs ...float64) {
	steps := make([]int, len(vs))
	for i := 0; i < len(vs); i += 2 {
		steps[i], steps[i+1] = hundredths(vs[i])-s.x, hundredths(vs[i+1])-s.y
	}
	n := len(steps)
	s.x, s.y = s.x+steps[n-2], s.y+steps[n-1]
	s.put(op, steps...)
}

func (s *svgPath) move(x, y float64) {
	s.x, s.y = hundredths(x), hundredths(y)
	s.startX, s.startY = s.x, s.y
	s.put('M', s.x, s.y)
}

func (s *svgPath) line(x, y float64) {
	dx, dy := hundredths(x)-s.x, hundredths(y)-s.y
	s.x, s.y = s.x+dx, s.y+dy
	switch {
	case dx == 0 && dy == 0:
	case dy == 0:
		s.put('h', dx)
	case dx == 0:
		s.put('v', dy)
	default:
		s.put('l', dx, dy)
	}
}

func (s *svgPath) cube(a, b, c, d, x, y float64) { s.to('c', a, b, c, d, x, y) }
func (s *svgPath) quad(a, b, x, y float64)       { s.to('q', a, b, x, y) }

func (s *svgPath) close() {
	s.b = append(s.b, 'Z')
	s.op, s.x, s.y = 'Z', s.startX, s.startY
}

func (c *svgCanvas) opacity(kind string) string {
	if c.color.A == 255 {
		return ""
	}
	return fmt.Sprintf(` %s-opacity="%s"`, kind, number(nil, float64(c.color.A)/255))
}

// Stroke draws a line along a path.
func (c *svgCanvas) Stroke(path vg.Path) {
	if c.width <= 0 || len(path) == 0 {
		return
	}
	var d svgPath
	c.walk(path, &d)
	factor := c.m.factor()
	fmt.Fprintf(&c.body, `<path d="%s" stroke="%s"%s stroke-width="%s"`,
		d.b, hexColor(c.color), c.opacity("stroke"), number(nil, float64(c.width)*factor))
	if len(c.dashes) > 0 {
		var dashes []byte
		for i, l := range c.dashes {
			if i > 0 {
				dashes = append(dashes, ' ')
			}
			dashes = number(dashes, float64(l)*factor)
		}
		fmt.Fprintf(&c.body, ` stroke-dasharray="%s" stroke-dashoffset="%s"`,
			dashes, number(nil, float64(c.offset)*factor))
	}
	c.body.WriteString("/>\n")
}

// Fill fills a path.
func (c *svgCanvas) Fill(path vg.Path) {
	if len(path) == 0 {
		return
	}
	var d svgPath
	c.walk(path, &d)
	fmt.Fprintf(&c.body, `<path d="%s" fill="%s"%s/>`+"\n", d.b, hexColor(c.color), c.opacity("fill"))
}

// FillString writes a text.
func (c *svgCanvas) FillString(f font.Face, at vg.Point, txt string) {
	if f.Font.Size <= 0 || txt == "" {
		return
	}
	em := float64(f.Face.UnitsPerEm())
	m := c.m.then(matrix{a: 1, d: 1, e: float64(at.X), f: float64(at.Y)})
	m = m.then(matrix{a: float64(f.Font.Size) / em, d: float64(f.Font.Size) / em})
	fmt.Fprintf(&c.body, `<g transform="matrix(%.5g,%.5g,%.5g,%.5g,%s,%s)" fill="%s"%s>`,
		m.a, math.Abs(m.b)*sign(m.b), math.Abs(m.c)*sign(m.c), m.d,
		number(nil, m.e), number(nil, m.f), hexColor(c.color), c.opacity("fill"))
	for _, g := range glyphs(f, txt) {
		if id := c.glyph(f, g.index); id != "" {
			fmt.Fprintf(&c.body, `<use xlink:href="#%s" x="%g"/>`, id, g.x)
		}
	}
	c.body.WriteString("</g>\n")
}

// sign avoids a negative zero in the file.
func sign(v float64) float64 {
	if v < 0 {
		return -1
	}
	return 1
}

// glyph returns the name of a glyph in the file, empty for a blank.
func (c *svgCanvas) glyph(f font.Face, index sfnt.GlyphIndex) string {
	key := glyphID{face: f.Name(), index: index}
	if id, ok := c.ids[key]; ok {
		return id
	}
	var d svgPath
	for i, s := range contours(f, index) {
		a := s.Args
		at := func(p fixed.Point26_6) (x, y float64) { return float64(p.X), -float64(p.Y) }
		x0, y0 := at(a[0])
		x1, y1 := at(a[1])
		x2, y2 := at(a[2])
		switch s.Op {
		case sfnt.SegmentOpMoveTo:
			if i > 0 {
				d.close()
			}
			d.move(x0, y0)
		case sfnt.SegmentOpLineTo:
			d.line(x0, y0)
		case sfnt.SegmentOpQuadTo:
			d.quad(x0, y0, x1, y1)
		case sfnt.SegmentOpCubeTo:
			d.cube(x0, y0, x1, y1, x2, y2)
		}
	}
	id := ""
	if len(d.b) > 0 {
		id = fmt.Sprintf("g%d", len(c.ids))
		fmt.Fprintf(&c.defs, `<path id="%s" d="%sZ"/>`+"\n", id, d.b)
	}
	c.ids[key] = id
	return id
}

// DrawImage places an image, stretched to the rectangle.
func (c *svgCanvas) DrawImage(r vg.Rectangle, img image.Image) {
	var buf bytes.Buffer
	if err := png.Encode(&buf, img); err != nil {
		c.err = err
		return
	}
	x0, y0 := c.m.apply(r.Min)
	x1, y1 := c.m.apply(r.Max)
	fmt.Fprintf(&c.body, `<image x="%s" y="%s" width="%s" height="%s" preserveAspectRatio="none" xlink:href="data:image/png;base64,%s"/>`+"\n",
		number(nil, math.Min(x0, x1)), number(nil, math.Min(y0, y1)),
		number(nil, math.Abs(x1-x0)), number(nil, math.Abs(y1-y0)),
		base64.StdEncoding.EncodeToString(buf.Bytes()))
}
