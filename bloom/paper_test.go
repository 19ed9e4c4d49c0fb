package bloom

import (
	"encoding/csv"
	"fmt"
	"math"
	"math/big"
	"os"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

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
