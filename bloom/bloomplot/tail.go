package bloomplot

import (
	"context"
	"fmt"
	"math"
	"slices"

	"cloudconcepts/bloom"
	"cloudconcepts/bloom/lsm"
	"cloudconcepts/internal/chart"
	"cloudconcepts/internal/par"
)

// TailPoint is lookups of absent keys with filters of one size.
type TailPoint struct {
	BitsPerKey float64
	Reads      lsm.IODistribution // of the device
	Media      []lsm.Medium
	Latency    [][]float64 // s, for each medium at P50, P99 and P99.9
}

// tailQuantiles are those of Latency.
var tailQuantiles = [...]float64{0.5, 0.99, 0.999}

// SweepTail works out the reads and latencies of an absent key over so many
// runs, for each number of bits per key, with an engine's filters. The zero
// Engine stands for independent runs of ideal filters. hit is the share of the
// reads that a cache serves.
func SweepTail(ctx context.Context, e lsm.Engine, runs int, hit float64, media []lsm.Medium, bits []float64) ([]TailPoint, error) {
	return par.Map(ctx, len(bits), func(_ context.Context, i int) (TailPoint, error) {
		return tailPoint(e, runs, hit, media, bits[i])
	})
}

func tailPoint(e lsm.Engine, runs int, hit float64, media []lsm.Medium, b float64) (TailPoint, error) {
	classes, hashes := []bloom.KeyClass{{Weight: 1, Rates: slices.Repeat([]float64{bloom.Ideal(b)}, runs)}}, bloom.OptimalHashes(b)
	if e.Name != "" {
		var err error
		if classes, err = e.Classes(slices.Repeat([]float64{b}, runs)); err != nil {
			return TailPoint{}, err
		}
		hashes = e.HashesAt(b)
	}
	p := TailPoint{BitsPerKey: b, Media: media}
	uncached := make([]bloom.KeyClass, len(classes))
	for i, c := range classes {
		uncached[i] = bloom.KeyClass{Weight: c.Weight, Rates: slices.Clone(c.Rates)}
		for j := range c.Rates {
			uncached[i].Rates[j] *= 1 - hit
		}
	}
	var err error
	if p.Reads, err = lsm.SharedHashRuns(uncached); err != nil {
		return p, err
	}
	for _, m := range media {
		l, err := lsm.LatencyModel{
			Classes: classes, CacheHit: slices.Repeat([]float64{hit}, runs), Medium: m,
			CPU: lsm.ColdFilters(), Hashes: hashes, Fill: -math.Expm1(-float64(hashes) / b),
		}.Solve()
		if err != nil {
			return p, err
		}
		var times []float64
		for _, q := range tailQuantiles {
			t, err := l.Quantile(q)
			if err != nil {
				return p, err
			}
			times = append(times, t.Seconds())
		}
		p.Latency = append(p.Latency, times)
	}
	return p, nil
}

// EngineCell is a real engine's lookups of absent keys by their number of
// reads, beside both models.
type EngineCell struct {
	Runs                int
	BitsPerKey          float64
	Shares              []float64 // measured, of 0, 1, 2, ... reads
	Shared, Independent lsm.IODistribution
}

// Solve works out the models: the engine's, and that of runs with the same
// false-positive rate that err independently.
func (c *EngineCell) Solve(e lsm.Engine) error {
	classes, err := e.Classes(slices.Repeat([]float64{c.BitsPerKey}, c.Runs))
	if err != nil {
		return err
	}
	if c.Shared, err = lsm.SharedHashRuns(classes); err != nil {
		return err
	}
	rate, err := e.Rate(c.BitsPerKey)
	if err != nil {
		return err
	}
	c.Independent, err = lsm.IndependentRuns(slices.Repeat([]float64{rate}, c.Runs))
	return err
}

// Tail draws when lookups of absent keys wait for a read: a panel of latency
// quantiles for each medium, the share of lookups that read at all, and a real
// engine beside both models. Ideal is the independent runs, engine those that
// share a hash, both by rising bits per key.
func Tail(runs int, hit float64, ideal, engine []TailPoint, cells []EngineCell) Figure {
	f := Figure{
		Title:   tailTitle(runs, hit, engine),
		Caption: caption + " · computed, not sampled; times of one read are assumptions · bars: Pebble v2.1.7, 2,000,000 lookups",
		Columns: 2,
	}
	cached := ""
	if hit > 0 {
		cached = fmt.Sprintf(", %s of the reads from memory", chart.Percent(hit))
	}
	f.Subtitle = fmt.Sprintf("Time to look up an absent key in %s%s. Solid: filters that err independently. Dashed: one shared 32-bit hash, as Pebble has.", counted(uint64(runs), "run"), cached)
	for m := range ideal[0].Media {
		f.Panels = append(f.Panels, latencyPanel(m, runs, hit, ideal, engine))
	}
	f.Panels = append(f.Panels, readingPanel(runs, ideal, engine))
	if len(cells) > 0 {
		f.Panels = append(f.Panels, enginePanel(cells[0]))
	}
	f.Height = 150 + 260*float64((len(f.Panels)+1)/2)
	return f
}

func tailTitle(runs int, hit float64, engine []TailPoint) string {
	of := fmt.Sprintf("%d independent runs", runs)
	if runs == 1 {
		of = "one run"
	}
	text := fmt.Sprintf("The P99 of %s leaves the disk at %.4g bits per key", of, lsm.CliffBits(runs, hit, 0.99))
	if lsm.CliffBits(runs, hit, 0.99) == 0 {
		return fmt.Sprintf("The P99 of %s never waits for the device, with or without filters", of)
	}
	from := slices.IndexFunc(engine, func(p TailPoint) bool { return p.Reads.AtLeast(1) <= 0.01 })
	if from < 0 {
		return text + fmt.Sprintf("; with a shared hash not by %g", engine[len(engine)-1].BitsPerKey)
	}
	return text + fmt.Sprintf("; with a shared hash at %g", engine[from].BitsPerKey)
}

// bitsAxis is the x axis of all panels over memory.
func bitsAxis(points []TailPoint) chart.Axis {
	return chart.Axis{Name: "Bits per key", Min: points[0].BitsPerKey, Max: points[len(points)-1].BitsPerKey}
}

func latencyPanel(medium, runs int, hit float64, ideal, engine []TailPoint) chart.Panel {
	m := ideal[0].Media[medium]
	top := 0.0
	for _, t := range append(slices.Clone(engine), ideal[0]) {
		top = math.Max(top, t.Latency[medium][2])
	}
	p := chart.Panel{
		Name: fmt.Sprintf("%s, %s a read: latency (log scale)", m.Name, chart.Seconds(m.Mean.Seconds())),
		X:    bitsAxis(ideal), Y: chart.Axis{Log: true, Max: math.Pow(10, math.Ceil(math.Log10(top*1.01))), Format: chart.Seconds},
	}
	colors := []chart.Color{chart.Blue, chart.Vermillion, chart.Purple}
	for q := range tailQuantiles {
		for i, points := range [][]TailPoint{ideal, engine} {
			line := chart.Line{Color: colors[q], Width: 1.9}
			if i == 1 {
				line.Dash, line.Width, line.Step = chart.Dashed, 1.4, true
			}
			for _, t := range points {
				line.X, line.Y = append(line.X, t.BitsPerKey), append(line.Y, t.Latency[medium][q])
			}
			p.Marks = append(p.Marks, line)
		}
	}
	floor := ideal[len(ideal)-1].Latency[medium][0]
	for q, name := range []string{"P50", "P99", "P99.9"} {
		if b := lsm.CliffBits(runs, hit, tailQuantiles[q]); b > ideal[0].BitsPerKey && b < ideal[len(ideal)-1].BitsPerKey {
			p.Marks = append(p.Marks, chart.Note{X: b, Y: math.Sqrt(floor * m.Mean.Seconds()), Text: name, Color: colors[q], Bold: true, Bare: true})
		}
	}
	return p
}

// readingPanel is the share of lookups that read at least once.
func readingPanel(runs int, ideal, engine []TailPoint) chart.Panel {
	p := chart.Panel{
		Name: "Share of the lookups that read at all (log scale)",
		X:    bitsAxis(ideal), Y: chart.Axis{Log: true, Format: chart.Percent},
		Marks: []chart.Mark{
			chart.HLine{At: 0.01, Dash: chart.Dotted, Text: "1 %: P99", Color: chart.Vermillion},
			chart.HLine{At: 0.001, Dash: chart.Dotted, Text: "0.1 %: P99.9", Color: chart.Purple},
		},
	}
	for i, points := range [][]TailPoint{ideal, engine} {
		line := chart.Line{Color: chart.Ink, Label: "independent"}
		if i == 1 {
			line.Dash, line.Label, line.Color = chart.Dashed, "shared", chart.Green
		}
		for _, t := range points {
			line.X, line.Y = append(line.X, t.BitsPerKey), append(line.Y, t.Reads.AtLeast(1))
		}
		p.Marks = append(p.Marks, line)
	}
	return p
}

// enginePanel is a real engine beside both models.
func enginePanel(c EngineCell) chart.Panel {
	var names []string
	var measured, shared, independent []float64
	for j := 1; j < len(c.Shares); j++ {
		names = append(names, counted(uint64(j), "read"))
		measured = append(measured, c.Shares[j])
		shared, independent = append(shared, c.Shared[j]), append(independent, c.Independent[j])
	}
	return chart.Panel{
		Name: fmt.Sprintf("Pebble and both models: %d runs, %g bits per key (log)", c.Runs, c.BitsPerKey),
		X:    chart.Axis{Labels: names}, Y: chart.Axis{Log: true, Format: chart.Percent, Min: 1e-6, Max: 0.1},
		Marks: []chart.Mark{chart.Bars{Series: []chart.Series{
			{Label: "measured", Y: measured, Color: chart.Orange},
			{Label: "shared", Y: shared, Color: chart.Green},
			{Label: "independent", Y: independent, Color: chart.Gray},
		}}},
	}
}
