package bloomplot_test

import (
	"bytes"
	"context"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"cloudconcepts/bloom"
	"cloudconcepts/bloom/bloomplot"
	"cloudconcepts/bloom/lsm"
)

// The figures about reads, memory, documentation and own keys are drawn in both
// themes as PNG and SVG, and are not blank, for usual and for odd inputs.
func TestReadFigures(t *testing.T) {
	claims := []bloomplot.Claim{
		{Who: "a", Statement: "holds", Said: 0.01, True: 0.01, Unit: "fraction"},
		{Who: "b", Statement: "is off", Said: 3, True: 2, Unit: "times"},
		{Who: "c", Statement: "is measured", Said: 0.01, True: 0.0146, Measured: 0.0147, Low: 0.0145, High: 0.0149, Unit: "fraction"},
	}
	set := keySet(t)
	filters := []bloomplot.KeyFilter{
		{System: "guarantee", BitsPerKey: 9.6, Expected: 0.01, Measured: 0.0101, Low: 0.0095, High: 0.0107},
		{System: "none seen", BitsPerKey: 60, Expected: 1e-9, High: 1e-5},
	}
	for name, f := range map[string]bloomplot.Figure{
		"allocation":                   bloomplot.Allocation(shared(t, 10, 5, 10)),
		"allocation, one level":        bloomplot.Allocation(shared(t, 10, 1, 10)),
		"allocation, many levels":      bloomplot.Allocation(shared(t, 2, 20, 0.4)),
		"tail":                         tail(t, 5, 0),
		"tail, one run and much cache": tail(t, 1, 0.995),
		"cache":                        bloomplot.FilterOrCache(splits(t, 64, 0, 0.8), 8e9, 1e9),
		"cache, little memory":         bloomplot.FilterOrCache(splits(t, 0.01, 0.5), 1, 800),
		"docscheck":                    bloomplot.Claims(claims, bloom.Config{Filters: 1, Keys: 1, Queries: 1}),
		"docscheck, all true":          bloomplot.Claims(claims[:1], bloom.Config{}),
		"keys":                         bloomplot.OwnKeys("a file", set, 0.01, filters, bloom.Config{Filters: 1, Queries: 1}),
		"keys, one system":             bloomplot.OwnKeys("a file", set, 0.01, filters[1:], bloom.Config{}),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, theme := range []bloomplot.Theme{bloomplot.Light(), bloomplot.Dark()} {
				picture, err := f.Image(theme)
				require.NoError(t, err)
				seen, b := 0, picture.Bounds()
				for y := b.Min.Y; y < b.Max.Y; y += 2 {
					for x := b.Min.X; x < b.Max.X; x += 2 {
						if picture.At(x, y) != picture.At(0, 0) {
							seen++
						}
					}
				}
				assert.Greater(t, seen, 3000, "pixels that are not background")
				var svg bytes.Buffer
				require.NoError(t, f.Write(&svg, "svg", theme))
				assert.Contains(t, svg.String(), "<svg")
			}
			assert.NotContains(t, f.Title+f.Subtitle+f.Caption, "NaN")
		})
	}
}

// The titles state what was found, by the numbers of the published tables.
func TestReadTitles(t *testing.T) {
	assert.Contains(t, bloomplot.Allocation(shared(t, 10, 5, 10)).Title, "3.5 times fewer")
	assert.Contains(t, bloomplot.Allocation(shared(t, 10, 1, 10)).Title, "no difference")
	assert.Contains(t, tail(t, 5, 0).Title, "12.93 bits per key")
	assert.Contains(t, bloomplot.FilterOrCache(splits(t, 64, 0.8), 8e9, 1e9).Title, "16.6 bits per key")
}

// A tree of 5 levels at 10 bits per key reads .011755 with Monkey and .040963
// without: exact finite-level allocations.
func TestSharedMemory(t *testing.T) {
	s := shared(t, 10, 5, 10)
	assert.InDelta(t, 0.011755, s.At().Monkey, 1e-6)
	assert.InDelta(t, 0.040963, s.At().Uniform, 1e-6)
	assert.InDelta(t, math.Log(0.040963/0.011755)/bloom.Ln2Squared, s.At().Saved, 1e-3)
	require.Len(t, s.Levels(), 5)
	var bits, keys float64
	for _, l := range s.Levels() {
		bits, keys = bits+l.MonkeyBits*l.Keys, keys+l.Keys
	}
	assert.InEpsilon(t, 10, bits/keys, 1e-9, "the budget is spent")
}

func shared(t *testing.T, ratio float64, levels int, bits float64) bloomplot.SharedMemory {
	t.Helper()
	tree := lsm.Tree{SizeRatio: ratio, Levels: levels, Keys: 1e5}
	runs, err := tree.Runs()
	require.NoError(t, err)
	s := bloomplot.SharedMemory{Tree: tree, Runs: runs, BitsPerKey: bits, Budgets: []float64{0, 1, 2, 4, 8, 16}, Lookups: 1000}
	for _, by := range []lsm.Sharing{lsm.EqualBits, lsm.MonkeyBits} {
		r := lsm.Result{Config: lsm.Config{Lookups: 1000}, Reads: []int64{990, 8, 2}}
		s.Measured = append(s.Measured, bloomplot.NewMeasuredReads(by, 8, r))
	}
	none := bloomplot.NewMeasuredReads(lsm.MonkeyBits, 16, lsm.Result{Config: lsm.Config{Lookups: 1000}, Reads: []int64{1000}})
	assert.Positive(t, none.High, "none seen is an upper bound")
	s.Measured = append(s.Measured, none)
	require.NoError(t, s.Solve())
	return s
}

func tail(t *testing.T, runs int, hit float64) bloomplot.Figure {
	t.Helper()
	ctx, bits := context.Background(), []float64{4, 8, 10, 12, 14}
	media := []lsm.Medium{lsm.NVMe(), lsm.ObjectStore()}
	ideal, err := bloomplot.SweepTail(ctx, lsm.Engine{}, runs, hit, media, bits)
	require.NoError(t, err)
	engine, err := bloomplot.SweepTail(ctx, lsm.Pebble(), runs, hit, media, bits)
	require.NoError(t, err)
	cell := bloomplot.EngineCell{Runs: 3, BitsPerKey: 10, Shares: []float64{0.96653, 0.03208, 1.19e-3, 2.03e-4}}
	require.NoError(t, cell.Solve(lsm.Pebble()))
	for j, share := range cell.Shares {
		assert.InEpsilon(t, share, cell.Shared[j], 0.08, "the engine's own model, %d reads", j)
	}
	assert.Less(t, cell.Independent[3], cell.Shares[3]/50, "independence misses the tail")
	return bloomplot.Tail(runs, hit, ideal, engine, []bloomplot.EngineCell{cell})
}

func splits(t *testing.T, total float64, skews ...float64) []bloomplot.Split {
	t.Helper()
	var list []bloomplot.Split
	for _, skew := range skews {
		s, err := bloomplot.NewSplit(lsm.MemorySplit{
			Total: total, EntryBytes: 1024, Runs: 5, Absent: 0.5, Present: 0.5, Hits: lsm.PowerLawHits{Zipf: skew},
		}, skew)
		require.NoError(t, err)
		list = append(list, s)
	}
	return list
}

func keySet(t *testing.T) bloom.KeySet {
	t.Helper()
	set, err := bloom.ReadKeys(strings.NewReader("one\ntwo\nthree\n"))
	require.NoError(t, err)
	return set
}
