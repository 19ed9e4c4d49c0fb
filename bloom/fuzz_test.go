package bloom

import (
	"bytes"
	"context"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"cloudconcepts/bloom/filter"
)

// FuzzConfig wants of any Config an error of Validate or a measurement whose
// numbers hang together. Large ones are validated only.
func FuzzConfig(f *testing.F) {
	f.Add(uint64(1000), uint64(100), 7, 0, 0, 2, 50, uint64(1), 0, 0, 0.0, 0.0)
	f.Add(uint64(0), uint64(0), 0, 0, 0, 0, 0, uint64(0), 0, 0, math.NaN(), math.Inf(1))
	f.Add(uint64(math.MaxUint64), uint64(math.MaxUint64), math.MaxInt, 1, 1, math.MaxInt, math.MaxInt, uint64(math.MaxUint64), 1, math.MaxInt, 1e300, -1.0)
	f.Add(uint64(513), uint64(40), 9, 2, 2, 1, 20, uint64(3), 1, 5, 1.5, 0.0)
	f.Add(uint64(8), uint64(1), 8, 3, 4, 3, 1, uint64(4), 2, 0, 5e-324, 0.5)
	f.Add(uint64(1), uint64(1), 1, 0, 3, 1, 1, uint64(5), 1, 1, 10.0, math.Copysign(0, -1))
	f.Fuzz(func(t *testing.T, bits, keys uint64, hashes, layout, scheme, filters, queries int, seed uint64,
		absent, distinct int, exponent, overlap float64,
	) {
		c := Config{
			Bits: bits, Keys: keys, Hashes: hashes, Layout: filter.Layout(layout), Scheme: filter.Scheme(scheme),
			Filters: filters, Queries: queries, Seed: seed,
			Absent: AbsentKeys(absent), Distinct: distinct, Zipf: exponent, Overlap: overlap,
		}
		if err := c.Validate(); err != nil {
			require.ErrorIs(t, err, ErrInvalidConfig)
			_, again := Measure(context.Background(), c)
			require.Equal(t, err.Error(), again.Error())
			return
		}
		if bits > 1<<22 || float64(filters)*(float64(keys)+float64(queries))*float64(hashes) > 1e6 {
			return
		}
		r, err := Measure(context.Background(), c)
		require.NoError(t, err)
		checkResult(t, r)
	})
}

// checkResult wants what holds of any measurement.
func checkResult(t *testing.T, r Result) {
	t.Helper()
	c := r.Config
	require.Zero(t, r.FalseNegatives)
	require.Equal(t, uint64(c.Filters)*c.Keys, r.TruePositives)
	require.Equal(t, uint64(c.Filters)*uint64(c.Queries), r.FalsePositives+r.TrueNegatives)
	for name, x := range map[string]float64{
		"classical": r.FPRClassical, "exact": r.FPRExact, "measured": r.FPRMeasured, "low": r.FPRLow, "high": r.FPRHigh,
		"fdr": r.FDR, "fill": r.FillMeasured, "fill expected": r.FillExpected, "spread": r.FPRSDExpected,
	} {
		require.True(t, x >= 0 && x <= 1+1e-9, "%s = %g of %+v", name, x, c)
	}
	const ulp = 1e-12
	require.True(t, r.FPRLow <= r.FPRMeasured*(1+ulp) && r.FPRMeasured <= r.FPRHigh*(1+ulp), "%+v", r)
	for name, x := range map[string]float64{
		"probes": r.ProbesAbsent, "probes expected": r.ProbesAbsentExpected, "present": r.ProbesPresent,
	} {
		require.True(t, x >= 1-1e-9 && x <= float64(c.Hashes)+1e-9, "%s = %g of %+v", name, x, c)
	}
	require.GreaterOrEqual(t, r.FillMeasured*float64(r.FilterBits), 0.999)
	require.False(t, math.IsNaN(r.FillSDExpected+r.FillSD+r.FPRSD))
}

// FuzzReadKeys wants of any file an error or a count that adds up, equal to a
// count by plain splitting.
func FuzzReadKeys(f *testing.F) {
	for _, text := range []string{"", "\n", "a\nb\r\na", "\xEF\xBB\xBFx\r\n", "\r", "\x00\n\xff", strings.Repeat("k", 70000)} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		s, err := ReadKeys(bytes.NewReader(text))
		want := map[string]bool{}
		for line := range strings.SplitSeq(strings.TrimPrefix(string(text), "\xEF\xBB\xBF"), "\n") {
			want[strings.TrimSuffix(line, "\r")] = true
		}
		delete(want, "")
		if err != nil {
			require.ErrorIs(t, err, ErrInvalidConfig)
			require.Empty(t, want)
			return
		}
		require.Equal(t, uint64(len(want)), s.Distinct())
		require.Equal(t, s.Lines, s.Empty+s.Duplicates+s.Distinct())
		for key := range want {
			assert.True(t, s.holds(filter.HashBytes([]byte(key))))
		}
	})
}

// FuzzTheory: an error or a probability, never a panic, never a hang.
func FuzzTheory(f *testing.F) {
	for _, x := range []float64{0, math.Copysign(0, -1), 1, 0.01, 10, math.NaN(), math.Inf(1), math.Inf(-1), 1e300, 5e-324, -1} {
		for _, n := range []uint64{0, 1, 512, 1 << 20, math.MaxInt64, math.MaxUint64} {
			f.Add(n, n/10, 7, 512, x)
			f.Add(uint64(512), n, -1, 0, x)
			f.Add(n, uint64(3), 64, math.MaxInt, x)
		}
	}
	f.Fuzz(func(t *testing.T, bits, keys uint64, hashes, small int, x float64) {
		start := time.Now()
		probability := func(name string, p float64, err error) {
			if err == nil && !(p >= 0 && p <= 1) {
				t.Errorf("%s = %g", name, p)
			}
		}
		invalid := Params{bits, keys, hashes}.Validate()
		for name, rate := range map[string]func(uint64, uint64, int) float64{
			"Exact": Exact, "ExactDistinct": ExactDistinct, "Partitioned": Partitioned,
		} {
			p := rate(bits, keys, hashes)
			probability(name, p, invalid)
			if invalid != nil && !math.IsNaN(p) {
				t.Errorf("%s = %g of %v", name, p, invalid)
			}
		}
		compound, _ := Scalable(x, x, min(small, 100))
		for name, p := range map[string]float64{
			"Blocked": Blocked(x, small, hashes, Inner(small%3)), "BlockedExact": BlockedExact(bits, keys, small, hashes, Inner(small%3)),
			"SplitBlock": SplitBlock(x), "SplitBlockExact": SplitBlockExact(bits, keys), "Fingerprint": Fingerprint(keys, small),
			"CountingOverflow": CountingOverflow(bits, keys, hashes, small), "Scalable": compound, "Rate": Structure(small).Rate(x),
		} {
			if !math.IsNaN(p) {
				probability(name, p, nil)
			}
		}
		if guess, err := EstimateKeys(bits, keys, hashes); err == nil && !(guess.Keys >= 0 && guess.StandardError >= 0) {
			t.Errorf("estimate = %+v", guess)
		}
		for _, r := range []Rounding{RoundGuarantee, RoundBitsAndBlooms, RoundCassandra, RoundHBase, RoundParquet, RoundRocksDB5} {
			params, p, err := Optimal(keys, x, r)
			probability(r.String(), p, err)
			if err == nil && params.Validate() != nil {
				t.Errorf("%v: %v", r, params.Validate())
			}
		}
		if spent := time.Since(start); spent > 20*time.Second {
			t.Errorf("took %v", spent)
		}
	})
}
