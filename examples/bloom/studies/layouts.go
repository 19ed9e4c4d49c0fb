package studies

import (
	"context"
	"fmt"
	"math"
	"slices"

	"cloudconcepts/bloom"
	"cloudconcepts/bloom/bloomplot"
	"cloudconcepts/bloom/filter"
	"cloudconcepts/internal/study"
	"cloudconcepts/internal/units"
)

// Layouts compares four layouts of the same memory.
func Layouts() study.Study {
	bits, keys, queries, at := []float64{6, 8, 10, 12, 14, 16, 18, 20}, int64(10_000), 25_000, 10.0
	var given func(string) bool
	return study.Study{
		Name:     "layouts",
		Question: "What does a fast layout cost in false positives?",
		Next:     "At 16 bits per key the fast layouts pay more: see by how much. Do they pay at 4?",
		Examples: []string{"--at 16", "--bits-per-key 4,6,8,10,12", "--keys 100k --runs 8"},
		Flags: func(f *study.Flags) {
			given = f.Changed
			f.FloatList(&bits, "bits-per-key", "memory of the filters to measure, in bits per key")
			f.Float(&at, "at", "bits per key that the answer is about")
			f.Count(&keys, "keys", "different keys in each filter")
			f.Int(&queries, "queries", "lookups of absent keys in each filter")
		},
		Run: func(ctx context.Context, env study.Env) (study.Report, error) {
			if err := severalBits(bits); err != nil {
				return study.Report{}, err
			}
			low, high := slices.Min(bits), slices.Max(bits)
			if !(at >= low && at <= high) {
				return study.Report{}, fmt.Errorf("%w: --at = %v, want within --bits-per-key, [%v, %v]", bloom.ErrInvalidConfig, at, low, high)
			}
			base := bloom.Config{Keys: uint64(keys), Filters: env.RunsOr(40, 4), Queries: lookups(env, queries, given("queries")), Seed: env.Seed}
			costs := layoutCosts()
			for i, layout := range []filter.Layout{filter.Classic, filter.Partitioned, filter.Blocked, filter.SplitBlock} {
				var err error
				if costs[i].Results, err = measureAll(ctx, env, sized(base, layout, bits)); err != nil {
					return study.Report{}, err
				}
			}
			rows := layoutRows(costs)
			return study.Report{
				Answer: priceOfSpeed(costs, at),
				Table: study.Rows(rows).Head("fpr_exact_fraction", "exact").Head("fpr_measured_fraction", "measured").Head("over_ideal", "times ideal").
					Head("lines_absent", "lines, absent").Head("lines_present", "lines, present").
					Show("layout", "bits_per_key", "hashes", "fpr_exact_fraction", "fpr_measured_fraction", "over_ideal", "lines_absent", "lines_present"),
				Figure: bloomplot.Layouts(costs, low, high, at),
				Reading: "A blocked filter keeps all bits of a key in one cache line: one memory access instead of several. But keys fall on lines at " +
					"random, some lines get too many, and those let most false positives through, the more so the rarer these are to be. Split " +
					"blocks (Parquet) set one bit in each of eight words, which is faster still; their eight hashes are too many for little memory " +
					"and too few for much. Partitioned filters cost nothing.",
				Sources: []string{
					"RocksDB, util/bloom_impl.h (512-bit lines); Parquet, BloomFilter.md (split blocks)",
					"theory: go doc ./bloom Blocked; go doc ./bloom SplitBlock; go doc ./bloom Partitioned",
				},
				Notes:  append(smallFilters(base), "Cache lines are counted for filters much larger than a cache line, every bit of a classic filter in a line of its own; times are not simulated."),
				Config: base, Result: rows,
			}, nil
		},
	}
}

// layoutCosts are the layouts with their theory for large filters.
func layoutCosts() []bloomplot.LayoutCost {
	kinds := contenders(math.NaN()) // no target
	return []bloomplot.LayoutCost{
		{Name: "classic", Hashes: bloom.OptimalHashes, Rate: kinds[0].Rate},
		{Name: "partitioned", Hashes: bloom.OptimalHashes, Rate: kinds[0].Rate},
		{Name: kinds[1].Name, Hashes: blockedHashes, Rate: kinds[1].Rate},
		{Name: kinds[2].Name, Hashes: func(float64) int { return 8 }, Rate: kinds[2].Rate},
	}
}

// priceOfSpeed answers for one amount of memory.
func priceOfSpeed(costs []bloomplot.LayoutCost, at float64) string {
	classic, blocked, split := costs[0].Rate(at), costs[2].Rate(at), costs[3].Rate(at)
	k := costs[0].Hashes(at)
	fill := -math.Expm1(-float64(k) / at)
	return fmt.Sprintf("At %s bits per key a blocked filter reads one cache line where a classic one reads %.2g for an absent and %d for a present key, and lets through %s instead of %s, %.2f times as many; split blocks let through %s, %.2f times as many.",
		units.FormatNumber(at), bloom.LinesRead(filter.Classic, fill, k, true), k, units.FormatPercent(blocked), units.FormatPercent(classic), blocked/classic,
		units.FormatPercent(split), split/classic)
}

// layoutRow is one layout with some memory.
type layoutRow struct {
	Layout       filter.Layout `json:"layout"`
	BitsPerKey   float64       `json:"bits_per_key"`
	Hashes       int           `json:"hashes"`
	Exact        float64       `json:"fpr_exact_fraction"`
	Measured     float64       `json:"fpr_measured_fraction"`
	Low          float64       `json:"fpr_measured_low_fraction"`
	High         float64       `json:"fpr_measured_high_fraction"`
	OverIdeal    float64       `json:"over_ideal"` // exact rate over that of an ideal filter
	Probes       float64       `json:"probes_absent"`
	LinesAbsent  float64       `json:"lines_absent"`
	LinesPresent float64       `json:"lines_present"`
}

func layoutRows(costs []bloomplot.LayoutCost) []layoutRow {
	var rows []layoutRow
	for _, cost := range costs {
		for _, r := range cost.Results {
			c, b := r.Config, float64(r.FilterBits)/float64(r.Config.Keys)
			rows = append(rows, layoutRow{
				c.Layout, b, c.Hashes, r.FPRExact, r.FPRMeasured, r.FPRLow, r.FPRHigh, r.FPRExact / bloom.Ideal(b), r.ProbesAbsent,
				bloom.LinesRead(c.Layout, r.FillExpected, c.Hashes, true), bloom.LinesRead(c.Layout, r.FillExpected, c.Hashes, false),
			})
		}
	}
	return rows
}
