package chart

import (
	"math"

	"gonum.org/v1/plot/vg"
)

// words names the region without values, where the words have most room.
func (m HeatMap) words(p *pen) {
	if m.Missing == "" {
		return
	}
	text := Text{Text: m.Missing, Detail: m.MissingDetail}
	w, h := p.region(text)
	if at, ok := m.emptiest(p, w, h); ok {
		p.centred(at, text)
	}
}

// emptiest returns the middle of the largest rectangle of the given shape that
// holds no values and no words; ok is false if the words do not fit.
func (m HeatMap) emptiest(p *pen, w, h vg.Length) (at vg.Point, ok bool) {
	const step = 4 * px
	size := p.Size()
	cols, rows := int(size.X/step), int(size.Y/step)
	if cols < 1 || rows < 1 {
		return at, false
	}
	sum := m.valueCounts(p, cols, rows, step)
	count := func(x0, y0, x1, y1 int) int {
		return sum[y1][x1] - sum[y0][x1] - sum[y1][x0] + sum[y0][x0]
	}
	best := 0.99
	for j := range rows {
		for i := range cols {
			for k := best * 1.02; ; k *= 1.02 {
				hw, hh := int(math.Ceil(k*float64(w/step)/2)), int(math.Ceil(k*float64(h/step)/2))
				if i-hw < 0 || j-hh < 0 || i+hw >= cols || j+hh >= rows || count(i-hw, j-hh, i+hw+1, j+hh+1) > 0 {
					break
				}
				best, ok = k, true
				at = p.Min.Add(vg.Point{X: vg.Length(i)*step + step/2, Y: vg.Length(j)*step + step/2})
			}
		}
	}
	return at, ok
}

// valueCounts returns the summed table of the raster cells that are taken by
// values or drawn lines.
func (m HeatMap) valueCounts(p *pen, cols, rows int, step vg.Length) [][]int {
	r := m.rect(p)
	gw, gh := len(m.Z[0]), len(m.Z)
	sum := make([][]int, rows+1)
	sum[0] = make([]int, cols+1)
	for j := range rows {
		sum[j+1] = make([]int, cols+1)
		for i := range cols {
			c := rectAt(p.Min.X+vg.Length(i)*step, p.Min.Y+vg.Length(j)*step, step, step)
			gx := int(math.Round(float64((c.Min.X+step/2-r.Min.X)/r.Size().X) * float64(gw-1)))
			gy := int(math.Round(float64((c.Min.Y+step/2-r.Min.Y)/r.Size().Y) * float64(gh-1)))
			taken := 0
			inside := gx >= 0 && gy >= 0 && gx < gw && gy < gh
			if !inside || !math.IsNaN(m.Z[gy][gx]) || p.room.crossed(c) > 0 || !p.room.clear(c) {
				taken = 1
			}
			sum[j+1][i+1] = taken + sum[j][i+1] + sum[j+1][i] - sum[j][i]
		}
	}
	return sum
}
