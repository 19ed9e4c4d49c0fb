package chart

import (
	"bytes"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func onePanel(x, y Axis, marks ...Mark) Figure {
	return Figure{Title: "Test", Panels: []Panel{{Name: "y", X: x, Y: y, Marks: marks}}}
}

// invalid is a figure with a fault and what is said about it.
type invalid struct {
	name   string
	figure Figure
	want   string
}

func invalidAxes() []invalid {
	nan := math.NaN()
	ok := Line{X: []float64{1, 2}, Y: []float64{1, 2}}
	return []invalid{
		{"no panels", Figure{}, "no panels"},
		{"no marks", onePanel(Axis{}, Axis{}), "no marks"},
		{"nil mark", onePanel(Axis{}, Axis{}, nil), "mark 1 is nil"},
		{"tiny", Figure{Width: 10, Height: 10, Panels: onePanel(Axis{}, Axis{}, ok).Panels}, "size 10 x 10 px"},
		{"size not a number", Figure{Width: nan, Panels: onePanel(Axis{}, Axis{}, ok).Panels}, "size NaN"},
		{"too little room", Figure{Width: 200, Height: 150, Columns: 3, Panels: []Panel{
			{Marks: []Mark{ok}}, {Marks: []Mark{ok}}, {Marks: []Mark{ok}},
		}}, "too small"},
		{"columns", Figure{Columns: -1, Panels: onePanel(Axis{}, Axis{}, ok).Panels}, "Columns"},
		{"weight", Figure{Panels: []Panel{{Weight: nan, Marks: []Mark{ok}}}}, "Weight"},
		{"axis not a number", onePanel(Axis{Min: nan, Max: 1}, Axis{}, ok), "x axis: range NaN"},
		{"axis infinite", onePanel(Axis{}, Axis{Max: math.Inf(1)}, ok), "y axis: range 0 to +Inf"},
		{"axis backwards", onePanel(Axis{Min: 3, Max: 1}, Axis{}, ok), "Max = 1 is below Min = 3"},
		{"axis empty", onePanel(Axis{Min: 3, Max: 3}, Axis{}, ok), "both 3"},
		{"axis too wide", onePanel(Axis{Min: -1e308, Max: 1e308}, Axis{}, ok), "too wide"},
		{"log axis negative", onePanel(Axis{Log: true, Min: -1, Max: 1}, Axis{}, ok), "positive bounds"},
		{"log axis without data", onePanel(Axis{}, Axis{Log: true}, Line{X: []float64{1, 2}, Y: []float64{0, -1}}), "without a positive value"},
		{"nothing finite", onePanel(Axis{}, Axis{}, Line{X: []float64{1}, Y: []float64{nan}}), "no finite value"},
		{"ticks", onePanel(Axis{Ticks: []float64{nan}}, Axis{}, ok), "a tick is not finite"},
	}
}

func invalidMarks() []invalid {
	nan := math.NaN()
	ok := Line{X: []float64{1, 2}, Y: []float64{1, 2}}
	grid := Grid{Z: [][]float64{{1, 2}, {3, 4}}}
	return []invalid{
		{"line lengths", onePanel(Axis{}, Axis{}, Line{X: []float64{1, 2}, Y: []float64{1}}), "X and Y have different lengths (2 and 1)"},
		{"line without y", onePanel(Axis{}, Axis{}, Line{X: []float64{1, 2}}), "different lengths (2 and 0)"},
		{"line width", onePanel(Axis{}, Axis{}, Line{X: []float64{1}, Y: []float64{1}, Width: -1}), "Width"},
		{"dots bars", onePanel(Axis{}, Axis{}, Dots{X: []float64{1}, Y: []float64{1}, Low: []float64{1}}), "Low and High"},
		{"dots lengths", onePanel(Axis{}, Axis{}, Dots{X: []float64{1}, Y: []float64{1}, Low: []float64{}, High: []float64{1, 2}}), "different lengths"},
		{"band", onePanel(Axis{}, Axis{}, Band{X: []float64{1}}), "Low and High"},
		{"band alpha", onePanel(Axis{}, Axis{}, Band{X: []float64{1}, Low: []float64{1}, High: []float64{1}, Alpha: 2}), "Alpha"},
		{"area", onePanel(Axis{}, Axis{}, Area{X: []float64{1}}), "different lengths"},
		{"polygon", onePanel(Axis{}, Axis{}, Polygon{X: []float64{1, 2}, Y: []float64{1, 2}}), "three or more corners"},
		{"span", onePanel(Axis{}, Axis{}, ok, Span{From: 2, To: 1}), "From <= To"},
		{"hspan", onePanel(Axis{}, Axis{}, ok, HSpan{From: nan, To: 1}), "From <= To"},
		{"hline", onePanel(Axis{}, Axis{}, ok, HLine{At: nan}), "At is not finite"},
		{"vline", onePanel(Axis{}, Axis{}, ok, VLine{At: math.Inf(1)}), "At is not finite"},
		{"note", onePanel(Axis{}, Axis{}, ok, Note{X: nan, Text: "x"}), "not finite"},
		{"note without text", onePanel(Axis{}, Axis{}, ok, Note{}), "no text"},
		{"text", onePanel(Axis{}, Axis{}, ok, Text{X: nan}), "not finite"},
		{"bars", onePanel(Axis{}, Axis{}, Bars{}), "no series"},
		{"bars lengths", onePanel(Axis{}, Axis{}, Bars{Series: []Series{{Y: []float64{1}}, {Y: []float64{1, 2}}}}), "series 2 has 2 values"},
		{"bars colours", onePanel(Axis{}, Axis{}, Bars{Series: []Series{{Y: []float64{1}, Colors: []Color{Blue, Red}}}}), "2 colours"},
		{"blocks", onePanel(Axis{}, Axis{}, Blocks{Items: []Block{{X0: 2, X1: 1}}}), "block 1"},
		{"no blocks", onePanel(Axis{}, Axis{}, Blocks{}), "no blocks"},
		{"grid", onePanel(Axis{Max: 1}, Axis{Max: 1}, HeatMap{}), "2 x 2"},
		{"grid ragged", onePanel(Axis{Max: 1}, Axis{Max: 1}, HeatMap{Grid: Grid{Z: [][]float64{{1, 2}, {3}}}}), "row 1 of the grid has 1 values"},
		{"grid empty", onePanel(Axis{Max: 1}, Axis{Max: 1}, HeatMap{Grid: Grid{Z: [][]float64{{nan, nan}, {nan, nan}}}}), "no colours"},
		{"grid log", onePanel(Axis{Max: 1}, Axis{Max: 1}, HeatMap{Grid: grid, LogZ: true, Max: 1}), "LogZ with Min = 0"},
		{"grid without axes", onePanel(Axis{}, Axis{}, HeatMap{Grid: grid}), "no finite value"},
		{"contour", onePanel(Axis{Max: 1}, Axis{Max: 1}, Contour{Grid: grid}), "levels"},
		{"contour log", onePanel(Axis{Max: 1}, Axis{Max: 1}, Contour{Grid: grid, LogZ: true, Levels: []float64{0}}), "LogZ"},
		{"bar", Figure{Bar: &ColorBar{}, Panels: onePanel(Axis{}, Axis{}, ok).Panels}, "colour bar"},
		{"custom", onePanel(Axis{}, Axis{}, Custom{}), "no plotter"},
	}
}

func TestInvalidFigures(t *testing.T) {
	for _, c := range append(invalidAxes(), invalidMarks()...) {
		t.Run(c.name, func(t *testing.T) {
			var out bytes.Buffer
			err := c.figure.Write(&out, "png", Light())
			require.ErrorContains(t, err, c.want)
			assert.Empty(t, out.Bytes(), "an invalid figure writes nothing")
			_, err = c.figure.Plots(Light())
			require.Error(t, err)
			_, err = c.figure.Image(Light())
			require.Error(t, err)
		})
	}
}

func TestAllFaultsAtOnce(t *testing.T) {
	f := onePanel(Axis{Min: 3, Max: 1}, Axis{Min: math.NaN()}, nil)
	f.Columns = -1
	err := f.Write(&bytes.Buffer{}, "png", Light())
	for _, want := range []string{"Columns", "x axis", "y axis", "mark 1"} {
		assert.ErrorContains(t, err, want)
	}
}

func TestUnknownNames(t *testing.T) {
	err := bloomFigure().Write(&bytes.Buffer{}, "eps", Light())
	assert.EqualError(t, err, `chart: format "eps" is not known, want png, svg, pdf`)
	_, err = ThemeByName("sepia")
	assert.EqualError(t, err, `chart: theme "sepia" is not known, want light or dark`)
	for _, name := range []string{"light", "dark"} {
		theme, err := ThemeByName(name)
		require.NoError(t, err)
		assert.Equal(t, name, theme.Name)
	}
}

// Values at the edge of the numbers are drawn or refused, never a panic.
func TestExtremeValues(t *testing.T) {
	values := []float64{0, math.Copysign(0, -1), 5e-324, 1e-300, 1, 1e15, 1e300, math.MaxFloat64, math.NaN(), math.Inf(1), math.Inf(-1), -1e300}
	for _, a := range values {
		for _, b := range values {
			for _, log := range []bool{false, true} {
				x, y := []float64{1, 2, 3}, []float64{1, a, b}
				f := onePanel(Axis{Log: log}, Axis{Log: log},
					Line{Label: "line", X: x, Y: y}, Dots{X: y, Y: x, Low: x, High: y},
					Band{X: x, Low: y, High: x}, Area{X: x, Y: y}, HSpan{From: math.Inf(-1), To: 1})
				f.Width, f.Height = 300, 200
				assert.NotPanics(t, func() { _ = f.Write(&bytes.Buffer{}, "svg", Light()) }, "%g %g %t", a, b, log)
			}
		}
	}
}

func TestLimits(t *testing.T) {
	from := func(lo, hi float64) span {
		s := newSpan(false)
		s.add(lo, hi)
		return s
	}
	base := from(3, 9)
	base.base = true
	logSpan := newSpan(true)
	logSpan.add(0, 0.0012, 60)
	for _, c := range []struct {
		name     string
		axis     Axis
		data     span
		vertical bool
		lo, hi   float64
	}{
		{"explicit", Axis{Min: 1, Max: 5}, from(0, 9), true, 1, 5},
		{"x is exact", Axis{}, from(1.3, 9.1), false, 1.3, 9.1},
		{"y from zero", Axis{}, from(1, 9.1), true, 0, 10},
		{"y far from zero", Axis{}, from(90, 100), true, 89.5, 100.5},
		{"bars stand on zero", Axis{}, base, true, 0, 10},
		{"maximum from the data", Axis{Min: 2}, from(3, 9.1), true, 2, 10},
		{"one value", Axis{}, from(5, 5), true, 4.5, 5.5},
		{"zero only", Axis{}, from(0, 0), true, -1, 1},
		{"log rounds outwards", Axis{Log: true}, logSpan, true, 0.001, 100},
		{"log maximum given", Axis{Log: true, Max: 70}, logSpan, true, 0.001, 70},
		{"categories", Axis{Labels: []string{"a", "b"}}, newSpan(false), false, -0.5, 1.5},
	} {
		t.Run(c.name, func(t *testing.T) {
			lo, hi, err := c.axis.limits(c.data, c.vertical)
			require.NoError(t, err)
			assert.InDelta(t, c.lo, lo, 1e-9)
			assert.InDelta(t, c.hi, hi, 1e-9)
		})
	}
}
