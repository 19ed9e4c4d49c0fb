package hypervisor

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	lm "cloudconcepts/livemigration"
	"cloudconcepts/livemigration/theory"
)

func busy(method lm.Method) lm.Config {
	return lm.Config{VM: guestOf(4*lm.GiB, lm.Uniform{Rate: 200 * lm.MB, WorkingSet: 1 * lm.GiB}), Link: lm.Wire(125 * lm.MB), Method: method}
}

func TestQEMUAnnounce(t *testing.T) {
	leaves := published("times of QEMU's announcements", "QEMU, net/announce.c: initial 50 ms, step 100 ms, at most 550 ms, 5 rounds", "ms")
	for k, want := range []float64{0, 50, 200, 450, 800} {
		leaves.Within(t, fmt.Sprint("packet ", k+1), want, QEMUAnnounce().At(k).Seconds()*1e3, 0)
	}
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
		run.Config.Method.PostCopy.Queue = 6 * lm.MB
		stalling.Within(t, runName(i, run), float64(run.Requests), simulate(t, run.Config).NetworkFaults, 6)
	}
}

// Legacy Xen sends at most five times the memory, less one page.
func TestAkoushBounds(t *testing.T) {
	const source = "legacy Xen's stop rules with V_i = M lambda^i; the worst case sends 5 M less a page"
	const hot, mild = "1 GiB at 117 MB/s, lambda 1.71", "1 GiB at 117 MB/s, lambda 0.5"
	total, down := theory.AkoushBounds(1*lm.GiB, 117*lm.MB, 0, 0)
	worst := simulate(t, lm.Config{VM: guestOf(1*lm.GiB, lm.ConstantRate{Rate: 200 * lm.MB, WorkingSet: 1 * lm.GiB}), Link: lm.Wire(117 * lm.MB), Method: XenLegacy()})
	rounds := computed("live rounds of legacy Xen", source, "")
	rounds.Within(t, hot, 4, float64(worst.Rounds), 0)
	assert.Equal(t, lm.Forced, worst.Outcome)
	downtime := computed("downtime of legacy Xen", source, "s")
	downtime.Relative(t, hot, 9.177281, worst.Downtime, 1e-6)
	seconds := computed("total time of legacy Xen", source, "s")
	seconds.Relative(t, hot, 45.886403, worst.Total, 1e-6)
	computed("bytes sent by legacy Xen over the memory", source, "").Within(t, hot, 5.0, worst.Amplification, 1e-9)
	seconds.Relative(t, hot+": AkoushBounds, reached up to a page", total.High, worst.Total, 1e-5)
	downtime.Relative(t, hot+": AkoushBounds", down.High, worst.Downtime, 1e-9)
	calm := simulate(t, lm.Config{VM: guestOf(1*lm.GiB, lm.ConstantRate{Rate: 58.5 * lm.MB, WorkingSet: 1 * lm.GiB}), Link: lm.Wire(117 * lm.MB), Method: XenLegacy()})
	rounds.Within(t, mild, 14, float64(calm.Rounds), 0)
	computed("memory sent by legacy Xen", source, "MiB").Within(t, mild, 2047.9375, float64(calm.SentBytes)/lm.MiB, 1e-6)
	seconds.Relative(t, mild, 18.354001, calm.Total, 1e-6)
}

func TestSchedules(t *testing.T) {
	kubevirt := published("KubeVirt's downtime limit", "KubeVirt enhancement 291: 150 ms, 150 ms more every 10 s after round 3, at most 1050 ms", "ms")
	ramp := KubeVirtRamped(4 * lm.GiB).Limit
	milliseconds := func(limit time.Duration) float64 { return limit.Seconds() * 1e3 }
	kubevirt.Within(t, "before the end of round 3", 150, milliseconds(ramp.At(-1, 0)), 0)
	kubevirt.Within(t, "25 s after round 3", 450, milliseconds(ramp.At(25*time.Second, 0)), 0)
	kubevirt.Within(t, "1 h after round 3", 1050, milliseconds(ramp.At(time.Hour, 0)), 0)
	proxmox := published("Proxmox VE's downtime limit", "PVE/QemuMigrate.pm: 100 ms, doubled after more than 5 polls in which the remaining memory grew; QEMU's upper limit 2000 s", "ms")
	double := Proxmox().Limit
	proxmox.Within(t, "5 polls", 100, milliseconds(double.At(0, 5)), 0)
	proxmox.Within(t, "6 polls", 200, milliseconds(double.At(0, 6)), 0)
	proxmox.Within(t, "12 polls", 400, milliseconds(double.At(0, 12)), 0)
	proxmox.Within(t, "1,000,000 polls", 2e6, milliseconds(double.At(0, 1_000_000)), 0)
	for _, m := range []lm.Method{Proxmox(), Nova(4 * lm.GiB), KubeVirtRamped(4 * lm.GiB)} {
		c := busy(m)
		c.VM.Workload = lm.Uniform{Rate: 150 * lm.MB, WorkingSet: 256 * lm.MiB}
		fixed := c
		fixed.Method.Limit, fixed.Method.Stop = lm.FixedLimit(100*time.Millisecond), nil
		assert.Equal(t, lm.Diverged, simulate(t, fixed).Outcome)
		r := simulate(t, c)
		assert.Equal(t, lm.Converged, r.Outcome, "%s raises the limit until it ends", m.Name)
		assert.LessOrEqual(t, r.Downtime, m.Limit.Highest().Seconds())
	}
}

// KubeVirt enhancement 291: 8 GiB, 1 Gbit/s, with the ramp 92.2 s and 9694 MiB
// on average. The workload is fitted, so this shows that the model can, not
// that it predicts; downtime is 611 ms there and 513 ms in the fit's source.
func TestKubeVirtRampFit(t *testing.T) {
	vm := guestOf(8*lm.GiB, lm.Mixture{lm.Uniform{Rate: 200 * lm.MB, WorkingSet: 75 * lm.MB}, lm.Uniform{Rate: 8 * lm.MB, WorkingSet: 1.2 * lm.GB}})
	vm.NonZero = 7115 * lm.MiB
	m := bare(KubeVirtRamped(8 * lm.GiB))
	m.Stop, m.Resume = nil, 100*time.Millisecond
	r := simulate(t, lm.Config{VM: vm, Link: lm.Wire(110.7 * lm.MB), Method: m})
	assert.Equal(t, lm.Converged, r.Outcome)
	const source = "KubeVirt enhancement 291, 8 GiB on 1 Gbit/s, mean of its runs; the workload is fitted"
	measured("total time with KubeVirt's downtime ramp", source, "s").Relative(t, "ramp", 92.2, r.Total, 0.08)
	measured("memory sent with KubeVirt's downtime ramp", source, "MiB").Relative(t, "ramp", 9694, float64(r.SentBytes)/lm.MiB, 0.08)
	measured("downtime with KubeVirt's downtime ramp", source, "s").Relative(t, "ramp", 0.611, r.Downtime, 0.35)
	m.Limit = lm.FixedLimit(300 * time.Millisecond)
	fixed := simulate(t, lm.Config{VM: vm, Link: lm.Wire(110.7 * lm.MB), Method: m})
	assert.Equal(t, lm.Diverged, fixed.Outcome)
	ended := 0.0
	if fixed.Outcome == lm.Converged {
		ended = 1
	}
	measured("share of migrations that end at a fixed limit under KubeVirt", "KubeVirt enhancement 291, 8 GiB on 1 Gbit/s; the workload is fitted", "").Gap(t, "limit 300 ms", 1, ended, 0,
		"the real runs escape after 24 to 93 s, by fluctuations that a deterministic model does not have")
}

// QEMU commit 7ca1dfad (2013): 20 vCPUs, 256 GB, cap 20 Gbit/s, limit 4 s. The
// guest dirtied 276.7 MB/s while 264 MB/s were sent: lambda 1.05, no end.
func TestJavaWarehouseNeverEnds(t *testing.T) {
	vm := guestOf(268_444_224*lm.KiB, lm.ConstantRate{Rate: 67_551 * lm.PageBytes, WorkingSet: 200 * lm.GiB})
	vm.NonZero = vm.Memory - 64_900_000*lm.PageBytes
	m := QEMU()
	m.Limit = lm.FixedLimit(4 * time.Second)
	m.MaxTime = 1500 * time.Second
	c := lm.Config{VM: vm, Link: lm.Wire(264 * lm.MB), Method: m}
	assert.Equal(t, lm.Diverged, simulate(t, c).Outcome)
	c.Method.Throttle = AutoConvergeLegacy()
	assert.Equal(t, lm.Converged, simulate(t, c).Outcome)
}

// The guest time lost is what the throttle withholds, and the pause.
func TestLostCPU(t *testing.T) {
	r := simulate(t, stress(1.35, 1.5, AutoConvergeLegacy()))
	want := r.Downtime
	for _, row := range r.Rows {
		if row.Live {
			want += row.Throttle * row.Duration
		}
	}
	computed("guest time lost under auto-converge", "sum over rounds of throttle times duration, and the downtime", "s").
		Relative(t, "1.35 GiB not zero, 1.5 GB/s written", want, r.LostCPU, 1e-9)
	assert.Greater(t, r.LostCPU, 100.0)
}
