// Package hypervisor holds what real systems do with package livemigration's policies, and what
// they were measured to do.
//
// # The question
//
// What would QEMU, Xen, Hyper-V, vMotion or an orchestrator above them do with my guest, and does
// the model say what they really did?
//
// # The model
//
// A preset such as [QEMU] or [Nova] is a Method with the numbers of that system. [QEMURuns] are
// migrations measured on a real hypervisor, each with the Config that predicts it; [MemcachedVM] is
// a real guest's measured dirty curve, and [MemcachedPredictions] what another predictor made of
// it.
//
// # Sources
//
// QEMU 10.2 and 7.2: migration/{migration,ram,options,cpu-throttle}.c, system/dirtylimit.c,
// net/announce.c. Xen: tools/libs/guest/xg_sr_save.c and the former tools/libxc/xc_domain_save.c.
// SimGrid: src/plugins/vm/VmLiveMigration.cpp. OpenStack Nova, KubeVirt (enhancements 248 and 291),
// Proxmox (PVE/QemuMigrate.pm) and Cloud Hypervisor: their source and documentation. A. Gudkov,
// qemu-devel, 27 April 2023. The measured runs of testdata/ were made for this package.
//
// # Deviations
//
//   - vMotion's rules are not public: [VMotion] is an approximation. Hyper-V's limit on the pause
//     is not known; [HyperV] has none.
//   - The downtime of QEMU's last phase is priced by Link.SwitchOver alone; stop and resume of
//     vCPUs and devices are Method.Resume, 0 in the presets.
package hypervisor
