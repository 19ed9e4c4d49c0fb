package studies

import (
	"fmt"
	"time"

	"cloudconcepts/internal/study"
	lm "cloudconcepts/livemigration"
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
		{"qemu", "QEMU 10.2, migration/{migration,ram,options}.c", plain(lm.QEMU)},
		{"qemu-auto-converge", "QEMU 10.2 with auto-converge", plain(lm.QEMUAutoConverge)},
		{"qemu-legacy", "early QEMU 2.x with auto-converge, migration/ram.c", plain(lm.QEMULegacy)},
		{"xen", "Xen, tools/libs/guest/xg_sr_save.c", plain(lm.Xen)},
		{"xen-legacy", "Xen's former save code, tools/libxc/xc_domain_save.c", plain(lm.XenLegacy)},
		{"xen-adaptive", "the same with ADAPTIVE_SAVE", plain(lm.XenAdaptive)},
		{"hyper-v", "Directions on Microsoft: 10 passes", plain(lm.HyperV)},
		{"cloud-hypervisor", "Cloud Hypervisor, docs/live_migration.md", plain(lm.CloudHypervisor)},
		{"cloud-hypervisor-early", "Cloud Hypervisor's first releases: 5 dirty passes", plain(lm.CloudHypervisorEarly)},
		{"vmotion", "approximation of VMware vMotion with SDPS", plain(lm.VMotion)},
		{"simgrid", "SimGrid, src/plugins/vm/VmLiveMigration.cpp", plain(lm.SimGrid)},
		{"nova", "OpenStack Nova, nova/conf/libvirt.py, over QEMU", lm.Nova},
		{"kubevirt", "KubeVirt, completionTimeoutPerGiB 150 s, over QEMU", lm.KubeVirt},
		{"kubevirt-ramp", "KubeVirt enhancement 291, downtime ramp, over QEMU", lm.KubeVirtRamped},
		{"proxmox", "Proxmox VE, PVE/QemuMigrate.pm, over QEMU", plain(lm.Proxmox)},
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
