package studies

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"cloudconcepts/bloom"
	"cloudconcepts/bloom/bloomplot"
	"cloudconcepts/bloom/lsm"
	"cloudconcepts/internal/par"
	"cloudconcepts/internal/study"
	"cloudconcepts/internal/units"
)

// Cache divides memory between filters and a block cache.
func Cache() study.Study {
	memory, keys, entry := int64(8<<30), int64(1_000_000_000), int64(1024)
	runs, absent := 5, 0.5
	skews := []float64{0, 0.5, 0.8, 0.9}
	return study.Study{
		Name:     "cache",
		Question: "Should memory go to filters or to a block cache?",
		Next:     "With an eighth of the memory, where does the optimum move? And if only 5 % of the lookups are of absent keys?",
		Examples: []string{"--memory 1GiB", "--absent 5%", "--entry-size 100B --skew 0.8"},
		Flags: func(f *study.Flags) {
			f.Bytes(&memory, "memory", "memory for both together")
			f.Count(&keys, "keys", "keys in the database")
			f.Bytes(&entry, "entry-size", "key and value of one entry")
			f.Int(&runs, "sorted-runs", "runs that a lookup asks")
			f.Fraction(&absent, "absent", "share of the lookups that ask for a key that is not there")
			f.FloatList(&skews, "skew", "skew of the access, 0 (uniform) to 0.99: a cache of a share c of the data serves c^(1-skew) of the reads")
		},
		Run: func(ctx context.Context, env study.Env) (study.Report, error) {
			if len(skews) == 0 || len(skews) > 6 || keys < 1 || memory < 1 {
				return study.Report{}, fmt.Errorf("%w: --skew with %d values, --keys = %d, --memory = %d, want 1 to 6 values, and at least 1", bloom.ErrInvalidConfig, len(skews), keys, memory)
			}
			base := lsm.MemorySplit{Total: 8 * float64(memory) / float64(keys), EntryBytes: float64(entry), Runs: runs, Absent: absent, Present: 1 - absent}
			slices.Sort(skews)
			splits, err := par.Map(ctx, len(skews), func(_ context.Context, i int) (bloomplot.Split, error) {
				m := base
				m.Hits = lsm.PowerLawHits{Zipf: skews[i]}
				return bloomplot.NewSplit(m, skews[i])
			})
			if err != nil {
				return study.Report{}, err
			}
			var rows []bloomplot.Optimum
			for _, s := range splits {
				rows = append(rows, s.Best)
			}
			return study.Report{
				Answer: filtersOrCache(memory, keys, base, splits),
				Table: study.Rows(rows).Show("skew", "bits_per_key", "filter_fraction", "cached_data_fraction", "reads_per_lookup", "half_bits_reads", "double_bits_reads").
					Head("bits_per_key", "best bits/key").Head("filter_fraction", "of the memory").Head("cached_data_fraction", "data in cache").
					Head("reads_per_lookup", "reads").Head("half_bits_reads", "with half the bits").Head("double_bits_reads", "with twice"),
				Figure: bloomplot.FilterOrCache(splits, memory, keys),
				Reading: "Left of the optimum the curve is steep, right of it nearly flat: too few bits are a catastrophe, too many a small waste. The first bits of a " +
					"filter save far more reads than the same memory in a cache; each further bit saves 38 % less than the one before, and at some point the cache is " +
					"worth more. That point moves only with the logarithm of everything else: see how little the lower curves rise. False positives are taken to go to " +
					"the device always, and present keys to lie in the oldest run.",
				Sources: []string{"the model was derived for this package: go doc ./bloom/lsm MemorySplit; no published closed form is known to its authors"},
				Config:  splitConfig{memory, keys, base.Total, entry, runs, absent, skews}, Result: rows,
			}, nil
		},
	}
}

type splitConfig struct {
	Memory int64     `json:"memory_bytes"`
	Keys   int64     `json:"keys"`
	Total  float64   `json:"total_bits_per_key"`
	Entry  int64     `json:"entry_bytes"`
	Runs   int       `json:"sorted_runs"`
	Absent float64   `json:"absent_fraction"`
	Skews  []float64 `json:"skew"`
}

// filtersOrCache answers with the best split, and what missing it costs.
func filtersOrCache(memory, keys int64, base lsm.MemorySplit, splits []bloomplot.Split) string {
	start := fmt.Sprintf("Of %s for %s keys (%.3g bits per key)", units.FormatBytes(float64(memory)), units.FormatCount(float64(keys)), base.Total)
	var parts []string
	most, least := 0.0, math.Inf(1)
	for i, s := range splits {
		b := s.Best
		most, least = math.Max(most, b.Bits), math.Min(least, b.Bits)
		if i == 0 || i == len(splits)-1 {
			parts = append(parts, fmt.Sprintf("%.3g bits per key (%.0f %%) %s", b.Bits, 100*b.Share, skewWords(b.Skew)))
		}
	}
	last := splits[len(splits)-1].Best
	miss := fmt.Sprintf("; with half of that the reads %s are %.3g times as many, with twice %.3g times.", skewWords(last.Skew), last.Half/last.Cost, last.Double/last.Cost)
	switch {
	case most == 0:
		return start + ", all should go to the cache: filters save nothing here."
	case least >= 0.999*base.Total:
		return start + fmt.Sprintf(", all should go to filters: the cache begins to pay only with more memory; half of it would cost %.3g times the reads.", last.Half/last.Cost)
	case last.Double == last.Cost || math.IsNaN(last.Double):
		miss = fmt.Sprintf("; with half of that the reads %s are %.3g times as many.", skewWords(last.Skew), last.Half/last.Cost)
	}
	return start + ", filters should get " + strings.Join(parts, " and ") + ", and the cache the rest" + miss
}

// skewWords names a skew of the access.
func skewWords(skew float64) string {
	if skew == 0 {
		return "under uniform access"
	}
	return fmt.Sprintf("at skew %g", skew)
}
