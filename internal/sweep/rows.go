package sweep

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"math"
	"path/filepath"
	"strconv"
)

// A Summary is what is kept of all cells to draw them and to say where the least and the greatest are.
type Summary struct {
	*Grid
	Version string
	Mean    [][]float64 // by measure and cell; NaN if no run gave a number
	Low     [][]float64 // 95 % interval of the mean; NaN for fewer than two runs
	High    [][]float64
	Missing []uint64 // by measure: runs that gave no number
}

// The files of a merged sweep, with a row for each cell.
const (
	CSVFile   = "cells.csv"
	JSONLFile = "cells.jsonl"
)

// Write writes the rows of all cells into the folder, as CSV and as JSONL. The files are replaced when both are complete.
func (m *Merged) Write(dir string) (*Summary, error) {
	s := newSummary(&m.Grid, m.Version)
	err := replaceFile(filepath.Join(dir, CSVFile), func(table io.Writer) error {
		return replaceFile(filepath.Join(dir, JSONLFile), func(lines io.Writer) error {
			w := rowWriter{grid: &m.Grid, table: csv.NewWriter(table), lines: lines, summary: s, quantiles: student{}}
			if err := w.table.Write(m.Columns()); err != nil {
				return err
			}
			if err := m.Cells(w.cell); err != nil {
				return err
			}
			w.table.Flush()
			return w.table.Error()
		})
	})
	return s, err
}

func newSummary(g *Grid, version string) *Summary {
	s := &Summary{Grid: g, Version: version, Missing: make([]uint64, len(g.Measures))}
	for range g.Measures {
		s.Mean = append(s.Mean, make([]float64, g.Cells()))
		s.Low = append(s.Low, make([]float64, g.Cells()))
		s.High = append(s.High, make([]float64, g.Cells()))
	}
	return s
}

// spread are the columns that a measure has beside its mean if there is more than one run.
func spread() []string { return []string{"low", "high", "sd", "min", "p10", "p50", "p90", "max"} }

// With puts a word before the unit of a name: wait_p99_low_s.
func With(name, word string) string {
	stem, unit := Split(name)
	return stem + "_" + word + unit
}

// Columns are those of the CSV file: the swept fields, the number of runs, and for each measure its mean over the runs, the
// 95 % interval of the mean, the standard deviation, quantiles and extremes of the runs, and how many gave a number.
func (g *Grid) Columns() []string {
	var names []string
	for _, a := range g.Axes {
		names = append(names, a.Name)
	}
	names = append(names, "runs")
	for _, measure := range g.Measures {
		names = append(names, measure)
		if g.Runs > 1 {
			for _, word := range spread() {
				names = append(names, With(measure, word))
			}
		}
		stem, _ := Split(measure)
		names = append(names, stem+"_runs")
	}
	return names
}

// A rowWriter writes a cell after the other.
type rowWriter struct {
	grid      *Grid
	table     *csv.Writer
	lines     io.Writer
	summary   *Summary
	quantiles student
}

func (w *rowWriter) cell(cell int, tallies []*Tally) error {
	place, record := w.grid.Place(cell), []string(nil)
	line := bytes.NewBufferString(`{"cell":` + strconv.Itoa(cell) + `,"set":{`)
	for i, a := range w.grid.Axes {
		record = append(record, a.Text(place[i]))
		key(line, a.Name, i == 0)
		line.Write(a.Values[place[i]])
	}
	record = append(record, strconv.Itoa(w.grid.Runs))
	line.WriteString(`},"runs":` + strconv.Itoa(w.grid.Runs) + `,"measures":{`)
	for i, t := range tallies {
		numbers := w.numbers(i, cell, t)
		for _, x := range numbers {
			record = append(record, csvNumber(x))
		}
		record = append(record, strconv.FormatUint(t.Count, 10))
		key(line, w.grid.Measures[i], i == 0)
		if err := w.measure(line, numbers, t); err != nil {
			return err
		}
	}
	line.WriteString("}}\n")
	_, err := w.lines.Write(line.Bytes())
	return errors.Join(err, w.table.Write(record))
}

// numbers are what a measure has in the row of a cell, as in Columns.
func (w *rowWriter) numbers(measure, cell int, t *Tally) []float64 {
	mean, low, high, sd := t.estimate(w.quantiles)
	s := w.summary
	s.Mean[measure][cell], s.Low[measure][cell], s.High[measure][cell] = mean, low, high
	s.Missing[measure] += t.Missing
	if w.grid.Runs == 1 {
		return []float64{mean}
	}
	least, most := t.Min, t.Max
	if t.Count == 0 {
		least, most = math.NaN(), math.NaN()
	}
	return []float64{mean, low, high, sd, least, t.Quantile(0.1), t.Quantile(0.5), t.Quantile(0.9), most}
}

// measure writes the numbers of a cell and the state from which they were computed, which can be merged.
func (w *rowWriter) measure(line *bytes.Buffer, numbers []float64, t *Tally) error {
	line.WriteByte('{')
	for i, name := range append([]string{"mean"}, spread()...)[:len(numbers)] {
		key(line, name, i == 0)
		if x := numbers[i]; x == x && !math.IsInf(x, 0) {
			line.WriteString(csvNumber(x))
		} else {
			line.WriteString("null")
		}
	}
	state, err := json.Marshal(t)
	line.WriteString(`,"state":`)
	line.Write(state)
	line.WriteByte('}')
	return err
}

func key(line *bytes.Buffer, name string, first bool) {
	if !first {
		line.WriteByte(',')
	}
	text, _ := json.Marshal(name) // a string always has JSON
	line.Write(text)
	line.WriteByte(':')
}

// csvNumber writes a number in full, and nothing for one that is not there.
func csvNumber(x float64) string {
	if math.IsNaN(x) {
		return ""
	}
	return strconv.FormatFloat(x, 'g', -1, 64)
}
