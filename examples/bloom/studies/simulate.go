package studies

import (
	"context"
	"fmt"

	"cloudconcepts/bloom"
	"cloudconcepts/bloom/bloomplot"
	"cloudconcepts/bloom/filter"
	"cloudconcepts/internal/study"
	"cloudconcepts/internal/units"
)

// Simulate measures filters of one shape, with every knob of the model.
func Simulate() study.Study {
	cfg := bloom.Config{
		Bits: 10_000, Keys: 1000, Hashes: 7, Scheme: filter.Independent, Filters: 200, Queries: 20_000,
		Distinct: 1000, Zipf: 1.1, Overlap: 0.01,
	}
	bits, keys := int64(cfg.Bits), int64(cfg.Keys)
	layout, scheme, absent, preset := "classic", "independent", "fresh", ""
	var given func(string) bool
	return study.Study{
		Name:     "simulate",
		Question: "How often is my own filter wrong?",
		Next:     "Take few bits and `--scheme double`: the formula of the textbooks and the hash scheme both err.",
		Examples: []string{
			"--bits 10000 --keys 1000 --hashes 7",
			"--layout splitblock --bits 105k --keys 10k --json",
			"--bits 64 --keys 6 --hashes 7 --scheme double --filters 40000 --queries 400",
		},
		Flags: func(f *study.Flags) {
			given = f.Changed
			f.Preset(&preset, "preset", "a storage engine: its layout, scheme and hashes, and its bits for 1000 keys", func(name string) error {
				return as(name, keys, &bits, &cfg.Hashes, &layout, &scheme)
			}, presetNames()...)
			f.Count(&bits, "bits", "bits of each filter")
			f.Count(&keys, "keys", "different keys in each filter")
			f.Int(&cfg.Hashes, "hashes", "bits set for a key (split-block filters always set 8)")
			f.Choice(&layout, "layout", "how the bits are arranged", "classic", "partitioned", "blocked", "splitblock")
			f.Choice(&scheme, "scheme", "how positions are drawn from a hash: independently (the ideal), by double or enhanced double hashing, as bits-and-blooms does, or salted (split-block filters)",
				"independent", "double", "enhanced", "bitsandblooms", "salted")
			f.Int(&cfg.Filters, "filters", "filters built, each with keys of its own")
			f.Int(&cfg.Queries, "queries", "lookups of absent keys in each")
			f.Choice(&absent, "absent", "which absent keys: never the same twice, a few again and again, or (a wrong test) some present ones",
				"fresh", "repeated", "overlapping")
			f.Int(&cfg.Distinct, "distinct", "repeated: number of different absent keys")
			f.Float(&cfg.Zipf, "exponent", "repeated: exponent of their popularity law")
			f.Fraction(&cfg.Overlap, "overlap", "overlapping: share of the lookups that ask for a present key")
		},
		Run: func(ctx context.Context, env study.Env) (study.Report, error) {
			c := cfg
			c.Bits, c.Keys, c.Seed = uint64(bits), uint64(keys), env.Seed
			if err := choose(&c, layout, scheme, absent); err != nil {
				return study.Report{}, err
			}
			if c.Layout == filter.SplitBlock && !given("hashes") {
				c.Hashes = 8
			}
			if env.Quick && !given("filters") {
				c.Filters = 20
			}
			r, err := bloom.Measure(ctx, c)
			if err != nil {
				return study.Report{}, err
			}
			return study.Report{
				Answer: verdict(r), Table: measured(r), Figure: bloomplot.Measured(r),
				Reading: "The dot is what the lookups found, with its 95 % interval; the lines are what theory says.",
				Notes:   study.Warnings("", r.Warnings), Config: c, Result: r,
			}, nil
		},
	}
}

// choose sets what the configuration names by words.
func choose(c *bloom.Config, layout, scheme, absent string) error {
	if err := c.Layout.UnmarshalText([]byte(layout)); err != nil {
		return err
	}
	if err := c.Scheme.UnmarshalText([]byte(scheme)); err != nil {
		return err
	}
	return c.Absent.UnmarshalText([]byte(absent))
}

// verdict is a measurement in one sentence.
func verdict(r bloom.Result) string {
	theory := fmt.Sprintf("the exact rate is %s, the textbook formula says %s", units.FormatPercent(r.FPRExact), units.FormatPercent(r.FPRClassical))
	if r.FalsePositives == 0 {
		return fmt.Sprintf("It was not wrong once in %s lookups, so less often than in %s of them (95 %% confidence); %s.",
			units.FormatNumber(float64(r.TrueNegatives)), units.FormatPercent(r.FPRHigh), theory)
	}
	return fmt.Sprintf("A lookup of an absent key passes in %s of the cases (%s to %s with 95 %% confidence); %s.",
		units.FormatPercent(r.FPRMeasured), units.FormatPercent(r.FPRLow), units.FormatPercent(r.FPRHigh), theory)
}

// measured is theory and measurement side by side.
func measured(r bloom.Result) study.Table {
	t := study.NewTable("source", "fpr_fraction", "fpr_low_fraction", "fpr_high_fraction", "fill_fraction", "fill_sd_fraction", "probes_absent", "false_negatives")
	t.Add("textbook", r.FPRClassical, nil, nil, nil, nil, nil, nil)
	t.Add("exact", r.FPRExact, nil, nil, r.FillExpected, r.FillSDExpected, r.ProbesAbsentExpected, 0)
	t.Add("measured", r.FPRMeasured, r.FPRLow, r.FPRHigh, r.FillMeasured, r.FillSD, r.ProbesAbsent, r.FalseNegatives)
	return t.Head("fpr_fraction", "false-positive rate").Head("fpr_low_fraction", "low").Head("fpr_high_fraction", "high").
		Head("fill_fraction", "fill").Head("fill_sd_fraction", "fill sd").Head("probes_absent", "probes, absent")
}
