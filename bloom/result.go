package bloom

import (
	"fmt"
	"math"
)

// Result is what a measurement found beside what theory says. Rates are
// fractions. FPR is the false positive rate, FP / (FP + TN): of the lookups of
// absent keys, how many the filter let through. FDR is the false discovery
// rate, FP / (FP + TP): of the lookups that it let through, how many were in
// vain; it depends on how often present keys are asked for, and some systems
// show it under the name of the other.
type Result struct {
	Config     Config `json:"config"`
	FilterBits uint64 `json:"filter_bits"` // of each filter as built

	FPRClassical float64 `json:"fpr_classical"` // (1 - e^(-kn/m))^k, whatever the layout
	FPRExact     float64 `json:"fpr_exact"`     // of this layout with independent positions: the mean over all filters
	FPRMeasured  float64 `json:"fpr_measured"`  // false positives over lookups of absent keys
	FPRLow       float64 `json:"fpr_measured_low"`
	FPRHigh      float64 `json:"fpr_measured_high"` // 95 % interval
	Interval     string  `json:"interval"`          // what it is an interval of, in words
	FDR          float64 `json:"fdr_measured"`      // in the mix of lookups made, see the counts

	// FPRSDExpected is the standard deviation, from filter to filter, of the
	// true rate of a single filter, k fill^(k-1) sd(fill): how far FPRExact may
	// be off for one filter. 0 for the blocked layouts, for which it is not
	// known.
	FPRSDExpected float64 `json:"fpr_filter_sd_expected"`
	FPRSD         float64 `json:"fpr_filter_sd_measured"` // that and the noise of a finite number of lookups; 0 for one filter

	FillExpected   float64 `json:"fill_expected"` // share of the bits that are set, independent positions
	FillMeasured   float64 `json:"fill_measured"`
	FillSDExpected float64 `json:"fill_sd_expected"` // from filter to filter
	FillSD         float64 `json:"fill_sd_measured"` // 0 for one filter

	// Probes are the bits that a lookup tests if it stops at the first one that
	// is not set.
	ProbesAbsent         float64 `json:"probes_per_absent_lookup"`
	ProbesAbsentExpected float64 `json:"probes_per_absent_lookup_expected"`
	ProbesPresent        float64 `json:"probes_per_present_lookup"`

	TruePositives  uint64 `json:"true_positives"`  // every key of every filter is looked up once
	FalseNegatives uint64 `json:"false_negatives"` // must be 0
	FalsePositives uint64 `json:"false_positives"`
	TrueNegatives  uint64 `json:"true_negatives"`

	KeyLines      uint64 `json:"key_file_lines"`          // 0 for generated keys
	EmptyLines    uint64 `json:"key_file_empty_lines"`    // left out
	DuplicateKeys uint64 `json:"key_file_duplicate_keys"` // left out

	Warnings []error `json:"-"`
}

// String is the result in two lines.
func (r Result) String() string {
	return fmt.Sprintf("%s filter of %d bits, %d keys, %d hashes (%s), fill %.4f\nfalse positive rate %.4g in [%.4g, %.4g], exact %.4g, classical %.4g",
		r.Config.Layout, r.FilterBits, r.Config.Keys, r.Config.Hashes, r.Config.Scheme, r.FillMeasured,
		r.FPRMeasured, r.FPRLow, r.FPRHigh, r.FPRExact, r.FPRClassical)
}

// FDR is the false discovery rate, FP / (FP + TP), of a filter of a given false
// positive rate when a share of the lookups asks for absent keys. Both are in
// [0, 1]; it is NaN outside, and 0 if no lookup gets through.
func FDR(fpr, absent float64) float64 {
	if !(fpr >= 0 && fpr <= 1) || !(absent >= 0 && absent <= 1) {
		return math.NaN()
	}
	wrong := fpr * absent
	if wrong == 0 {
		return 0
	}
	return wrong / (wrong + (1 - absent))
}
