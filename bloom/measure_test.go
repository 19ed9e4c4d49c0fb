package bloom

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"cloudconcepts/bloom/filter"
	"cloudconcepts/internal/validation"
)

func measureOf(t *testing.T, c Config) Result {
	t.Helper()
	r, err := Measure(context.Background(), c)
	require.NoError(t, err)
	return r
}

// near wants got to be within four standard errors of want.
func near(t *testing.T, claim validation.Claim, cell string, want, got, standardError float64) {
	t.Helper()
	claim.Within(t, cell, want, got, 4*standardError)
}

// Rate, fill, its spread and probes of every layout are those of theory.
func TestMeasureAgreesWithTheory(t *testing.T) {
	const filters = 500
	fill := theory("share of set bits of filters built here", "1 - (1 - 1/m)^(kn), or what the layout makes of it", "")
	spread := theory("standard deviation of the share of set bits between filters built here", "that of balls thrown into the layout's bits", "")
	probes := theory("bits read by a lookup of an absent key in filters built here", "(1 - fill^k)/(1 - fill), or what the layout makes of it", "bits")
	for _, c := range []Config{
		{Bits: 1024, Keys: 100, Hashes: 7},
		{Bits: 64, Keys: 6, Hashes: 7},
		{Bits: 4099, Keys: 500, Hashes: 3},
		{Bits: 600, Keys: 45, Hashes: 20},
		{Bits: 1001, Keys: 100, Hashes: 7, Layout: filter.Partitioned},
		{Bits: 32, Keys: 4, Hashes: 4, Layout: filter.Partitioned},
		{Bits: 5120, Keys: 512, Hashes: 6, Layout: filter.Blocked},
		{Bits: 512, Keys: 40, Hashes: 9, Layout: filter.Blocked},
		{Bits: 5120, Keys: 512, Hashes: 8, Layout: filter.SplitBlock},
		{Bits: 2560, Keys: 250, Hashes: 8, Layout: filter.SplitBlock, Scheme: filter.Salted},
	} {
		c.Filters, c.Queries, c.Seed = filters, 1500, 11
		t.Run(fmt.Sprintf("%v %v %d %d %d", c.Layout, c.Scheme, c.Bits, c.Keys, c.Hashes), func(t *testing.T) {
			r := measureOf(t, c)
			cell := fmt.Sprintf("%v layout, %s, %s", c.Layout, filterOf(c.Bits, c.Keys, c.Hashes), schemeWords(c.Scheme))
			near(t, measuredRate, cell, r.FPRExact, r.FPRMeasured, standardError(r))
			near(t, fill, cell, r.FillExpected, r.FillMeasured, r.FillSDExpected/math.Sqrt(filters))
			near(t, spread, cell, r.FillSDExpected, r.FillSD, r.FillSDExpected/math.Sqrt(2*filters)*1.2)
			probes.Relative(t, cell, r.ProbesAbsentExpected, r.ProbesAbsent, 0.01)
			assert.Equal(t, float64(c.Hashes), r.ProbesPresent)
			assert.Zero(t, r.FalseNegatives)
			assert.Equal(t, uint64(filters)*c.Keys, r.TruePositives)
			assert.Equal(t, uint64(filters*c.Queries), r.FalsePositives+r.TrueNegatives)
		})
	}
}

// The fill that a measurement expects of 10,000 bits is the published one.
func TestFillIsThePublishedOne(t *testing.T) {
	r := predict(Config{Bits: 10000, Keys: 1000, Hashes: 7})
	cell := filterOf(10000, 1000, 7)
	theory("share of set bits that a measurement expects", "1 - (1 - 1/m)^(kn), computed independently", "").Relative(t, cell, .503432077549, r.FillExpected, 1e-9)
	theory("standard deviation of the share of set bits that a measurement expects", "as that of the number of set bits, computed independently", "").
		Relative(t, cell, .002781568073, r.FillSDExpected, 1e-7)
	probesRead.Relative(t, cell+", as a measurement expects", 1.997, r.ProbesAbsentExpected, 1e-3)
}

// A single filter's true rate differs from the mean by FPRSDExpected.
func TestSpreadBetweenFilters(t *testing.T) {
	r := measureOf(t, Config{Bits: 1024, Keys: 100, Hashes: 7, Filters: 400, Queries: 10000, Seed: 5})
	noise := r.FPRMeasured * (1 - r.FPRMeasured) / 10000
	spread := math.Sqrt(r.FPRSD*r.FPRSD - noise)
	theory("spread of the true rate between filters built here", "k fill^(k-1) times the standard deviation of the fill", "").
		Relative(t, filterOf(1024, 100, 7), r.FPRSDExpected, spread, 0.2)
}

// Of many intervals, those that miss the truth are few, for many filters, for
// few false positives, and for one filter about its own rate.
func TestIntervalCoverage(t *testing.T) {
	for _, c := range []Config{
		{Bits: 256, Keys: 32, Hashes: 6, Filters: 20, Queries: 2000},
		{Bits: 256, Keys: 32, Hashes: 6, Filters: 5, Queries: 200},
		{Bits: 4096, Keys: 200, Hashes: 6, Filters: 10, Queries: 5000},
	} {
		missed, runs := 0, 200
		if testing.Short() {
			runs = 20
		}
		for seed := range uint64(runs) {
			c.Seed = seed
			r := measureOf(t, c)
			if r.FPRExact < r.FPRLow || r.FPRExact > r.FPRHigh {
				missed++
			}
		}
		assert.LessOrEqual(t, missed, runs/20+4*3, "%+v", c) // 5 % and four standard errors
	}
}

func TestMeasureIsTheSameOnAnyNumberOfProcessors(t *testing.T) {
	old := runtime.GOMAXPROCS(0)
	defer runtime.GOMAXPROCS(old)
	for _, c := range []Config{
		{Bits: 1000, Keys: 100, Hashes: 5, Filters: 300, Queries: 100, Seed: 1, Absent: Repeated, Distinct: 50, Zipf: 1.2},
		{Bits: 100000, Keys: 10000, Hashes: 5, Filters: 3, Queries: 10000, Seed: 1},
		{Bits: 10000, Keys: 1000, Hashes: 5, Filters: 1, Queries: 2*chunk + 5, Seed: 1, Absent: Overlapping, Overlap: 0.1},
	} {
		runtime.GOMAXPROCS(1)
		one := measureOf(t, c)
		runtime.GOMAXPROCS(8)
		assert.Equal(t, one, measureOf(t, c))
		c.Seed++
		assert.NotEqual(t, one.FalsePositives, measureOf(t, c).FalsePositives)
	}
}

func TestMeasureStops(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := Measure(ctx, Config{Bits: 1 << 20, Keys: 1e9, Hashes: 1, Filters: 1, Queries: 10})
	assert.ErrorIs(t, err, context.Canceled)
	_, err = Measure(ctx, Config{Bits: 1 << 10, Keys: 1e7, Hashes: 1, Filters: 100, Queries: 10})
	assert.ErrorIs(t, err, context.Canceled)
}

// A wrong test, in which some absent keys are present, shows their share.
func TestOverlap(t *testing.T) {
	r := measureOf(t, Config{
		Bits: 100000, Keys: 10000, Hashes: 7, Filters: 8, Queries: 50000, Seed: 1, Absent: Overlapping, Overlap: 0.25,
	})
	want := 0.25 + 0.75*r.FPRExact
	cell := filterOf(100000, 10000, 7) + ", a quarter of the absent keys present"
	near(t, theory("rate of a wrong test, some of whose absent keys are present", "v + (1 - v) p for a share v", ""), cell, want, r.FPRMeasured, math.Sqrt(want*(1-want)/400000))
	theory("bits read by a lookup in a wrong test", "v k + (1 - v)(1 - fill^k)/(1 - fill) for a share v", "bits").
		Relative(t, cell, r.ProbesAbsentExpected, r.ProbesAbsent, 0.01)
	assert.Contains(t, fmt.Sprint(r.Warnings), "wrong test")
}

// Repeated keys leave the mean alone and widen the spread between filters.
func TestRepeats(t *testing.T) {
	c := Config{Bits: 1000, Keys: 100, Hashes: 3, Filters: 500, Queries: 2000, Seed: 2}
	fresh := measureOf(t, c)
	c.Absent, c.Distinct, c.Zipf = Repeated, 1000, 1.1
	repeated := measureOf(t, c)
	near(t, measuredRate, filterOf(1000, 100, 3)+", absent keys asked for again and again", repeated.FPRExact, repeated.FPRMeasured, standardError(repeated))
	assert.Greater(t, repeated.FPRSD, 3*fresh.FPRSD)
	c.Distinct, c.Filters, c.Queries = 1, 50, 100 // one key: a filter errs always or never
	r := measureOf(t, c)
	assert.Zero(t, r.FalsePositives%100)
}

func TestFDR(t *testing.T) {
	fdr := theory("false discovery rate", "false positives over all positives: p a / (p a + 1 - a) for a share a of absent keys", "")
	fdr.Relative(t, "rate 0.01, half of the keys absent", 0.01/1.01, FDR(0.01, 0.5), 1e-12)
	assert.Equal(t, 1.0, FDR(0.01, 1))
	assert.Zero(t, FDR(0, 1))
	assert.Zero(t, FDR(0.3, 0))
	for _, x := range []float64{-1, 2, math.NaN(), math.Inf(1)} {
		assert.True(t, math.IsNaN(FDR(x, 0.5)) && math.IsNaN(FDR(0.5, x)))
	}
	r := measureOf(t, Config{Bits: 10000, Keys: 2000, Hashes: 3, Filters: 4, Queries: 6000, Seed: 1})
	fdr.Relative(t, "as measured, three quarters of the keys absent, "+filterOf(10000, 2000, 3), FDR(r.FPRMeasured, 0.75), r.FDR, 1e-12)
	assert.InEpsilon(t, float64(r.FalsePositives)/float64(r.FalsePositives+r.TruePositives), r.FDR, 1e-12)
}

func TestResultJSON(t *testing.T) {
	r := measureOf(t, Config{Bits: 1000, Keys: 100, Hashes: 7, Layout: filter.SplitBlock - 1, Filters: 2, Queries: 1000})
	text, err := json.Marshal(r)
	require.NoError(t, err)
	var m map[string]any
	require.NoError(t, json.Unmarshal(text, &m))
	for key := range strings.FieldsSeq("fpr_classical fpr_exact fpr_measured fpr_measured_low fpr_measured_high " +
		"fill_expected fill_measured false_negatives fdr_measured probes_per_absent_lookup probes_per_present_lookup") {
		assert.Contains(t, m, key)
	}
	assert.Equal(t, "blocked", m["config"].(map[string]any)["layout"])
	assert.Equal(t, "independent", m["config"].(map[string]any)["scheme"])
	var back Result
	require.NoError(t, json.Unmarshal(text, &back))
	r.Warnings = nil
	assert.Equal(t, r, back)
	assert.Contains(t, r.String(), "blocked filter of 1024 bits")
}

// One lookup, one false positive, none: intervals stay in [0, 1] and say
// something.
func TestMeasureAtTheEdges(t *testing.T) {
	r := measureOf(t, Config{Bits: 1, Keys: 1, Hashes: 1, Filters: 3, Queries: 5})
	assert.Equal(t, 1.0, r.FPRMeasured)
	assert.Equal(t, 1.0, r.FPRHigh)
	assert.Less(t, r.FPRLow, 1.0)
	r = measureOf(t, Config{Bits: 1 << 20, Keys: 1, Hashes: 20, Filters: 3, Queries: 1000})
	assert.Zero(t, r.FPRMeasured)
	assert.Zero(t, r.FPRLow)
	theory("upper end of the 95 % interval where no lookup in 3000 was a false positive", "1 - 0.025^(1/n), or 3.69/n", "").
		Within(t, "3 filters, 1000 lookups each", 3.69/3000, r.FPRHigh, 1e-5)
	r = measureOf(t, Config{Bits: 512, Keys: 100000, Hashes: 6, Layout: filter.Blocked, Filters: 1, Queries: 10})
	assert.Equal(t, 1.0, r.FPRMeasured)
	assert.InDelta(t, 1.0, r.FPRExact, 1e-12)
	assert.InDelta(t, 1.0, r.FillExpected, 1e-12)
}
