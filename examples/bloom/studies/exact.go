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

// Exact compares the textbook formula with the exact rate and with measured
// rates of real hash schemes.
func Exact() study.Study {
	hashes, bitsPerKey, main, queries := []int{3, 5, 7, 10}, 10.0, 7, 400
	sizes := []float64{60, 120, 250, 500, 1000, 2000, 4000, 8000}
	schemes := []string{"double", "enhanced", "bitsandblooms"}
	var given func(string) bool
	return study.Study{
		Name:     "exact",
		Question: "How wrong is the textbook formula?",
		Examples: []string{"--bits-per-key 5 --hashes 2,3,5 --measured-hashes 3", "--bits 64,128,256,512,1024,2048,4096", "--scheme independent,double"},
		Flags: func(f *study.Flags) {
			given = f.Changed
			f.Float(&bitsPerKey, "bits-per-key", "memory of the filters, in bits per key")
			f.IntList(&hashes, "hashes", "numbers of hash functions to compare in theory")
			f.Int(&main, "measured-hashes", "number of hash functions to measure")
			f.FloatList(&sizes, "bits", "sizes of the filters to measure, in bits")
			f.ChoiceList(&schemes, "scheme", "hash schemes to measure", "independent", "double", "enhanced", "bitsandblooms")
			f.Int(&queries, "queries", "lookups of absent keys in each filter")
		},
		Run: func(ctx context.Context, env study.Env) (study.Report, error) {
			if err := formulaRange(bitsPerKey, sizes, append(slices.Clone(hashes), main)); err != nil {
				return study.Report{}, err
			}
			slices.Sort(sizes)
			filters := env.RunsOr(8000, 800)
			base := bloom.Config{Hashes: main, Filters: filters, Queries: lookups(env, queries, given("queries")), Seed: env.Seed}
			measured, err := measureSchemes(ctx, env, base, schemes, sizes, bitsPerKey)
			if err != nil {
				return study.Report{}, err
			}
			formulas := formulaErrors(hashes, bitsPerKey, sizes)
			rows := schemeRows(measured)
			return study.Report{
				Answer: tooLow(measured[0].Results, measured),
				Table: study.Rows(rows).Head("fpr_classical_fraction", "textbook").Head("fpr_exact_fraction", "exact").Head("fpr_measured_fraction", "measured").
					Show("scheme", "bits", "keys", "fpr_classical_fraction", "fpr_exact_fraction", "fpr_measured_fraction", "excess_fraction").Head("excess_fraction", "above textbook"),
				Figure: bloomplot.Exact(formulas, bitsPerKey, measured),
				Reading: "Above: the formula takes the fill for fixed, and so is always too low, by a share that halves when the filter doubles: a straight " +
					"line with slope −1. Below: double hashing draws all positions of a key from two numbers; in a small filter these repeat and " +
					"overlap, which costs far more than the formula's error. From some 10,000 bits on neither can be seen. " +
					"Try `--bits 64,128,256,512,1024,2048,4096`: powers of two are the bad case of bits-and-blooms.",
				Sources: []string{
					"K. Christensen, A. Roginsky and M. Jimeno, Inf. Process. Lett. 110(21):944-949, 2010 (abstract): the exact rate is always above the formula",
					"hash scheme of github.com/bits-and-blooms/bloom v3.7.1; theory: go doc ./bloom Exact",
				},
				Config: base, Result: rows,
			}, nil
		},
	}
}

// measureSchemes measures each scheme at each size.
func measureSchemes(ctx context.Context, env study.Env, base bloom.Config, schemes []string, sizes []float64, bitsPerKey float64) ([]bloomplot.SchemeError, error) {
	var out []bloomplot.SchemeError
	for _, name := range schemes {
		var configs []bloom.Config
		for _, m := range sizes {
			c := base
			c.Bits, c.Keys = uint64(m), keysFor(m, bitsPerKey)
			if err := c.Scheme.UnmarshalText([]byte(name)); err != nil {
				return nil, err
			}
			// Large filters are slow to fill: fewer of them, with more lookups each.
			share := math.Min(1, 500/m)
			c.Filters = max(1, int(float64(base.Filters)*share))
			c.Queries = max(1, int(float64(base.Queries)/share))
			configs = append(configs, c)
		}
		results, err := measureAll(ctx, env, configs)
		if err != nil {
			return nil, err
		}
		out = append(out, bloomplot.SchemeError{Name: schemeNames[name], Results: results})
	}
	return out, nil
}

var schemeNames = map[string]string{"independent": "independent", "double": "double hashing", "enhanced": "enhanced double", "bitsandblooms": "bits-and-blooms"}

// formulaErrors is the formula's error in theory, up to 100,000 bits.
func formulaErrors(hashes []int, bitsPerKey float64, sizes []float64) []bloomplot.FormulaError {
	var out []bloomplot.FormulaError
	for _, k := range hashes {
		f := bloomplot.FormulaError{Hashes: k}
		for m := sizes[0]; m <= math.Max(1e5, sizes[len(sizes)-1]); m *= 1.25 {
			n := keysFor(m, bitsPerKey)
			bits := uint64(math.Round(float64(n) * bitsPerKey)) // the load stays the same
			exact, err := bloom.Exact(bits, n, k)
			if err != nil || (len(f.Bits) > 0 && bits == f.Bits[len(f.Bits)-1]) {
				continue
			}
			f.Bits, f.Excess = append(f.Bits, bits), append(f.Excess, exact/bloom.Classical(float64(bits), float64(n), k)-1)
		}
		out = append(out, f)
	}
	return out
}

func keysFor(bits, bitsPerKey float64) uint64 {
	return uint64(math.Max(1, math.Round(bits/bitsPerKey)))
}

// tooLow answers with the smallest and the largest filter measured.
func tooLow(ideal []bloom.Result, schemes []bloomplot.SchemeError) string {
	small, large := ideal[0], ideal[len(ideal)-1]
	answer := fmt.Sprintf("It is always too low, visibly so for small filters: with %d hashes by %s at %d bits, by %s at %d",
		small.Config.Hashes, units.FormatPercent(1-small.FPRClassical/small.FPRExact), small.FilterBits,
		units.FormatPercent(1-large.FPRClassical/large.FPRExact), large.FilterBits)
	for i, s := range schemes {
		first, last := s.Results[0], s.Results[len(s.Results)-1]
		measures := ","
		if i == 0 {
			measures = "; measured at these sizes, in multiples of the exact rate:"
		}
		answer += fmt.Sprintf("%s %s %.2f and %.2f", measures, s.Name, first.FPRMeasured/first.FPRExact, last.FPRMeasured/last.FPRExact)
	}
	return answer + "."
}

// schemeRow is one measured filter shape.
type schemeRow struct {
	Scheme    bloom.Scheme `json:"scheme"`
	Bits      uint64       `json:"bits"`
	Keys      uint64       `json:"keys"`
	Hashes    int          `json:"hashes"`
	Classical float64      `json:"fpr_classical_fraction"`
	Exact     float64      `json:"fpr_exact_fraction"`
	Measured  float64      `json:"fpr_measured_fraction"`
	Low       float64      `json:"fpr_measured_low_fraction"`
	High      float64      `json:"fpr_measured_high_fraction"`
	Excess    float64      `json:"excess_fraction"` // of the measured rate over the classical
}

func schemeRows(schemes []bloomplot.SchemeError) []schemeRow {
	var rows []schemeRow
	for _, s := range schemes {
		for _, r := range s.Results {
			c := r.Config
			rows = append(rows, schemeRow{c.Scheme, r.FilterBits, c.Keys, c.Hashes, r.FPRClassical, r.FPRExact, r.FPRMeasured, r.FPRLow, r.FPRHigh, r.FPRMeasured/r.FPRClassical - 1})
		}
	}
	return rows
}

// formulaRange refuses what no filter or no chart can have.
func formulaRange(bitsPerKey float64, sizes []float64, hashes []int) error {
	if !(bitsPerKey >= 1 && bitsPerKey <= 100) {
		return fmt.Errorf("%w: --bits-per-key = %v, want in [1, 100]", bloom.ErrInvalidConfig, bitsPerKey)
	}
	if len(sizes) == 0 || !(slices.Min(sizes) >= math.Max(bitsPerKey, float64(slices.Max(hashes)))) || !(slices.Max(sizes) <= 1e6) {
		return fmt.Errorf("%w: --bits = %v, want numbers in [%.4g, 1000000], one or more", bloom.ErrInvalidConfig, sizes, math.Max(bitsPerKey, float64(slices.Max(hashes))))
	}
	if len(hashes) < 2 || slices.Min(hashes) < 1 || slices.Max(hashes) > 30 {
		return fmt.Errorf("%w: --hashes = %v, want one or more numbers in [1, 30]", bloom.ErrInvalidConfig, hashes[:len(hashes)-1])
	}
	return nil
}
