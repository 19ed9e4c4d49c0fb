package studies

import (
	"context"
	"fmt"
	"math"

	"cloudconcepts/bloom"
	"cloudconcepts/bloom/bloomplot"
	"cloudconcepts/bloom/filter"
	"cloudconcepts/internal/par"
	"cloudconcepts/internal/stats"
	"cloudconcepts/internal/study"
	"cloudconcepts/internal/units"
)

// Fill counts the set bits of many filters of one shape.
func Fill() study.Study {
	bits, keys, hashes, scheme := int64(10_000), int64(1000), 7, "independent"
	return study.Study{
		Name:     "fill",
		Question: "How full is a filter?",
		Next:     "In a small filter (`--bits 64 --keys 6`) one filter differs much from another. What happens to the fill with twice the keys?",
		Examples: []string{"--bits 64 --keys 6", "--keys 2000", "--scheme double --bits 1000 --keys 100"},
		Flags: func(f *study.Flags) {
			f.Count(&bits, "bits", "bits of each filter")
			f.Count(&keys, "keys", "different keys in each filter")
			f.Int(&hashes, "hashes", "bits set for a key")
			f.Choice(&scheme, "scheme", "how positions are drawn from a hash", "independent", "double", "enhanced", "bitsandblooms")
		},
		Run: func(ctx context.Context, env study.Env) (study.Report, error) {
			fills := bloomplot.Fills{Params: bloom.Params{Bits: uint64(bits), Keys: uint64(keys), Hashes: hashes}, Seed: env.Seed, Scheme: scheme}
			var err error
			if fills.Law, err = bloom.FillDistribution(fills.Params.Bits, fills.Params.Keys, hashes); err != nil {
				return study.Report{}, err
			}
			if fills.Measured, err = countBits(ctx, env, fills, env.RunsOr(4000, 500)); err != nil {
				return study.Report{}, err
			}
			row := summarise(fills)
			table := study.NewTable("source", "fill_fraction", "fill_sd_fraction", "bits_set", "fpr_fraction")
			table.Add("theory", row.MeanExpected, row.SDExpected, row.MeanExpected*float64(bits), row.FPRExact)
			table.Add("measured", row.Mean, row.SD, row.Mean*float64(bits), row.FPR)
			table = table.Head("fill_fraction", "mean fill").Head("fill_sd_fraction", "standard deviation").Head("fpr_fraction", "mean of fill^k")
			return study.Report{
				Answer: howFull(fills, row), Table: table, Figure: bloomplot.Fill(fills),
				Reading: "Each filter has other keys and so other bits, but the number of its set bits hardly varies: collisions are many and small. " +
					"This is why the textbook may take the fill for fixed. The lower panel turns the fill into a false-positive rate; the " +
					"spread left and right is by how much one filter differs from another.",
				Sources: []string{"theory: go doc ./bloom FillDistribution; go doc ./bloom FillMoments"},
				Config:  fills.Params, Result: row,
			}, nil
		},
	}
}

// countBits fills so many filters and counts their set bits.
func countBits(ctx context.Context, env study.Env, f bloomplot.Fills, filters int) ([]uint64, error) {
	var scheme filter.Scheme
	if err := scheme.UnmarshalText([]byte(f.Scheme)); err != nil {
		return nil, err
	}
	const batch = 50
	ones := make([]uint64, filters)
	err := par.Each(ctx, (filters+batch-1)/batch, func(ctx context.Context, i int) error {
		one, err := filter.New(filter.Config{Bits: f.Params.Bits, Hashes: f.Params.Hashes, Scheme: scheme})
		if err != nil {
			return err
		}
		for j := i * batch; j < min((i+1)*batch, filters) && ctx.Err() == nil; j++ {
			one.Reset()
			seed := filter.Hash64(env.Seed<<32 + uint64(j)) // keys of its own
			for key := range f.Params.Keys {
				one.Add(filter.Hash64(key ^ seed))
			}
			ones[j] = one.Ones()
		}
		return ctx.Err()
	})
	return ones, err
}

// fillRow is theory and measurement of the fill.
type fillRow struct {
	Filters      int     `json:"filters"`
	MeanExpected float64 `json:"fill_expected_fraction"`
	Mean         float64 `json:"fill_measured_fraction"`
	SDExpected   float64 `json:"fill_sd_expected_fraction"`
	SD           float64 `json:"fill_sd_measured_fraction"`
	FPRExact     float64 `json:"fpr_exact_fraction"`
	FPR          float64 `json:"fpr_from_fill_fraction"`
	FPRSD        float64 `json:"fpr_sd_from_fill_fraction"`
}

func summarise(f bloomplot.Fills) fillRow {
	row := fillRow{Filters: len(f.Measured)}
	row.MeanExpected, row.SDExpected = f.Moments()
	row.FPRExact = bloom.Exact(f.Params.Bits, f.Params.Keys, f.Params.Hashes)
	var fill, fpr stats.Moments
	for _, ones := range f.Measured {
		x := float64(ones) / float64(f.Params.Bits)
		fill.Add(x)
		fpr.Add(math.Pow(x, float64(f.Params.Hashes)))
	}
	row.Mean, row.FPR = fill.Mean(), fpr.Mean()
	if len(f.Measured) > 1 {
		row.SD, row.FPRSD = fill.SD(), fpr.SD()
	}
	return row
}

// howFull answers with the fill, its spread and what that means.
func howFull(f bloomplot.Fills, r fillRow) string {
	plan := fmt.Sprintf("With %s, %s and %s bits", plural(int(f.Params.Keys), "key"), plural(f.Params.Hashes, "hash"), units.FormatNumber(float64(f.Params.Bits)))
	if r.Filters == 1 {
		return fmt.Sprintf("%s, %s of the bits are set in this filter; theory says %s ± %s.", plan,
			units.FormatPercent(r.Mean), units.FormatPercent(r.MeanExpected), units.FormatPercent(r.SDExpected))
	}
	return fmt.Sprintf("%s, %s of the bits are set on average (theory %s), and the fill of one filter differs from that by a standard deviation of %s (theory %s), so that its false-positive rate is %s ± %s.",
		plan, units.FormatPercent(r.Mean), units.FormatPercent(r.MeanExpected),
		units.FormatPercent(r.SD), units.FormatPercent(r.SDExpected), units.FormatPercent(r.FPR), units.FormatPercent(r.FPRSD))
}
