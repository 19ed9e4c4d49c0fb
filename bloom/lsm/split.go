package lsm

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"cloudconcepts/bloom"
	"cloudconcepts/internal/check"
)

// HitCurve is the share of block reads that a cache serves.
type HitCurve interface {
	// Hits gives the hit rate of a cache of a share of the data, [0, 1].
	Hits(share float64) float64
	String() string
}

// UniformHits is uniform access: the hit rate is the share.
type UniformHits struct{}

// Hits implements HitCurve.
func (UniformHits) Hits(share float64) float64 { return clampShare(share) }

// String is the curve in a legend.
func (UniformHits) String() string { return "uniform" }

// PowerLawHits is skewed access: the hit rate is share^(1-Zipf).
type PowerLawHits struct {
	Zipf float64 `json:"skew"` // [0, 0.999]; 0 = uniform
}

// Hits implements HitCurve.
func (p PowerLawHits) Hits(share float64) float64 { return math.Pow(clampShare(share), 1-p.Zipf) }

// String is the curve in a legend.
func (p PowerLawHits) String() string { return fmt.Sprintf("power law, s = %g", p.Zipf) }

// HitPoint is one measured point of a hit curve.
type HitPoint struct {
	Share float64 `json:"cache_share"` // of the data, [0, 1]
	Hits  float64 `json:"hit_rate"`    // [0, 1]
}

// TableHits is a measured curve: at least one point, by rising share and not falling
// hit rate, joined by straight lines from (0, 0) to (1, 1).
type TableHits []HitPoint

// Hits implements HitCurve.
func (t TableHits) Hits(share float64) float64 {
	share = clampShare(share)
	i, found := slices.BinarySearchFunc(t, share, func(p HitPoint, s float64) int { return cmp.Compare(p.Share, s) })
	if found {
		return t[i].Hits
	}
	low, high := HitPoint{}, HitPoint{1, 1}
	if i > 0 {
		low = t[i-1]
	}
	if i < len(t) {
		high = t[i]
	}
	if high.Share <= low.Share {
		return high.Hits
	}
	return low.Hits + (high.Hits-low.Hits)*(share-low.Share)/(high.Share-low.Share)
}

// String is the curve in a legend.
func (TableHits) String() string { return "table" }

// clampShare maps anything to [0, 1].
func clampShare(x float64) float64 {
	if !(x > 0) {
		return 0
	}
	return min(x, 1)
}

// MemorySplit divides memory between filters and a block cache. With b bits per
// key in filters, the cache holds the share (Total-b)/(8 EntryBytes) of the data,
// and a lookup costs
//
//	Absent Runs e^(-bQ) + Present ((1 - h) + (Runs-1) e^(-bQ))
//
// uncached reads: an absent key meets the false positives of all runs, a present
// one lies in the last run and is cached with probability h. The model was derived
// for this package; no published closed form is known to its authors.
type MemorySplit struct {
	Total      float64  `json:"total_bits_per_key"` // memory for both, [0, 1e9]
	EntryBytes float64  `json:"entry_bytes"`        // key and value, [1, 1e9]
	Runs       int      `json:"runs"`               // [1, 4096]
	Absent     float64  `json:"absent_share"`       // share of lookups, or their rate, [0, 1e12]
	Present    float64  `json:"present_share"`      // likewise
	Hits       HitCurve `json:"hit_curve"`
}

// Validate says all that is wrong with m at once; every error wraps ErrInvalidConfig.
func (m MemorySplit) Validate() error {
	v := check.Of(ErrInvalidConfig)
	v.Between("MemorySplit.Total", m.Total, 0, 1e9, "")
	v.Between("MemorySplit.EntryBytes", m.EntryBytes, 1, 1e9, "")
	v.Between("MemorySplit.Runs", float64(m.Runs), 1, maxRuns, "")
	v.Between("MemorySplit.Absent", m.Absent, 0, 1e12, "")
	v.Between("MemorySplit.Present", m.Present, 0, 1e12, "")
	if m.Absent == 0 && m.Present == 0 {
		v.Add("MemorySplit.Absent and Present = 0, want lookups of one kind")
	}
	checkHits(&v, m.Hits)
	return v.Err()
}

func checkHits(v *check.List, h HitCurve) {
	switch c := h.(type) {
	case nil:
		v.Add("MemorySplit.Hits = nil, want a hit curve")
	case PowerLawHits:
		v.Between("MemorySplit.Hits.Zipf", c.Zipf, 0, 0.999, "")
	case TableHits:
		if len(c) == 0 {
			v.Add("MemorySplit.Hits has no points, want at least one")
		}
		last := HitPoint{Share: -1}
		for i, p := range c {
			name := fmt.Sprintf("MemorySplit.Hits[%d]", i)
			v.Between(name+".Share", p.Share, 0, 1, "")
			v.Between(name+".Hits", p.Hits, last.Hits, 1, "")
			if p.Share <= last.Share {
				v.Add("%s.Share = %g, want more than the point before, %g", name, p.Share, last.Share)
			}
			last = p
		}
	}
}

// positives is the number of filters that a lookup can be fooled by, weighted.
func (m MemorySplit) positives() float64 {
	return m.Absent*float64(m.Runs) + m.Present*float64(m.Runs-1)
}

// Cost is the expected uncached reads of a lookup with b bits per key in
// filters, b in [0, Total].
func (m MemorySplit) Cost(b float64) (float64, error) {
	if err := m.Validate(); err != nil {
		return 0, err
	}
	if !(b >= 0 && b <= m.Total) {
		return 0, fmt.Errorf("%w: BitsPerKey = %g, want in [0, Total = %g]", ErrInvalidConfig, b, m.Total)
	}
	return m.cost(b), nil
}

func (m MemorySplit) cost(b float64) float64 {
	hit := m.Hits.Hits((m.Total - b) / (8 * m.EntryBytes))
	return m.positives()*math.Exp(-b*bloom.Ln2Squared) + m.Present*(1-hit)
}

// Optimum is the bits per key for filters at which the cost is least, and that
// cost. Steps of 1/2000 of the useful range are searched and the best one refined,
// so that hit curves that are not concave are served too.
func (m MemorySplit) Optimum() (bitsPerKey, cost float64, err error) {
	if err := m.Validate(); err != nil {
		return 0, 0, err
	}
	const steps = 2000
	top := min(m.Total, maxBitsPerKey)
	best := 0
	for i := range steps + 1 {
		if m.cost(top*float64(i)/steps) < m.cost(top*float64(best)/steps) {
			best = i
		}
	}
	low := top * float64(max(best-1, 0)) / steps
	high := top * float64(min(best+1, steps)) / steps
	for range 100 { // golden section; 0.618^100 of a step is nothing
		a, b := high-(high-low)/math.Phi, low+(high-low)/math.Phi
		if m.cost(a) <= m.cost(b) {
			high = b
		} else {
			low = a
		}
	}
	b := (low + high) / 2
	if edge := top * float64(best) / steps; m.cost(edge) < m.cost(b) {
		b = edge
	}
	return b, m.cost(b), nil
}
