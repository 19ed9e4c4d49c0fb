package main

import (
	"math"

	"cloudconcepts/internal/chart"
	"cloudconcepts/internal/sweep"
)

// heatMap is the picture of a measure over two fields. Where both have evenly spread numbers, contours are drawn on it; else
// each value has a flat cell with its name.
func (s slice) heatMap(sum *sweep.Summary) chart.Figure {
	measure := s.grid.Measures[s.measure]
	x, y := s.side(s.x), s.side(s.y)
	grid := chart.Grid{X0: x.from, X1: x.to, Y0: y.from, Y1: y.to}
	log := wide(s.values(sum))
	for k := range s.grid.Axes[s.y].Values {
		var row []float64
		for i := range s.grid.Axes[s.x].Values {
			row = append(row, finite(scaled(measure, sum.Mean[s.measure][s.cell(i, k)]), log))
		}
		grid.Z = append(grid.Z, row)
	}
	smooth := x.even && y.even
	panel := chart.Panel{
		Name: words(s.grid.Axes[s.y].Name), X: x.axis, Y: y.axis, NoGrid: true,
		Marks: []chart.Mark{chart.HeatMap{Grid: grid, LogZ: log, Steps: !smooth, Missing: "no value"}},
	}
	levels := contours(grid.Z, log)
	if isShare(measure) && s.grid.Runs == 1 {
		levels = []float64{0.5} // between yes and no
	}
	if smooth && len(levels) > 0 {
		panel.Marks = append(panel.Marks, chart.Contour{Grid: grid, Levels: levels, LogZ: log, Format: format(measure)})
	}
	return chart.Figure{
		Panels: []chart.Panel{panel},
		Bar:    &chart.ColorBar{Name: words(measure), Format: format(measure), Log: log},
	}
}

// A side is an axis of a map.
type side struct {
	axis     chart.Axis
	from, to float64
	even     bool // numbers that are evenly spread on the axis's scale
}

func (s slice) side(i int) side {
	a := s.grid.Axes[i]
	n := len(a.Values)
	if log, ok := even(a); ok {
		from, _ := a.Number(0)
		to, _ := a.Number(n - 1)
		out := side{s.axis(i), scaled(a.Name, from), scaled(a.Name, to), true}
		out.axis.Log = log
		if from > to {
			out.axis.Reverse = true
		}
		if from < to {
			return out
		}
	}
	out := side{axis: chart.Axis{Name: words(a.Name)}, from: -0.5, to: float64(n) - 0.5}
	for v := range a.Values {
		out.axis.Labels = append(out.axis.Labels, axisValue(a, v))
	}
	return out
}

// even tells whether the values of an axis are evenly spread numbers, on a linear or a logarithmic scale.
func even(a sweep.Axis) (log, ok bool) {
	if !a.Numeric() || len(a.Values) < 3 {
		return false, false
	}
	n := len(a.Values)
	first, _ := a.Number(0)
	last, _ := a.Number(n - 1)
	linear, logarithmic := true, first > 0 && last > 0
	for i := range n {
		v, _ := a.Number(i)
		share := float64(i) / float64(n-1)
		near := func(want float64) bool { return math.Abs(v-want) <= 1e-3*math.Abs(last-first) }
		linear = linear && near(first+(last-first)*share)
		if logarithmic {
			want := first * math.Pow(last/first, share)
			logarithmic = v > 0 && math.Abs(math.Log(v/want)) <= 1e-2*math.Abs(math.Log(last/first))/float64(n-1)+1e-9
		}
	}
	return logarithmic && (a.Log || !linear), linear || logarithmic
}

// wide tells whether numbers are spread over more than two powers of ten, and want a logarithmic scale.
func wide(values []float64) bool {
	low, high := math.Inf(1), 0.0
	for _, v := range values {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			continue
		}
		if v <= 0 {
			return false
		}
		low, high = min(low, v), max(high, v)
	}
	return high > 100*low
}

// contours are round numbers inside the range of the values: powers of ten, with 2 and 5 if there are few, on a logarithmic
// scale; else multiples of 1, 2 or 5.
func contours(z [][]float64, log bool) []float64 {
	low, high := math.Inf(1), math.Inf(-1)
	for _, row := range z {
		for _, v := range row {
			if v == v {
				low, high = min(low, v), max(high, v)
			}
		}
	}
	if !(high > low) {
		return nil
	}
	if log {
		return decades(low, high)
	}
	step := math.Pow(10, math.Floor(math.Log10((high-low)/4)))
	for _, factor := range []float64{5, 2} {
		if step*factor <= (high-low)/4 {
			step *= factor
			break
		}
	}
	var levels []float64
	for n := math.Ceil(low / step); n*step < high; n++ {
		if n*step > low {
			levels = append(levels, n*step)
		}
	}
	return levels
}

func decades(low, high float64) []float64 {
	var levels []float64
	for e := math.Floor(math.Log10(low)); e <= math.Log10(high); e++ {
		for _, factor := range []float64{1, 2, 5} {
			v := factor * math.Pow(10, e)
			if v > low && v < high && (factor == 1 || high < 1e4*low) {
				levels = append(levels, v)
			}
		}
	}
	return levels
}
