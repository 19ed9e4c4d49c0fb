package chart

import (
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
)

// glyphAt is a glyph of a text and where it stands from the text's start, in
// units of the font.
type glyphAt struct {
	index sfnt.GlyphIndex
	char  rune
	x     float64
}

// glyphs sets a text: the glyphs with kerning. Characters that the font lacks
// become its empty box.
func glyphs(f font.Face, txt string) []glyphAt {
	var buf sfnt.Buffer
	em := fixed.Int26_6(f.Face.UnitsPerEm())
	var out []glyphAt
	x, prev := 0.0, sfnt.GlyphIndex(0)
	for i, r := range txt {
		index, err := f.Face.GlyphIndex(&buf, r)
		if err != nil {
			index = 0
		}
		if i > 0 {
			if k, err := f.Face.Kern(&buf, prev, index, em, 0); err == nil {
				x += float64(k)
			}
		}
		out = append(out, glyphAt{index: index, char: r, x: x})
		if a, err := f.Face.GlyphAdvance(&buf, index, em, 0); err == nil {
			x += float64(a)
		}
		prev = index
	}
	return out
}

// contours returns the outline of a glyph in units of the font, y upwards.
func contours(f font.Face, index sfnt.GlyphIndex) sfnt.Segments {
	var buf sfnt.Buffer
	segments, err := f.Face.LoadGlyph(&buf, index, fixed.Int26_6(f.Face.UnitsPerEm()), nil)
	if err != nil {
		return nil
	}
	return append(sfnt.Segments(nil), segments...)
}

// outlines returns a text as one path.
func outlines(f font.Face, at vg.Point, txt string) (path vg.Path) {
	scale := f.Font.Size / vg.Length(f.Face.UnitsPerEm())
	for _, g := range glyphs(f, txt) {
		start := vg.Point{X: at.X + scale*vg.Length(g.x), Y: at.Y}
		path = appendGlyph(path, contours(f, g.index), start, scale)
	}
	return path
}

// appendGlyph adds the outline of a glyph to a path.
func appendGlyph(path vg.Path, outline sfnt.Segments, at vg.Point, scale vg.Length) vg.Path {
	point := func(p fixed.Point26_6) vg.Point {
		return vg.Point{X: at.X + scale*vg.Length(p.X), Y: at.Y - scale*vg.Length(p.Y)}
	}
	for i, s := range outline {
		switch s.Op {
		case sfnt.SegmentOpMoveTo:
			if i > 0 {
				path.Close()
			}
			path.Move(point(s.Args[0]))
		case sfnt.SegmentOpLineTo:
			path.Line(point(s.Args[0]))
		case sfnt.SegmentOpQuadTo:
			path.QuadTo(point(s.Args[0]), point(s.Args[1]))
		case sfnt.SegmentOpCubeTo:
			path.CubeTo(point(s.Args[0]), point(s.Args[1]), point(s.Args[2]))
		}
	}
	if len(outline) > 0 {
		path.Close()
	}
	return path
}
