package main

import (
	"fmt"
	"math"
	"strings"

	"cloudconcepts/internal/chart"
	"cloudconcepts/internal/sweep"
	"cloudconcepts/internal/units"
)

// words is a name for people, without its unit: vm.memory_bytes is vm memory.
func words(name string) string {
	stem, unit := sweep.Split(name)
	if unit == "_fraction" || unit == "_probability" {
		stem = name
	}
	stem = strings.TrimSuffix(strings.ReplaceAll(stem, ".value", ""), ".")
	if field, value, ok := strings.Cut(stem, "="); ok {
		stem = "share of runs with " + field + " " + value
	}
	return strings.NewReplacer("_", " ", ".", " ").Replace(stem)
}

// isShare tells whether a measure is the share of runs with a text: outcome=converged.
func isShare(measure string) bool { return strings.Contains(measure, "=") }

// scaled turns nanoseconds into seconds; all other units are base units already.
func scaled(name string, x float64) float64 {
	if sweep.Unit(name) == "ns" {
		return x / 1e9
	}
	return x
}

// format writes numbers of a name on an axis.
func format(name string) chart.Format {
	if isShare(name) {
		return chart.Percent
	}
	switch sweep.Unit(name) {
	case "s", "ns":
		return chart.Seconds
	case "B":
		return chart.Bytes
	case "B/s":
		return chart.ByteRate
	case "1/s":
		return func(v float64) string { return chart.Thousands(v) + "/s" }
	case "fraction":
		return chart.Percent
	}
	return chart.Thousands
}

// value writes a number of a name for people.
func value(name string, x float64) string {
	if math.IsNaN(x) {
		return "none"
	}
	if isShare(name) {
		return units.FormatPercent(x)
	}
	switch sweep.Unit(name) {
	case "s", "ns":
		return units.FormatSeconds(scaled(name, x))
	case "B":
		return units.FormatBytes(x)
	case "B/s":
		return units.FormatRate(x)
	case "1/s":
		return units.FormatFrequency(x)
	case "fraction":
		return units.FormatPercent(x)
	case "$":
		return units.FormatUSD(x)
	}
	return units.FormatNumber(x)
}

// axisValue writes value i of an axis for people.
func axisValue(a sweep.Axis, i int) string {
	if x, ok := a.Number(i); ok {
		return value(a.Name, x)
	}
	return a.Text(i)
}

// where names a cell by its settings, for people.
func where(g *sweep.Grid, cell int) string {
	var parts []string
	for i, at := range g.Place(cell) {
		if len(g.Axes[i].Values) > 1 {
			parts = append(parts, fmt.Sprintf("%s %s", words(g.Axes[i].Name), axisValue(g.Axes[i], at)))
		}
	}
	return strings.Join(parts, ", ")
}
