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

// emptiest returns a place for words of the given size within the region
// without values: with room around them, near the middle of the region. ok is
// false if the words do not fit.
func (m HeatMap) emptiest(p *pen, w, h vg.Length) (at vg.Point, ok bool) {
	const step = 4 * px
	size := p.Size()
	cols, rows := int(size.X/step), int(size.Y/step)
	if cols < 1 || rows < 1 {
		return at, false
	}
	taken := m.taken(p, cols, rows, step)
	for _, k := range []float64{2, 1.7, 1.4, 1.2, 1} {
		hw, hh := int(math.Ceil(k*float64(w/step)/2)), int(math.Ceil(k*float64(h/step)/2))
		if i, j, ok := taken.nearest(hw, hh); ok {
			return p.Min.Add(vg.Point{X: vg.Length(i)*step + step/2, Y: vg.Length(j)*step + step/2}), true
		}
	}
	return at, false
}

// sums is a summed table: element [y][x] counts the taken cells below and left
// of (x, y).
type sums [][]int

func (s sums) count(x0, y0, x1, y1 int) int {
	return s[y1][x1] - s[y0][x1] - s[y1][x0] + s[y0][x0]
}

// nearest returns the cell nearest to the middle of the free cells around which
// hw cells to each side and hh up and down are free.
func (s sums) nearest(hw, hh int) (x, y int, ok bool) {
	cx, cy := s.centre()
	least := math.Inf(1)
	for j := hh; j < len(s)-1-hh; j++ {
		for i := hw; i < len(s[0])-1-hw; i++ {
			d := math.Hypot(float64(i)-cx, float64(j)-cy)
			if d < least && s.count(i-hw, j-hh, i+hw+1, j+hh+1) == 0 {
				x, y, ok, least = i, j, true, d
			}
		}
	}
	return x, y, ok
}

// centre returns the middle of the cells that are not taken.
func (s sums) centre() (x, y float64) {
	n := 0.0
	for j := range len(s) - 1 {
		for i := range len(s[0]) - 1 {
			if s.count(i, j, i+1, j+1) == 0 {
				x, y, n = x+float64(i), y+float64(j), n+1
			}
		}
	}
	return x / max(n, 1), y / max(n, 1)
}

// taken returns the raster cells that hold values, lines or words.
func (m HeatMap) taken(p *pen, cols, rows int, step vg.Length) sums {
	r := m.rect(p)
	gw, gh := len(m.Z[0]), len(m.Z)
	sum := make(sums, rows+1)
	sum[0] = make([]int, cols+1)
	for j := range rows {
		sum[j+1] = make([]int, cols+1)
		for i := range cols {
			c := rectAt(p.Min.X+vg.Length(i)*step, p.Min.Y+vg.Length(j)*step, step, step)
			gx := int(math.Round(float64((c.Min.X+step/2-r.Min.X)/r.Size().X) * float64(gw-1)))
			gy := int(math.Round(float64((c.Min.Y+step/2-r.Min.Y)/r.Size().Y) * float64(gh-1)))
			full := 0
			inside := gx >= 0 && gy >= 0 && gx < gw && gy < gh
			if !inside || !math.IsNaN(m.Z[gy][gx]) || p.room.crossed(c) > 0 || !p.room.clear(c) {
				full = 1
			}
			sum[j+1][i+1] = full + sum[j][i+1] + sum[j+1][i] - sum[j][i]
		}
	}
	return sum
}
