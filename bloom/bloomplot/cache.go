package bloomplot

import (
	"fmt"
	"math"

	"cloudconcepts/bloom/lsm"
	"cloudconcepts/internal/chart"
)

// Split is memory divided between filters and a block cache, for one skew of
// the access.
type Split struct {
	Memory lsm.MemorySplit
	Best   Optimum
	Ten    float64 // reads with 10 bits per key, NaN if there are fewer

	shares, costs []float64 // of the memory for filters; reads of a lookup
	totals, bests []float64 // bits per key of both; the best for filters
}

// Optimum is the best split for one skew, and what missing it costs.
type Optimum struct {
	Skew   float64 `json:"skew"`
	Bits   float64 `json:"bits_per_key"`
	Share  float64 `json:"filter_fraction"`
	Cached float64 `json:"cached_data_fraction"`
	Cost   float64 `json:"reads_per_lookup"`
	Half   float64 `json:"half_bits_reads"`
	Double float64 `json:"double_bits_reads"` // or of all the memory, if that is less
}

// NewSplit works out the curves of one skew.
func NewSplit(m lsm.MemorySplit, skew float64) (Split, error) {
	s := Split{Memory: m, Ten: math.NaN()}
	b, cost, err := m.Optimum()
	if err != nil {
		return s, err
	}
	if b < 1e-9*m.Total {
		b = 0 // what the search leaves of nothing
	}
	s.Best = Optimum{Skew: skew, Bits: b, Share: b / math.Max(m.Total, 1e-300), Cached: math.Min((m.Total-b)/(8*m.EntryBytes), 1), Cost: cost}
	if s.Best.Half, err = m.Cost(b / 2); err != nil {
		return s, err
	}
	if s.Best.Double, err = m.Cost(math.Min(2*b, m.Total)); err != nil {
		return s, err
	}
	if m.Total >= 10 {
		if s.Ten, err = m.Cost(10); err != nil {
			return s, err
		}
	}
	for i := range 401 {
		share := float64(i) / 400
		cost, err := m.Cost(share * m.Total)
		if err != nil {
			return s, err
		}
		s.shares, s.costs = append(s.shares, share), append(s.costs, cost)
	}
	for i := range 121 {
		other := m
		other.Total = math.Exp2(1 + 10*float64(i)/120)
		b, _, err := other.Optimum()
		if err != nil {
			return s, err
		}
		s.totals, s.bests = append(s.totals, other.Total), append(s.bests, b)
	}
	return s, nil
}

func skewLabel(skew float64) string {
	if skew == 0 {
		return "uniform"
	}
	return fmt.Sprintf("skew %g", skew)
}

// FilterOrCache draws the reads of a lookup over the share of the memory that
// filters get, for each skew, and below the best bits per key over the memory.
func FilterOrCache(splits []Split, memory, keys int64) Figure {
	m := splits[0].Memory
	return Figure{
		Title: cacheTitle(splits),
		Subtitle: fmt.Sprintf("%s for filters and block cache, %s keys, entries of %s, %s, %s of the lookups for absent keys. Dots: the best split.",
			chart.Bytes(math.Round(float64(memory))), chart.Short(float64(keys)), chart.Bytes(m.EntryBytes), counted(uint64(m.Runs), "run"), chart.Percent(m.Absent/(m.Absent+m.Present))),
		Caption: caption + " · computed; a cache of a share c of the data serves c^{1 - skew} of the reads",
		Panels:  []chart.Panel{costPanel(splits), bestPanel(splits)}, Height: 760,
	}
}

func cacheTitle(splits []Split) string {
	low, high := math.Inf(1), 0.0
	for _, s := range splits {
		low, high = math.Min(low, s.Best.Bits), math.Max(high, s.Best.Bits)
	}
	total := splits[0].Memory.Total
	switch {
	case high == 0:
		return "All memory to the cache: filters save nothing here"
	case low >= 0.999*total:
		return fmt.Sprintf("All of the %.3g bits per key belong into filters", total)
	case high-low < 0.05:
		return fmt.Sprintf("Filters first, up to %.3g bits per key; then the cache", high)
	}
	return fmt.Sprintf("Filters first, up to %.3g to %.3g bits per key; then the cache", low, high)
}

func costPanel(splits []Split) chart.Panel {
	p := chart.Panel{
		Name: "Reads from the device per lookup (log scale)", Weight: 1.3,
		X: chart.Axis{Name: "Share of the memory that filters get", Min: 0, Max: 1, Format: chart.Percent},
		Y: chart.Axis{Log: true, Format: chart.Thousands},
	}
	if total := splits[0].Memory.Total; total > 10 {
		p.Marks = append(p.Marks, chart.VLine{At: 10 / total, Dash: chart.Dashed, Text: "10 bits\nper key"})
	}
	for i, s := range splits {
		p.Marks = append(p.Marks, chart.Line{X: s.shares, Y: s.costs, Color: chart.Palette(i)})
	}
	for i, s := range splits {
		p.Marks = append(p.Marks, chart.Note{
			X: s.Best.Share, Y: s.Best.Cost, Dot: true, Bold: true, Color: chart.Palette(i), Text: fmt.Sprintf("%s: %.3g bits, %.3g reads", skewLabel(s.Best.Skew), s.Best.Bits, s.Best.Cost),
		})
	}
	return p
}

func bestPanel(splits []Split) chart.Panel {
	first, total := splits[0], splits[0].Memory.Total
	p := chart.Panel{
		Name: "Best bits per key for filters",
		X:    chart.Axis{Name: "Memory for both: bits per key (log scale)", Log: true, Min: first.totals[0], Max: first.totals[len(first.totals)-1], Ticks: []float64{2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048}},
		Y:    chart.Axis{Zero: true},
	}
	for i, s := range splits {
		p.Marks = append(p.Marks, chart.Line{Label: skewLabel(s.Best.Skew), X: s.totals, Y: s.bests, Color: chart.Palette(i)})
	}
	if total > first.totals[0] && total < first.totals[len(first.totals)-1] {
		p.Marks = append(p.Marks, chart.VLine{At: total, Dash: chart.Dashed, Text: fmt.Sprintf("above: %.3g", total)})
	}
	return p
}
