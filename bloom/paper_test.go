package bloom

import (
	"context"
	"encoding/csv"
	"fmt"
	"math"
	"math/big"
	"os"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"cloudconcepts/bloom/filter"
	"cloudconcepts/internal/validation"
)

// Exact rationals (Bose et al. 2008: sum over the occupancy law) and 15-digit
// decimals of the same sum; the classical formula beside them. Tolerance: the
// digits printed.
func TestPaperTheoryExactTable(t *testing.T) {
	for _, c := range []struct {
		m, n             uint64
		k                int
		classical, exact float64
	}{
		{8, 2, 1, 0.221199217, 15.0 / 64},
		{8, 2, 2, 0.154818122, 5825.0 / 32768},
		{16, 3, 3, 0.079627528, 1593785645911.0 / (1 << 44)},
		{32, 4, 3, 0.0305793545, 0.0328785731803051395},
		{32, 4, 5, 0.0216792171, 0.0252218523072935777},
		{32, 8, 3, 0.1468915977, 0.155740785090145},
		{64, 6, 7, 0.0059747881, 0.0068594118056317111},
		{64, 8, 5, 0.0216792171, 0.0234160874769480470},
		{128, 16, 5, 0.0216792171, 0.0225390729538329},
		{256, 32, 6, 0.0215771415, 0.0221228581132174},
		{512, 64, 5, 0.0216792171, 0.021892576480249},
		{1024, 128, 5, 0.0216792171, 0.0217857632340861},
		{1024, 100, 7, 0.0073024212, 0.0073662578310378380},
		{1e4, 1e3, 7, 0.0081937221, 0.0082009574047747353},
		{1e6, 1e5, 7, 0.0081937221, 0.0081937944003393},
		{1e9, 1e8, 7, 0.0081937221, 0.0081937221381967},
		{4, 1, 2, math.NaN(), 13.0 / 64},
		{4, 2, 2, math.NaN(), 505.0 / 1024},
	} {
		t.Run(fmt.Sprintf("%d,%d,%d", c.m, c.n, c.k), func(t *testing.T) {
			exact := Exact(c.m, c.n, c.k)
			exactRate.Relative(t, filterOf(c.m, c.n, c.k), c.exact, exact, 5e-14)
			if !math.IsNaN(c.classical) {
				classical := Classical(float64(c.m), float64(c.n), c.k)
				classicalRate.Within(t, filterOf(c.m, c.n, c.k), c.classical, classical, 5.1e-10)
				assert.Less(t, classical, exact)
			}
		})
	}
	excess := func(m, n uint64, k int) float64 {
		exact := Exact(m, n, k)
		return exact/Classical(float64(m), float64(n), k) - 1
	}
	above := theory("share by which the exact rate is above the textbook's", "exact / textbook - 1, computed independently; 8.83/m at 10 bits per key and 7 hashes", "")
	above.Within(t, filterOf(1024, 100, 7), 0.0087419, excess(1024, 100, 7), 1e-7)
	for _, m := range []uint64{1e4, 1e6, 1e9} {
		above.Relative(t, filterOf(m, m/10, 7), 8.83/float64(m), excess(m, m/10, 7), 2e-3)
	}
}

// Variants of the positions: k different ones per key ("committee"), and k
// slices, whose rate at (32,4,4) is a rational.
func TestPaperTheoryVariants(t *testing.T) {
	distinct := ExactDistinct(64, 6, 7)
	differentPositions.Within(t, filterOf(64, 6, 7), 0.0061016, distinct, 5e-8)

	slices := theory("rate of a partitioned filter", "(1 - (1 - k/m)^n)^k, computed independently", "")
	for _, c := range []struct {
		m, n                           uint64
		k                              int
		partitioned, exact, classical  float64
		partitionedTolerance, otherTol float64
	}{
		{32, 4, 4, 8254272650625.0 / (1 << 48), 0.0267682514, 0.0239686508, 1e-13, 4e-9},
		{1000, 100, 10, 0.0104874773, 0.0103277396, math.NaN(), 5e-9, 5e-9},
	} {
		partitioned := Partitioned(c.m, c.n, c.k)
		slices.Relative(t, filterOf(c.m, c.n, c.k), c.partitioned, partitioned, c.partitionedTolerance)
		exact := Exact(c.m, c.n, c.k)
		exactRate.Relative(t, filterOf(c.m, c.n, c.k), c.exact, exact, c.otherTol)
		if !math.IsNaN(c.classical) {
			classicalRate.Relative(t, filterOf(c.m, c.n, c.k), c.classical, Classical(float64(c.m), float64(c.n), c.k), c.otherTol)
		}
	}
}

// Bits per key by rate, classical theory: Bloom log2(1/p)/ln 2, the information
// limit, cuckoo (standard formula), xor and binary fuse (Graf and Lemire 2022:
// within 23 %, 13 %, 8 % of the limit).
func TestPaperTheoryBitsPerKey(t *testing.T) {
	formulas := theory("bits per key of Bloom and cuckoo filters and of the information limit",
		"Bloom log2(1/p)/ln 2, limit log2(1/p), cuckoo (log2(1/p) + 3)/0.95, semi-sorted cuckoo (log2(1/p) + 2)/0.95", "bits/key")
	abstract := published("bits per key of xor and binary fuse filters",
		"T. M. Graf and D. Lemire, Binary Fuse Filters, J. Exp. Algorithmics 27, 2022, abstract: within 23 %, 13 % and 8 % of log2(1/p)", "bits/key")
	claims := []validation.Claim{formulas, formulas, formulas, formulas, abstract, abstract, abstract}
	structures := []Structure{IdealBloom, InformationLimit, Cuckoo, SemiSortedCuckoo, Xor, BinaryFuse3, BinaryFuse4}
	for _, c := range []struct {
		rate float64
		want []float64
	}{
		{0.5, []float64{1.4427, 1, 4.211, 3.158, 1.230, 1.125, 1.075}},
		{0.1, []float64{4.7925, 3.3219, 6.655, 5.602, 4.086, 3.737, 3.571}},
		{0.05, []float64{6.2352, 4.3219, 7.707, 6.655, 5.316, 4.862, 4.646}},
		{0.01, []float64{9.5851, 6.6439, 10.151, 9.099, 8.172, 7.474, 7.142}},
		{0.001, []float64{14.3776, 9.9658, 13.648, 12.596, 12.258, 11.212, 10.713}},
		{1e-4, []float64{19.1701, 13.2877, 17.145, 16.092, 16.344, 14.949, 14.284}},
		{1e-6, []float64{28.7552, 19.9316, 24.138, 23.086, 24.516, 22.423, 21.426}},
	} {
		for i, s := range structures {
			got := s.BitsPerKey(c.rate)
			claims[i].Within(t, fmt.Sprintf("%v, rate %g", s, c.rate), c.want[i], got, 6e-4)
			back := s.Rate(got)
			assert.InEpsilon(t, c.rate, back, 1e-12)
		}
	}
	ribbon := Ribbon.Rate(7)
	published("rate of RocksDB's ribbon filter", "RocksDB, include/rocksdb/filter_policy.h", "").Relative(t, "7 bits per key", 0.0095, ribbon, 1e-12)
	idealRate.Relative(t, "1 bit per key", 0.61850314, Ideal(1), 1e-8)
}

// The U-curve over k at 10 bits per key, its best k, and overfilling.
func TestPaperTheoryClassicalCurves(t *testing.T) {
	for i, want := range []float64{
		9.516, 3.286, 1.741, 1.181, 0.943, 0.844, 0.819, 0.846, 0.913, 1.019, 1.165, 1.356, 1.598, 1.898, 2.266,
	} {
		classicalRate.Within(t, fmt.Sprintf("10 bits per key, hashes: %d", i+1), want/100, Classical(10, 1, i+1), 5.1e-6)
	}
	classicalRate.Within(t, "10 bits per key, hashes: 6, eight digits", 0.00843621, Classical(10, 1, 6), 5e-9)
	classicalRate.Within(t, "10 bits per key, hashes: 7, eight digits", 0.00819372, Classical(10, 1, 7), 5e-9)
	idealRate.Within(t, "10 bits per key", 0.00819255, Ideal(10), 5e-9)
	ourHashes.Within(t, "10 bits per key", 7, float64(OptimalHashes(10)), 0)
	for _, c := range []struct{ factor, percent float64 }{{0.5, 0.0196}, {1, 0.819}, {1.5, 4.91}, {2, 13.78}, {3, 40.08}, {5, 80.68}} {
		cell := fmt.Sprintf("filter of 10 bits per key and 7 hashes, filled %g times", c.factor)
		classicalRate.Within(t, cell, c.percent/100, Classical(10, c.factor, 7), 0.0051/100)
	}
	for _, c := range []struct {
		b float64
		k int
	}{{12, 8}, {14, 10}, {16, 11}, {20, 14}, {24, 17}} {
		ourHashes.Within(t, fmt.Sprintf("%g bits per key", c.b), float64(c.k), float64(OptimalHashes(c.b)), 0)
	}
}

// Moments at (1e4, 1e3, 7); probes of an absent key at 10 bits per key.
func TestPaperTheoryMomentsAndProbes(t *testing.T) {
	mean, sd := FillMoments(1e4, 1e3, 7)
	fillMean.Relative(t, filterOf(1e4, 1e3, 7), 5034.32077549, mean, 1e-11)
	fillSD.Relative(t, filterOf(1e4, 1e3, 7), 27.81568073, sd, 1e-9)
	for _, c := range []struct {
		k    int
		want float64
	}{{6, 1.807}, {7, 1.997}, {14, 3.978}} {
		fill := -math.Expm1(-float64(c.k) / 10)
		probesRead.Within(t, fmt.Sprintf("10 bits per key, %d hashes", c.k), c.want, ProbesAbsent(fill, c.k), 1.5e-3)
	}
}

// Fan et al. 2000 (form of the bound), and Almeida et al. 2007: compound rates.
func TestPaperTheoryGrowth(t *testing.T) {
	const m = 1 << 40
	bound := CountingOverflow(m, uint64(math.Floor(m*math.Ln2/7)), 7, 4)
	overflow := theory("bound of the chance that a 4-bit counter overflows", "m (e ln 2 / 16)^16 = 1.3677e-15 m (form of Fan et al. 2000)", "")
	overflow.Relative(t, "2^40 counters, half full", m*1.3677e-15, bound, 1e-4)

	together := theory("compound rate of a scalable filter", "1 - product of (1 - P r^i) (Almeida et al. 2007)", "")
	limit := theory("bound of the compound rate of a scalable filter", "P/(1 - r) (Almeida et al. 2007)", "")
	for _, c := range []struct {
		r               float64
		slices          int
		compound, bound float64
	}{{0.5, 3, 0.0174126, 0.02}, {0.9, 10, 0.063274, 0.1}} {
		compound, bound := Scalable(0.01, c.r, c.slices)
		cell := fmt.Sprintf("first slice 1 %%, tightening %g, %d slices", c.r, c.slices)
		together.Relative(t, cell, c.compound, compound, 1e-5)
		limit.Relative(t, cell, c.bound, bound, 1e-12)
	}
}

// RocksDB, util/bloom_impl.h: "inflection point is about 40 million keys" for a
// 32-bit hash at 10 bits per key; pull request 6317: 15 million keys at 15 bits
// per key have a 1.8 times higher rate.
func TestPaperTheoryHashWidth(t *testing.T) {
	q := Fingerprint(40e6, 32)
	shared := theory("chance that an absent key has the 32-bit hash of a present one", "1 - e^(-n/2^32)", "")
	shared.Relative(t, "40 million keys", 0.00926999, q, 1e-6)
	q = Fingerprint(15e6, 32)
	factor := either(0.0041954, q) / 0.0041954
	collisions := theory("rate of a filter with a 32-bit hash", "p + q - pq with q = 1 - e^(-n/2^32)", "")
	collisions.Relative(t, "15 million keys, rate 0.0041954 without collisions", 0.0076672, either(0.0041954, q), 1e-5)
	assert.InEpsilon(t, 1.828, factor, 3e-4)
	rise := published("factor by which a 32-bit hash raises the rate of RocksDB's legacy filter", "RocksDB, pull request 6317", "")
	rise.Within(t, "15 million keys, 15 bits per key", 1.8, factor, 0.05)
}

// Cassandra's BloomCalculations.java, all 156 entries: the rule is the
// classical formula, rounded to three digits. Tolerance: 0.6 %.
func TestPaperTheoryCassandraTable(t *testing.T) {
	file, err := os.Open("testdata/cassandra_bloomcalculations.csv")
	require.NoError(t, err)
	defer file.Close()
	reader := csv.NewReader(file)
	reader.Comment = '#'
	rows, err := reader.ReadAll()
	require.NoError(t, err)
	require.Len(t, rows, 157)
	table := published("Cassandra's table of rates by bits per key and hashes, against the textbook",
		"Cassandra, src/java/org/apache/cassandra/utils/BloomCalculations.java, table probs", "")
	for _, row := range rows[1:] {
		b, _ := strconv.Atoi(row[0])
		k, _ := strconv.Atoi(row[1])
		want, err := strconv.ParseFloat(row[2], 64)
		require.NoError(t, err)
		table.Relative(t, fmt.Sprintf("bits per key: %d, hashes: %d", b, k), want, Classical(float64(b), 1, k), 0.006)
		assert.Equal(t, want, cassandraRates(b)[k-1])
	}
}

// The oracle of other tests, against Bose's sum in rationals at (16,3,3).
func TestPaperTheoryBoseRational(t *testing.T) {
	want := big.NewRat(1593785645911, 1<<44)
	got := new(big.Rat)
	m, balls, k := int64(16), 9, 3
	stirling := make([]*big.Int, balls+1) // S(balls, i)
	for i := range stirling {
		stirling[i] = new(big.Int)
	}
	stirling[0].SetInt64(1)
	for range balls {
		for i := balls; i >= 1; i-- {
			stirling[i].Add(stirling[i].Mul(stirling[i], big.NewInt(int64(i))), stirling[i-1])
		}
		stirling[0].SetInt64(0)
	}
	falling := big.NewInt(1)
	for i := int64(1); i <= m && int(i) <= balls; i++ {
		falling.Mul(falling, big.NewInt(m-i+1))
		term := new(big.Int).Exp(big.NewInt(i), big.NewInt(int64(k)), nil)
		term.Mul(term, falling).Mul(term, stirling[i])
		got.Add(got, new(big.Rat).SetInt(term))
	}
	got.Quo(got, new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(m), big.NewInt(int64(balls+k)), nil)))
	assert.Zero(t, want.Cmp(got))
}

func blockedRate(t *testing.T, b float64, blockBits, k int, inner Inner) float64 {
	t.Helper()
	rate := Blocked(b, blockBits, k, inner)
	return rate
}

// Blocked filters of 512 bits (Putze, Sanders and Singler 2007: Poisson mixture),
// in per cent; 10/6 classical is RocksDB's "theoretical best 0.9535 %"
// (util/bloom_impl.h). Tolerance: the digits printed.
func TestPaperTheoryBlockedTable(t *testing.T) {
	none := math.NaN()
	mixtures := []validation.Claim{
		theory("rate of a blocked filter with the textbook rate in its blocks", "sum over i of Poisson(i; B/b) (1 - e^(-ki/B))^k, computed independently", ""),
		blockedExact,
		theory("exact rate of a blocked filter with different positions", "sum over i of Poisson(i; B/b) distinct(B, i, k), computed independently", ""),
	}
	for _, c := range []struct {
		b                                     float64
		k                                     int
		classical, exact, distinct, unblocked float64
	}{
		{10, 6, 0.953583, 0.966475, 0.954972, 0.843621},
		{9.55, 6, 1.152964, 1.168262, none, 1.030477},
		{14, 8, none, 0.183818, 0.179828, 0.128874},
		{16, 9, 0.082054, 0.084391, 0.082155, 0.050488},
		{16, 11, 0.085371, 0.088554, 0.087117, 0.045871},
		{20, 11, 0.019006, 0.019783, none, 0.007768},
	} {
		shape := fmt.Sprintf("%g bits per key, %d hashes", c.b, c.k)
		for inner, want := range []float64{c.classical, c.exact, c.distinct} {
			if !math.IsNaN(want) {
				mixtures[inner].Within(t, "blocks of 512 bits, "+shape, want/100, blockedRate(t, c.b, 512, c.k, Inner(inner)), 5.1e-9)
			}
		}
		classicalRate.Within(t, shape+", beside blocked filters", c.unblocked/100, Classical(c.b, 1, c.k), 5.1e-9)
	}
	mixtures[InnerClassical].Within(t, "blocks of 512 bits, 10 bits per key, 6 hashes, to 1e-8",
		0.00953583, blockedRate(t, 10, 512, 6, InnerClassical), 1e-8)
	blockedExact.Within(t, "blocks of 1024 bits, 10 bits per key, 6 hashes", 0.904771/100, blockedRate(t, 10, 1024, 6, InnerExact), 5.1e-9)
	for i, want := range []float64{1.8705, 1.7844, 1.8765} {
		cell := fmt.Sprintf("blocks of 64 bits, 10 bits per key, %d hashes", 4+i)
		blockedExact.Within(t, cell, want/100, blockedRate(t, 10, 64, 4+i, InnerExact), 5.1e-7)
	}
}

// Best number of hashes in 512-bit blocks and the factor over an unblocked
// filter at its own best.
func TestPaperTheoryBlockedBestHashes(t *testing.T) {
	hashes := theory("best whole number of hashes in blocks of 512 bits", "least sum over i of Poisson(i; 512/b) exact(512, i, k), computed independently", "")
	for _, c := range []struct {
		b float64
		k int
	}{{12, 8}, {14, 9}, {16, 9}, {20, 11}, {24, 12}} {
		best := OptimalBlockedHashes(c.b, 512, InnerExact)
		hashes.Within(t, fmt.Sprintf("%g bits per key", c.b), float64(c.k), float64(best), 0)
	}
	factor := theory("factor by which blocks of 512 bits raise the rate, each at its best hashes", "blocked exact / unblocked textbook, computed independently", "")
	for _, c := range []struct{ b, want float64 }{{8, 1.08}, {10, 1.18}, {12, 1.32}, {14, 1.53}, {16, 1.84}, {20, 2.95}, {24, 5.42}} {
		best := OptimalBlockedHashes(c.b, 512, InnerExact)
		penalty := blockedRate(t, c.b, 512, best, InnerExact) / Classical(c.b, 1, OptimalHashes(c.b))
		factor.Within(t, fmt.Sprintf("%g bits per key", c.b), c.want, penalty, 0.0151)
	}
}

// RocksDB's documented rates of format_version 5 filters: util/bloom_impl.h
// (about 0.957 % at 10 bits per key, theoretical best 0.9535 %), pull request
// 6007 (0.954651 %), util/bloom_test.cc (14, 16 bits per key). Its probes lie
// between distinct and independent: both are within 1.6 % of the document.
func TestPaperTheoryRocksDB(t *testing.T) {
	rates := published("rate of RocksDB's filters of format version 5",
		"RocksDB, util/bloom_impl.h, util/bloom_test.cc and pull request 6007, against the Poisson mixture over lines", "")
	positions := map[Inner]string{InnerClassical: "textbook rate in a line", InnerExact: "independent positions", InnerDistinct: "different positions"}
	for _, c := range []struct {
		b        float64
		k        int
		document float64 // per cent
		inner    Inner
		relative float64
	}{
		{10, 6, 0.9535, InnerClassical, 1e-4},
		{10, 6, 0.957, InnerDistinct, 0.0025},
		{10, 6, 0.954651, InnerDistinct, 0.0005},
		{14, 8, 0.1843, InnerExact, 0.003},
		{16, 9, 0.0843, InnerExact, 0.0015},
		{16, 11, 0.0884, InnerExact, 0.002},
		{14, 9, 0.1846, InnerExact, 0.01},
	} {
		cell := fmt.Sprintf("%g bits per key, %d hashes, %s, documented %g %%", c.b, c.k, positions[c.inner], c.document)
		rates.Relative(t, cell, c.document/100, blockedRate(t, c.b, 512, c.k, c.inner), c.relative)
	}
	independent := blockedRate(t, 10, 512, 6, InnerExact)
	assert.InEpsilon(t, 0.00957, independent, 0.011)
	rates.Gap(t, "10 bits per key, 6 hashes, independent positions, documented 0.957 %", 0.00957, independent, 0.000005,
		"RocksDB's probes inside a line are products of one 32-bit hash, between different and independent positions; the model takes them as independent")
	hashes := published("hashes of RocksDB's filters by bits per key", "RocksDB, util/bloom_impl.h", "")
	for _, c := range []struct {
		b    float64
		want int
	}{{10, 6}, {14, 8}, {16, 9}, {20, 11}, {28, 12}, {28.001, 13}, {50, 23}, {50.001, 24}} {
		hashes.Within(t, fmt.Sprintf("%g bits per key", c.b), float64(c.want), float64(RocksDBHashes(c.b)), 0)
	}
}

// RocksDB's documented rates of its legacy filter, for few enough keys that the
// 32-bit hash adds nothing (util/bloom_impl.h, util/bloom_test.cc), against the
// law of the progression. At 10 bits per key the document is 2 % lower than the
// law, which Pebble's own filter confirms (next test): a known gap.
func TestPaperTheoryRocksDBLegacy(t *testing.T) {
	rates := published("rate of RocksDB's legacy filter without hash collisions", "RocksDB, util/bloom_impl.h and util/bloom_test.cc", "")
	for _, c := range []struct {
		b        float64
		document float64 // per cent
		relative float64
	}{
		{14, 0.4321, 0.005},
		{16, 0.3571, 0.005},
	} {
		rates.Relative(t, fmt.Sprintf("%g bits per key", c.b), c.document/100, legacyRate(t, c.b), c.relative)
	}
	ten := legacyRate(t, 10)
	assert.InEpsilon(t, 0.01138, ten, 0.025)
	rates.Gap(t, "10 bits per key", 0.01138, ten, 0.01138*0.005,
		"the law of the probes gives 1.163 %, and Pebble, which has the same filter, was measured at 1.160 %")
}

// legacyRate is the rate of RocksDB's legacy filter of a million keys, less what the 32-bit hash adds.
func legacyRate(t *testing.T, b float64) float64 {
	t.Helper()
	const keys = 1e6
	p, rate, err := AtBitsPerKey(keys, b, RoundRocksDBLegacy)
	require.NoError(t, err)
	assert.Equal(t, int(0.69*b), p.Hashes)
	hash := Fingerprint(keys, 32)
	return (rate - hash) / (1 - hash)
}

// Pebble v2.1.7's filter, measured: 1.160 % +- 0.007 at 1e5 keys and 10 bits per
// key, 1.174 % +- 0.007 at 1e6 (95 %). Tolerance: 4 standard errors.
func TestPaperTheoryPebble(t *testing.T) {
	filter := measured("rate of Pebble's filter by number of keys", "Pebble v2.1.7, 95 % interval +- 0.007 %", "")
	for _, c := range []struct {
		keys    uint64
		percent float64
	}{{1e5, 1.160}, {1e6, 1.174}} {
		_, rate, err := AtBitsPerKey(c.keys, 10, RoundPebble)
		require.NoError(t, err)
		filter.Within(t, fmt.Sprintf("%d keys, 10 bits per key", c.keys), c.percent/100, rate, 4*0.007/1.96/100)
	}
}

// Parquet's split-block filter: rates by bits per key in per cent, bits by rate,
// and the older specification's formula for bits with what it really gives.
func TestPaperTheorySplitBlock(t *testing.T) {
	for _, c := range []struct{ b, percent float64 }{
		{6, 9.9339},
		{8, 3.3212},
		{10, 1.264845},
		{10.5, 1.0129},
		{11.54, 0.6524},
		{12, 0.5420},
		{16, 0.13156},
		{16.9, 0.099694},
		{20, 0.041997},
		{26.4, 0.009885},
		{41, 0.000998},
	} {
		rate := SplitBlock(c.b)
		splitBlock.Relative(t, fmt.Sprintf("%g bits per key", c.b), c.percent/100, rate, 2.5e-4)
	}
	ten := SplitBlock(10)
	splitBlock.Within(t, "10 bits per key, ten digits", 0.0126484515, ten, 5e-11)
	half := SplitBlock(10.5)
	splitBlock.Within(t, "10.5 bits per key, eight digits", 0.01012850, half, 5e-9)
	naive := theory("bits per key by the older specification of Parquet", "-8 / ln(1 - p^(1/8))", "bits/key")
	for _, c := range []struct{ p, bits, naive, actual float64 }{
		{0.1, 5.9885, 5.7725, 1.134e-1},
		{0.01, 10.5292, 9.6815, 1.4627e-2},
		{0.001, 16.8898, 14.6077, 2.0765e-3},
		{1e-4, 26.3416, 21.0454, 3.2251e-4},
		{1e-5, 40.9854, 29.5555, 5.475e-5},
	} {
		rate := SplitBlock(c.bits)
		splitBlock.Relative(t, fmt.Sprintf("%g bits per key, as rate %g needs", c.bits, c.p), c.p, rate, 3e-5)
		naive.Within(t, fmt.Sprintf("rate %g", c.p), c.naive, NaiveSplitBlockBits(c.p), 5.1e-5)
		rate = SplitBlock(NaiveSplitBlockBits(c.p))
		splitBlock.Relative(t, fmt.Sprintf("bits per key of the older specification for rate %g", c.p), c.actual, rate, 5e-4)
	}
	parquet := measured("rate of Parquet's split-block filter", "parquet-go v0.32.0, four standard errors", "")
	for _, c := range []struct{ b, percent, ci float64 }{ // ci of 95 %
		{9, 2.0164, 0.0044}, {10, 1.26170, 0.0045}, {14, 0.25675, 0.0016},
	} {
		rate := SplitBlock(c.b)
		parquet.Within(t, fmt.Sprintf("%g bits per key", c.b), c.percent/100, rate, 4*c.ci/1.96/100)
	}
	six := SplitBlock(6)
	assert.InDelta(t, 0.099088, six, 6*0.000093/1.96)
	parquet.Gap(t, "6 bits per key", 0.099088, six, 4*0.000093/1.96,
		"the measurement is 0.25 % below the rate of ideal hashing, 5 of its standard errors; the cause is not known")
}

// A sizing is how a real system turns a target into a filter.
type sizing struct{ bits, hashes, rate validation.Claim }

// sizingOf has the claims about a system, as its source tells them.
func sizingOf(system, source string) sizing {
	return sizing{
		bits:   published("bits of "+system+" filters", source, "bits"),
		hashes: published("hashes of "+system+" filters", source, ""),
		rate:   published("rate of "+system+" filters", source, ""),
	}
}

// shape wants a filter of these bits, keys and hashes.
func (s sizing) shape(t *testing.T, cell string, want, got Params) {
	t.Helper()
	s.bits.Within(t, cell, float64(want.Bits), float64(got.Bits), 0)
	s.hashes.Within(t, cell, float64(want.Hashes), float64(got.Hashes), 0)
	assert.Equal(t, want.Keys, got.Keys)
}

// Cassandra (BloomCalculations.java, FilterFactory.java) and ScyllaDB: 1 % is
// 10 bits per key and 5 hashes, 10 % is 5 and 3: twice the memory, not "about
// three times". At 0.393 and above 1 bit per key and 2 hashes, a rate of 0.7476
// (scylladb issue 31204). The table ends at 6.71e-5.
func TestPaperTheoryCassandraSizing(t *testing.T) {
	const keys = 1e7 // the 20 bits more do not show
	table := sizingOf("Cassandra's and ScyllaDB's", "Cassandra, BloomCalculations.java and FilterFactory.java; ScyllaDB, issue 31204")
	for _, c := range []struct {
		target float64
		b, k   uint64
		rate   float64
	}{
		{0.01, 10, 5, 0.00943},
		{0.1, 5, 3, 0.092},
		{0.5, 1, 2, 0.7476},
		{0.393, 1, 2, 0.7476},
		{0.3929, 3, 1, 0.2835},
		{6.71e-5, 20, 14, 6.71e-5},
		{0.000852, 15, 8, 0.000852},
	} {
		for i, r := range []Rounding{RoundCassandra, RoundScylla} {
			p, rate, err := Optimal(keys, c.target, r)
			require.NoError(t, err)
			cell := fmt.Sprintf("%s, target %g, 10 million keys", []string{"Cassandra", "ScyllaDB"}[i], c.target)
			table.shape(t, cell, Params{Bits: (uint64(keys)*c.b + 20 + 63) / 64 * 64, Keys: keys, Hashes: int(c.k)}, p)
			table.rate.Relative(t, cell, c.rate, rate, 0.006)
		}
	}
	_, _, err := Optimal(keys, 6.7e-5, RoundCassandra)
	assert.ErrorIs(t, err, ErrInvalidConfig)
	_, _, err = Optimal(keys, 1e-5, RoundScylla)
	assert.ErrorIs(t, err, ErrInvalidConfig)
}

// bits-and-blooms EstimateParameters for a million keys (measured on v3.7.1),
// and what integer hashes make of 1 %: 0.010039, above the promise.
func TestPaperTheoryBitsAndBlooms(t *testing.T) {
	library := "bits-and-blooms/bloom v3.7.1, EstimateParameters"
	bits, hashes := measured("bits of bits-and-blooms filters", library, "bits"), measured("hashes of bits-and-blooms filters", library, "")
	asked := sizing{bits: bits, hashes: hashes}
	real := theory("exact rate of bits-and-blooms filters of target 1 %", "sum over the law of the set bits, computed independently", "")
	for _, c := range []struct {
		p      float64
		bits   uint64
		hashes int
	}{{0.5, 1442696, 2}, {0.1, 4792530, 4}, {0.05, 6235225, 5}, {0.01, 9585059, 7}, {0.001, 14377588, 10}, {1e-4, 19170117, 14}} {
		got, rate, err := Optimal(1e6, c.p, RoundBitsAndBlooms)
		require.NoError(t, err)
		asked.shape(t, fmt.Sprintf("1 million keys, target %g", c.p), Params{Bits: c.bits, Keys: 1e6, Hashes: c.hashes}, got)
		if c.p == 0.01 {
			real.Relative(t, filterOf(got.Bits, got.Keys, got.Hashes), 0.010039223613, rate, 1e-9)
			assert.Greater(t, rate, c.p)
		}
	}
	got, rate, err := Optimal(1000, 0.01, RoundBitsAndBlooms)
	require.NoError(t, err)
	asked.shape(t, "1000 keys, target 0.01", Params{9586, 1000, 7}, got)
	real.Relative(t, filterOf(9586, 1000, 7), 0.010043583990, rate, 1e-9)
}

// LevelDB (util/bloom.cc): 10 bits per key are 6 hashes, 0.8436 % ideally; its
// own test (bloom_test.cc) wants at most 2 %, and calls 1.25 % mediocre.
func TestPaperTheoryLevelDB(t *testing.T) {
	p, rate, err := Optimal(1e5, 0.01, RoundLevelDB)
	require.NoError(t, err)
	rule := sizingOf("LevelDB's", "LevelDB, util/bloom.cc")
	rule.shape(t, "100,000 keys, target 0.01", Params{1e6, 1e5, 6}, p)
	hash := Fingerprint(1e5, 32)
	ideal := theory("rate of LevelDB's filters of ideal positions", "(1 - e^(-k/b))^k + 1 - e^(-n/2^32)", "")
	ideal.Relative(t, "100,000 keys, 10 bits per key, 6 hashes", 0.00843621+hash, rate, 1e-3)
	for keys := uint64(1); keys <= 10000; keys = keys*3/2 + 1 {
		p, rate, err := AtBitsPerKey(keys, 10, RoundLevelDB)
		require.NoError(t, err)
		assert.GreaterOrEqual(t, p.Bits, uint64(64))
		assert.Less(t, rate, 0.0125)
	}
	for _, c := range []struct{ b, want int }{{0, 1}, {1, 1}, {10, 6}, {14, 9}, {44, 30}, {1 << 60, 30}} {
		rule.hashes.Within(t, fmt.Sprintf("bits per key: %d", c.b), float64(c.want), float64(LevelDBHashes(c.b)), 0)
	}
}

// RocksDB: include/rocksdb/filter_policy.h, "a good choice is 9.9, about 1 %";
// util/bloom_test.cc, FilterSize: thousandths of a bit and the limits 1 and 100.
func TestPaperTheoryRocksDBSizing(t *testing.T) {
	p, rate, err := AtBitsPerKey(1e6, 9.9, RoundRocksDB5)
	require.NoError(t, err)
	policy := sizingOf("RocksDB's", "RocksDB, include/rocksdb/filter_policy.h and util/bloom_test.cc")
	policy.hashes.Within(t, "9.9 bits per key", 6, float64(p.Hashes), 0)
	policy.rate.Relative(t, "9.9 bits per key", 0.01, rate, 0.02)
	thousandths := published("thousandths of a bit per key that RocksDB counts", "RocksDB, util/bloom_test.cc, FilterSize", "")
	for _, c := range []struct {
		asked float64
		want  int
	}{{0, 1000}, {1.234, 1234}, {9.5, 9500}, {10.499, 10499}, {21.345, 21345}, {99.999, 99999}, {1234, 100000}} {
		thousandths.Within(t, fmt.Sprintf("%g bits per key asked", c.asked), float64(c.want), float64(millibits(c.asked)), 0)
	}
	one, rate, err := AtBitsPerKey(1e6, 0.5, RoundRocksDB5) // counts as 1 bit per key
	require.NoError(t, err)
	policy.bits.Within(t, "0.5 bits per key asked, 1 million keys", 1954*512, float64(one.Bits), 0)
	assert.InDelta(t, 0.632, rate, 0.632*0.002)
	policy.rate.Gap(t, "0.5 bits per key asked", 0.62, rate, 0.005,
		"62 % is the textbook's best rate at 1 bit per key, with 0.69 of a hash; a filter has a whole one, and 1 - 1/e is 63.2 %")
	legacy, _, err := AtBitsPerKey(1000, 9.5, RoundRocksDBLegacy) // "treated as 10"
	require.NoError(t, err)
	assert.Equal(t, uint64(1000), legacy.Keys)
	policy.bits.Within(t, "legacy filter, 9.5 bits per key asked, 1000 keys", 21*512, float64(legacy.Bits), 0) // 19.5 lines, up to an odd number
	policy.hashes.Within(t, "legacy filter, 9.5 bits per key asked, 1000 keys", 6, float64(legacy.Hashes), 0)
}

// Parquet's C++ library (bloom_filter.h, OptimalNumOfBits): the formula's bits, up
// to a power of two. HBase (BloomFilterUtil.java): a 1 % chunk of 128 KiB takes
// 109,306 keys and 7 hashes.
func TestPaperTheoryParquetAndHBase(t *testing.T) {
	p, rate, err := Optimal(1e6, 0.01, RoundParquet) // 9.68 b/k asked, 16.8 built
	require.NoError(t, err)
	cpp := sizingOf("Parquet's", "Parquet C++, bloom_filter.h, OptimalNumOfBits: up to a power of two")
	cpp.shape(t, "1 million keys, target 0.01", Params{1 << 24, 1e6, 8}, p)
	mixture := theory("rate of Parquet's filters after rounding to a power of two", "sum over i of Poisson(i; 256/b) (1 - (31/32)^i)^8", "")
	mixture.Relative(t, "1 million keys, target 0.01, 16.8 bits per key built", 0.00102, rate, 0.02)
	p, rate, err = Optimal(866000, 0.01, RoundParquet) // just below 2^23 bits asked
	require.NoError(t, err)
	cpp.bits.Within(t, "866,000 keys, target 0.01", 1<<23, float64(p.Bits), 0)
	assert.Greater(t, rate, 0.0145, "a full one misses its target by almost half")

	chunks := sizingOf("HBase's", "HBase, BloomFilterUtil.java: chunks of 128 KiB, 109,306 keys each at 1 %")
	p, rate, err = Optimal(1e8, 0.01, RoundHBase)
	require.NoError(t, err)
	chunks.shape(t, "100 million keys, target 0.01", Params{Bits: 915 << 20, Keys: 1e8, Hashes: 7}, p)
	chunks.rate.Relative(t, "100 million keys, target 0.01", 0.01, rate, 1e-3)
	p, _, err = Optimal(20000, 0.01, RoundHBase) // folded twice
	require.NoError(t, err)
	chunks.bits.Within(t, "20,000 keys, target 0.01", 1<<18, float64(p.Bits), 0)
	p, _, err = Optimal(1e6, 0.001, RoundHBase) // 14.38 bits per key count as 14
	require.NoError(t, err)
	chunks.hashes.Within(t, "1 million keys, target 0.001", 10, float64(p.Hashes), 0)
}

// A trial is a rate that a source gives, and the filters to measure it with.
type trial struct {
	bits, keys       uint64
	hashes           int
	scheme           filter.Scheme
	filters, queries int
	want             float64
	sigma            float64 // of the published value, relative
}

// check measures the rate and compares within four standard errors of both.
func (m trial) check(t *testing.T, claim validation.Claim, cell string, layout filter.Layout) {
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
			t.Run(fmt.Sprintf("m=%d n=%d k=%d %v", c.m, c.n, c.k, filter.Scheme(scheme)), func(t *testing.T) {
				filters := int(max(100, 1000000/(c.m+c.n*20)))
				cell := filterOf(c.m, c.n, c.k) + ", " + schemeWords(filter.Scheme(scheme))
				trial{c.m, c.n, c.k, filter.Scheme(scheme), min(filters, 10000), max(80, 800000/min(filters, 10000)), want, sigma}.check(t, schemes, cell, filter.Classic)
			})
		}
	}
}

func schemeWords(s filter.Scheme) string {
	return map[filter.Scheme]string{
		filter.Independent: "independent positions", filter.Double: "double hashing", filter.Enhanced: "enhanced double hashing",
		filter.BitsAndBlooms: "the scheme of bits-and-blooms", filter.Salted: "Parquet's salts",
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
			lib := trial{c.m, c.n, c.k, filter.BitsAndBlooms, filters, max(80, 1000000/filters), c.want, c.half / 1.96 / c.want}
			lib.check(t, library, filterOf(c.m, c.n, c.k), filter.Classic)
		})
	}
}

// A measurement by another program: 20,000 bits, 1000 keys, 14 hashes, where
// false positives are rare; 6.92e-5 +- 2.1e-6.
func TestPaperRareFalsePositives(t *testing.T) {
	r, err := Measure(context.Background(), Config{
		Bits: 20000, Keys: 1000, Hashes: 14, Scheme: filter.BitsAndBlooms, Filters: 40, Queries: 75000, Seed: 3,
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
		scheme     filter.Scheme
		want, half float64
	}{{filter.Independent, .006859, .00008}, {filter.Double, .0263, .0003}} {
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
		for _, scheme := range []filter.Scheme{filter.Salted, filter.Independent} {
			t.Run(fmt.Sprintf("%g bits per key %v", c.bitsPerKey, scheme), func(t *testing.T) {
				const blocks = 5000
				keys := uint64(math.Round(blocks * 256 / c.bitsPerKey))
				split := trial{blocks * 256, keys, 8, scheme, 1, 500000 + int(500000*.01/c.want), c.want, c.half / 1.96 / c.want}
				split.check(t, parquet, fmt.Sprintf("%g bits per key, %s", c.bitsPerKey, schemeWords(scheme)), filter.SplitBlock)
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
			blocked := trial{lines * 512, lines * 512 / c.bitsPerKey, c.hashes, filter.Independent, 1, queries, c.want, c.sigma}
			blocked.check(t, c.claim, fmt.Sprintf("%d bits per key, %d hashes", c.bitsPerKey, c.hashes), filter.Blocked)
		})
	}
}
