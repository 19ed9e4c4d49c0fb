package chart

// gridPoint is a point in units of the grid: x in columns, y in rows.
type gridPoint struct{ x, y float64 }

// tracer follows the lines of one level through a grid (marching squares).
type tracer struct {
	z      [][]float64
	level  float64
	cols   int
	points map[int]gridPoint // crossing of each edge
	links  map[int][]int     // edges joined within a cell
	order  []int             // edges as they were found
}

// trace returns the lines on which the grid has the given value. Cells with a
// corner that is not a number hold no line.
func trace(z [][]float64, level float64) [][]gridPoint {
	t := &tracer{
		z: z, level: level, cols: len(z[0]),
		points: make(map[int]gridPoint), links: make(map[int][]int),
	}
	for j := 0; j+1 < len(z); j++ {
		for i := 0; i+1 < t.cols; i++ {
			t.cell(i, j)
		}
	}
	return t.lines()
}

// cell finds the line pieces in the cell with the lower left corner (i, j).
func (t *tracer) cell(i, j int) {
	a, b, c, d := t.z[j][i], t.z[j][i+1], t.z[j+1][i+1], t.z[j+1][i]
	if !finite(a, b, c, d) {
		return
	}
	var crossed []int
	add := func(edge int, x0, y0, dx, dy float64, from, to float64) {
		if (from >= t.level) == (to >= t.level) {
			return
		}
		s := (t.level - from) / (to - from)
		if _, ok := t.points[edge]; !ok {
			t.points[edge] = gridPoint{x: x0 + s*dx, y: y0 + s*dy}
			t.order = append(t.order, edge)
		}
		crossed = append(crossed, edge)
	}
	x, y := float64(i), float64(j)
	bottom, left := 2*(j*t.cols+i), 2*(j*t.cols+i)+1
	right, top := 2*(j*t.cols+i+1)+1, 2*((j+1)*t.cols+i)
	add(bottom, x, y, 1, 0, a, b)
	add(right, x+1, y, 0, 1, b, c)
	add(top, x, y+1, 1, 0, d, c)
	add(left, x, y, 0, 1, a, d)
	switch len(crossed) {
	case 2:
		t.link(crossed[0], crossed[1])
	case 4:
		// A saddle: the centre tells which corners belong together.
		if ((a+b+c+d)/4 >= t.level) == (a >= t.level) {
			t.link(bottom, right)
			t.link(top, left)
		} else {
			t.link(bottom, left)
			t.link(top, right)
		}
	}
}

func (t *tracer) link(a, b int) {
	t.links[a] = append(t.links[a], b)
	t.links[b] = append(t.links[b], a)
}

// lines joins the pieces: first the lines with two ends, then the closed ones.
func (t *tracer) lines() (out [][]gridPoint) {
	used := make(map[int]bool, len(t.order))
	for _, ends := range []int{1, 2} {
		for _, edge := range t.order {
			if !used[edge] && len(t.links[edge]) == ends {
				out = append(out, t.follow(edge, used))
			}
		}
	}
	return out
}

func (t *tracer) follow(edge int, used map[int]bool) (line []gridPoint) {
	first := edge
	for {
		used[edge] = true
		line = append(line, t.points[edge])
		next := -1
		for _, n := range t.links[edge] {
			if !used[n] {
				next = n
				break
			}
		}
		if next < 0 {
			break
		}
		edge = next
	}
	if len(line) > 2 && len(t.links[first]) == 2 {
		line = append(line, line[0])
	}
	return line
}
