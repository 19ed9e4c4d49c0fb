package studies

import (
	"context"
	"fmt"
	"math"
	"slices"

	"cloudconcepts/bloom"
	"cloudconcepts/bloom/bloomplot"
	"cloudconcepts/internal/study"
	"cloudconcepts/internal/units"
)

// Overfill adds more keys to filters than they were built for.
func Overfill() study.Study {
	targets, keys, queries := []float64{0.01, 0.001}, int64(5000), 20_000
	loads := []float64{0.5, 0.75, 1, 1.25, 1.5, 1.75, 2, 2.5, 3, 3.5, 4, 5}
	var given func(string) bool
	return study.Study{
		Name:     "overfill",
		Question: "What happens when more keys come than planned?",
		Next:     "Which filter is worse off with twice the keys, one for 1 % or one for one in a million? And what does a small error in the plan cost (`--load 1,1.1,1.2,1.3,1.4,1.5`)?",
		Examples: []string{"--fpr 1%,1e-6", "--load 1,1.1,1.2,1.3,1.4,1.5", "--keys 20"},
		Flags: func(f *study.Flags) {
			given = f.Changed
			f.FractionList(&targets, "fpr", "false-positive rates that filters are built for")
			f.Count(&keys, "keys", "different keys that each filter is built for")
			f.FloatList(&loads, "load", "keys really added, as multiples of that")
			f.Int(&queries, "queries", "lookups of absent keys in each filter")
		},
		Run: func(ctx context.Context, env study.Env) (study.Report, error) {
			base := bloom.Config{Filters: env.RunsOr(40, 6), Queries: lookups(env, queries, given("queries")), Seed: env.Seed}
			if len(targets) == 0 || len(loads) == 0 || !(slices.Min(loads) > 0) || !(slices.Max(loads) <= 100) {
				return study.Report{}, fmt.Errorf("%w: want at least one --fpr, and each --load in (0, 100]", bloom.ErrInvalidConfig)
			}
			slices.Sort(loads)
			var filters []bloomplot.Overfilled
			for _, target := range targets {
				o, err := overfilled(ctx, env, base, target, uint64(keys), loads)
				if err != nil {
					return study.Report{}, err
				}
				filters = append(filters, o)
			}
			rows := overfillRows(filters)
			return study.Report{
				Answer: tooMany(filters[0], loads[len(loads)-1]),
				Table: study.Rows(rows).Head("target_fraction", "built for").Head("fpr_exact_fraction", "exact").Head("fpr_measured_fraction", "measured").
					Show("target_fraction", "load", "keys", "fpr_exact_fraction", "fpr_measured_fraction", "fill_fraction"),
				Figure: bloomplot.Overfill(filters),
				Reading: "A filter never refuses a key: it only gets worse. At the planned load it is half full, which is the best use of its bits; " +
					"beyond it every further key is one of many that set the same bits. The stricter filter has more hash functions, and so falls " +
					"the more steeply: what it gained it loses. Databases that misjudge the number of keys rebuild their filters for this reason.",
				Sources: []string{"ScyllaDB, pull request 19190: filters are rebuilt if the number of partitions was misjudged", "theory: go doc ./bloom Exact; go doc ./bloom FillMoments"},
				Config:  base, Result: rows,
			}, nil
		},
	}
}

// overfilled measures a filter built for a target with each load.
func overfilled(ctx context.Context, env study.Env, base bloom.Config, target float64, keys uint64, loads []float64) (bloomplot.Overfilled, error) {
	p, _, err := bloom.Optimal(keys, target, bloom.RoundGuarantee)
	if err != nil {
		return bloomplot.Overfilled{}, err
	}
	var configs []bloom.Config
	for _, load := range loads {
		c := base
		c.Bits, c.Hashes, c.Keys = p.Bits, p.Hashes, max(1, uint64(math.Round(load*float64(keys))))
		configs = append(configs, c)
	}
	results, err := measureAll(ctx, env, configs)
	return bloomplot.Overfilled{Target: target, Design: keys, Results: results}, err
}

// tooMany answers with the rate at twice the keys and at the largest load.
func tooMany(o bloomplot.Overfilled, most float64) string {
	start := fmt.Sprintf("It does not fail, it gets worse: a filter built for %s lets through %s at the planned load", units.FormatPercent(o.Target), units.FormatPercent(o.At(1)))
	fill := func(load float64) string {
		c := o.Results[0].Config
		mean, _ := bloom.FillMoments(c.Bits, uint64(math.Round(load*float64(o.Design))), c.Hashes)
		return units.FormatPercent(mean / float64(c.Bits))
	}
	start += fmt.Sprintf(" (%s of its bits set)", fill(1))
	if most > 2 {
		start += fmt.Sprintf(", %s with twice the keys (%s)", units.FormatPercent(o.At(2)), fill(2))
	}
	if most == 1 {
		return start + "."
	}
	return start + fmt.Sprintf(" and %s with %s times as many (%s).", units.FormatPercent(o.At(most)), units.FormatNumber(most), fill(most))
}

// overfillRow is one load of one filter.
type overfillRow struct {
	Target   float64 `json:"target_fraction"`
	Load     float64 `json:"load"`
	Keys     uint64  `json:"keys"`
	Bits     uint64  `json:"filter_bits"`
	Hashes   int     `json:"hashes"`
	Exact    float64 `json:"fpr_exact_fraction"`
	Measured float64 `json:"fpr_measured_fraction"`
	Low      float64 `json:"fpr_measured_low_fraction"`
	High     float64 `json:"fpr_measured_high_fraction"`
	Fill     float64 `json:"fill_fraction"`
}

func overfillRows(filters []bloomplot.Overfilled) []overfillRow {
	var rows []overfillRow
	for _, o := range filters {
		for _, r := range o.Results {
			c := r.Config
			rows = append(rows, overfillRow{o.Target, float64(c.Keys) / float64(o.Design), c.Keys, c.Bits, c.Hashes, r.FPRExact, r.FPRMeasured, r.FPRLow, r.FPRHigh, r.FillMeasured})
		}
	}
	return rows
}
