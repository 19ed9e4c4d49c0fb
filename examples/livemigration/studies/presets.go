package studies

import (
	"fmt"
	"time"

	"cloudconcepts/internal/study"
	lm "cloudconcepts/livemigration"
	"cloudconcepts/livemigration/hypervisor"
)

// preset is a hypervisor's method with its source.
type preset struct {
	name, source string
	method       func(memory int64) lm.Method
}

// methods are all presets, by the names that --preset takes.
func methods() []preset {
	plain := func(m func() lm.Method) func(int64) lm.Method { return func(int64) lm.Method { return m() } }
	return []preset{
		{"rounds", "the textbook: rounds until the next fits the limit", plain(func() lm.Method { return lm.Plain(300 * time.Millisecond) })},
		{"qemu", "QEMU 10.2, migration/{migration,ram,options}.c", plain(hypervisor.QEMU)},
		{"qemu-auto-converge", "QEMU 10.2 with auto-converge", plain(hypervisor.QEMUAutoConverge)},
		{"qemu-legacy", "early QEMU 2.x with auto-converge, migration/ram.c", plain(hypervisor.QEMULegacy)},
		{"xen", "Xen, tools/libs/guest/xg_sr_save.c", plain(hypervisor.Xen)},
		{"xen-legacy", "Xen's former save code, tools/libxc/xc_domain_save.c", plain(hypervisor.XenLegacy)},
		{"xen-adaptive", "the same with ADAPTIVE_SAVE", plain(hypervisor.XenAdaptive)},
		{"hyper-v", "Directions on Microsoft: 10 passes", plain(hypervisor.HyperV)},
		{"cloud-hypervisor", "Cloud Hypervisor, docs/live_migration.md", plain(hypervisor.CloudHypervisor)},
		{"cloud-hypervisor-early", "Cloud Hypervisor's first releases: 5 dirty passes", plain(hypervisor.CloudHypervisorEarly)},
		{"vmotion", "approximation of VMware vMotion with SDPS", plain(hypervisor.VMotion)},
		{"simgrid", "SimGrid, src/plugins/vm/VmLiveMigration.cpp", plain(hypervisor.SimGrid)},
		{"nova", "OpenStack Nova, nova/conf/libvirt.py, over QEMU", hypervisor.Nova},
		{"kubevirt", "KubeVirt, completionTimeoutPerGiB 150 s, over QEMU", hypervisor.KubeVirt},
		{"kubevirt-ramp", "KubeVirt enhancement 291, downtime ramp, over QEMU", hypervisor.KubeVirtRamped},
		{"proxmox", "Proxmox VE, PVE/QemuMigrate.pm, over QEMU", plain(hypervisor.Proxmox)},
	}
}

func presets() []study.Preset {
	var list []study.Preset
	for _, p := range methods() {
		list = append(list, study.Preset{Name: p.name, Source: p.source})
	}
	return list
}

func presetNames() []string {
	var names []string
	for _, p := range methods() {
		names = append(names, p.name)
	}
	return names
}

// methodOf is the preset's method for a guest of that memory.
func methodOf(name string, memory int64) (lm.Method, error) {
	for _, p := range methods() {
		if p.name == name {
			return p.method(memory), nil
		}
	}
	return lm.Method{}, fmt.Errorf("no preset %q", name)
}
