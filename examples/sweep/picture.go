package main

import (
	"bytes"
	"fmt"
	"math"
	"slices"
	"strings"

	"cloudconcepts/internal/chart"
	"cloudconcepts/internal/study"
	"cloudconcepts/internal/sweep"
)

// picture is what the picture shows, as flags ask for it.
type picture struct {
	kind    string
	measure string
	at      []string
	formats []string
	theme   string
}

func newPicture() picture {
	return picture{kind: "auto", formats: []string{"png", "svg"}, theme: "light"}
}

func (p *picture) flags(f *study.Flags) {
	f.Choice(&p.kind, "chart", "the picture; auto: lines, or a map if two fields have many values each", "auto", "lines", "map", "none")
	f.String(&p.measure, "measure", "number that the picture shows (default: the first one measured)")
	f.StringList(&p.at, "at", "value of a swept field that is not an axis of the picture, as servers=4 (default: the first one)")
	f.ChoiceList(&p.formats, "format", "picture formats", chart.Formats()...)
	f.Choice(&p.theme, "theme", "colours of the picture", "light", "dark")
}

// check refuses flags that do not fit the sweep, before it is run.
func (p *picture) check(g *sweep.Grid) error {
	_, err := p.slice(g)
	return err
}

// A slice is the part of a grid that a picture shows: one measure over one or two axes, at one value of each other axis.
type slice struct {
	grid    *sweep.Grid
	measure int
	x, y    int   // axes; y is -1 if there is one only
	fixed   []int // the place on each axis
	isMap   bool
}

// manyValues is from how many values on a second field is a map rather than a curve for each.
const manyValues = 6

func (p *picture) slice(g *sweep.Grid) (slice, error) {
	s := slice{grid: g, x: -1, y: -1, fixed: make([]int, len(g.Axes))}
	if s.measure = slices.Index(g.Measures, p.measure); s.measure < 0 {
		if p.measure != "" {
			return s, fmt.Errorf("--measure %s is not measured; there are %s", p.measure, strings.Join(g.Measures, ", "))
		}
		s.measure = 0
	}
	held, err := p.held(g, s.fixed)
	if err != nil {
		return s, err
	}
	for i, a := range g.Axes {
		switch {
		case held[i] || len(a.Values) < 2:
		case s.x < 0:
			s.x = i
		case s.y < 0:
			s.y = i
		}
	}
	if s.x < 0 {
		s.x = 0
	}
	if s.y >= 0 {
		s.isMap = p.kind == "map" || p.kind == "auto" && min(len(g.Axes[s.x].Values), len(g.Axes[s.y].Values)) >= manyValues
	} else if p.kind == "map" {
		return s, fmt.Errorf("--chart map needs two swept fields with two values or more")
	}
	// The axis of fewer values gives the curves.
	if s.y >= 0 && !s.isMap && len(g.Axes[s.y].Values) > len(g.Axes[s.x].Values) && !g.Axes[s.x].Numeric() {
		s.x, s.y = s.y, s.x
	}
	return s, nil
}

// held reads --at into the places of its axes.
func (p *picture) held(g *sweep.Grid, place []int) ([]bool, error) {
	held := make([]bool, len(g.Axes))
	for _, text := range p.at {
		name, value, _ := strings.Cut(text, "=")
		i := slices.IndexFunc(g.Axes, func(a sweep.Axis) bool { return a.Name == name })
		if i < 0 {
			return nil, fmt.Errorf("--at %s: %s is not swept; there are %s", text, name, strings.Join(axisNames(g), ", "))
		}
		var values []string
		for v := range g.Axes[i].Values {
			values = append(values, g.Axes[i].Text(v))
		}
		k := slices.Index(values, value)
		if k < 0 {
			return nil, fmt.Errorf("--at %s: %s has the values %s", text, name, strings.Join(values, ", "))
		}
		place[i], held[i] = k, true
	}
	return held, nil
}

func axisNames(g *sweep.Grid) []string {
	var names []string
	for _, a := range g.Axes {
		names = append(names, a.Name)
	}
	return names
}

// cell is the index of the cell at value i of x and value k of y.
func (s slice) cell(i, k int) int {
	cell := 0
	for axis, a := range s.grid.Axes {
		at := s.fixed[axis]
		switch axis {
		case s.x:
			at = i
		case s.y:
			at = k
		}
		cell = cell*len(a.Values) + at
	}
	return cell
}

// draw renders the picture.
func (p *picture) draw(sum *sweep.Summary) ([]study.File, error) {
	s, err := p.slice(sum.Grid)
	if err != nil || p.kind == "none" {
		return nil, study.Usage(err)
	}
	if !slices.ContainsFunc(sum.Mean[s.measure], func(x float64) bool { return x == x }) {
		return nil, nil // no run gave a number
	}
	figure := s.lines(sum)
	if s.isMap {
		figure = s.heatMap(sum)
	}
	figure.Title = sentence(sum, s.measure)
	figure.Subtitle = s.subtitle()
	figure.Caption = s.caption()
	theme, err := chart.ThemeByName(p.theme)
	if err != nil {
		return nil, err
	}
	var files []study.File
	for _, format := range p.formats {
		var b bytes.Buffer
		if err := figure.Write(&b, format, theme); err != nil {
			return nil, err
		}
		files = append(files, study.File{Name: "chart." + format, Data: b.Bytes()})
	}
	return files, nil
}

func (s slice) subtitle() string {
	text := words(s.grid.Measures[s.measure]) + " over " + words(s.grid.Axes[s.x].Name)
	if s.y >= 0 {
		text += " and " + words(s.grid.Axes[s.y].Name)
	}
	var rest []string
	for i, a := range s.grid.Axes {
		if i != s.x && i != s.y {
			rest = append(rest, words(a.Name)+" "+axisValue(a, s.fixed[i]))
		}
	}
	if len(rest) > 0 {
		text += ", at " + strings.Join(rest, ", ")
	}
	return text
}

func (s slice) caption() string {
	text := fmt.Sprintf("model %s, seed %d; each cell: ", s.grid.Model, s.grid.Seed)
	switch {
	case s.grid.Runs == 1:
		return text + "one run"
	case s.isMap:
		return text + fmt.Sprintf("mean of %d runs", s.grid.Runs)
	}
	return text + fmt.Sprintf("mean of %d runs with its 95 %% interval", s.grid.Runs)
}

// finite is x, or NaN if it cannot be drawn on the scale.
func finite(x float64, log bool) float64 {
	if math.IsInf(x, 0) || log && x <= 0 {
		return math.NaN()
	}
	return x
}
