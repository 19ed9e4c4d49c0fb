package chart

import (
	"io"

	"gonum.org/v1/plot/vg/vgpdf"
)

func writePDF(pg *page, w io.Writer) error {
	c := vgpdf.New(pg.w, pg.h)
	pg.draw(c)
	_, err := c.WriteTo(w)
	return err
}
