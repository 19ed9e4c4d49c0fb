package chart_test

import (
	"bytes"
	"fmt"
	"math"
	"os"
	"path/filepath"

	"cloudconcepts/internal/chart"
)

// Lines are theory, dots are measurements; each line is named at its end.
func Example() {
	f := chart.Figure{
		Title:    "Waiting explodes long before the server is full",
		Subtitle: "Mean wait in an M/M/1 queue with a mean service time of 10 ms.",
		Caption:  "cloudconcepts/queue · 20 runs, seed 1 · 95 % t intervals",
		Panels: []chart.Panel{{
			Name: "Mean wait (log scale)",
			X:    chart.Axis{Name: "Utilisation", Max: 1, Format: chart.Percent},
			Y:    chart.Axis{Log: true, Format: chart.Seconds},
			Marks: []chart.Mark{
				chart.Line{Label: "theory", X: []float64{0.1, 0.5, 0.8, 0.95}, Y: []float64{0.0011, 0.01, 0.04, 0.19}},
				chart.Dots{
					X: []float64{0.5, 0.8}, Y: []float64{0.0101, 0.0392},
					Low: []float64{0.0097, 0.0361}, High: []float64{0.0105, 0.0423},
				},
				chart.Note{X: 0.8, Y: 0.04, Text: "four service times"},
			},
		}},
	}
	var svg bytes.Buffer
	fmt.Println(f.Write(&svg, "svg", chart.Dark()), svg.Len() > 10000)
	// Output: <nil> true
}

// Two panels share the x axis: the rounds of a migration as blocks, and what
// is left to send against the limit.
func ExampleBlocks() {
	f := chart.Figure{
		Title:  "Three rounds are enough",
		ShareX: true,
		Panels: []chart.Panel{{
			Name: "Sent in the round",
			X:    chart.Axis{Name: "Time since start", Format: chart.Seconds},
			Y:    chart.Axis{Format: chart.Bytes},
			Marks: []chart.Mark{chart.Blocks{Items: []chart.Block{
				{X0: 0, X1: 7, Y: 8 << 30, Label: "1", Text: "every page once"},
				{X0: 7, X1: 9, Y: 2 << 30, Label: "2", Color: chart.Vermillion},
				{X0: 9, X1: 9.5, Y: 1 << 29, Label: "3", Color: chart.Vermillion},
			}}},
		}, {
			Name: "Still dirty",
			Y:    chart.Axis{Log: true, Format: chart.Bytes},
			Marks: []chart.Mark{
				chart.HSpan{From: 1 << 20, To: 300 << 20, Text: "fits in the downtime limit", Edge: true},
				chart.Line{X: []float64{7, 9, 9.5}, Y: []float64{2 << 30, 1 << 29, 1 << 27}, Dots: true, Color: chart.Ink},
			},
		}},
	}
	fmt.Println(f.Write(&bytes.Buffer{}, "pdf", chart.Light()))
	// Output: <nil>
}

// A heat map with lines of equal value and a colour bar; the words stand in
// the region that has no values.
func ExampleHeatMap() {
	const n = 40
	grid := chart.Grid{X0: 10, X1: 1000, Y0: 10, Y1: 1000, Z: make([][]float64, n)}
	for j := range grid.Z {
		for i := range n {
			x, y := float64(i)/(n-1), float64(j)/(n-1)
			z := math.Pow(10, 2*x-2*y+2)
			if x > y+0.3 {
				z = math.NaN()
			}
			grid.Z[j] = append(grid.Z[j], z)
		}
	}
	f := chart.Figure{
		Title: "Nothing converges below the diagonal",
		Bar:   &chart.ColorBar{Name: "Total time", Format: chart.Suffix("s")},
		Panels: []chart.Panel{{
			Name: "Link speed (MiB/s)",
			X:    chart.Axis{Name: "Dirty rate (MiB/s)", Log: true},
			Y:    chart.Axis{Log: true},
			Marks: []chart.Mark{
				chart.HeatMap{Grid: grid, LogZ: true, Ramp: chart.ViridisReversed, Missing: "never converges"},
				chart.Contour{Grid: grid, LogZ: true, Levels: []float64{10, 100}, Format: chart.Suffix("s")},
			},
		}},
	}
	fmt.Println(f.Write(&bytes.Buffer{}, "png", chart.Light()))
	// Output: <nil>
}

// Horizontal bars leave room for long names; the first is on top.
func ExampleBars() {
	f := chart.Figure{
		Title: "A Bloom filter needs a tenth of the memory",
		Panels: []chart.Panel{{
			X: chart.Axis{Name: "Bytes per key at 1 % false positives"},
			Y: chart.Axis{Labels: []string{"Bloom filter", "cuckoo filter", "hash set"}},
			Marks: []chart.Mark{chart.Bars{
				Horizontal: true,
				Values:     chart.Thousands,
				Series: []chart.Series{{
					Y:      []float64{1.2, 1.5, 16},
					Colors: []chart.Color{chart.Vermillion, chart.Blue, chart.Blue},
				}},
			}},
		}},
	}
	fmt.Println(f.Write(&bytes.Buffer{}, "svg", chart.Light()))
	// Output: <nil>
}

// The extension of the file is the format; a theme is a plain value.
func ExampleFigure_Save() {
	dir, err := os.MkdirTemp("", "chart")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	theme := chart.Light()
	theme.Blue = theme.Ink
	f := chart.Figure{Panels: []chart.Panel{{Marks: []chart.Mark{
		chart.Line{X: []float64{0, 1, 2}, Y: []float64{0, 1, 4}},
	}}}}
	fmt.Println(f.Save(filepath.Join(dir, "squares.png"), theme))
	fmt.Println(f.Save(filepath.Join(dir, "squares.eps"), theme) != nil)
	// Output:
	// <nil>
	// true
}
