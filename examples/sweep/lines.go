package main

import (
	"cloudconcepts/internal/chart"
	"cloudconcepts/internal/sweep"
)

// mostCurves is how many values of a second field get a curve of their own.
const mostCurves = 8

// lines is the picture of a measure over one field, with a curve for each value of another one.
func (s slice) lines(sum *sweep.Summary) chart.Figure {
	g := s.grid
	panel := chart.Panel{Name: words(g.Measures[s.measure]), X: s.axis(s.x), Y: chart.Axis{Format: format(g.Measures[s.measure])}}
	panel.Y.Log = wide(s.values(sum))
	curves := 1
	if s.y >= 0 {
		curves = len(g.Axes[s.y].Values)
	}
	for n := range min(curves, mostCurves) {
		k := n
		if curves > mostCurves { // evenly chosen, the first and the last among them
			k = n * (curves - 1) / (mostCurves - 1)
		}
		panel.Marks = append(panel.Marks, s.curve(sum, k, n, panel.Y.Log)...)
	}
	return chart.Figure{Panels: []chart.Panel{panel}}
}

// curve is the mean over x at value k of y, with its interval.
func (s slice) curve(sum *sweep.Summary, k, n int, log bool) []chart.Mark {
	a := s.grid.Axes[s.x]
	line := chart.Line{Color: chart.Palette(n), Dots: len(a.Values) <= 60}
	band := chart.Band{Color: chart.Palette(n)}
	if s.y >= 0 {
		line.Label = words(s.grid.Axes[s.y].Name) + " " + axisValue(s.grid.Axes[s.y], k)
	}
	for i := range a.Values {
		x, numeric := a.Number(i)
		if !numeric || !a.Numeric() {
			x = float64(i) // a category
		} else {
			x = scaled(a.Name, x)
		}
		cell, measure := s.cell(i, k), s.grid.Measures[s.measure]
		line.X, band.X = append(line.X, x), append(band.X, x)
		line.Y = append(line.Y, finite(scaled(measure, sum.Mean[s.measure][cell]), log))
		band.Low = append(band.Low, finite(scaled(measure, sum.Low[s.measure][cell]), log))
		band.High = append(band.High, finite(scaled(measure, sum.High[s.measure][cell]), log))
	}
	if !a.Numeric() {
		dots := chart.Dots{Label: line.Label, X: line.X, Y: line.Y, Color: line.Color}
		if s.grid.Runs > 1 {
			dots.Low, dots.High = band.Low, band.High
		}
		return []chart.Mark{dots}
	}
	if s.grid.Runs > 1 {
		return []chart.Mark{band, line}
	}
	return []chart.Mark{line}
}

// axis is a swept field as an axis: a scale of numbers, or its values as names.
func (s slice) axis(i int) chart.Axis {
	a := s.grid.Axes[i]
	axis := chart.Axis{Name: words(a.Name), Log: a.Log, Format: format(a.Name)}
	if !a.Numeric() {
		axis.Format, axis.Log = nil, false
		for v := range a.Values {
			axis.Labels = append(axis.Labels, a.Text(v))
		}
	}
	return axis
}

// values are all numbers that the picture shows.
func (s slice) values(sum *sweep.Summary) []float64 {
	var list []float64
	for i := range s.grid.Axes[s.x].Values {
		rows := 1
		if s.y >= 0 {
			rows = len(s.grid.Axes[s.y].Values)
		}
		for k := range rows {
			list = append(list, sum.Mean[s.measure][s.cell(i, k)])
		}
	}
	return list
}
