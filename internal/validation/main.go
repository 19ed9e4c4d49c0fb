package validation

import (
	"bytes"
	"encoding/csv"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
)

var update = flag.Bool("validate", false, "write what the tests compared instead of comparing it with the files")

// path is the file of a package's cells, from the package's folder.
var path = filepath.Join("testdata", "validation.csv")

var header = []string{"claim", "kind", "source", "unit", "case", "want", "got", "tolerance", "gap"}

// Main runs the tests of a package and compares their cells with testdata/validation.csv, or writes that file. Short, partial
// and shuffled runs are not compared: they have other numbers, not all, or in another order.
func Main(m *testing.M) {
	code := m.Run()
	if code == 0 && whole() {
		if err := settle(path, compared.cells, *update); err != nil {
			fmt.Fprintln(os.Stderr, err)
			code = 1
		}
	}
	os.Exit(code)
}

// whole tells whether all tests have run at full length, on the architecture that the numbers were written on.
func whole() bool {
	for _, name := range []string{"test.run", "test.skip", "test.bench", "test.fuzz", "test.list"} {
		if f := flag.Lookup(name); f != nil && f.Value.String() != "" {
			return false
		}
	}
	return !testing.Short() && flag.Lookup("test.shuffle").Value.String() == "off" && runtime.GOARCH == "amd64"
}

// settle writes the cells to the file, or compares them with it.
func settle(file string, cells []Cell, write bool) error {
	cells = slices.Clone(cells)
	slices.SortStableFunc(cells, func(a, b Cell) int { return strings.Compare(a.Claim.Name, b.Claim.Name) })
	if write {
		data, err := encode(cells)
		if err != nil {
			return err
		}
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			return err
		}
		return os.WriteFile(file, data, 0o644)
	}
	old, err := read(file)
	if err != nil {
		return err
	}
	if err := same(old, cells); err != nil {
		return fmt.Errorf("%s is not what the tests compared: %w\nif that is meant, write it anew: .ci/validate", file, err)
	}
	return nil
}

// same wants the same cells, with numbers that are equal to six digits.
func same(old, cells []Cell) error {
	for i := range min(len(old), len(cells)) {
		a, b := old[i], cells[i]
		equal := a.Claim == b.Claim && a.Name == b.Name && a.Gap == b.Gap && near(a.Want, b.Want) && near(a.Got, b.Got) && near(a.Tolerance, b.Tolerance)
		if !equal {
			return fmt.Errorf("cell %d was %+v, is %+v", i, a, b)
		}
	}
	if len(old) != len(cells) {
		return fmt.Errorf("%d cells, were %d", len(cells), len(old))
	}
	return nil
}

func near(a, b float64) bool {
	return a == b || math.IsNaN(a) && math.IsNaN(b) || math.Abs(a-b) <= 1e-6*max(math.Abs(a), math.Abs(b)) || math.Abs(a-b) < 1e-12
}

func encode(cells []Cell) ([]byte, error) {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	rows := [][]string{header}
	for _, c := range cells {
		rows = append(rows, []string{
			c.Claim.Name, string(c.Kind), c.Source, c.Unit, c.Name, number(c.Want), number(c.Got), number(c.Tolerance), c.Gap,
		})
	}
	err := w.WriteAll(rows)
	return b.Bytes(), err
}

func number(x float64) string { return strconv.FormatFloat(x, 'g', 9, 64) }

// read returns the cells of a file; one that does not exist has none.
func read(file string) ([]Cell, error) {
	data, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	rows, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
	if err != nil || len(rows) == 0 || !slices.Equal(rows[0], header) {
		return nil, fmt.Errorf("%s: no table of cells: %w", file, err)
	}
	cells := make([]Cell, len(rows)-1)
	for i, row := range rows[1:] {
		if cells[i], err = decode(row); err != nil {
			return nil, fmt.Errorf("%s, row %d: %w", file, i+2, err)
		}
	}
	return cells, nil
}

func decode(row []string) (Cell, error) {
	c := Cell{Claim: Claim{Name: row[0], Kind: Kind(row[1]), Source: row[2], Unit: row[3]}, Name: row[4], Gap: row[8]}
	var errs [3]error
	c.Want, errs[0] = strconv.ParseFloat(row[5], 64)
	c.Got, errs[1] = strconv.ParseFloat(row[6], 64)
	c.Tolerance, errs[2] = strconv.ParseFloat(row[7], 64)
	return c, errors.Join(errs[:]...)
}
