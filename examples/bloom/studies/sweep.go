package studies

import (
	"context"
	"math"
	"slices"
	"strings"
	"sync/atomic"

	"cloudconcepts/bloom"
	"cloudconcepts/bloom/bloomplot"
	"cloudconcepts/bloom/filter"
	"cloudconcepts/internal/par"
	"cloudconcepts/internal/study"
	"cloudconcepts/internal/units"
)

// sized is a measurement for each number of bits per key, in rising order,
// with the best number of hashes of the layout.
func sized(base bloom.Config, layout filter.Layout, bits []float64) []bloom.Config {
	var configs []bloom.Config
	for _, b := range slices.Sorted(slices.Values(bits)) {
		c := base
		c.Layout, c.Bits = layout, uint64(math.Max(1, math.Round(b*float64(base.Keys))))
		switch layout {
		case filter.SplitBlock:
			c.Hashes, c.Bits = 8, max(c.Bits, 8)
		case filter.Blocked:
			lines := (c.Bits + bloom.LineBits - 1) / bloom.LineBits // built of whole lines
			c.Hashes = blockedHashes(float64(lines*bloom.LineBits) / float64(c.Keys))
			c.Bits = max(c.Bits, uint64(c.Hashes))
		default:
			c.Hashes = min(bloom.OptimalHashes(b), int(min(c.Bits, bloom.MaxHashes)))
		}
		configs = append(configs, c)
	}
	return configs
}

// lookups is the number of lookups in a filter: fewer in a quick run, unless
// the user gave it.
func lookups(env study.Env, queries int, given bool) int {
	if env.Quick && !given {
		return max(queries/4, 1)
	}
	return queries
}

// measureAll measures every configuration.
func measureAll(ctx context.Context, env study.Env, configs []bloom.Config) ([]bloom.Result, error) {
	var done atomic.Int64
	return par.Map(ctx, len(configs), func(ctx context.Context, i int) (bloom.Result, error) {
		r, err := bloom.Measure(ctx, configs[i])
		if env.Progress != nil {
			env.Progress(int(done.Add(1)), len(configs))
		}
		return r, err
	})
}

// rateRow is one measured filter shape.
type rateRow struct {
	Layout      filter.Layout `json:"layout"`
	BitsPerKey  float64       `json:"bits_per_key"` // as built
	Hashes      int           `json:"hashes"`
	FPRExact    float64       `json:"fpr_exact_fraction"`
	FPRMeasured float64       `json:"fpr_measured_fraction"`
	FPRLow      float64       `json:"fpr_measured_low_fraction"`
	FPRHigh     float64       `json:"fpr_measured_high_fraction"`
}

func rateRows(kinds []bloomplot.Contender) []rateRow {
	var rows []rateRow
	for _, kind := range kinds {
		for _, r := range kind.Measured {
			rows = append(rows, rateRow{
				r.Config.Layout, float64(r.FilterBits) / float64(r.Config.Keys), r.Config.Hashes,
				r.FPRExact, r.FPRMeasured, r.FPRLow, r.FPRHigh,
			})
		}
	}
	return rows
}

func rateTable(rows []rateRow) study.Table {
	return study.Rows(rows).Head("fpr_exact_fraction", "exact").Head("fpr_measured_fraction", "measured").
		Head("fpr_measured_low_fraction", "low").Head("fpr_measured_high_fraction", "high")
}

// plural writes a number of things.
func plural(n int, thing string) string {
	switch {
	case n == 1:
		return "1 " + thing
	case strings.HasSuffix(thing, "sh"):
		thing += "e"
	}
	return units.FormatNumber(float64(n)) + " " + thing + "s"
}
