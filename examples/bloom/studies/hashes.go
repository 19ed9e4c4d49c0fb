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

// Hashes shows that there is a best number of hash functions.
func Hashes() study.Study {
	bits, most, keys, queries := []float64{6, 10, 14}, 20, int64(10_000), 20_000
	var given func(string) bool
	return study.Study{
		Name:     "hashes",
		Question: "Do more hash functions help?",
		Next:     "The best number is 0.69 of the bits per key: check it at 4, 8, 16 and 24.",
		Examples: []string{"--bits-per-key 10 --max-hashes 30", "--keys 20", "--bits-per-key 4,8,16,24"},
		Flags: func(f *study.Flags) {
			given = f.Changed
			f.FloatList(&bits, "bits-per-key", "memory of the filters, in bits per key; the answer is about the one nearest to 10")
			f.Int(&most, "max-hashes", "largest number of hash functions")
			f.Count(&keys, "keys", "different keys in each filter")
			f.Int(&queries, "queries", "lookups of absent keys in each filter")
		},
		Run: func(ctx context.Context, env study.Env) (study.Report, error) {
			base := bloom.Config{Keys: uint64(keys), Filters: env.RunsOr(40, 4), Queries: lookups(env, queries, given("queries")), Seed: env.Seed}
			if err := sweepable(bits, most, keys); err != nil {
				return study.Report{}, err
			}
			slices.Sort(bits)
			sweeps := make([]bloomplot.HashSweep, len(bits))
			main := 0
			for i, b := range bits {
				var err error
				if sweeps[i], err = sweepHashes(ctx, env, base, b, most); err != nil {
					return study.Report{}, err
				}
				if math.Abs(b-10) < math.Abs(bits[main]-10) {
					main = i
				}
			}
			rows := hashRows(sweeps)
			return study.Report{
				Answer: bestHashes(sweeps[main]),
				Table: study.Rows(rows).Head("fpr_exact_fraction", "exact").Head("fpr_measured_fraction", "measured").
					Show("bits_per_key", "hashes", "fpr_exact_fraction", "fpr_measured_fraction", "fill_fraction", "probes_absent"),
				Figure: bloomplot.Hashes(sweeps, main),
				Reading: "Each hash function is one more bit that must be set by chance, but also sets bits itself. Up to the lowest point " +
					"the first effect wins, after it the second: the filter is then more than half full. The lower panel shows that more " +
					"hash functions hardly cost time for absent keys: at half fill every second test ends the lookup.",
				Sources: []string{"theory: go doc ./bloom Exact; go doc ./bloom ProbesAbsent"},
				Config:  base, Result: rows,
			}, nil
		},
	}
}

// sweepHashes measures filters with 1 to most hash functions.
func sweepHashes(ctx context.Context, env study.Env, base bloom.Config, bitsPerKey float64, most int) (bloomplot.HashSweep, error) {
	base.Bits = uint64(math.Max(1, math.Round(bitsPerKey*float64(base.Keys))))
	var configs []bloom.Config
	for k := 1; k <= min(most, int(min(base.Bits, bloom.MaxHashes))); k++ {
		base.Hashes = k
		configs = append(configs, base)
	}
	results, err := measureAll(ctx, env, configs)
	return bloomplot.HashSweep{BitsPerKey: bitsPerKey, Results: results}, err
}

// bestHashes answers with the lowest point and what lies on both sides.
func bestHashes(s bloomplot.HashSweep) string {
	best, one, last := s.Best(), s.Results[0], s.Results[len(s.Results)-1]
	at := fmt.Sprintf("at %s bits per key", units.FormatNumber(s.BitsPerKey))
	if best.Config.Hashes == last.Config.Hashes {
		return fmt.Sprintf("Yes, as far as this goes: %s the rate falls from %s with one hash function to %s with %d (measured %s).",
			at, units.FormatPercent(one.FPRExact), units.FormatPercent(best.FPRExact), best.Config.Hashes, units.FormatPercent(best.FPRMeasured))
	}
	return fmt.Sprintf("Only up to a point: %s, %d is best with %s (measured %s), against %s with one and %s with %d; a lookup of an absent key tests %.2f bits on average at the best, and %.2f with %d.",
		at, best.Config.Hashes, units.FormatPercent(best.FPRExact), units.FormatPercent(best.FPRMeasured),
		units.FormatPercent(one.FPRExact), units.FormatPercent(last.FPRExact), last.Config.Hashes, best.ProbesAbsent, last.ProbesAbsent, last.Config.Hashes)
}

// hashRow is one filter shape.
type hashRow struct {
	BitsPerKey float64 `json:"bits_per_key"`
	Hashes     int     `json:"hashes"`
	Exact      float64 `json:"fpr_exact_fraction"`
	Measured   float64 `json:"fpr_measured_fraction"`
	Low        float64 `json:"fpr_measured_low_fraction"`
	High       float64 `json:"fpr_measured_high_fraction"`
	Fill       float64 `json:"fill_fraction"`
	Expected   float64 `json:"probes_absent_expected"`
	Probes     float64 `json:"probes_absent"`
}

func hashRows(sweeps []bloomplot.HashSweep) []hashRow {
	var rows []hashRow
	for _, s := range sweeps {
		for _, r := range s.Results {
			rows = append(rows, hashRow{s.BitsPerKey, r.Config.Hashes, r.FPRExact, r.FPRMeasured, r.FPRLow, r.FPRHigh, r.FillMeasured, r.ProbesAbsentExpected, r.ProbesAbsent})
		}
	}
	return rows
}

// sweepable refuses what gives no curve.
func sweepable(bits []float64, most int, keys int64) error {
	for _, b := range bits {
		if !(b >= 0.5 && b <= 100) || b*float64(keys) < 2 {
			return fmt.Errorf("%w: --bits-per-key = %v, want numbers in [0.5, 100] and filters of two bits or more", bloom.ErrInvalidConfig, bits)
		}
	}
	if most < 2 || most > bloom.MaxHashes || len(bits) == 0 {
		return fmt.Errorf("%w: --max-hashes = %d, want [2, %d], and at least one --bits-per-key", bloom.ErrInvalidConfig, most, bloom.MaxHashes)
	}
	return nil
}
