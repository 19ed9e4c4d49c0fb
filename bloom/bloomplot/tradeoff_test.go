package bloomplot_test

import (
	"bytes"
	"image"
	"image/color"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"cloudconcepts/bloom"
	"cloudconcepts/bloom/bloomplot"
	"cloudconcepts/bloom/filter"
)

// Every figure is drawn in both themes as PNG and SVG, and is not blank, for
// filters of usual size and for tiny and overfull ones.
func TestRateFigures(t *testing.T) {
	usual := bloom.Config{Bits: 1000, Keys: 100, Hashes: 7, Filters: 20, Queries: 500, Seed: 1}
	tiny := bloom.Config{Bits: 2, Keys: 1, Hashes: 1, Filters: 1, Queries: 1, Seed: 1}
	never := bloom.Config{Bits: 100_000, Keys: 10, Hashes: 7, Filters: 2, Queries: 10, Seed: 1}
	full := bloom.Config{Bits: 10, Keys: 1000, Hashes: 3, Filters: 2, Queries: 10, Seed: 1}
	for name, c := range map[string]bloom.Config{"usual": usual, "tiny": tiny, "no false positive": never, "overfull": full} {
		t.Run(name, func(t *testing.T) {
			r := []bloom.Result{measure(t, c)}
			for what, f := range figuresOf(t, r) {
				drawn(t, what, f)
			}
		})
	}
}

// figuresOf draws one measurement in every way.
func figuresOf(t *testing.T, r []bloom.Result) map[string]bloomplot.Figure {
	t.Helper()
	c := r[0].Config
	rate := func(b float64) float64 { return bloom.Classical(b, 1, bloom.OptimalHashes(b)) }
	cost := bloomplot.LayoutCost{Name: "classic", Hashes: bloom.OptimalHashes, Rate: rate, Results: r}
	law, err := bloom.FillDistribution(c.Bits, c.Keys, c.Hashes)
	require.NoError(t, err)
	fills := bloomplot.Fills{Params: bloom.Params{Bits: c.Bits, Keys: c.Keys, Hashes: c.Hashes}, Law: law, Measured: []uint64{c.Bits / 2, c.Bits}, Scheme: "independent"}
	formula := bloomplot.FormulaError{Hashes: c.Hashes, Bits: []uint64{100, 1000}, Excess: []float64{0.1, 0.01}}
	return map[string]bloomplot.Figure{
		"measured": bloomplot.Measured(r[0]),
		"tradeoff": bloomplot.Tradeoff(0.01, 2, 20, []bloomplot.Contender{{Name: "classic", Rate: rate, Bits: math.NaN(), Measured: r}}),
		"hashes":   bloomplot.Hashes([]bloomplot.HashSweep{{BitsPerKey: 10, Results: append(r, measureMore(t, c))}}, 0),
		"overfill": bloomplot.Overfill([]bloomplot.Overfilled{{Target: 0.01, Design: c.Keys, Results: r}}),
		"exact":    bloomplot.Exact([]bloomplot.FormulaError{formula}, 10, []bloomplot.SchemeError{{Name: "double", Results: r}}),
		"formula":  bloomplot.Exact([]bloomplot.FormulaError{formula}, 10, nil),
		"fill":     bloomplot.Fill(fills),
		"layouts":  bloomplot.Layouts([]bloomplot.LayoutCost{cost, cost, cost, cost}, 2, 20, 10),
	}
}

// measureMore is the same with one hash more, if there is room.
func measureMore(t *testing.T, c bloom.Config) bloom.Result {
	t.Helper()
	c.Hashes = min(c.Hashes+1, int(c.Bits))
	return measure(t, c)
}

// The titles state what was found.
func TestRateTitles(t *testing.T) {
	c := bloom.Config{Bits: 1000, Keys: 100, Hashes: 7, Filters: 100, Queries: 1000, Seed: 1}
	title := func(c bloom.Config) string { return bloomplot.Measured(measure(t, c)).Title }
	assert.Contains(t, title(c), "as theory says")
	small := c
	small.Bits, small.Keys, small.Scheme, small.Filters = 64, 6, filter.Double, 2000
	assert.Contains(t, title(small), "3.8 times the exact rate")
	none := c
	none.Bits = 100_000
	assert.Contains(t, title(none), "No false positive in 100,000 lookups")
	wrong := c
	wrong.Absent, wrong.Overlap = bloom.Overlapping, 0.5
	assert.Contains(t, title(wrong), "some of them are present")

	sweep := bloomplot.HashSweep{BitsPerKey: 10}
	for k := 1; k <= 10; k++ {
		c.Hashes = k
		sweep.Results = append(sweep.Results, measure(t, c))
	}
	assert.Contains(t, bloomplot.Hashes([]bloomplot.HashSweep{sweep}, 0).Title, "7 hash functions are best")
	short := bloomplot.HashSweep{BitsPerKey: 10, Results: sweep.Results[:3]}
	assert.Contains(t, bloomplot.Hashes([]bloomplot.HashSweep{short}, 0).Title, "up to 3 and beyond")
}

func measure(t *testing.T, c bloom.Config) bloom.Result {
	t.Helper()
	r, err := bloom.Measure(t.Context(), c)
	require.NoError(t, err)
	return r
}

// drawn draws a figure in both themes.
func drawn(t *testing.T, name string, f bloomplot.Figure) {
	t.Helper()
	assert.NotContains(t, f.Title, "NaN", name)
	for _, theme := range []bloomplot.Theme{bloomplot.Light(), bloomplot.Dark()} {
		img, err := f.Image(theme)
		require.NoError(t, err, name)
		assert.Greater(t, inked(img, theme.Background), 5000, "%s: pixels that are not background", name)
		var svg bytes.Buffer
		require.NoError(t, f.Write(&svg, "svg", theme), name)
		assert.Contains(t, svg.String(), "<svg", name)
	}
}

// inked counts the pixels that differ from the background.
func inked(img image.Image, background color.RGBA) int {
	n := 0
	for y := img.Bounds().Min.Y; y < img.Bounds().Max.Y; y++ {
		for x := img.Bounds().Min.X; x < img.Bounds().Max.X; x++ {
			if r, g, b, _ := img.At(x, y).RGBA(); uint8(r>>8) != background.R || uint8(g>>8) != background.G || uint8(b>>8) != background.B {
				n++
			}
		}
	}
	return n
}
