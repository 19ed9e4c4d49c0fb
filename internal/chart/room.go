package chart

import (
	"math"

	"gonum.org/v1/plot/vg"
)

// room remembers what part of a panel is taken, so that words find a place:
// hard places hold other words, soft ones hold drawn lines and dots.
type room struct {
	area vg.Rectangle
	w, h int
	soft []bool
	hard []vg.Rectangle
}

// cell is the raster on which lines are remembered.
const cell = 2 * px

func newRoom(area vg.Rectangle) *room {
	s := area.Size()
	w, h := int(s.X/cell)+1, int(s.Y/cell)+1
	return &room{area: area, w: w, h: h, soft: make([]bool, w*h)}
}

// block reserves a rectangle for words.
func (r *room) block(rect vg.Rectangle) { r.hard = append(r.hard, rect) }

// line remembers a drawn line.
func (r *room) line(pts []vg.Point) {
	for i := range pts {
		a := pts[max(i-1, 0)]
		b := pts[i]
		n := int(math.Max(math.Abs(float64(b.X-a.X)), math.Abs(float64(b.Y-a.Y)))/float64(cell)) + 1
		n = min(n, 10000)
		for k := 0; k <= n; k++ {
			t := vg.Length(k) / vg.Length(n)
			r.mark(a.X+(b.X-a.X)*t, a.Y+(b.Y-a.Y)*t)
		}
	}
}

// rect remembers a drawn rectangle.
func (r *room) rect(rect vg.Rectangle) {
	x0, y0, x1, y1 := r.cells(rect)
	for y := y0; y <= y1; y++ {
		for x := x0; x <= x1; x++ {
			r.soft[y*r.w+x] = true
		}
	}
}

func (r *room) mark(x, y vg.Length) {
	i, j := int((x-r.area.Min.X)/cell), int((y-r.area.Min.Y)/cell)
	if i >= 0 && i < r.w && j >= 0 && j < r.h {
		r.soft[j*r.w+i] = true
	}
}

func (r *room) cells(rect vg.Rectangle) (x0, y0, x1, y1 int) {
	clamp := func(v vg.Length, n int) int {
		return min(max(int(math.Floor(float64(v/cell))), 0), n-1)
	}
	x0, x1 = clamp(rect.Min.X-r.area.Min.X, r.w), clamp(rect.Max.X-r.area.Min.X, r.w)
	y0, y1 = clamp(rect.Min.Y-r.area.Min.Y, r.h), clamp(rect.Max.Y-r.area.Min.Y, r.h)
	return x0, y0, x1, y1
}

// within tells whether the rectangle lies in the panel.
func (r *room) within(rect vg.Rectangle) bool {
	const eps = 0.01
	return rect.Min.X >= r.area.Min.X-eps && rect.Max.X <= r.area.Max.X+eps &&
		rect.Min.Y >= r.area.Min.Y-eps && rect.Max.Y <= r.area.Max.Y+eps
}

// clear tells whether the rectangle holds no words.
func (r *room) clear(rect vg.Rectangle) bool {
	for _, h := range r.hard {
		if overlap(h, rect) {
			return false
		}
	}
	return true
}

// crossed counts the cells of the rectangle that hold something drawn.
func (r *room) crossed(rect vg.Rectangle) (n int) {
	x0, y0, x1, y1 := r.cells(rect)
	for y := y0; y <= y1; y++ {
		for x := x0; x <= x1; x++ {
			if r.soft[y*r.w+x] {
				n++
			}
		}
	}
	return n
}

// free tells whether a leader crosses no words and, beyond its start, at most
// one thin line.
func (r *room) free(from, to vg.Point) bool {
	const n = 24
	d := to.Sub(from)
	drawn := 0
	for i := range n {
		pt := from.Add(d.Scale(vg.Length(i) / n))
		spot := vg.Rectangle{Min: pt, Max: pt}
		if !r.clear(grow(spot, px)) {
			return false
		}
		if i > n/6 {
			drawn += min(r.crossed(spot), 1)
		}
	}
	return drawn <= n/5
}

// best returns the index of the first candidate that lies in the panel, holds
// no words and covers nothing drawn. If there is none, it returns the one that
// covers least, unless that is more than the given share; then -1.
func (r *room) best(candidates []vg.Rectangle, share float64) int {
	found, least := -1, math.Inf(1)
	for i, c := range candidates {
		if !r.within(c) || !r.clear(c) {
			continue
		}
		n := float64(r.crossed(c))
		if n == 0 {
			return i
		}
		s := c.Size()
		if covered := n * float64(cell*cell) / float64(s.X*s.Y); covered < least-0.01 && covered <= share {
			found, least = i, covered
		}
	}
	return found
}

func overlap(a, b vg.Rectangle) bool {
	return a.Min.X < b.Max.X && b.Min.X < a.Max.X && a.Min.Y < b.Max.Y && b.Min.Y < a.Max.Y
}

// grow returns the rectangle with d added on each side.
func grow(r vg.Rectangle, d vg.Length) vg.Rectangle {
	r.Min.X -= d
	r.Min.Y -= d
	r.Max.X += d
	r.Max.Y += d
	return r
}
