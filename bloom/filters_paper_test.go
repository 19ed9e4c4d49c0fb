package bloom

import (
	"context"
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"cloudconcepts/internal/validation"
)

// A trial is a rate that a source gives, and the filters to measure it with.
type trial struct {
	bits, keys       uint64
	hashes           int
	scheme           Scheme
	filters, queries int
	want             float64
	sigma            float64 // of the published value, relative
}

// check measures the rate and compares within four standard errors of both.
func (m trial) check(t *testing.T, claim validation.Claim, cell string, layout Layout) {
	t.Helper()
	most := 0.02 // of the rate, for the standard error
	if testing.Short() {
		m.filters, m.queries, most = max(m.filters/10, min(m.filters, 10)), max(m.queries/2, 1), 0.2
	}
	r, err := Measure(context.Background(), Config{
		Bits: m.bits, Keys: m.keys, Hashes: m.hashes, Layout: layout, Scheme: m.scheme,
		Filters: m.filters, Queries: m.queries, Seed: 1,
	})
	require.NoError(t, err)
	assert.Zero(t, r.FalseNegatives)
	own := standardError(r)
	require.Less(t, own, most*m.want, "too few lookups to tell")
	claim.Within(t, cell, m.want, r.FPRMeasured, 4*math.Hypot(own, m.sigma*m.want))
}

// standardError is that of the measured rate, between filters or within one.
func standardError(r Result) float64 {
	if r.Config.Filters > 1 {
		return r.FPRSD / math.Sqrt(float64(r.Config.Filters))
	}
	return math.Sqrt(r.FPRMeasured * (1 - r.FPRMeasured) / float64(r.FalsePositives+r.TrueNegatives))
}

// The false positive rates of hash schemes in small filters, measured by an
// independent program with a 95 % interval of about 1 %. Kirsch and
// Mitzenmacher (2006) prove that double hashing costs nothing as m grows; at
// these sizes it does.
func TestPaperHashSchemes(t *testing.T) {
	const sigma = 0.01 / 1.96
	schemes := measured("rate of small filters by hash scheme", "an independent program, 95 % interval 1 %", "")
	for _, c := range []struct {
		m, n                                   uint64
		k                                      int
		independent, double, enhanced, library float64
	}{
		{32, 4, 3, .032912, .041484, .035246, .035499},
		{64, 6, 7, .006853, .026310, .008183, .010091},
		{100, 10, 7, .008915, .022772, .010078, .010838},
		{512, 50, 7, .007416, .009985, .007572, .007897},
		{1000, 100, 7, .008289, .009723, .008386, .008469},
		{1024, 100, 7, .007376, .008658, .007446, .007582},
		{10000, 1000, 7, .008218, .008338, .008259, .008180},
	} {
		for scheme, want := range []float64{c.independent, c.double, c.enhanced, c.library} {
			t.Run(fmt.Sprintf("m=%d n=%d k=%d %v", c.m, c.n, c.k, Scheme(scheme)), func(t *testing.T) {
				filters := int(max(100, 1000000/(c.m+c.n*20)))
				cell := filterOf(c.m, c.n, c.k) + ", " + schemeWords(Scheme(scheme))
				trial{c.m, c.n, c.k, Scheme(scheme), min(filters, 10000), max(80, 800000/min(filters, 10000)), want, sigma}.check(t, schemes, cell, ClassicLayout)
			})
		}
	}
}

func schemeWords(s Scheme) string {
	return map[Scheme]string{
		Independent: "independent positions", Double: "double hashing", Enhanced: "enhanced double hashing",
		BitsAndBlooms: "the scheme of bits-and-blooms", Salted: "Parquet's salts",
	}[s]
}

// The rates that bits-and-blooms v3.7.1 itself was measured at, with random
// 8-byte keys: means over many filters with 95 % intervals. At ten bits per key
// and m >= 1e4 they are the exact rates; in small filters they are above.
func TestPaperLibraryRates(t *testing.T) {
	library := measured("rate of bits-and-blooms filters", "bits-and-blooms/bloom v3.7.1, random keys of 8 bytes, means over many filters", "")
	for _, c := range []struct {
		m, n       uint64
		k          int
		want, half float64
	}{
		{10000, 1000, 1, .0950582, .00025},
		{10000, 1000, 3, .0173542, .00011},
		{10000, 1000, 5, .0094145, .00008},
		{10000, 1000, 7, .0081953, .00008},
		{10000, 1000, 10, .0102117, .00009},
		{10000, 1000, 14, .0191410, .00017},
		{100000, 10000, 1, .0950918, .00022},
		{100000, 10000, 7, .0081703, .00007},
		{100000, 10000, 14, .0190742, .00016},
		{1000000, 100000, 7, .0082152, .00008},
		{32, 4, 3, .035597, .00017},
		{32, 4, 5, .029017, .00018},
		{64, 8, 5, .025377, .00014},
		{64, 6, 7, .010216, .00009},
		{128, 16, 5, .023453, .00012},
		{256, 32, 6, .022930, .00011},
		{1024, 128, 5, .021897, .00010},
		{1024, 100, 7, .007628, .00006},
		{2048, 256, 5, .021765, .00010},
		{100000, 12000, 6, .018292, .00009},
	} {
		t.Run(fmt.Sprintf("m=%d n=%d k=%d", c.m, c.n, c.k), func(t *testing.T) {
			filters := int(min(10000, max(8, 800000/(c.m/4+c.n*20))))
			lib := trial{c.m, c.n, c.k, BitsAndBlooms, filters, max(80, 1000000/filters), c.want, c.half / 1.96 / c.want}
			lib.check(t, library, filterOf(c.m, c.n, c.k), ClassicLayout)
		})
	}
}

// A measurement by another program: 20,000 bits, 1000 keys, 14 hashes, where
// false positives are rare; 6.92e-5 +- 2.1e-6.
func TestPaperRareFalsePositives(t *testing.T) {
	r, err := Measure(context.Background(), Config{
		Bits: 20000, Keys: 1000, Hashes: 14, Scheme: BitsAndBlooms, Filters: 40, Queries: 75000, Seed: 3,
	})
	require.NoError(t, err)
	cell := filterOf(20000, 1000, 14)
	rare := measured("rate of bits-and-blooms filters where false positives are rare", "another program, 6.92e-5 +- 2.1e-6", "")
	rare.Within(t, cell, 6.92e-5, r.FPRMeasured, 4*math.Hypot(standardError(r), 2.1e-6/1.96))
	near(t, measuredRate, cell+", the scheme of bits-and-blooms", r.FPRExact, r.FPRMeasured, standardError(r))
}

// The specification's row: 40,000 filters of 64 bits, 6 keys and 7 hashes give .006859 +- .00008 with independent positions and .0263
// +- .0003 with textbook double hashing, where the formula says .005975.
func TestPaperSmallFilter(t *testing.T) {
	tiny := measured("rate of 40,000 tiny filters by hash scheme", "an independent program, 40,000 filters", "")
	for _, c := range []struct {
		scheme     Scheme
		want, half float64
	}{{Independent, .006859, .00008}, {Double, .0263, .0003}} {
		t.Run(c.scheme.String(), func(t *testing.T) {
			r, err := Measure(context.Background(), Config{
				Bits: 64, Keys: 6, Hashes: 7, Scheme: c.scheme, Filters: 40000, Queries: 100, Seed: 7,
			})
			require.NoError(t, err)
			cell := filterOf(64, 6, 7) + ", " + schemeWords(c.scheme)
			tiny.Within(t, cell, c.want, r.FPRMeasured, 4*math.Hypot(standardError(r), c.half/3))
			classicalRate.Relative(t, cell+", as a measurement tells it", .0059747881, r.FPRClassical, 1e-7)
			exactRate.Relative(t, cell+", as a measurement tells it", .0068594118056317111, r.FPRExact, 1e-9)
		})
	}
}

// Split-block rates that the filter of parquet-go v0.32.0 was measured at, with
// 95 % intervals, and the theory beside them.
func TestPaperSplitBlock(t *testing.T) {
	parquet := measured("rate of split-block filters built here", "parquet-go v0.32.0, 95 % intervals", "")
	for _, c := range []struct{ bitsPerKey, want, half float64 }{
		{6, .099088, .000093}, {9, .020164, .000044}, {14, .0025675, .000016}, {10, .0126170, .000045},
	} {
		for _, scheme := range []Scheme{Salted, Independent} {
			t.Run(fmt.Sprintf("%g bits per key %v", c.bitsPerKey, scheme), func(t *testing.T) {
				const blocks = 5000
				keys := uint64(math.Round(blocks * 256 / c.bitsPerKey))
				split := trial{blocks * 256, keys, 8, scheme, 1, 500000 + int(500000*.01/c.want), c.want, c.half / 1.96 / c.want}
				split.check(t, parquet, fmt.Sprintf("%g bits per key, %s", c.bitsPerKey, schemeWords(scheme)), SplitBlockLayout)
			})
		}
	}
}

// Rates of blocked filters that RocksDB's source states for format version 5
// (util/bloom_impl.h, bloom_test.cc), and a filter of 512-bit lines measured by
// another program: 0.9669 % +- 0.0061 % at 1e5 keys.
func TestPaperBlocked(t *testing.T) {
	lines512 := measured("rate of blocked filters built here, against a measurement", "another program, 512-bit lines, 0.9669 % +- 0.0061 %", "")
	document := published("rate of blocked filters built here, against RocksDB's source", "RocksDB, util/bloom_impl.h and util/bloom_test.cc", "")
	for _, c := range []struct {
		claim       validation.Claim
		bitsPerKey  uint64
		hashes      int
		want, sigma float64
	}{
		{lines512, 10, 6, .009669, .000061 / 1.96 / .009669},
		{document, 14, 8, .001843, .005},
		{document, 16, 9, .000843, .01},
		{document, 16, 11, .000884, .01},
	} {
		t.Run(fmt.Sprintf("%d bits per key, k=%d", c.bitsPerKey, c.hashes), func(t *testing.T) {
			const lines = 5000
			queries := int(4000 / c.want)
			blocked := trial{lines * 512, lines * 512 / c.bitsPerKey, c.hashes, Independent, 1, queries, c.want, c.sigma}
			blocked.check(t, c.claim, fmt.Sprintf("%d bits per key, %d hashes", c.bitsPerKey, c.hashes), BlockedLayout)
		})
	}
}
