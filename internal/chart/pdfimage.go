package chart

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
)

// pdfImage is an image as PDF holds it: rows of samples, and a mask with the
// opacities if there are any below 1.
type pdfImage struct {
	width, height int
	space         string // colour space
	samples       []byte
	depth         int // bytes per pixel
	mask          []byte
}

func newPDFImage(img image.Image) pdfImage {
	size := img.Bounds().Size()
	out := pdfImage{width: size.X, height: size.Y}
	if p, ok := img.(*image.Paletted); ok && opaque(p.Palette) {
		out.indexed(p)
		return out
	}
	out.space, out.depth = "/DeviceRGB", 3
	b := img.Bounds()
	clear := false
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			c := color.NRGBAModel.Convert(img.At(x, y)).(color.NRGBA)
			out.samples = append(out.samples, c.R, c.G, c.B)
			out.mask = append(out.mask, c.A)
			clear = clear || c.A < 255
		}
	}
	if !clear {
		out.mask = nil
	}
	return out
}

func opaque(p color.Palette) bool {
	for _, c := range p {
		if _, _, _, a := c.RGBA(); a != 0xFFFF {
			return false
		}
	}
	return len(p) > 0
}

func (i *pdfImage) indexed(p *image.Paletted) {
	var table bytes.Buffer
	for _, c := range p.Palette {
		n := color.NRGBAModel.Convert(c).(color.NRGBA)
		fmt.Fprintf(&table, "%02X%02X%02X", n.R, n.G, n.B)
	}
	i.space = fmt.Sprintf("[/Indexed /DeviceRGB %d <%s>]", len(p.Palette)-1, table.Bytes())
	i.depth = 1
	for y := range i.height {
		i.samples = append(i.samples, p.Pix[y*p.Stride:y*p.Stride+i.width]...)
	}
}

// write adds the image to the file and returns its number.
func (i pdfImage) write(f *pdfFile) int {
	mask := ""
	if i.mask != nil {
		n := f.stream(i.dict("/DeviceGray", 1), deflate(plain{i.mask, i.width}))
		mask = fmt.Sprintf(" /SMask %d 0 R", n)
	}
	return f.stream(i.dict(i.space, i.depth)+mask, deflate(plain{i.samples, i.width * i.depth}))
}

func (i pdfImage) dict(space string, depth int) string {
	return fmt.Sprintf("/Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace %s /BitsPerComponent 8 "+
		"/DecodeParms << /Predictor 12 /Colors %d /Columns %d >>", i.width, i.height, space, depth, i.width)
}
