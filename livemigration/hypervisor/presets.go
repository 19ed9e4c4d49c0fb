package hypervisor

import (
	"time"

	lm "cloudconcepts/livemigration"
)

// QEMU is QEMU 10.2 without capabilities: downtime-limit 300 ms, 8 bytes of
// header a page, five announcements (migration/options.c, ram.c, net/announce.c).
// Its default max-bandwidth is 128 MiB/s; Link.Bandwidth says what it is here.
//
// Where in its last window QEMU stops is chance. On a capped link it sends the quota of 100 ms in
// one burst and looks once a window, so the last copy lies anywhere within one quota below the
// limit; the model gives one of these values. (Engines with 50 ms slices on a capped link, where
// QEMU makes one look per 100 ms, count up to twice the syncs near the limit.)
func QEMU() lm.Method {
	m := lm.Plain(300 * time.Millisecond)
	m.Name, m.SwitchOver, m.PageHeader, m.Announce = "qemu", lm.Drain, 8, QEMUAnnounce()
	return m
}

// QEMUAutoConverge is QEMU 10.2 with the auto-converge capability.
func QEMUAutoConverge() lm.Method {
	m := QEMU()
	m.Name, m.Throttle = "qemu-auto-converge", AutoConvergeModern()
	return m
}

// QEMULegacy is early QEMU 2.x with auto-converge: three strikes, no timer.
func QEMULegacy() lm.Method {
	m := QEMU()
	m.Name, m.Throttle = "qemu-legacy", AutoConvergeLegacy()
	return m
}

// Xen is today's Xen: at most 5 live rounds; a round of fewer than 50 pages is
// the last live one (tools/libs/guest/xg_sr_save.c, SPP_MAX_ITERATIONS and
// SPP_TARGET_DIRTY_COUNT).
func Xen() lm.Method {
	m := lm.Plain(0)
	m.Name, m.Limit, m.MinRounds = "xen", nil, 1
	m.Stop = lm.Any(lm.AfterRounds{Rounds: 5, Action: lm.Force}, lm.FewPages{Pages: 50, Action: lm.LastRound})
	return m
}

// XenLegacy is Xen's former save code: 29 rounds, 3 times the memory, or a round of
// fewer than 50 pages (tools/libxc/xc_domain_save.c). Data is at most 5 times
// the memory less one page.
func XenLegacy() lm.Method {
	m := lm.Plain(0)
	m.Name, m.Limit, m.MinRounds = "xen-legacy", nil, 1
	m.Stop = lm.Any(
		lm.GrowingRound{Action: lm.Force},
		lm.AfterRounds{Rounds: 29, Action: lm.Force},
		lm.FewPages{Pages: 50, Sent: true, Action: lm.Switch},
		lm.DataFactor{Factor: 3, Action: lm.Force},
	)
	return m
}

// XenAdaptive is legacy Xen with ADAPTIVE_SAVE: 100 to 500 Mbit/s, 50 Mbit/s
// above the last round's dirty rate, and pages already dirty again skipped.
func XenAdaptive() lm.Method {
	m := XenLegacy()
	m.Name = "xen-adaptive"
	m.Rate = lm.AdaptiveRate{Start: 100 * lm.Mbps, Max: 500 * lm.Mbps, Increment: 50 * lm.Mbps}
	m.SkipRedirtied = true
	return m
}

// HyperV is Hyper-V's live migration: at most 10 passes, then the switch
// (Directions on Microsoft). Its limit on the pause is not documented; the
// preset has none.
func HyperV() lm.Method {
	m := lm.Plain(0)
	m.Name, m.Limit, m.MinRounds = "hyper-v", nil, 1
	m.Stop = lm.Any(lm.AfterRounds{Rounds: 10, Action: lm.Force}, lm.FewPages{Pages: 1, Action: lm.Switch})
	return m
}

// CloudHypervisor is Cloud Hypervisor with its documented defaults: downtime
// 300 ms, timeout 3600 s, and then cancel (docs/live_migration.md).
func CloudHypervisor() lm.Method {
	m := lm.Plain(300 * time.Millisecond)
	m.Name, m.MinRounds = "cloud-hypervisor", 1
	m.Stop = lm.Timeout{After: 3600 * time.Second, Action: lm.Abort}
	return m
}

// CloudHypervisorEarly is Cloud Hypervisor as first released: a full copy, at
// most 5 dirty passes, then the pause, whatever is left.
func CloudHypervisorEarly() lm.Method {
	m := lm.Plain(0)
	m.Name, m.Limit, m.MinRounds = "cloud-hypervisor-early", nil, 1
	m.Stop = lm.Any(lm.AfterRounds{Rounds: 6, Action: lm.Force}, lm.FewPages{Pages: 1, Action: lm.Switch})
	return m
}

// VMotion approximates VMware vMotion: rounds until the rest fits half a
// second, and Stun During Page Send when the guest dirties faster than the
// link sends. The constants are assumptions, not measured.
func VMotion() lm.Method {
	m := lm.Plain(500 * time.Millisecond)
	m.Name, m.MinRounds = "vmotion", 1
	m.Throttle = lm.Proportional{Target: 0.9, Max: 0.99}
	return m
}

// SimGrid is SimGrid's live migration plug-in: one full pass, then rounds until
// the rest fits 30 ms (src/plugins/vm/VmLiveMigration.cpp).
func SimGrid() lm.Method {
	m := lm.Plain(30 * time.Millisecond)
	m.Name, m.MinRounds = "simgrid", 1
	return m
}

// Nova is OpenStack Nova over QEMU: the downtime ramp to 500 ms, and an abort
// after 800 s for each GiB, of which it counts at least two (nova/conf/libvirt.py).
func Nova(memory int64) lm.Method {
	gib := max(2, (memory+lm.GiB-1)/lm.GiB)
	m := QEMU()
	m.Name = "nova"
	m.Limit = lm.NovaRamp{Max: 500 * time.Millisecond, Steps: 10, DelayPerGiB: 75 * time.Second, GiB: gib}
	m.Stop = lm.Timeout{After: 800 * time.Second * time.Duration(gib), Action: lm.Abort}
	return m
}

// KubeVirt is KubeVirt over QEMU: an abort after 150 s for each GiB; the
// downtime limit is QEMU's 300 ms. Its progress timeout, another 150 s, is left
// out: KubeVirt counts it as progress if less remains than at the poll before,
// and between two dirty syncs that is always so.
func KubeVirt(memory int64) lm.Method {
	m := QEMU()
	m.Name = "kubevirt"
	gib := float64(memory) / lm.GiB
	m.Stop = lm.Timeout{After: max(time.Duration(gib*150*float64(time.Second)), time.Second), Action: lm.Abort}
	return m
}

// KubeVirtRamped is KubeVirt with the downtime ramp of enhancement 291.
func KubeVirtRamped(memory int64) lm.Method {
	m := KubeVirt(memory)
	m.Name = "kubevirt-ramp"
	m.Limit = lm.KubeVirtRamp{
		Start: 150 * time.Millisecond, Step: 150 * time.Millisecond, Ceiling: 1050 * time.Millisecond,
		Every: 10 * time.Second, AfterRounds: 3,
	}
	return m
}

// Proxmox is Proxmox VE over QEMU: 100 ms, doubled after more than five polls
// in which the remaining memory grew (PVE/QemuMigrate.pm).
func Proxmox() lm.Method {
	m := QEMU()
	m.Name = "proxmox"
	m.Limit = lm.ProxmoxDoubling{Start: 100 * time.Millisecond, Polls: 5}
	return m
}

// QEMUAnnounce is QEMU's default schedule (announce-initial 50 ms, -max
// 550 ms, -rounds 5, -step 100 ms): packets at 0, 50, 200, 450 and 800 ms.
func QEMUAnnounce() lm.Announce {
	return lm.Announce{
		Initial: 50 * time.Millisecond, Step: 100 * time.Millisecond,
		Max: 550 * time.Millisecond, Rounds: 5, Fallback: time.Minute,
	}
}

// AutoConvergeModern is auto-converge in QEMU 10.2: 20 % and then
// 10 % steps, two strikes, and a dirty sync at least every 5 s (migration/ram.c,
// options.c and cpu-throttle.c of QEMU 10.2).
func AutoConvergeModern() lm.AutoConverge {
	ac := AutoConverge72()
	ac.ForceSync = 5 * time.Second
	return ac
}

// AutoConverge72 is auto-converge before the timer, which was proposed on
// qemu-devel in September 2024, and so in QEMU 7.2.
func AutoConverge72() lm.AutoConverge {
	return lm.AutoConverge{Initial: 0.20, Increment: 0.10, Max: 0.99, Trigger: 0.50, Strikes: 2}
}

// AutoConvergeLegacy is auto-converge in QEMU of the 2.x era, whose post-increment
// made it three strikes.
func AutoConvergeLegacy() lm.AutoConverge {
	ac := AutoConverge72()
	ac.Strikes = 3
	return ac
}
