package quorum

import (
	"fmt"
	"math"
	"testing"

	"cloudconcepts/internal/validation"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// All published numbers are of Bailis, Venkataraman, Franklin, Hellerstein and Stoica, "Probabilistically Bounded Staleness for
// Practical Partial Quorums", PVLDB 5(8), 2012.

// enough trials are fewer in a short run, where tolerances are wider.
func enough(n int) (count int, slack float64) {
	if testing.Short() {
		return n / 50, 8
	}
	return n, 1
}

// The simulated table: an independent simulation of the same model with 20 million trials a cell (its standard errors are in
// the tolerance). Probabilities and quantiles may differ by four standard errors, and t at 99.9 % by 3 %.
func TestResimulation(t *testing.T) {
	const trials = "independent simulation of the same model, 20 million trials a cell"
	atOnce := theory("share of stale reads at once", trials, "")
	visible := theory("t-visibility: time after which a share of reads is fresh", trials, "ms")
	published := pbs("published t-visibility at 99.9 %", "table 4", "ms")
	const early = "the paper's value is the first time on a grid at which an estimate of 50,000 trials touches 99.9 %, which comes before the quantile"
	for _, c := range []struct {
		m                 Model
		r, w              int
		stale             float64
		t99, t999, t9999  float64 // ms
		paper, paperError float64 // ms: the published t at 99.9 %, and by how much it is too low
	}{
		{LinkedInSSD(), 1, 1, 0.02637, 0.579, 1.961, 3.35, 1.85, .056},
		{LinkedInSSD(), 1, 2, 0.02168, 0.464, 1.847, 3.22, 1.79, .031},
		{LinkedInSSD(), 2, 1, 0.000588, 0, 0, 0.53, 0, 0},
		{LinkedInDisk(), 1, 1, 0.56322, 22.31, 51.93, 247.5, 45.5, .124},
		{LinkedInDisk(), 1, 2, 0.28720, 19.24, 48.07, 243.5, 43.3, .099},
		{Yammer(), 1, 1, 0.10703, 637.4, 1459.2, 2286, 1364, .065},
		{Yammer(), 1, 2, 0.08070, 613.4, 1436.5, 2262, 1352, .059},
		{Yammer(), 2, 1, 0.00905, 0, 218.5, 628.8, 202, .076},
		{YammerPrinted(), 1, 1, 0.11278, 637.4, 1459.1, 2286, 0, 0},
	} {
		t.Run(fmt.Sprintf("%s R=%d W=%d", c.m.Name, c.r, c.w), func(t *testing.T) {
			n, slack := enough(700_000)
			if c.m.Name == "lnkd-disk" {
				n *= 2 // a heavy tail
			}
			r := simulate(t, Config{N: 3, R: c.r, W: c.w, Latency: c.m, Trials: n, Seed: 2})
			p := r.PConsistent(0)
			se := math.Hypot(p.StandardError, math.Sqrt(c.stale*(1-c.stale)/20e6))
			cell := c.m.Name + ", " + quorums(3, c.r, c.w)
			atOnce.Within(t, cell, c.stale, 1-p.Mean, 4*se+5e-6)
			for _, q := range []struct{ p, want float64 }{{.99, c.t99}, {.999, c.t999}, {.9999, c.t9999}} {
				got := r.TVisibility(q.p)
				t.Logf("t at %g: %.5g ms, %.5g to %.5g, expected %.5g", q.p, got.Mean*1e3, got.Low*1e3, got.High*1e3, q.want)
				visible.Within(t, fmt.Sprintf("%s, %g of the reads", cell, q.p), q.want, got.Mean*1e3, 2.5*(got.High-got.Low)*1e3/2+0.003*q.want)
			}
			if c.t999 > 0 && c.r == 1 && slack == 1 {
				assert.InEpsilon(t, c.t999, r.TVisibility999*1e3, .03)
			}
			if c.paper > 0 && slack == 1 { // a known gap: the published value is too low, in one case by no more than the tolerance
				assert.InDelta(t, c.paperError, 1-c.paper/(r.TVisibility999*1e3), .03)
				if c.paperError > .05 {
					published.Gap(t, cell, c.paper, r.TVisibility999*1e3, .03*c.paper, early)
				} else {
					published.Relative(t, cell, c.paper, r.TVisibility999*1e3, .03)
				}
			}
		})
	}
}

// resimulated is a claim of a number of an independent simulation.
func resimulated(name, unit string) validation.Claim {
	return theory(name, "independent simulation of the same model", unit)
}

// Table 4, 99.9th percentiles of latency, from 1 million operations. Tolerance 3 %, of which about 2 % are the sampling error of
// the published value where the tail is heaviest (LNKD-DISK, W = 3).
func TestTable4Latency(t *testing.T) {
	reads := pbs("99.9th percentile of read latency", "table 4, a row or the mean of the rows with the same R", "ms")
	writes := pbs("99.9th percentile of write latency", "table 4, a row or the mean of the rows with the same W", "ms")
	for _, c := range []struct {
		m           Model
		read, write [3]float64 // ms, for R and W = 1, 2, 3
	}{
		{LinkedInSSD(), [3]float64{.66, 1.63, 4.14}, [3]float64{.65, 1.635, 4.09}},
		{LinkedInDisk(), [3]float64{.655, 1.64, 4.12}, [3]float64{10.94, 20.965, 112.65}},
		{Yammer(), [3]float64{5.61, 32.9, 219.27}, [3]float64{10.78, 427.6, 1870.86}},
		{WAN(), [3]float64{3.42, 151.31, 153.86}, [3]float64{55.19, 167.68, 241.55}},
	} {
		t.Run(c.m.Name, func(t *testing.T) {
			n, slack := enough(700_000)
			for q := 1; q <= 3; q++ {
				r := simulate(t, Config{N: 3, R: q, W: q, Latency: c.m, Trials: n, Seed: 3})
				t.Logf("%d: read %.4g ms, write %.4g ms", q, r.ReadP999*1e3, r.WriteP999*1e3)
				tolerance := .03 * slack
				if q == 2 && c.m.Name == "ymmr" || q == 3 && c.m.Name == "lnkd-disk" { // published as 32.6 and 33.18
					tolerance = .05 * slack
				}
				reads.Relative(t, fmt.Sprintf("%s, R = %d of 3", c.m.Name, q), c.read[q-1], r.ReadP999*1e3, tolerance)
				writes.Relative(t, fmt.Sprintf("%s, W = %d of 3", c.m.Name, q), c.write[q-1], r.WriteP999*1e3, tolerance)
			}
		})
	}
}

// Sections 5.3 to 5.6: probabilities in the text. Tolerances: half a unit of the exact value's last digit and of the published one's.
func TestTextNumbers(t *testing.T) {
	n, slack := enough(1_000_000)
	at := func(m Model, n1 int) Result {
		return simulate(t, Config{N: n1, R: 1, W: 1, Latency: m, Trials: n, Seed: 4})
	}
	const one = ", R = W = 1 of 3"
	fresh := pbs("share of fresh reads given in the text", "sections 5.3 to 5.6", "")
	latency := pbs("latencies given in the text", "sections 5.3 to 5.6", "ms")
	exact := resimulated("share of fresh reads", "")

	ssd := at(LinkedInSSD(), 3)
	exact.Within(t, "lnkd-ssd"+one+", at once", .9736, ssd.PConsistent0, .0005*slack)
	fresh.Within(t, "lnkd-ssd"+one+", at once", .974, ssd.PConsistent0, .001*slack)
	exact.Within(t, "lnkd-ssd"+one+", after 5 ms", .999995, ssd.PConsistent(.005).Mean, 1e-5)
	latency.Relative(t, "lnkd-ssd"+one+", median of reads", .489, ssd.ReadP50*1e3, .02)
	latency.Relative(t, "lnkd-ssd"+one+", median of writes", .489, ssd.WriteP50*1e3, .02)
	latency.Relative(t, "lnkd-ssd"+one+", 99.9th percentile of writes", .657, ssd.WriteP999*1e3, .02*slack)

	disk := at(LinkedInDisk(), 3)
	exact.Within(t, "lnkd-disk"+one+", at once", .4368, disk.PConsistent0, .0015*slack)
	exact.Within(t, "lnkd-disk"+one+", after 10 ms", .9262, disk.PConsistent(.010).Mean, .0015*slack)
	fresh.Within(t, "lnkd-disk"+one+", at once", .439, disk.PConsistent0, .004*slack)
	fresh.Within(t, "lnkd-disk"+one+", after 10 ms", .925, disk.PConsistent(.010).Mean, .0025*slack)
	latency.Relative(t, "lnkd-disk"+one+", median of writes", 1.50, disk.WriteP50*1e3, .03)
	tail := resimulated("99.9th percentile of write latency by an independent simulation", "ms") // table 4 has 10.89 to 10.99
	tail.Relative(t, "lnkd-disk"+one, 10.95, disk.WriteP999*1e3, .03*slack)

	yammer := at(Yammer(), 3)
	fresh.Within(t, "ymmr"+one+", at once", .8930, yammer.PConsistent0, .001*slack)
	latency.Relative(t, "ymmr"+one+", 99.9th percentile of reads", 5.6, yammer.ReadP999*1e3, .03*slack)
	latency.Relative(t, "ymmr"+one+", 99.9th percentile of writes", 10.8, yammer.WriteP999*1e3, .03*slack)
	printed := at(YammerPrinted(), 3) // with table 3's 3.35 the text's numbers do not come out
	exact.Within(t, "ymmr-printed"+one+", at once", .8872, printed.PConsistent0, .001*slack)
	tail.Relative(t, "ymmr-printed"+one, 11.1, printed.WriteP999*1e3, .03*slack)
	if slack == 1 {
		fresh.Gap(t, "ymmr-printed"+one+", at once", .8930, printed.PConsistent0, .001,
			"table 3 prints alpha = 3.35 for Yammer's writes; with the 3.5 of the authors' simulator the text's number comes out")
	}
}

// Section 5.7: more replicas make R = W = 1 staler.
func TestReplicas(t *testing.T) {
	n, slack := enough(500_000)
	exact := resimulated("share of reads that are fresh at once by number of replicas", "")
	published := pbs("published share of reads that are fresh at once by number of replicas", "section 5.7", "")
	for _, c := range []struct {
		n                int
		fresh, published float64
	}{{2, .5764, .575}, {5, .3201, math.NaN()}, {10, .2102, .211}} {
		r := simulate(t, Config{N: c.n, R: 1, W: 1, Latency: LinkedInDisk(), Trials: n, Seed: 5})
		cell := "lnkd-disk, " + quorums(c.n, 1, 1)
		exact.Within(t, cell, c.fresh, r.PConsistent0, .002*slack)
		if !math.IsNaN(c.published) {
			published.Within(t, cell, c.published, r.PConsistent0, .004*slack)
		}
	}
}

// Section 5.3, exponential legs. Published: 94 % and 99.9 % after 1 ms; 41 % and 65 ms. (41 % is a known gap: the model gives 42 %.)
func TestExponentials(t *testing.T) {
	n, slack := enough(1_000_000)
	exact := resimulated("share of fresh reads with exponential legs", "")
	visible := resimulated("t-visibility at 99.9 % with exponential legs", "ms")
	published := pbs("published share of fresh reads with exponential legs", "section 5.3", "")
	for _, c := range []struct{ rate, fresh float64 }{{4, .9429}, {2, .8663}, {1, .7515}, {.5, .6248}, {.2, .4868}, {.1, .4197}} {
		r := simulate(t, Config{N: 3, R: 1, W: 1, Latency: Exponentials(c.rate, 1), Trials: n, Seed: 6})
		cell := fmt.Sprintf("R = W = 1 of 3, rate %g/ms of writes, 1/ms of the other legs, ", c.rate)
		exact.Within(t, cell+"at once", c.fresh, r.PConsistent0, .002*slack)
		switch c.rate {
		case 4:
			exact.Within(t, cell+"after 1 ms", .99895, r.PConsistent(.001).Mean, .0003*slack)
		case .1:
			visible.Relative(t, cell+"0.999 of the reads", 64, r.TVisibility999*1e3, .04*slack)
			assert.Greater(t, r.PConsistent0, .415)
			if slack == 1 {
				published.Gap(t, cell+"at once", .41, r.PConsistent0, .005, "an independent simulation of the paper's model gives 42 %, too")
			}
		}
	}
}

// The published 45.5 ms for LNKD-DISK is the first time on a grid at which 50,000 trials of its own reach 99.9 %: that
// procedure, repeated, gives 43 to 48 ms, well below the quantile, which is 51.9.
func TestFirstPassage(t *testing.T) {
	published := pbs("t-visibility at 99.9 % by the paper's procedure", "table 4", "ms")
	var seed uint64 = 100
	from, step := 41.0, .1
	if testing.Short() {
		from, step = 45, 2
	}
	for ms := from; ms < 60; ms += step {
		seed++
		r := simulate(t, Config{N: 3, R: 1, W: 1, Latency: LinkedInDisk(), Trials: 50_000, Seed: seed})
		if r.PConsistent(ms/1e3).Mean >= .999 {
			assert.Greater(t, ms, 43.0)
			assert.Less(t, ms, 48.0+2*step)
			if !testing.Short() {
				published.Within(t, "lnkd-disk, "+quorums(3, 1, 1)+", 50,000 trials every 0.1 ms", 45.5, ms, 2.5)
			}
			return
		}
	}
	require.Fail(t, "99.9 % not reached")
}

// Section 5.6 says that LNKD-SSD with R = 2, W = 1 showed no staleness in 10 million writes. A known gap: its own model does.
func TestSSDReadTwo(t *testing.T) {
	n, slack := enough(2_000_000)
	r := simulate(t, Config{N: 3, R: 2, W: 1, Latency: LinkedInSSD(), Trials: n, Seed: 7})
	ours := resimulated("share of stale reads at once with R = 2, W = 1 on SSD", "")
	ours.Within(t, "lnkd-ssd, "+quorums(3, 2, 1), 5.8e-4, 1-r.PConsistent0, 8e-5*slack)
	if slack == 1 {
		pbs("published share of stale reads with R = 2, W = 1 on SSD", "text on latency against t-visibility: none in 10 million writes", "").
			Gap(t, "lnkd-ssd, "+quorums(3, 2, 1)+", at once", 0, 1-r.PConsistent0, 1e-7, "the paper's own model gives 5.9e-4 at once: one stale read in 10 million would have been 1e-7")
	}
	assert.Less(t, 1-r.PConsistent(.001).Mean, 6e-5*slack)
	assert.Positive(t, 1-r.PConsistent(.0005).Mean)
}
