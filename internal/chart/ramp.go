package chart

import (
	"image"
	"image/color"
)

// Ramp is an order of colours for values.
type Ramp int

// The ramps. Viridis runs from dark to bright, ViridisReversed from bright to
// dark; Diverging from blue over a neutral middle to vermillion.
const (
	Viridis Ramp = iota
	ViridisReversed
	Diverging
)

// palette returns the 255 colours of the ramp from index 1 on; index 0 is the
// colour of missing values.
func (l look) palette(r Ramp) color.Palette {
	stops := []color.RGBA{
		hex(0x440154), hex(0x482475), hex(0x414487), hex(0x355F8D), hex(0x2A788E), hex(0x21918C),
		hex(0x22A884), hex(0x44BF70), hex(0x7AD151), hex(0xBDDF26), hex(0xFDE725),
	}
	if r == Diverging {
		middle := mix(l.Background, l.Gray, 0.12)
		stops = []color.RGBA{
			mix(l.Blue, l.Ink, 0.35), l.Blue, mix(l.Blue, middle, 0.6), middle,
			mix(l.Vermillion, middle, 0.6), l.Vermillion, mix(l.Vermillion, l.Ink, 0.35),
		}
	}
	out := make(color.Palette, 256)
	out[0] = l.Missing
	for i := range 255 {
		at := float64(i) / 254 * float64(len(stops)-1)
		if r == ViridisReversed {
			at = float64(len(stops)-1) - at
		}
		k := min(int(at), len(stops)-2)
		out[i+1] = mix(stops[k], stops[k+1], at-float64(k))
	}
	return out
}

// stretch enlarges an image to the given size, each pixel as a flat cell.
func stretch(src *image.Paletted, size image.Point) *image.Paletted {
	out := image.NewPaletted(image.Rectangle{Max: size}, src.Palette)
	b := src.Bounds()
	for y := range size.Y {
		for x := range size.X {
			out.SetColorIndex(x, y, src.ColorIndexAt(x*b.Dx()/size.X, y*b.Dy()/size.Y))
		}
	}
	return out
}
