package chart

import (
	"errors"
	"fmt"
	"image"
	"image/color"
	"math"

	"gonum.org/v1/plot/vg"
)

// Grid holds values on a rectangular grid. Its columns and rows are spread
// evenly over the ranges on the scale of the axis: on a log axis evenly in the
// logarithm. The first and the last value lie on the bounds.
type Grid struct {
	X0, X1, Y0, Y1 float64     // ranges; all 0 = the whole panel
	Z              [][]float64 // Z[row][column], row 0 at Y0; NaN = no value
}

// HeatMap colours the plane by the values of a grid.
type HeatMap struct {
	Grid
	Min, Max float64 // values of the first and the last colour; 0, 0 = from the data
	LogZ     bool    // colours run with the logarithm of the values
	Ramp     Ramp
	Steps    bool // one flat cell per value instead of smooth colours

	// Missing names the region without values, MissingDetail says more; the
	// words stand where that region has most room.
	Missing, MissingDetail string
}

func (g Grid) check() error {
	if len(g.Z) < 2 || len(g.Z[0]) < 2 {
		return errors.New("want a grid of 2 x 2 values or more")
	}
	for i, row := range g.Z {
		if len(row) != len(g.Z[0]) {
			return fmt.Errorf("row %d of the grid has %d values, row 0 has %d", i, len(row), len(g.Z[0]))
		}
	}
	if !finite(g.X0, g.X1, g.Y0, g.Y1) || g.X1 < g.X0 || g.Y1 < g.Y0 {
		return errors.New("want X0 <= X1 and Y0 <= Y1, all finite")
	}
	return nil
}

func (g Grid) extend(e *extent) {
	if g.X0 != g.X1 {
		e.x.add(g.X0, g.X1)
	}
	if g.Y0 != g.Y1 {
		e.y.add(g.Y0, g.Y1)
	}
	e.x.tight, e.y.tight = true, true
}

// rect returns the place of the grid on the page.
func (g Grid) rect(p *pen) vg.Rectangle {
	r := p.Rectangle
	if g.X0 != g.X1 {
		r.Min.X, r.Max.X = p.x(g.X0), p.x(g.X1)
	}
	if g.Y0 != g.Y1 {
		r.Min.Y, r.Max.Y = p.y(g.Y0), p.y(g.Y1)
	}
	return r
}

func (m HeatMap) check() error {
	if err := m.Grid.check(); err != nil {
		return err
	}
	lo, hi := m.limits()
	if !finite(lo, hi) || lo >= hi {
		return fmt.Errorf("no colours for values from %g to %g", lo, hi)
	}
	if m.LogZ && lo <= 0 {
		return fmt.Errorf("LogZ with Min = %g, want more than 0", lo)
	}
	return nil
}

// limits returns the values of the first and the last colour.
func (m HeatMap) limits() (lo, hi float64) {
	if m.Min != 0 || m.Max != 0 {
		return m.Min, m.Max
	}
	s := newSpan(m.LogZ)
	for _, row := range m.Z {
		s.add(row...)
	}
	if s.lo == s.hi {
		return s.lo - math.Abs(s.lo)/2 - 1e-9, s.hi + math.Abs(s.hi)/2 + 1e-9
	}
	return s.lo, s.hi
}

func (m HeatMap) draw(p *pen) {
	whole := m.rect(p)
	shown := ordered(whole)
	shown.Min.X, shown.Max.X = max(shown.Min.X, p.Min.X), min(shown.Max.X, p.Max.X)
	shown.Min.Y, shown.Max.Y = max(shown.Min.Y, p.Min.Y), min(shown.Max.Y, p.Max.Y)
	if s := shown.Size(); s.X <= 0 || s.Y <= 0 {
		return
	}
	p.DrawImage(shown, m.raster(whole, shown, p.look.palette(m.Ramp)))
}

// raster paints the visible part of the map, one colour per pixel of the PNG.
// Colour 0 of the palette means no value.
func (m HeatMap) raster(whole, shown vg.Rectangle, colors color.Palette) *image.Paletted {
	size := pixels(shown)
	img := image.NewPaletted(image.Rectangle{Max: size}, colors)
	z := m.shares()
	cols, rows := len(z[0]), len(z)
	xs := m.samples(size.X, cols, func(s float64) float64 {
		x := shown.Min.X + vg.Length(s)*shown.Size().X
		return float64((x - whole.Min.X) / (whole.Max.X - whole.Min.X))
	})
	ys := m.samples(size.Y, rows, func(s float64) float64 {
		y := shown.Max.Y - vg.Length(s)*shown.Size().Y
		return float64((y - whole.Min.Y) / (whole.Max.Y - whole.Min.Y))
	})
	for j, y := range ys {
		low, high := z[y.i], z[y.k]
		line := img.Pix[j*img.Stride : j*img.Stride+size.X]
		for i, x := range xs {
			line[i] = index(low[x.i], low[x.k], high[x.i], high[x.k], x.t, y.t)
		}
	}
	return img
}

// sample is a place between the values i and k of a row or column.
type sample struct {
	i, k int
	t    float64
}

// samples returns the place of each pixel in the grid.
func (m HeatMap) samples(pixels, n int, place func(float64) float64) []sample {
	out := make([]sample, pixels)
	for i := range out {
		s := place((float64(i) + 0.5) / float64(pixels))
		if m.Steps {
			k := min(max(int(s*float64(n)), 0), n-1)
			out[i] = sample{i: k, k: k}
			continue
		}
		f := math.Min(math.Max(s*float64(n-1), 0), float64(n-1))
		k := min(int(f), n-2)
		out[i] = sample{i: k, k: k + 1, t: f - float64(k)}
	}
	return out
}

// index returns the colour between four values, a and b below c and d; tx and
// ty are the place between them. Where the ones without a value prevail there
// is no value.
func index(a, b, c, d, tx, ty float64) uint8 {
	v := (a*(1-tx)+b*tx)*(1-ty) + (c*(1-tx)+d*tx)*ty
	if math.IsNaN(v) {
		if v = partial([4]float64{a, b, c, d}, tx, ty); math.IsNaN(v) {
			return 0
		}
	}
	return uint8(1 + int(v*254+0.5))
}

// partial returns the mean of those of the four values that are there, or NaN.
// The border of the region without values is straight within the cell, so that
// a slanted border of many cells looks straight.
func partial(z [4]float64, tx, ty float64) float64 {
	weights := [4]float64{(1 - tx) * (1 - ty), tx * (1 - ty), (1 - tx) * ty, tx * ty}
	sum, weight, n, odd := 0.0, 0.0, 0, -1
	for i, v := range z {
		if v == v {
			sum, weight, n = sum+weights[i]*v, weight+weights[i], n+1
		}
	}
	for i, v := range z {
		if (n == 1 && v == v) || (n == 3 && v != v) {
			odd = i
		}
	}
	if odd >= 0 {
		dx, dy := tx, ty // distance from the corner that differs from the others
		if odd%2 == 1 {
			dx = 1 - tx
		}
		if odd/2 == 1 {
			dy = 1 - ty
		}
		if (dx+dy < 0.5) != (n == 1) {
			return math.NaN()
		}
		return sum / weight
	}
	if weight < 0.5 {
		return math.NaN()
	}
	return sum / weight
}

// shares returns the grid as shares of the colour range, clamped to it.
func (m HeatMap) shares() [][]float64 {
	lo, hi := m.limits()
	scale := func(v float64) float64 { return (v - lo) / (hi - lo) }
	if m.LogZ {
		a, b := math.Log(lo), math.Log(hi)
		scale = func(v float64) float64 { return (math.Log(math.Max(v, lo)) - a) / (b - a) }
	}
	out := make([][]float64, len(m.Z))
	for j, row := range m.Z {
		out[j] = make([]float64, len(row))
		for i, v := range row {
			if math.IsNaN(v) {
				out[j][i] = v
				continue
			}
			out[j][i] = math.Min(math.Max(scale(v), 0), 1)
		}
	}
	return out
}

// pixels returns the size of a rectangle in pixels of the PNG.
func pixels(r vg.Rectangle) image.Point {
	s := r.Size()
	return image.Point{X: max(int(s.X/px*2+0.5), 1), Y: max(int(s.Y/px*2+0.5), 1)}
}
