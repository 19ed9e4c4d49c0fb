package validation

import (
	"flag"
	"math"
	"sync"
	"testing"
)

// A Kind tells where the number comes from that a claim expects.
type Kind string

// Theory is a closed form or an exact computation, Published a number of a paper, a manual or a source, Measured what a
// real system was measured to do.
const (
	Theory    Kind = "theory"
	Published Kind = "published"
	Measured  Kind = "measured"
)

// A Claim is a formula, a table or a series of measurements that a model is checked against.
type Claim struct {
	Kind   Kind
	Name   string // what is compared, unique in its package: "wait in an M/M/1 queue"
	Source string // who says so: author, title, year, table; or the formula
	Unit   string // of all cells; empty for counts and shares
}

// A Cell is one number of a claim.
type Cell struct {
	Claim
	Name      string // the case: "load 0.9"
	Want, Got float64
	Tolerance float64 // largest allowed |Got - Want|
	Gap       string  // why the two differ by more than that, if it is a known gap
}

// Difference is what was got, less what was wanted.
func (c Cell) Difference() float64 {
	if c.Got == c.Want {
		return 0
	}
	return c.Got - c.Want
}

// Passes tells whether the difference is allowed.
func (c Cell) Passes() bool {
	return !math.IsInf(c.Difference(), 0) && math.Abs(c.Difference()) <= c.Tolerance
}

// A record is what the tests of one process have compared.
type record struct {
	mu    sync.Mutex
	cells []Cell
}

var compared record

// add keeps the cell. The same case twice is a mistake, unless tests are to run several times.
func (r *record) add(t testing.TB, cell Cell) {
	t.Helper()
	r.mu.Lock()
	defer r.mu.Unlock()
	for i := range r.cells {
		if r.cells[i].Claim.Name == cell.Claim.Name && r.cells[i].Name == cell.Name {
			r.cells[i] = cell
			if flag.Lookup("test.count").Value.String() == "1" {
				t.Errorf("%s, %s: this case has been compared before; give it another name", cell.Claim.Name, cell.Name)
			}
			return
		}
	}
	r.cells = append(r.cells, cell)
}

// Within wants got to differ from want by at most an absolute tolerance, and keeps the cell.
func (c Claim) Within(t testing.TB, cell string, want, got, tolerance float64) {
	t.Helper()
	x := Cell{Claim: c, Name: cell, Want: want, Got: got, Tolerance: tolerance}
	if !x.Passes() {
		t.Errorf("%s, %s: got %v, want %v within %v, which it misses by %v (%s)", c.Name, cell, got, want, tolerance, x.Difference(), c.Source)
	}
	compared.add(t, x)
}

// Relative wants got to differ from want by at most a share of want, and keeps the cell.
func (c Claim) Relative(t testing.TB, cell string, want, got, tolerance float64) {
	t.Helper()
	c.Within(t, cell, want, got, tolerance*math.Abs(want))
}

// Gap keeps a cell that is known to be off by more than the tolerance, and says why. It fails when the gap has closed.
func (c Claim) Gap(t testing.TB, cell string, want, got, tolerance float64, why string) {
	t.Helper()
	x := Cell{Claim: c, Name: cell, Want: want, Got: got, Tolerance: tolerance, Gap: why}
	if x.Passes() || math.IsNaN(got) {
		t.Errorf("%s, %s: got %v, want %v: this gap has closed, check it with Within", c.Name, cell, got, want)
	}
	compared.add(t, x)
}
