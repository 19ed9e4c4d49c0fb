package studies

import (
	"context"
	"fmt"
	"slices"
	"strings"

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
		Next:     "Powers of two are the bad case of bits-and-blooms: `--bits 64,128,256,512,1024,2048,4096`.",
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
					"overlap, which costs far more than the formula's error. From some 10,000 bits on neither can be seen.",
				Sources: []string{
					"K. Christensen, A. Roginsky and M. Jimeno, Inf. Process. Lett. 110(21):944-949, 2010 (abstract): the exact rate is always above the formula",
					"hash scheme of github.com/bits-and-blooms/bloom v3.7.1; theory: go doc ./bloom Exact",
				},
				Config: base, Result: rows,
			}, nil
		},
	}
}

// tooLow answers with the smallest and the largest filter measured.
func tooLow(ideal []bloom.Result, schemes []bloomplot.SchemeError) string {
	small, large := ideal[0], ideal[len(ideal)-1]
	var answer strings.Builder
	answer.WriteString(fmt.Sprintf("It is always too low, visibly so for small filters: with %s by %s at %s bits", plural(small.Config.Hashes, "hash"),
		units.FormatPercent(1-small.FPRClassical/small.FPRExact), units.FormatNumber(float64(small.FilterBits))))
	if len(ideal) > 1 {
		answer.WriteString(fmt.Sprintf(", by %s at %s", units.FormatPercent(1-large.FPRClassical/large.FPRExact), units.FormatNumber(float64(large.FilterBits))))
	}
	for i, s := range schemes {
		first, last := s.Results[0], s.Results[len(s.Results)-1]
		measures := ","
		if i == 0 {
			measures = "; measured there, in multiples of the exact rate:"
		}
		answer.WriteString(fmt.Sprintf("%s %s %.2f", measures, s.Name, first.FPRMeasured/first.FPRExact))
		if len(s.Results) > 1 {
			answer.WriteString(fmt.Sprintf(" and %.2f", last.FPRMeasured/last.FPRExact))
		}
	}
	return answer.String() + "."
}
