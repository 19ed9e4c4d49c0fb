package validation

import (
	"flag"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A recorder is a test that may fail.
type recorder struct {
	testing.TB
	failed int
}

func (r *recorder) Helper()               {}
func (r *recorder) Errorf(string, ...any) { r.failed++ }

func TestClaims(t *testing.T) {
	compared.cells = nil
	c := Claim{Kind: Theory, Name: "sums", Source: "arithmetic", Unit: "s"}
	r := &recorder{TB: t}
	c.Within(r, "1 + 1", 2, 2.05, 0.1)
	c.Relative(r, "2 + 2", 4, 4.05, 0.1)
	c.Gap(r, "half", 0.5, 0.6, 0.05, "rounded")
	assert.Zero(t, r.failed)
	c.Relative(r, "1 / 0", math.Inf(1), math.Inf(1), 0.1)
	assert.Zero(t, r.failed)
	c.Relative(r, "2 / 0", math.Inf(1), 3, 0.1)
	c.Within(r, "1 + 2", 3, 3.2, 0.1)
	c.Gap(r, "third", 1./3, 0.34, 0.05, "rounded")
	assert.Equal(t, 3, r.failed)
	c.Within(r, "1 + 1", 2, 2, 0)
	if flag.Lookup("test.count").Value.String() == "1" {
		assert.Equal(t, 4, r.failed, "the same case twice")
	}
	require.Len(t, compared.cells, 7, "the same case twice is one cell")
	assert.Zero(t, compared.cells[0].Tolerance)

	file := filepath.Join(t.TempDir(), "testdata", "validation.csv")
	require.Error(t, settle(file, compared.cells, false), "nothing written yet")
	require.NoError(t, settle(file, compared.cells, true))
	require.NoError(t, settle(file, compared.cells, false))
	require.ErrorContains(t, settle(file, compared.cells[:6], false), "6 cells, were 7")
	compared.cells[2].Got = 0.61
	require.ErrorContains(t, settle(file, compared.cells, false), "cell 2")
	require.NoError(t, os.WriteFile(file, []byte("x\n"), 0o600))
	require.ErrorContains(t, settle(file, nil, false), "no table of cells")
}

func TestPage(t *testing.T) {
	c := Claim{Kind: Measured, Name: "a|b", Source: "x_y", Unit: "s"}
	d := Claim{Kind: Theory, Name: "d", Source: "z"}
	list := []packet{{"queue", grouped([]Cell{
		{Claim: c, Name: "one", Want: 2, Got: 2.1, Tolerance: 0.5},
		{Claim: c, Name: "two", Want: 4, Got: 4.1, Tolerance: 0.2},
		{Claim: d, Name: "three", Want: 0, Got: 0, Tolerance: 0},
		{Claim: d, Name: "four", Want: 1, Got: 1.5, Tolerance: 0.1, Gap: "half"},
	})}}
	text := page(list)
	assert.Contains(t, text, "4 comparisons in 2 claims")
	assert.Contains(t, text, "| `queue` | d | 1 of 2 | four | 1 | 1.5 | 50 % | half |")
	assert.Contains(t, text, "| [queue](#queue) | 2 | 0 | 2 | 1 |")
	assert.Contains(t, text, `| a\|b | measured | x\_y | 2 | two | 4 s | 4.1 s | 2.5 % | 5 % | pass |`)
	assert.Contains(t, list[0].cases(), "| d | three | 0 | 0 | 0 | 0 | pass |")
	assert.InDelta(t, 0.05, list[0].claims[0].largest(), 1e-12)

	got, err := replaced("a\n<!-- x -->\nold\n<!-- end of x -->\nb\n", "x", "new\n")
	require.NoError(t, err)
	assert.Equal(t, "a\n<!-- x -->\nnew\n<!-- end of x -->\nb\n", got)
	_, err = replaced("a", "x", "")
	require.Error(t, err)
}
