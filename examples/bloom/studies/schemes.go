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
)

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
			exact := bloom.Exact(bits, n, k)
			if math.IsNaN(exact) || (len(f.Bits) > 0 && bits == f.Bits[len(f.Bits)-1]) {
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

// schemeRow is one measured filter shape.
type schemeRow struct {
	Scheme    filter.Scheme `json:"scheme"`
	Bits      uint64        `json:"bits"`
	Keys      uint64        `json:"keys"`
	Hashes    int           `json:"hashes"`
	Classical float64       `json:"fpr_classical_fraction"`
	Exact     float64       `json:"fpr_exact_fraction"`
	Measured  float64       `json:"fpr_measured_fraction"`
	Low       float64       `json:"fpr_measured_low_fraction"`
	High      float64       `json:"fpr_measured_high_fraction"`
	Excess    float64       `json:"excess_fraction"` // of the measured rate over the classical
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
