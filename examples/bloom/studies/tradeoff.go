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

// Tradeoff shows how many bits per key buy which false-positive rate.
func Tradeoff() study.Study {
	target, keys, queries := 0.01, int64(10_000), 25_000
	bits := []float64{2, 4, 6, 8, 10, 12, 14, 16, 18, 20}
	var given func(string) bool
	return study.Study{
		Name:     "tradeoff",
		Question: "How much memory buys 1 % false positives?",
		Next:     "How much more does 0.1 % take? With `--keys 100` small numbers show: whole hashes and blocks that fill unevenly.",
		Examples: []string{"--fpr 0.1%", "--bits-per-key 8,9,10,11,12", "--keys 100"},
		Flags: func(f *study.Flags) {
			given = f.Changed
			f.Fraction(&target, "fpr", "false-positive rate to reach")
			f.FloatList(&bits, "bits-per-key", "memory of the filters to measure, in bits per key")
			f.Count(&keys, "keys", "different keys in each filter")
			f.Int(&queries, "queries", "lookups of absent keys in each filter")
		},
		Run: func(ctx context.Context, env study.Env) (study.Report, error) {
			if err := sensible(target, bits); err != nil {
				return study.Report{}, err
			}
			base := bloom.Config{Keys: uint64(keys), Filters: env.RunsOr(40, 4), Queries: lookups(env, queries, given("queries")), Seed: env.Seed}
			kinds := contenders(target)
			for i, layout := range []filter.Layout{filter.Classic, filter.Blocked, filter.SplitBlock} {
				var err error
				if kinds[i].Measured, err = measureAll(ctx, env, sized(base, layout, bits)); err != nil {
					return study.Report{}, err
				}
			}
			rows := rateRows(kinds)
			return study.Report{
				Answer: priceOf(target, kinds), Table: rateTable(rows),
				Figure: bloomplot.Tradeoff(target, slices.Min(bits), slices.Max(bits), kinds),
				Reading: "On a log scale the rate is nearly a straight line: each bit per key multiplies it by the same factor, 0.6185 for a " +
					"classic filter. Filters that keep a key in one cache line (blocked, split-block) pay for their speed, the more the rarer " +
					"false positives are to be. Fuse and ribbon filters come nearer the limit, but must know all keys before they are built.",
				Sources: []string{
					"binary fuse: T. M. Graf and D. Lemire, Binary Fuse Filters, J. Exp. Algorithmics 27, 2022 (1.125 log2(1/p) bits, large sets)",
					"ribbon, 7 bits at 0.95 %: RocksDB, include/rocksdb/filter_policy.h",
					"theory: go doc ./bloom Classical; go doc ./bloom Blocked; go doc ./bloom SplitBlock",
				},
				Notes: smallFilters(base), Config: base, Result: rows,
			}, nil
		},
	}
}

// priceOf answers with the memory that each filter needs for the target.
func priceOf(target float64, kinds []bloomplot.Contender) string {
	classic := kinds[0].Bits
	return fmt.Sprintf("%s takes %s bits (%s bytes) per key in a classic Bloom filter with %s, %s in one with cache-line blocks and %s in Parquet's split blocks; no filter whatever can do with less than %s.",
		units.FormatPercent(target), units.FormatNumber(classic), units.FormatNumber(classic/8), plural(bloom.OptimalHashes(classic), "hash"),
		units.FormatNumber(kinds[1].Bits), units.FormatNumber(kinds[2].Bits), units.FormatNumber(math.Log2(1/target)))
}
