package livemigration_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	. "cloudconcepts/livemigration"
	"cloudconcepts/livemigration/hypervisor"
	"cloudconcepts/livemigration/theory"
)

func busy(method Method) Config {
	return Config{VM: guestOf(4*GiB, Uniform{Rate: 200 * MB, WorkingSet: 1 * GiB}), Link: Wire(125 * MB), Method: method}
}

func TestAnnounceDelaysTheService(t *testing.T) {
	c := busy(hypervisor.QEMUAutoConverge())
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
		for _, m := range []Method{Plain(time.Millisecond), hypervisor.QEMU()} {
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
	m := hypervisor.QEMU()
	m.Stop = NoProgress{Window: 40 * time.Second, Action: Abort}
	r := simulate(t, busy(m))
	assert.Equal(t, Aborted, r.Outcome)
	assert.Greater(t, r.Total, 60.0)
	assert.Less(t, r.Total, 150.0)
	slow := hypervisor.KubeVirt(64 * GiB)
	r = simulate(t, Config{VM: guestOf(64*GiB, Uniform{}), Link: Wire(100 * Mbps), Method: slow})
	assert.Equal(t, Converged, r.Outcome, "a first pass of an hour and a half is progress all the time")
}

func TestThrottlesEndWhatNeverEnds(t *testing.T) {
	require.Equal(t, Diverged, simulate(t, busy(hypervisor.QEMU())).Outcome)
	tail := hypervisor.AutoConvergeModern()
	tail.TailSlow = true
	for name, throttle := range map[string]Throttle{
		"modern": hypervisor.AutoConvergeModern(), "legacy": hypervisor.AutoConvergeLegacy(), "tail slow": tail, "limit": DirtyLimit{Quota: 1 * MB},
		"proportional": Proportional{Target: 0.9, Max: 0.99},
	} {
		m := hypervisor.QEMU()
		m.Throttle = throttle
		r := simulate(t, busy(m))
		assert.Equal(t, Converged, r.Outcome, name)
		assert.Greater(t, r.ThrottleMax, 0.1, name)
	}
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

func TestPhasedLetsItThrough(t *testing.T) {
	m := hypervisor.QEMU()
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
	m := hypervisor.QEMUAutoConverge()
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
	m := hypervisor.XenAdaptive()
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
	m := hypervisor.XenAdaptive()
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

// A guest of zero pages, where a mark costs nothing, still takes its one round.
func TestNothingButZeroPages(t *testing.T) {
	for _, m := range []Method{Plain(300 * time.Millisecond), hypervisor.SimGrid(), hypervisor.CloudHypervisor(), hypervisor.Xen(), hypervisor.XenLegacy(), bare(hypervisor.QEMU())} {
		vm := guestOf(1*GiB, Uniform{})
		vm.NonZero = 0
		r := simulate(t, traced(Config{VM: vm, Link: Wire(125 * MB), Method: m}))
		assert.Contains(t, []Outcome{Converged, Forced}, r.Outcome, m.Name)
		assert.Zero(t, r.SentBytes)
	}
}

// The same guest of huge pages as in TestHugePageAmplification never converges at 300 ms, as seen;
// with small ones it does.
func TestHugePagesNeverEnd(t *testing.T) {
	vm := guestOf(8*GiB, Uniform{Rate: 9.53 * PageBytes, WorkingSet: 8 * GiB})
	vm.DirtyPage = 16 * MiB
	r := simulate(t, Config{VM: vm, Link: Wire(866.83 * Mbps), Method: hypervisor.QEMU()})
	assert.Equal(t, Diverged, r.Outcome, "it never converges at 300 ms, as seen")
	vm.DirtyPage = PageBytes
	assert.Equal(t, Converged, simulate(t, Config{VM: vm, Link: Wire(866.83 * Mbps), Method: hypervisor.QEMU()}).Outcome)
}
