package livemigration

import (
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"cloudconcepts/livemigration/theory"
)

func TestPostCopyFaults(t *testing.T) {
	m := Plain(0)
	m.Strategy = PostCopy
	vm := guestOf(8*GiB, Uniform{Rate: 5000 * PageBytes, WorkingSet: 65_536 * PageBytes})
	vm.DeviceState = 4 * MiB
	r := simulate(t, Config{VM: vm, Link: Wire(125 * MB), Method: m})
	const name = "8 GiB and 4 MiB of device state at 125 MB/s"
	computed("downtime of post-copy", "device state/R", "s").Relative(t, name, 0.033554432, r.Downtime, 1e-6)
	computed("time of the push in post-copy", "M/R", "s").Relative(t, name, 68.719476736, r.Total-r.Downtime, 1e-9)
	computed("bytes sent by post-copy", "every page exactly once, and the device state", "bytes").Within(t, name, 8*GiB+4*MiB, float64(r.SentBytes), 0)
	// The closed form holds for a working set that is small against what is
	// pushed: it forgets that pages asked for take their time from the push.
	faults := computed("pages that a guest waits for in post-copy", "F = W (1 - (1 - e^-x)/x), x = D T/W; 256 MiB touched at 5000 pages/s", "")
	faults.Within(t, "PostCopyFaults itself", 53_102, theory.PostCopyFaults(65_536, 5000, 68.719476736), 0.5)
	faults.Relative(t, "guest of 8 GiB, where faults take their time from the push", 53_102, r.NetworkFaults, 0.02)
	assert.Greater(t, r.NetworkFaults, 53_102.0)
	vm.Memory, vm.NonZero = 1*TiB, 1*TiB
	large := simulate(t, Config{VM: vm, Link: Wire(128 * 125 * MB), Method: m})
	faults.Relative(t, "guest of 1 TiB on a link 128 times as fast", 53_102, large.NetworkFaults, 2e-4)
}

// Page by page, with a working set of a quarter of memory.
func TestPostCopyFaultsPageByPage(t *testing.T) {
	m := Plain(0)
	m.Strategy = PostCopy
	c := Config{VM: guestOf(256*MiB, Uniform{Rate: 80 * MB, WorkingSet: 64 * MiB}), Link: Wire(125 * MB), Method: m}
	byCurve := simulate(t, c).NetworkFaults
	var sum, squares float64
	const runs = 20
	for seed := range uint64(runs) {
		c.Seed = seed
		r, err := SimulatePages(c)
		require.NoError(t, err)
		sum += r.NetworkFaults
		squares += r.NetworkFaults * r.NetworkFaults
	}
	mean := sum / runs
	se := math.Sqrt((squares/runs - mean*mean) / (runs - 1))
	assert.Less(t, se, 0.005*mean)
	computed("pages that a guest waits for in post-copy: curve against real pages", "mean of 20 runs of SimulatePages", "").
		Within(t, "64 MiB of 256 MiB written at 80 MB/s, link 125 MB/s", mean, byCurve, 4*se+10)
}

// QEMU's post-copy, measured: 22 and 18 requests for 134 MB pushed at memory
// speed. Without stalls the guest would fault 780 times; a queue of 6 MB ahead
// of each page (fitted, loopback sockets) brings it to the measured order.
func TestPostCopyFeedback(t *testing.T) {
	runs, err := QEMURuns()
	require.NoError(t, err)
	stalling := measured("page requests of post-copy on QEMU 7.2, with a fitted queue", qemuSource+"; the queue of 6 MB ahead of a page is fitted", "")
	running := measured("page requests of post-copy on QEMU 7.2, without stalls", qemuSource, "")
	for i, run := range runs {
		if run.Requests == 0 {
			continue
		}
		free := simulate(t, run.Config)
		assert.Greater(t, free.NetworkFaults, 500.0)
		running.Gap(t, runName(i, run), float64(run.Requests), free.NetworkFaults, 6,
			"without Feedback the guest of the model does not stand still while it waits, and goes on to touch further pages")
		run.Config.Method.PostCopy.Feedback = true
		run.Config.Method.PostCopy.Queue = 6 * MB
		stalling.Within(t, runName(i, run), float64(run.Requests), simulate(t, run.Config).NetworkFaults, 6)
	}
}

// Legacy Xen sends at most five times the memory, less one page.
func TestAkoushBounds(t *testing.T) {
	const source = "legacy Xen's stop rules with V_i = M lambda^i; the worst case sends 5 M less a page"
	const hot, mild = "1 GiB at 117 MB/s, lambda 1.71", "1 GiB at 117 MB/s, lambda 0.5"
	total, down := theory.AkoushBounds(1*GiB, 117*MB, 0, 0)
	worst := simulate(t, Config{VM: guestOf(1*GiB, ConstantRate{Rate: 200 * MB, WorkingSet: 1 * GiB}), Link: Wire(117 * MB), Method: XenLegacy()})
	rounds := computed("live rounds of legacy Xen", source, "")
	rounds.Within(t, hot, 4, float64(worst.Rounds), 0)
	assert.Equal(t, Forced, worst.Outcome)
	downtime := computed("downtime of legacy Xen", source, "s")
	downtime.Relative(t, hot, 9.177281, worst.Downtime, 1e-6)
	seconds := computed("total time of legacy Xen", source, "s")
	seconds.Relative(t, hot, 45.886403, worst.Total, 1e-6)
	computed("bytes sent by legacy Xen over the memory", source, "").Within(t, hot, 5.0, worst.Amplification, 1e-9)
	seconds.Relative(t, hot+": AkoushBounds, reached up to a page", total.High, worst.Total, 1e-5)
	downtime.Relative(t, hot+": AkoushBounds", down.High, worst.Downtime, 1e-9)
	calm := simulate(t, Config{VM: guestOf(1*GiB, ConstantRate{Rate: 58.5 * MB, WorkingSet: 1 * GiB}), Link: Wire(117 * MB), Method: XenLegacy()})
	rounds.Within(t, mild, 14, float64(calm.Rounds), 0)
	computed("memory sent by legacy Xen", source, "MiB").Within(t, mild, 2047.9375, float64(calm.SentBytes)/MiB, 1e-6)
	seconds.Relative(t, mild, 18.354001, calm.Total, 1e-6)
}

// Guests that share a link: each has lambda times the share.
func TestShare(t *testing.T) {
	const source = "V_i = M lambda^i at R/k for each of k guests; 8 GiB, 30 MB/s, link 125 MB/s, limit 300 ms"
	total := computed("total time of guests that share a link", source, "s")
	rounds := computed("live rounds of guests that share a link", source, "")
	makespan := computed("time to evacuate four guests", "total time of a batch times 4/k batches", "s")
	for _, want := range []struct {
		share  int
		total  float64
		rounds int
	}{{1, 90.348, 4}, {2, 264.134, 9}, {4, 6865.015, 168}} {
		name := fmt.Sprintf("%d at a time", want.share)
		c := Config{VM: guestOf(8*GiB, ConstantRate{Rate: 30 * MB, WorkingSet: 8 * GiB}), Link: Wire(125 * MB), Method: Plain(300 * time.Millisecond)}
		c.Link.Share = want.share
		r := simulate(t, c)
		total.Relative(t, name, want.total, r.Total, 1e-5)
		rounds.Within(t, name, float64(want.rounds), float64(r.Rounds), 0)
		e, err := Evacuate(c, 4, want.share)
		require.NoError(t, err)
		makespan.Relative(t, name, r.Total*float64(4/want.share), e.Makespan, 1e-12)
	}
}

// Clear-on-send: only writes after a page was sent count. 8 GiB, lambda 0.5,
// working set all of memory: 3.380 GB without, 1.830 GB with it.
func TestClearOnSend(t *testing.T) {
	vm := guestOf(8*GiB, Uniform{Rate: 62.5 * MB, WorkingSet: 8 * GiB})
	m := Plain(300 * time.Millisecond)
	r := simulate(t, traced(Config{VM: vm, Link: Wire(125 * MB), Method: m}))
	pending := computed("memory dirty after the first pass", "W (1 - e^-x), with clear-on-send W (1 - (1 - e^-x)/x); W = 8 GiB, x = 0.5", "GB")
	pending.Within(t, "log cleared before the pass", 3.380, r.Rows[1].Pending/GB, 5e-4)
	m.ClearOnSend = true
	r = simulate(t, traced(Config{VM: vm, Link: Wire(125 * MB), Method: m}))
	pending.Within(t, "log cleared as a page is sent", 1.830, r.Rows[1].Pending/GB, 5e-4)
	pending.Relative(t, "log cleared as a page is sent, against ClearOnSendShare", 8*GiB*theory.ClearOnSendShare(0.5)/GB, r.Rows[1].Pending/GB, 1e-9)
}

// In later rounds only pages that were pending are re-armed; the others have
// been logged since the sync. The numbers are those of SimulatePages.
func TestClearOnSendInLaterRounds(t *testing.T) {
	m := Plain(time.Millisecond)
	m.ClearOnSend, m.MaxRounds = true, 6
	c := traced(Config{VM: guestOf(256*MiB, Uniform{Rate: 80 * MB, WorkingSet: 64 * MiB}), Link: Wire(125 * MB), Method: m})
	byCurve := simulate(t, c)
	const runs = 40
	pending := computed("memory to send in later rounds with clear-on-send: curve against real pages",
		"mean of 40 runs of SimulatePages; 64 MiB of 256 MiB written at 80 MB/s, link 125 MB/s", "bytes")
	for round := 1; round <= 5; round++ {
		var mean, squares float64
		for seed := range uint64(runs) {
			c.Seed = seed
			byPages, err := SimulatePages(c)
			require.NoError(t, err)
			mean += byPages.Rows[round].Pending / runs
			squares += byPages.Rows[round].Pending * byPages.Rows[round].Pending / runs
		}
		se := math.Sqrt((squares - mean*mean) / (runs - 1))
		// The allowance is for one age of a stretch whose parts differ.
		pending.Within(t, fmt.Sprint("round ", round+1), mean, byCurve.Rows[round].Pending, 4*se+0.002*mean)
	}
}

// Skipping pages that are dirty again: with uniform writes over all memory,
// the pages sent in the first pass obey d(sent)/d(address) = e^(-rate t/W).
func TestSkipRedirtied(t *testing.T) {
	m := XenLegacy()
	m.SkipRedirtied = true
	vm := guestOf(1*GiB, Uniform{Rate: 62.5 * MB, WorkingSet: 1 * GiB})
	r := simulate(t, traced(Config{VM: vm, Link: Wire(125 * MB), Method: m}))
	lambda := 0.5 // t' = (W/R) e^(-rate t/W) over the address x in [0,1]: t = ln(1 + lambda x)/lambda W/R
	want := math.Log1p(lambda) / lambda * GiB
	first := computed("first pass that skips pages dirty again", "d(sent)/d(address) = e^(-rate t/W), so W ln(1 + lambda)/lambda are sent; W = 1 GiB, lambda 0.5", "bytes")
	first.Relative(t, "sent", want, r.Rows[0].Sent, 1e-3)
	first.Relative(t, "skipped", GiB-want, r.Rows[0].Skipped, 4e-3)
}

func TestOffline(t *testing.T) {
	m := Plain(0)
	m.Strategy = Offline
	m.Resume = 20 * time.Millisecond
	vm := guestOf(8*GiB, Uniform{Rate: 5 * GB, WorkingSet: 8 * GiB})
	vm.DeviceState = 1 * MiB
	r := simulate(t, Config{VM: vm, Link: Wire(125 * MB), Method: m})
	down := computed("downtime of an offline move", "(M + device state)/R + resume", "s")
	down.Relative(t, "8 GiB and 1 MiB at 125 MB/s, 20 ms to resume", (8*GiB+1*MiB)/(125*MB)+0.02, r.Downtime, 1e-12)
	down.Within(t, "total time against downtime", r.Total, r.Downtime, 1e-12)
}

func TestLadderEnd(t *testing.T) {
	ac := AutoConvergeModern()
	end := computed("throttle at which auto-converge comes to rest",
		"first of 0, 0.2, 0.3, ... 0.9, 0.99 at which the guest dirties no more than half of what is sent; link 100 MB/s", "")
	for _, c := range []struct{ rate, want float64 }{{45, 0}, {95, 0.5}, {300, 0.9}, {5000, 0.99}} {
		r := simulate(t, Config{
			VM: guestOf(8*GiB, ConstantRate{Rate: c.rate * MB, WorkingSet: 8 * GiB}), Link: Wire(100 * MB), Method: bare(QEMUAutoConverge()),
		})
		name := fmt.Sprintf("%g MB/s dirtied", c.rate)
		end.Within(t, name+", LadderEnd", c.want, ac.LadderEnd(c.rate*MB, 100*MB), 1e-9)
		end.Within(t, name+", simulated", c.want, r.ThrottleMax, 1e-9)
	}
}

func TestZipfGroups(t *testing.T) {
	const source = "sum over 4096 pages of 4096 (1 - e^(-Rate p_j t/4096)), p_j ~ j^-exponent; 40 MB/s"
	unique := computed("bytes dirtied under Zipf writes", source, "bytes")
	for _, s := range []float64{0, 0.5, 0.99, 1, 1.5} {
		z := Zipf{Rate: 40 * MB, WorkingSet: 4096 * PageBytes, Exponent: s}
		norm := 0.0
		for j := 1; j <= 4096; j++ {
			norm += math.Pow(float64(j), -s)
		}
		for _, at := range []float64{0.001, 0.1, 1, 10} {
			exact := 0.0
			for j := 1; j <= 4096; j++ {
				exact += PageBytes * -math.Expm1(-z.Rate/PageBytes*at*math.Pow(float64(j), -s)/norm)
			}
			unique.Relative(t, fmt.Sprintf("exponent %g, %g s", s, at), exact, z.Unique(at), 1e-3)
		}
		unique.Relative(t, fmt.Sprintf("exponent %g, in the end all", s), 4096*PageBytes, z.Max(), 1e-12)
	}
}

func TestIntegrals(t *testing.T) {
	integrals := computed("integral of the dirty curve from 0 to t", "sum of U at 4000 midpoints", "byte s")
	vm, err := MemcachedVM()
	require.NoError(t, err)
	for _, c := range []DirtyCurve{
		ConstantRate{Rate: 100 * MB, WorkingSet: 1 * GiB},
		Sequential{Rate: 100 * MB, WorkingSet: 1 * GiB},
		Uniform{Rate: 100 * MB, WorkingSet: 1 * GiB},
		Mixture{Uniform{Rate: 1 * GB, WorkingSet: 64 * MiB}, Uniform{Rate: 10 * MB, WorkingSet: 1 * GiB}},
		Zipf{Rate: 100 * MB, WorkingSet: 256 * MiB, Exponent: 0.9},
		vm.Workload,
	} {
		for _, at := range []float64{0.01, 0.3, 3, 50, 4000} {
			const n = 4000
			sum := 0.0
			for i := range n {
				sum += c.Unique((float64(i) + 0.5) / n * at)
			}
			integrals.Relative(t, fmt.Sprintf("%v, t = %g s", c, at), sum/n*at, integral(c, at), 3e-4)
		}
	}
}
