package study

import (
	"encoding/csv"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"cloudconcepts/internal/units"
)

// A Table is what a study prints and writes as CSV.
type Table struct {
	Columns []Column
	Rows    [][]any // numbers in base units, times in seconds, texts, booleans
}

// A Column has a name that ends in its unit, as in sent_bytes, duration_s, rate_bytes_per_s, hit_fraction, cost_usd.
type Column struct {
	Name   string // heads the CSV column
	Header string // heads the printed column; empty means the words of the name
	Unit   string // B, B/s, s, fraction, $ or 1/s; empty means what the name ends in
	Hidden bool   // in the CSV, but not printed
}

// NewTable makes an empty table with columns of these names.
func NewTable(names ...string) Table {
	t := Table{}
	for _, name := range names {
		t.Columns = append(t.Columns, Column{Name: name})
	}
	return t
}

// Add appends a row; times may be given as time.Duration.
func (t *Table) Add(values ...any) {
	row := make([]any, len(values))
	for i, v := range values {
		row[i] = cell(reflect.ValueOf(v))
	}
	t.Rows = append(t.Rows, row)
}

// Show returns the table with only the columns of these names printed, in this order; the CSV keeps all.
func (t Table) Show(names ...string) Table {
	order := make([]int, 0, len(t.Columns))
	for _, name := range names {
		if i := slices.IndexFunc(t.Columns, func(c Column) bool { return c.Name == name }); i >= 0 {
			order = append(order, i)
		}
	}
	shown := len(order)
	for i := range t.Columns {
		if !slices.Contains(order, i) {
			order = append(order, i)
		}
	}
	out := Table{Columns: make([]Column, len(order)), Rows: make([][]any, len(t.Rows))}
	for to, from := range order {
		out.Columns[to] = t.Columns[from]
		out.Columns[to].Hidden = to >= shown
	}
	for r, row := range t.Rows {
		for _, from := range order {
			out.Rows[r] = append(out.Rows[r], row[from])
		}
	}
	return out
}

// Head returns the table with another printed header for one column.
func (t Table) Head(name, header string) Table {
	t.Columns = slices.Clone(t.Columns)
	for i := range t.Columns {
		if t.Columns[i].Name == name {
			t.Columns[i].Header = header
		}
	}
	return t
}

// WriteCSV writes all rows and columns with the columns' names and the numbers in full precision.
func (t Table) WriteCSV(w io.Writer) error {
	out := csv.NewWriter(w)
	record := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		record[i] = c.Name
	}
	if err := out.Write(record); err != nil {
		return err
	}
	for _, row := range t.Rows {
		for i := range record {
			record[i] = ""
			if i < len(row) {
				record[i] = raw(row[i])
			}
		}
		if err := out.Write(record); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// raw writes a value so that a program reads it back unchanged.
func raw(v any) string {
	switch x := v.(type) {
	case nil:
		return ""
	case string:
		return x
	case bool:
		return strconv.FormatBool(x)
	case float64:
		return strconv.FormatFloat(x, 'g', -1, 64)
	case time.Duration:
		return strconv.FormatFloat(x.Seconds(), 'g', -1, 64)
	}
	return fmt.Sprint(v)
}

// unit is what the column counts: its Unit, or what its name ends in.
func (c Column) unit() string {
	if c.Unit != "" {
		return c.Unit
	}
	_, unit := c.split()
	return unit
}

// split separates a name from the unit that it ends in.
func (c Column) split() (name, unit string) {
	for _, u := range []struct{ suffix, unit string }{
		{"bytes_per_s", "B/s"},
		{"per_s", "1/s"},
		{"bytes", "B"},
		{"seconds", "s"},
		{"s", "s"},
		{"usd", "$"},
		{"fraction", "fraction"},
		{"probability", "fraction"},
	} {
		if c.Name == u.suffix {
			return c.Name, u.unit
		}
		if name, ok := strings.CutSuffix(c.Name, "_"+u.suffix); ok {
			if u.unit == "fraction" {
				name = c.Name
			}
			return name, u.unit
		}
	}
	return c.Name, ""
}

func (c Column) header() string {
	if c.Header != "" {
		return c.Header
	}
	name, _ := c.split()
	return strings.ReplaceAll(name, "_", " ")
}

// format writes a value for a reader.
func (c Column) format(v any) string {
	switch x := v.(type) {
	case nil:
		return ""
	case string:
		return x
	case bool:
		if x {
			return "yes"
		}
		return "no"
	}
	x, ok := number(v)
	if !ok {
		return fmt.Sprint(v)
	}
	switch c.unit() {
	case "B":
		return units.FormatBytes(x)
	case "B/s":
		return units.FormatRate(x)
	case "1/s":
		return units.FormatNumber(x) + "/s"
	case "s":
		return units.FormatSeconds(x)
	case "fraction":
		return units.FormatPercent(x)
	case "$":
		return units.FormatUSD(x)
	}
	return units.FormatNumber(x)
}

func number(v any) (float64, bool) {
	if d, ok := v.(time.Duration); ok {
		return d.Seconds(), true
	}
	switch r := reflect.ValueOf(v); {
	case r.CanInt():
		return float64(r.Int()), true
	case r.CanUint():
		return float64(r.Uint()), true
	case r.CanFloat():
		return r.Float(), true
	}
	return 0, false
}
