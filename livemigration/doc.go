// Package livemigration simulates the live migration of virtual machines.
//
// # The question
//
// A guest has to move from one host to another while it runs. Its memory is
// copied, and while it is copied the guest writes: what was copied is stale
// again. Does the copying ever end? How long does it take, how long does the
// guest stand still, how much goes over the wire, and what does each remedy
// (throttling, post-copy, a longer downtime limit) cost?
//
// # The model
//
// A workload is one curve, [DirtyCurve]: U(t), the unique bytes that the guest
// dirties within t seconds after all pages were clean. Real curves bend: a
// memcached guest dirties 528 MiB/s over 125 ms and 98.6 MiB/s over a minute
// (see [MemcachedVM]). Pre-copy by rounds is then a map: what round i+1 sends
// is U(what round i sent / R). The curves are [ConstantRate], [Uniform],
// [Mixture], [Zipf], [Sequential], [Empirical], and [Phased] over any of them;
// [Replay] plays back a recorded migration.
//
// The map has two forms. [RoundBased] sends all that was dirty and then looks
// at all that has become dirty: Xen, Cloud Hypervisor, SimGrid and the papers.
// [Drain] is QEMU: it sends until what is left fits the downtime limit, only
// then fetches the dirty log, and looks again. They converge under different
// conditions ([UniformConverges]): with uniform writes over a working set W at
// lambda times the bandwidth R, rounds end if W [UniformPlateau](lambda) <= R
// tau, drained pre-copy if W (1 - 1/lambda) <= R tau, which is the larger region.
//
// Between the two looks guest memory is cut into stretches of addresses that
// share one history (regions.go): the dirty bytes of a stretch are its share of
// U(age), its age being the guest time since its log was cleared. This needs no
// inverse of U and no list of pages. [SimulatePages] does the same with real
// pages, one bit each and real random writes, and confirms it.
//
// # Symbols
//
//	M    VM.Memory, of which VM.NonZero goes in full   bytes
//	R    Link.Bandwidth (live), Link.SwitchOver (last copy and post-copy) bytes/s
//	D    the workload's Rate      bytes/s
//	W    the workload's WorkingSet   bytes
//	tau  Method.Limit             s
//	lambda = D/R, V_i = bytes sent in round i, p = throttle: guest time runs at 1-p
//
// # Formulas
//
//	constant rate   V_i = M lambda^i                 [GeometricSeries]
//	uniform         V_(i+1) = W (1 - e^(-lambda V_i/W))   [UniformPlateau]
//	drain           P' = W - (W - left) e^(-D dt/W)  [DrainPlateau]
//	post-copy       F = W (1 - (1 - e^-x)/x), x = D T/W   [PostCopyFaults]
//	clear on send   W (1 - (1 - e^-x)/x)             [ClearOnSendShare]
//	disk mirror     T = -(disk/w) ln(1 - w/R)        [MirrorSeconds]
//
// # Sources
//
// QEMU 10.2 and 7.2: migration/{migration,ram,options,cpu-throttle}.c,
// system/dirtylimit.c, net/announce.c. Xen: tools/libs/guest/xg_sr_save.c and
// the former tools/libxc/xc_domain_save.c. SimGrid: src/plugins/vm/VmLiveMigration.cpp.
// OpenStack Nova, KubeVirt (enhancements 248 and 291), Proxmox (PVE/QemuMigrate.pm)
// and Cloud Hypervisor: their source and documentation. A. Gudkov, qemu-devel,
// 27 April 2023. The measured runs of testdata/ were made for this package.
//
// # Deviations
//
// What is left out or differs from the real systems, each asserted in a test
// where it can be:
//
//   - Writes are stationary and every stretch of addresses holds the same mix of
//     hot and cold pages. A guest whose working set lies in one piece of its
//     address space differs by what is left of the first pass, a few per cent of
//     one round.
//   - Where in its last window QEMU stops is chance. On a capped link it sends the
//     quota of 100 ms in one burst and looks once a window, so the last copy lies
//     anywhere within one quota below the limit; the model gives one of these
//     values. (Engines with 50 ms slices on a capped link, where QEMU makes one
//     look per 100 ms, count up to twice the syncs near the limit.)
//   - Near the boundary of convergence the deterministic engine can settle in a
//     cycle of one burst a sync or of two; real noise moves a guest between them,
//     and can let one converge that the model holds for diverged.
//   - The downtime of QEMU's last phase is priced by Link.SwitchOver alone; stop
//     and resume of vCPUs and devices are Method.Resume, 0 in the presets.
//   - DirtyLimit slows all of a vCPU's time, not only its writes.
//   - vMotion's rules are not public: VMotion is an approximation. Hyper-V's limit
//     on the pause is not known; HyperV has none.
//   - After a switch to post-copy, Phased workloads go on at intensity 1.
//   - Storage is copied before memory, not interleaved with it.
package livemigration
