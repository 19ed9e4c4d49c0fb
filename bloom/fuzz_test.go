package bloom

import (
	"bytes"
	"context"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
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
			Bits: bits, Keys: keys, Hashes: hashes, Layout: Layout(layout), Scheme: Scheme(scheme),
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
			assert.True(t, s.holds(HashBytes([]byte(key))))
		}
	})
}

// FuzzFilters wants every added key back, from every filter, whatever the
// hashes.
func FuzzFilters(f *testing.F) {
	f.Add(uint64(100), 7, uint64(0), uint64(1), uint64(math.MaxUint64))
	f.Add(uint64(1), 1, uint64(1)<<63, uint64(0), uint64(0))
	f.Add(uint64(1023), 64, uint64(5), uint64(6), uint64(7))
	f.Fuzz(func(t *testing.T, bits uint64, hashes int, a, b, c uint64) {
		if bits > 1<<20 {
			bits = 1<<34 + bits // refused
		}
		for layout := ClassicLayout; layout <= SplitBlockLayout; layout++ {
			for scheme := Independent; scheme <= Salted; scheme++ {
				filter, err := NewFilter(layout, bits, hashes, scheme)
				if err != nil {
					require.ErrorIs(t, err, ErrInvalidConfig)
					continue
				}
				for _, hash := range []uint64{a, b, c} {
					filter.Add(hash)
					_, found := filter.Probe(hash)
					require.True(t, found && filter.Has(hash))
				}
				require.LessOrEqual(t, filter.Ones(), min(filter.Bits(), 3*uint64(hashes)))
			}
		}
	})
}
