package chart

import (
	"io"

	"gonum.org/v1/plot/vg/vgsvg"
)

func writeSVG(pg *page, w io.Writer) error {
	c := vgsvg.New(pg.w, pg.h)
	pg.draw(c)
	_, err := c.WriteTo(w)
	return err
}
