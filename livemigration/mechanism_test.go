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

func busy(method Method) Config {
	return Config{VM: guestOf(4*GiB, Uniform{Rate: 200 * MB, WorkingSet: 1 * GiB}), Link: Wire(125 * MB), Method: method}
}

func TestAnnounceSchedule(t *testing.T) {
	a := QEMUAnnounce()
	leaves := published("times of QEMU's announcements", "QEMU, net/announce.c: initial 50 ms, step 100 ms, at most 550 ms, 5 rounds", "ms")
	for k, want := range []float64{0, 50, 200, 450, 800} {
		leaves.Within(t, fmt.Sprint("packet ", k+1), want, a.At(k).Seconds()*1e3, 0)
	}
	reached := computed("time until the network delivers to the new host, by how long its port is closed",
		"first announcement of 0, 50, 200, 450 and 800 ms that gets through, else 60 s", "ms")
	for _, c := range []struct {
		delay time.Duration
		want  float64
	}{{0, 0}, {1, 50}, {50, 50}, {51, 200}, {500, 800}, {900, 60_000}} {
		a.PortDelay = c.delay * time.Millisecond
		reached.Within(t, fmt.Sprintf("%d ms", c.delay), c.want, a.reached().Seconds()*1e3, 0)
	}
	c := busy(QEMUAutoConverge())
	c.Method.Announce.PortDelay = 300 * time.Millisecond
	r := simulate(t, c)
	computed("time that the service is away", "downtime and the first announcement that gets through, 450 ms", "s").
		Within(t, "port closed for 300 ms", r.Downtime+0.45, r.ServiceDowntime, 1e-9)
}

func TestStorage(t *testing.T) {
	c := Config{VM: guestOf(4*GiB, Uniform{Rate: 10 * MB, WorkingSet: 1 * GiB}), Link: Wire(117 * MB), Method: Plain(300 * time.Millisecond)}
	alone := simulate(t, c)
	c.Storage = Storage{Mode: Mirror, Disk: 100 * GiB, WriteRate: 20 * MB}
	mirrored := simulate(t, c)
	disk := computed("simulated time to copy a disk of 100 GiB, link 117 MB/s", "-(disk/w) ln(1 - w/R)", "s")
	disk.Relative(t, "writes of 20 MB/s mirrored", 1006.434, mirrored.StorageSeconds, 1e-6)
	assert.Equal(t, c, mirrored.Config, "the configuration comes back as it was given")
	c.Storage = Storage{}
	c.Link = Wire(97 * MB)
	c.Link.SwitchOver = 117 * MB
	slower := simulate(t, c)
	both := computed("total time of a move with its disk", "the disk and then the memory; mirrored writes take their share of the link from memory", "s")
	both.Relative(t, "mirrored, 20 MB/s of 117 MB/s", mirrored.StorageSeconds+slower.Total, mirrored.Total, 1e-9)
	c.Link = Wire(117 * MB)
	c.Storage = Storage{Mode: Iterate, Disk: 100 * GiB, WriteRate: 58.5 * MB, WriteSet: 100 * GiB, Until: time.Second}
	iterated := simulate(t, c)
	// Each pass is U of the one before: 100 GiB, then about 39, 19, 9, ...
	assert.Greater(t, iterated.StorageBytes, int64(170*GiB))
	assert.Less(t, iterated.StorageBytes, int64(200*GiB), "below the geometric series, since writes repeat")
	both.Relative(t, "copied pass by pass, 58.5 MB/s of 117 MB/s", iterated.StorageSeconds+alone.Total, iterated.Total, 1e-9)
}

func TestTimeoutActsInTheMiddleOfARound(t *testing.T) {
	acts := computed("time at which a timeout of 20 s acts", "the clock, not the end of a round", "s")
	for _, c := range []struct {
		action Decision
		want   Outcome
	}{{Abort, Aborted}, {Force, Forced}, {ToPostCopy, SwitchedToPost}} {
		action, want := c.action, c.want
		for _, m := range []Method{Plain(time.Millisecond), QEMU()} {
			m.Stop = Timeout{After: 20 * time.Second, Action: action}
			r := simulate(t, busy(m))
			assert.Equal(t, want, r.Outcome)
			if want == Aborted {
				acts.Within(t, m.Name+", abort", 20, r.Total, 1e-3)
				assert.Zero(t, r.Downtime)
			}
			if want == Forced {
				acts.Within(t, m.Name+", forced switch", 20, r.Total-r.Downtime, 1e-3)
				assert.Greater(t, r.FinalBytes, int64(1*GiB), "the rest of the first pass, and what was dirtied")
			}
		}
	}
}

func TestNoProgressAborts(t *testing.T) {
	m := QEMU()
	m.Stop = NoProgress{Window: 40 * time.Second, Action: Abort}
	r := simulate(t, busy(m))
	assert.Equal(t, Aborted, r.Outcome)
	assert.Greater(t, r.Total, 60.0)
	assert.Less(t, r.Total, 150.0)
	slow := KubeVirt(64 * GiB)
	r = simulate(t, Config{VM: guestOf(64*GiB, Uniform{}), Link: Wire(100 * Mbps), Method: slow})
	assert.Equal(t, Converged, r.Outcome, "a first pass of an hour and a half is progress all the time")
}

func TestSchedules(t *testing.T) {
	kubevirt := published("KubeVirt's downtime limit", "KubeVirt enhancement 291: 150 ms, 150 ms more every 10 s after round 3, at most 1050 ms", "ms")
	ramp := KubeVirtRamped(4 * GiB).Limit
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
	for _, m := range []Method{Proxmox(), Nova(4 * GiB), KubeVirtRamped(4 * GiB)} {
		c := busy(m)
		c.VM.Workload = Uniform{Rate: 150 * MB, WorkingSet: 256 * MiB}
		fixed := c
		fixed.Method.Limit, fixed.Method.Stop = FixedLimit(100*time.Millisecond), nil
		assert.Equal(t, Diverged, simulate(t, fixed).Outcome)
		r := simulate(t, c)
		assert.Equal(t, Converged, r.Outcome, "%s raises the limit until it ends", m.Name)
		assert.LessOrEqual(t, r.Downtime, m.Limit.Highest().Seconds())
	}
}

func TestThrottlesEndWhatNeverEnds(t *testing.T) {
	require.Equal(t, Diverged, simulate(t, busy(QEMU())).Outcome)
	tail := AutoConvergeModern()
	tail.TailSlow = true
	for name, throttle := range map[string]Throttle{
		"modern": AutoConvergeModern(), "legacy": AutoConvergeLegacy(), "tail slow": tail, "limit": DirtyLimit{Quota: 1 * MB},
		"proportional": Proportional{Target: 0.9, Max: 0.99},
	} {
		m := QEMU()
		m.Throttle = throttle
		r := simulate(t, busy(m))
		assert.Equal(t, Converged, r.Outcome, name)
		assert.Greater(t, r.ThrottleMax, 0.1, name)
	}
}

// The dirty limit's control loop comes to rest within its tolerance of 25 MB/s.
func TestDirtyLimitLoop(t *testing.T) {
	d := DirtyLimit{Quota: 30 * MB}.start(ConstantRate{Rate: 1 * GB, WorkingSet: 64 * GiB}, 1).(*dirtyLimit)
	for range 60 {
		d.tick(d.timer, 0)
	}
	computed("rate at which QEMU's dirty limit comes to rest", "its quota, within the control loop's tolerance of 25 MB/s", "bytes/s").
		Within(t, "quota 30 MB/s, guest that writes 1 GB/s", 30*MB, 1*GB*(1-d.throttle()), dirtyLimitTolerance)
	assert.Equal(t, 0.0, DirtyLimit{Quota: 1 * MB}.start(Uniform{}, 1).(*dirtyLimit).throttle())
}

// XBZRLE makes re-sent pages cheaper: lambda becomes rho lambda.
func TestXBZRLE(t *testing.T) {
	m := Plain(300 * time.Millisecond)
	m.XBZRLE = XBZRLE{HitRate: 0.8, Ratio: 0.25}
	vm := guestOf(8*GiB, ConstantRate{Rate: 125 * MB, WorkingSet: 8 * GiB}) // lambda 1 without
	r := simulate(t, Config{VM: vm, Link: Wire(125 * MB), Method: m})
	assert.Equal(t, Converged, r.Outcome)
	rho := 1 - 0.8*(1-0.25)
	g, ok := theory.GeometricSeries(8*GiB, 125*MB, rho*125*MB, 0.3)
	require.True(t, ok)
	computed("total time with XBZRLE", "V_i = M (rho lambda)^i, rho = 1 - hit rate (1 - ratio)", "s").
		Relative(t, "8 GiB at 125 MB/s, lambda 1, rho 0.4", g.Total, r.Total, 1e-9)
}

func TestCompression(t *testing.T) {
	m := Plain(300 * time.Millisecond)
	m.Compression = Compression{Ratio: 2.5}
	vm := guestOf(8*GiB, Uniform{})
	r := simulate(t, Config{VM: vm, Link: Wire(125 * MB), Method: m})
	total := computed("total time of an idle guest of 8 GiB with compression 2.5, link 125 MB/s", "M/ratio/R, or M/codec where that is slower", "s")
	total.Relative(t, "unlimited codec", 8*GiB/2.5/(125*MB), r.Total, 1e-9)
	m.Compression.Throughput = 200 * MB
	r = simulate(t, Config{VM: vm, Link: Wire(125 * MB), Method: m})
	total.Relative(t, "codec of 200 MB/s", 8*GiB/(200*MB), r.Total, 1e-9)
	computed("bytes sent with compression 2.5", "M/ratio", "bytes").Relative(t, "8 GiB", 8*GiB/2.5, float64(r.SentBytes), 1e-9)
}

// QEMU's documentation of qatzip: 64 GB guest, 54 GiB of it filled, 10848
// Mbit/s, 46.1 s without compression. Payload alone explains 93 % of that.
func TestQATzipTable(t *testing.T) {
	vm := guestOf(64*GiB, Uniform{})
	vm.NonZero = 54 * GiB
	m := Plain(300 * time.Millisecond)
	m.PageHeader = 8
	r := simulate(t, Config{VM: vm, Link: Wire(10_848 * Mbps), Method: m})
	total := measured("total time of a 64 GB guest, 54 GiB of it filled, at 10,848 Mbit/s", "QEMU's documentation of qatzip, table, without compression", "s")
	total.Relative(t, "payload alone, without zero-page scan and setup", 46.063, r.Total, 0.08)
	assert.Less(t, r.Total, 46.063)
	m.ZeroScan = 4.1 * GB // calibrated on the KVM4NFV guide: 8 GiB idle in 2.07 s
	r = simulate(t, Config{VM: vm, Link: Wire(10_848 * Mbps), Method: m})
	total.Relative(t, "with a zero-page scan of 4.1 GB/s", 46.063, r.Total, 0.03)
}

// Huge pages: an idle POWER8 guest with 16 MiB pages showed 39,044 dirty pages
// of 4 KiB a second (B. Murugan's blog, 2019), 152.5 MiB/s: 9.5 writes a
// second, each to another huge page, are enough.
func TestHugePageAmplification(t *testing.T) {
	w := Uniform{Rate: 9.53 * PageBytes, WorkingSet: 8 * GiB}
	large := amplify(w, 16*MiB/PageBytes)
	measured("memory dirtied by an idle guest with 16 MiB pages", "B. Murugan's blog, 2019: POWER8, 39,044 pages of 4 KiB a second; 9.53 writes/s are fitted", "MiB/s").
		Relative(t, "8 GiB", 152.5, large.Unique(0.1)/0.1/MiB, 0.01)
	vm := guestOf(8*GiB, w)
	vm.DirtyPage = 16 * MiB
	r := simulate(t, Config{VM: vm, Link: Wire(866.83 * Mbps), Method: QEMU()})
	assert.Equal(t, Diverged, r.Outcome, "it never converges at 300 ms, as seen")
	vm.DirtyPage = PageBytes
	assert.Equal(t, Converged, simulate(t, Config{VM: vm, Link: Wire(866.83 * Mbps), Method: QEMU()}).Outcome)
	curve := Empirical{Points: []CurvePoint{{1, 1 * GB}, {2, 1.5 * GB}}, Limit: 2 * GiB}
	computed("bytes dirty in pages of 2 MiB where half of the small ones are", "1 - (1 - u)^512, all of it", "bytes").
		Relative(t, "u = 0.5 of 2 GiB", curve.Max(), amplify(curve, 512).Unique(1), 1e-6)
	assert.Equal(t, ConstantRate{Rate: 512, WorkingSet: 2}, amplify(ConstantRate{Rate: 1, WorkingSet: 2}, 512))
	assert.Equal(t, Mixture{{Rate: 512, WorkingSet: 2}}, amplify(Mixture{{Rate: 1, WorkingSet: 2}}, 512))
	assert.Equal(t, Sequential{Rate: 1, WorkingSet: 2}, amplify(Sequential{Rate: 1, WorkingSet: 2}, 512), "a sweep dirties its neighbours anyway")
}

// QEMU commit 7ca1dfad (2013): 20 vCPUs, 256 GB, cap 20 Gbit/s, limit 4 s. The
// guest dirtied 276.7 MB/s while 264 MB/s were sent: lambda 1.05, no end.
func TestJavaWarehouseNeverEnds(t *testing.T) {
	vm := guestOf(268_444_224*KiB, ConstantRate{Rate: 67_551 * PageBytes, WorkingSet: 200 * GiB})
	vm.NonZero = vm.Memory - 64_900_000*PageBytes
	m := QEMU()
	m.Limit = FixedLimit(4 * time.Second)
	m.MaxTime = 1500 * time.Second
	c := Config{VM: vm, Link: Wire(264 * MB), Method: m}
	assert.Equal(t, Diverged, simulate(t, c).Outcome)
	c.Method.Throttle = AutoConvergeLegacy()
	assert.Equal(t, Converged, simulate(t, c).Outcome)
}

// KubeVirt enhancement 291: 8 GiB, 1 Gbit/s, with the ramp 92.2 s and 9694 MiB
// on average. The workload is fitted, so this shows that the model can, not
// that it predicts; downtime is 611 ms there and 513 ms in the fit's source.
func TestKubeVirtRampFit(t *testing.T) {
	vm := guestOf(8*GiB, Mixture{Uniform{Rate: 200 * MB, WorkingSet: 75 * MB}, Uniform{Rate: 8 * MB, WorkingSet: 1.2 * GB}})
	vm.NonZero = 7115 * MiB
	m := bare(KubeVirtRamped(8 * GiB))
	m.Stop, m.Resume = nil, 100*time.Millisecond
	r := simulate(t, Config{VM: vm, Link: Wire(110.7 * MB), Method: m})
	assert.Equal(t, Converged, r.Outcome)
	const source = "KubeVirt enhancement 291, 8 GiB on 1 Gbit/s, mean of its runs; the workload is fitted"
	measured("total time with KubeVirt's downtime ramp", source, "s").Relative(t, "ramp", 92.2, r.Total, 0.08)
	measured("memory sent with KubeVirt's downtime ramp", source, "MiB").Relative(t, "ramp", 9694, float64(r.SentBytes)/MiB, 0.08)
	measured("downtime with KubeVirt's downtime ramp", source, "s").Relative(t, "ramp", 0.611, r.Downtime, 0.35)
	m.Limit = FixedLimit(300 * time.Millisecond)
	fixed := simulate(t, Config{VM: vm, Link: Wire(110.7 * MB), Method: m})
	assert.Equal(t, Diverged, fixed.Outcome)
	ended := 0.0
	if fixed.Outcome == Converged {
		ended = 1
	}
	measured("share of migrations that end at a fixed limit under KubeVirt", "KubeVirt enhancement 291, 8 GiB on 1 Gbit/s; the workload is fitted", "").Gap(t, "limit 300 ms", 1, ended, 0,
		"the real runs escape after 24 to 93 s, by fluctuations that a deterministic model does not have")
}

func TestPhasedLetsItThrough(t *testing.T) {
	m := QEMU()
	c := busy(m)
	require.Equal(t, Diverged, simulate(t, c).Outcome)
	c.VM.Workload = Phased{Base: Uniform{Rate: 200 * MB, WorkingSet: 1 * GiB}, Phases: []Phase{
		{Length: time.Minute, Intensity: 1}, {Length: 20 * time.Second, Intensity: 0},
	}}
	r := simulate(t, c)
	assert.Equal(t, Converged, r.Outcome, "it ends in the lull")
	assert.Greater(t, r.Total, 60.0)
	assert.Less(t, r.Total, 80.0)
}

func TestLinkProfile(t *testing.T) {
	c := Config{VM: guestOf(8*GiB, Uniform{}), Link: Wire(100 * MB), Method: Plain(time.Millisecond)}
	c.Link.Profile = []Step{{At: 10 * time.Second, Rate: 200 * MB}}
	computed("total time on a link that gets faster", "the first 10 s at 100 MB/s, the rest at 200 MB/s", "s").
		Relative(t, "8 GiB", 10+(8*GiB-1000*MB)/(200*MB), simulate(t, c).Total, 1e-9)
}

func TestHybridSendsLessThanPreCopy(t *testing.T) {
	m := QEMUAutoConverge()
	pre := simulate(t, busy(m))
	m.Strategy, m.Throttle = Hybrid, nil
	hybrid := simulate(t, busy(m))
	m.Strategy = PostCopy
	post := simulate(t, busy(m))
	assert.Less(t, hybrid.SentBytes, pre.SentBytes)
	assert.Less(t, post.SentBytes, hybrid.SentBytes)
	assert.Less(t, hybrid.NetworkFaults, post.NetworkFaults, "only what is dirty can be missing")
	assert.Less(t, hybrid.Total, pre.Total)
	assert.Equal(t, SwitchedToPost, hybrid.Outcome)
}

// Xen skips a page that is dirty again when its turn comes: a loop over half
// the memory keeps nearly all of that half out of the first pass.
func TestXenSkipsTheHotLoop(t *testing.T) {
	m := XenAdaptive()
	r := simulate(t, traced(Config{VM: guestOf(512*MB, Sequential{Rate: 1 * GB, WorkingSet: 256 * MB}), Link: Wire(584 * Mbps), Method: m}))
	computed("first pass of Xen over 512 MB of which a loop writes 256 MB", "pages dirty again are skipped, which leaves about the half that the loop does not write", "MB").
		Relative(t, "loop at 1 GB/s, link 584 Mbit/s", 257, r.Rows[0].Sent/MB, 0.01)
	assert.Equal(t, Forced, r.Outcome)
	computed("downtime of Xen under a loop over 256 MB", "W/R", "s").Relative(t, "link 584 Mbit/s", 256*MB/(584*Mbps), r.Downtime, 1e-3)
}

// The adaptive rate: passes of given sizes take the times that the rule gives
// them, 100 Mbit/s first and then 50 above the last dirty rate.
func TestAdaptiveRate(t *testing.T) {
	const mb = 1_000_000
	m := XenAdaptive()
	m.SkipRedirtied = false
	m.Stop = AfterRounds{Rounds: 8, Action: Force}
	vm := VM{
		Memory: 800 * mb, NonZero: 676_800_000, VCPUs: 1, DirtyPage: PageBytes,
		Workload: Replay{126_700_000, 39 * mb, 28_400_000, 24_200_000, 16_700_000, 14_200_000, 15_300_000, 18_200_000},
	}
	r := simulate(t, traced(Config{VM: vm, Link: CappedWire(1*Gbps, 724*Mbps), Method: m}))
	const source = "each pass at the dirty rate of the one before and 50 Mbit/s, within 100 and 500 Mbit/s; passes of 676.8, 126.7, 39, 28.4, 24.2, 16.7, 14.2, 15.3 and 18.2 MB"
	seconds := computed("times under Xen's adaptive rate", source, "s")
	seconds.Relative(t, "live passes", 72.5, r.Total-r.Downtime, 0.01)
	computed("bytes sent over memory under Xen's adaptive rate", source, "").Relative(t, "800 MB guest", 1.199, r.Amplification, 0.01)
	seconds.Relative(t, "last copy at 724 Mbit/s", 0.201, r.Downtime, 0.01)
	computed("rate of a pass under Xen's adaptive rate", source, "bytes/s").Within(t, "second pass, 100 Mbit/s", 100*Mbps, r.Rows[1].Rate, 1)
	assert.Greater(t, r.Rows[3].Rate, 100*Mbps)
}

// With exponent 0 every page is as popular as any other, in small pages and in
// large ones; with a larger exponent the sum over large pages is exact.
func TestZipfInLargePages(t *testing.T) {
	const unit = 512
	flat := Zipf{Rate: 4 * MB, WorkingSet: 64 * MiB}.parts(unit)
	uniform := amplify(Uniform{Rate: 4 * MB, WorkingSet: 64 * MiB}, unit)
	z := Zipf{Rate: 40 * PageBytes, WorkingSet: 64 * MiB, Exponent: 0.9}
	norm, exact := 0.0, 0.0
	for j := 1.0; j <= 16_384; j++ {
		norm += math.Pow(j, -0.9)
	}
	for page := range 32 {
		mass := 0.0
		for j := page*unit + 1; j <= (page+1)*unit; j++ {
			mass += math.Pow(float64(j), -0.9)
		}
		exact += unit * PageBytes * -math.Expm1(-40*mass/norm*0.5)
	}
	dirty := computed("bytes dirtied under Zipf writes in pages of 2 MiB", "sum over large pages of 2 MiB (1 - e^(-Rate t mass)), mass the sum of its pages' p_j", "bytes")
	dirty.Relative(t, "exponent 0, as uniform writes", uniform.Unique(0.02), flat.Unique(0.02), 1e-9)
	dirty.Relative(t, "exponent 0.9, page by page", exact, z.parts(unit).Unique(0.5), 1e-4)
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

// A guest of zero pages, where a mark costs nothing, still takes its one round.
func TestNothingButZeroPages(t *testing.T) {
	for _, m := range []Method{Plain(300 * time.Millisecond), SimGrid(), CloudHypervisor(), Xen(), XenLegacy(), bare(QEMU())} {
		vm := guestOf(1*GiB, Uniform{})
		vm.NonZero = 0
		r := simulate(t, traced(Config{VM: vm, Link: Wire(125 * MB), Method: m}))
		assert.Contains(t, []Outcome{Converged, Forced}, r.Outcome, m.Name)
		assert.Zero(t, r.SentBytes)
	}
}
