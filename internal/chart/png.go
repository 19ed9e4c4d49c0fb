package chart

import (
	"image"
	"image/draw"
	"image/png"
	"io"

	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/vgimg"
)

// dpi is the resolution of the PNG: two pixels per px.
const dpi = 192

// rasterCanvas draws text as outlines, which is sharper than scaled glyph
// masks, and copies images that have the right size pixel by pixel.
type rasterCanvas struct {
	*vgimg.Canvas
	img    draw.Image
	height vg.Length
}

func (pg *page) image() image.Image {
	c := vgimg.NewWith(vgimg.UseWH(pg.w, pg.h), vgimg.UseDPI(dpi), vgimg.UseBackgroundColor(pg.look.Background))
	pg.draw(&rasterCanvas{Canvas: c, img: c.Image(), height: pg.h})
	return c.Image()
}

func writePNG(pg *page, w io.Writer) error {
	return png.Encode(w, pg.image())
}

// FillString fills the outlines of a text.
func (c *rasterCanvas) FillString(f font.Face, at vg.Point, txt string) {
	if path := outlines(f, at, txt); len(path) > 0 {
		c.Fill(path)
	}
}

// DrawImage copies the image; the caller has made it in the right size.
func (c *rasterCanvas) DrawImage(r vg.Rectangle, img image.Image) {
	size := img.Bounds().Size()
	if size != pixels(r) {
		c.Canvas.DrawImage(r, img)
		return
	}
	at := image.Point{
		X: int(float64(r.Min.X/px*2) + 0.5),
		Y: int(float64((c.height-r.Max.Y)/px*2) + 0.5),
	}
	draw.Draw(c.img, image.Rectangle{Min: at, Max: at.Add(size)}, img, img.Bounds().Min, draw.Over)
}
