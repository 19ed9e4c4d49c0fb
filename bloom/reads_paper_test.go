package bloom

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func readsRuns(t *testing.T, ratio float64, levels int, policy Policy) []Run {
	t.Helper()
	runs, err := Tree{SizeRatio: ratio, Levels: levels, Keys: 1e5, Policy: policy}.Runs()
	require.NoError(t, err)
	return runs
}

func readsShare(t *testing.T, runs []Run, b float64, by Sharing) Allocation {
	t.Helper()
	var keys float64
	for _, r := range runs {
		keys += r.Keys
	}
	a, err := Allocate(runs, b*keys, by)
	require.NoError(t, err)
	assert.InEpsilon(t, b*keys, a.Bits, 1e-9)
	return a
}

// Expected false positives of an absent key: exact finite-level allocations,
// from 60-digit decimals. The first row is the doctest of
// github.com/IntersectMBO/lsm-tree, src-monkey/Monkey.hs (R .04793 and .07370, p
// .00076, .00304, .01217), which follows Monkey (SIGMOD 2017), Equations 3 and 4.
// Closed is cost_function.py of github.com/BU-DiSC/endure. Tolerance: the last
// digit.
func TestReadsAllocationTable(t *testing.T) {
	for _, c := range []struct {
		ratio                  float64
		levels                 int
		b                      float64
		policy                 Policy
		monkey, uniform, close float64
		p                      []float64 // by level, from the largest
	}{
		{4, 3, 10, Tiering, 0.047935, 0.073733, 0.052019, []float64{.0121741, .00304352, .00076088}},
		{4, 3, 10, Levelling, 0.015978, 0.024578, 0.017340, []float64{.0121741, .00304352, .00076088}},
		{10, 5, 10, Levelling, 0.011755, 0.040963, 0.011757, []float64{.0105799, .00105799, 1.05799e-4, 1.05799e-5, 1.05799e-6}},
		{10, 5, 5, Levelling, 0.129874, 0.452564, 0.129891, []float64{.116888}},
		{2, 8, 10, Levelling, 0.031940, 0.065540, 0.032770, []float64{.0160326}},
		{2, 8, 1, Levelling, 2.455802, 4.948025, 2.474013, []float64{1, .733633, .366816, .183408, .0917041, .045852, .022926, .011463}},
		{10, 5, 10, Tiering, 0.105798, 0.368665, 0.105811, nil},
		{10, 5, 10, LazyLevelling, 0.014644, 0.303124, 0, []float64{.0131794, 1.464e-4, 1.464e-5, 1.464e-6, 1.464e-7}},
		{5, 4, 8, Levelling, 0.039556, 0.085663, 0.040030, []float64{.0316955, .00633909, .00126782, .000253564}},
		{10, 7, 10, Levelling, 0.011757, 0.057348, 0.011757, nil},
	} {
		t.Run(fmt.Sprintf("T %g L %d b %g %v", c.ratio, c.levels, c.b, c.policy), func(t *testing.T) {
			runs := readsRuns(t, c.ratio, c.levels, c.policy)
			monkey := readsShare(t, runs, c.b, MonkeyBits)
			uniform := readsShare(t, runs, c.b, EqualBits)
			assert.InDelta(t, c.monkey, AbsentReads(monkey.Rates), 6e-7)
			assert.InDelta(t, c.uniform, AbsentReads(uniform.Rates), 6e-7)
			for i, p := range c.p {
				level := c.levels - i
				for j, r := range runs {
					if r.Level == level {
						assert.InEpsilon(t, p, monkey.Rates[j], 4e-4)
					}
				}
			}
			if c.close > 0 {
				closed, err := MonkeyRate(c.ratio, c.b, c.policy)
				require.NoError(t, err)
				assert.InDelta(t, c.close, closed, 6e-7)
			}
		})
	}
}

// Monkey, Equation 9 and the doctest of Monkey.hs: V 1.06551 uniform and 1.03575
// Monkey with whole bits; 1.06554 and 1.03576 without rounding.
func TestReadsPresentKey(t *testing.T) {
	runs := readsRuns(t, 4, 3, Tiering)
	target := make([]float64, len(runs))
	target[len(runs)-1] = 1
	for by, want := range map[Sharing]float64{EqualBits: 1.06554, MonkeyBits: 1.03576} {
		a := readsShare(t, runs, 10, by)
		got, err := PresentReads(a.Rates, target)
		require.NoError(t, err)
		assert.InDelta(t, want, got, 1e-5, by)
		assert.InDelta(t, AbsentReads(a.Rates)-a.Rates[len(runs)-1]+1, got, 1e-12)
	}
}

// Monkey, Equation 1 with the correction of Monkey.hs, whose doctest gives
// numLevels(10000, 100, 2) = 6 and (10000, 100, 4) = 4.
func TestReadsTreeLevels(t *testing.T) {
	for ratio, want := range map[float64]int{2: 6, 4: 4} {
		got, err := TreeLevels(1e4, 1, 100, ratio)
		require.NoError(t, err)
		assert.Equal(t, want, got)
	}
}

// Bits per key below which the largest level of a Monkey tree has no filter.
func TestReadsMonkeyThreshold(t *testing.T) {
	for ratio, want := range map[float64]float64{2: 1.4427, 4: .9618, 10: .5325} {
		assert.InDelta(t, want, MonkeyThreshold(ratio), 5e-5)
		runs := readsRuns(t, ratio, 12, Levelling)
		below := readsShare(t, runs, want*0.99, MonkeyBits).Rates
		above := readsShare(t, runs, want*1.01, MonkeyBits).Rates
		assert.Equal(t, 1.0, below[11])
		assert.Less(t, above[11], 1.0)
	}
}

// The law of ElasticBF (HotStorage 2018) and of arXiv 2606.18138: the best bits per
// key are affine in the logarithm of the access rate, 1.4427 for each doubling; a run
// cached to 99 % deserves 9.585 bits per key less than one that is not.
func TestReadsWeightedLaw(t *testing.T) {
	run := Run{Keys: 1e6, Rate: 1, ReadSeconds: 1}
	hot, cached, slow := run, run, run
	hot.Rate = 2
	cached.CacheHit = 0.99
	slow.ReadSeconds = 100
	a := readsShare(t, []Run{run, hot, cached, slow}, 12, WeightedBits).BitsPerKey
	assert.InDelta(t, 1.4427, a[1]-a[0], 5e-5)
	assert.InDelta(t, -9.585, a[2]-a[0], 5e-4)
	assert.InDelta(t, 9.585, a[3]-a[0], 5e-4)
}

// Reads of an absent key over five independent runs with uniform bits: exact
// arithmetic, mean latency on HDD (10 ms) and NVMe (100 us) without CPU.
func TestReadsTailTable(t *testing.T) {
	for _, c := range []struct {
		b, p0, p1, mean float64
		hdd, nvme       float64 // us
		slack           float64 // of hdd, us: as printed
		p99             int
	}{
		{5, .622276, .309646, .452564, 4530, 45.3, 5, 2},
		{8, .897410, .098197, .107079, 1070, 10.7, 5, 1},
		{10, .959703, .039637, .040963, 410, 4.10, .5, 1},
		{12, .984428, .015475, .015670, 157, 1.57, .5, 1},
		{12.9265, .990000, .009960, .010040, 100, 1.00, .5, 0},
		{14, .994020, .005966, .005995, 60, 0.60, .5, 0},
		{16, .997709, .002289, .002293, 23, 0.23, .5, 0},
		{20, .999664, .000335, .000336, 3.4, 0.03, .05, 0},
	} {
		t.Run(fmt.Sprintf("b %g", c.b), func(t *testing.T) {
			b := c.b
			if c.b == 12.9265 { // the cliff itself, to all digits
				b = IdealBits(CliffRate(5, 0.99))
				assert.InDelta(t, c.b, b, 5e-5)
			}
			rates := readsEqual(Ideal(b), 5)
			d, err := IndependentRuns(rates)
			require.NoError(t, err)
			assert.InDelta(t, c.p0, d[0], 6e-7)
			assert.InDelta(t, c.p1, d[1], 6e-7)
			assert.InDelta(t, c.mean, d.Mean(), 6e-7)
			assert.Equal(t, c.p99, d.Quantile(0.99))
			for _, m := range []struct {
				medium      Medium
				want, slack float64
			}{{HDD(), c.hdd, c.slack}, {NVMe(), c.nvme, max(c.slack/100, 0.005)}} {
				l := readsLatency(t, rates, m.medium)
				assert.InDelta(t, m.want, l.Mean()*1e6, m.slack)
				p99, err := l.Quantile(0.99)
				require.NoError(t, err)
				assert.Equal(t, time.Duration(c.p99)*m.medium.Mean, p99)
			}
		})
	}
}

func readsEqual(p float64, runs int) []float64 {
	rates := make([]float64, runs)
	for i := range rates {
		rates[i] = p
	}
	return rates
}

func readsLatency(t *testing.T, rates []float64, m Medium) Latency {
	t.Helper()
	l, err := NewLatency(LatencyModel{
		Classes: []KeyClass{{Weight: 1, Rates: rates}}, CacheHit: make([]float64, len(rates)), Medium: m,
	})
	require.NoError(t, err)
	return l
}

// The P99 cliff p* = 1 - .99^(1/L), exact arithmetic; P(>= 1 read) of five runs
// at 10 bits per key .040297.
func TestReadsCliff(t *testing.T) {
	for runs, want := range map[int]float64{1: 9.585, 3: 11.865, 5: 12.927, 7: 13.626, 20: 15.810} {
		assert.InDelta(t, want, IdealBits(CliffRate(runs, 0.99)), 6e-4)
	}
	assert.InEpsilon(t, 0.00200805, CliffRate(5, 0.99), 1e-5)
	d, err := IndependentRuns(readsEqual(Ideal(10), 5))
	require.NoError(t, err)
	assert.InDelta(t, 0.040297, d.AtLeast(1), 1e-6)
}

// A key in the last of five runs: mean reads and P(>= 2), and reads saved by one more
// bit per key. Exact arithmetic.
func TestReadsLastRun(t *testing.T) {
	for b, want := range map[float64][2]float64{10: {1.0328, .0324}, 14: {1.0048, .00479}} {
		d, err := PresentRuns([]KeyClass{{Weight: 1, Rates: readsEqual(Ideal(b), 5)}}, 4)
		require.NoError(t, err)
		assert.InDelta(t, want[0], d.Mean(), 5e-5)
		assert.InDelta(t, want[1], d.AtLeast(2), 5e-5)
	}
	for b, want := range map[float64]float64{5: .1727, 10: .01563, 15: .001414, 20: .000128} {
		assert.InEpsilon(t, want, 5*(Ideal(b)-Ideal(b+1)), 4e-3)
	}
}

// Filters against block cache, five runs: the optimum by closed form and by
// search, and costs. Exact arithmetic; tolerance: the last digit.
func TestReadsMemorySplit(t *testing.T) {
	split := MemorySplit{Total: 8192, EntryBytes: 1024, Runs: 5, Absent: .5, Present: .5, Hits: UniformHits{}}
	for _, c := range []struct{ entry, absent, want float64 }{{1024, .5, 21.80}, {100, .5, 16.96}, {1024, .9, 25.33}} {
		m := split
		m.EntryBytes, m.Absent, m.Present, m.Total = c.entry, c.absent, 1-c.absent, 8*c.entry
		closed, err := m.UniformOptimum()
		require.NoError(t, err)
		assert.InDelta(t, c.want, closed, 6e-3)
		found, _, err := m.Optimum()
		require.NoError(t, err)
		assert.InDelta(t, closed, found, 1e-4)
	}
	totals := []float64{8, 16, 32, 64, 256}
	for skew, best := range map[float64][]float64{.8: {7.76, 12.32, 14.88, 16.57, 19.25}, .9: {7.67, 12.21, 15.02, 16.93, 19.95}} {
		for i, want := range best {
			m := split
			m.Total, m.Hits = totals[i], PowerLawHits{Skew: skew}
			b, _, err := m.Optimum()
			require.NoError(t, err)
			assert.InDelta(t, want, b, 6e-3, "s %g, total %g", skew, totals[i])
			residual, err := m.Residual(b)
			require.NoError(t, err)
			assert.InDelta(t, 0, residual, 1e-3)
		}
	}
	for _, c := range []struct{ total, b, want float64 }{
		{32, 0, .35799}, {32, 10, .38384}, {256, 0, .25431}, {256, 128, .28236}, {64, 0, .32313}, {64, 10, .35373}, {64, 32, .33506},
	} {
		m := split
		m.Total, m.Hits = c.total, PowerLawHits{Skew: .8}
		if c.b == 0 {
			_, cost, err := m.Optimum()
			require.NoError(t, err)
			assert.InDelta(t, c.want, cost, 6e-6)
			continue
		}
		cost, err := m.Cost(c.b)
		require.NoError(t, err)
		assert.InDelta(t, c.want, cost, 6e-6)
	}
}
