package livemigration_test

import (
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	. "cloudconcepts/livemigration"
	"cloudconcepts/livemigration/hypervisor"
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
	m := hypervisor.XenLegacy()
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
