package studies

import (
	"errors"
	"fmt"
	"os"
	"time"

	"cloudconcepts/internal/study"
	lm "cloudconcepts/livemigration"
	"cloudconcepts/livemigration/hypervisor"
)

// input is the whole Config as flags. What the user leaves open follows from
// what he sets: see config.
type input struct {
	set func(flag string) bool // whether the user gave it
	cfg lm.Config

	preset, workload, strategy, converge, engine, curve string

	rate, coldRate, zipf float64
	workingSet, coldSet  int64
	limit, timeout       time.Duration
	maxRounds            int
	onTimeout            string
	storage              string
}

func newInput() *input {
	return &input{
		cfg:    lm.Config{VM: lm.Default().VM, Link: lm.Wire(1 * lm.Gbps), Method: hypervisor.QEMU(), Trace: true, Storage: lm.Storage{Until: time.Second}},
		preset: "qemu", workload: "uniform", strategy: "precopy", converge: "off", engine: "curve", storage: "shared", onTimeout: "abort",
		rate: 100 * lm.MB, coldRate: 10 * lm.MB, zipf: 0.99, limit: 300 * time.Millisecond,
	}
}

func (in *input) flags(f *study.Flags) {
	in.set = f.Changed
	in.vmFlags(f)
	in.linkFlags(f)
	in.methodFlags(f)
	in.costFlags(f)
	in.postFlags(f)
	f.Choice(&in.engine, "engine", "by the dirty curve, or page by page with random writes", "curve", "pages")
}

func (in *input) vmFlags(f *study.Flags) {
	vm := &in.cfg.VM
	f.Bytes(&vm.Memory, "memory", "guest memory")
	f.Bytes(&vm.NonZero, "nonzero", "memory that the first pass sends in full; a zero page costs one page header (not given: all of it)")
	f.Bytes(&vm.DeviceState, "device-state", "device and CPU state, sent with the guest stopped")
	f.Int(&vm.VCPUs, "vcpus", "virtual CPUs")
	f.Bytes(&vm.DirtyPage, "dirty-page", "page size in which writes are tracked, such as 2MiB")
	f.Choice(&in.workload, "workload", "what the guest writes: constant, uniform, sequential, hotcold, zipf or curve", "constant", "uniform", "sequential", "hotcold", "zipf", "curve")
	f.Rate(&in.rate, "dirty-rate", "memory written a second")
	f.Bytes(&in.workingSet, "working-set", "memory that is written (not given: an eighth of memory; all of it for constant)")
	f.Rate(&in.coldRate, "cold-rate", "hotcold: memory written a second outside the working set")
	f.Bytes(&in.coldSet, "cold-set", "hotcold: size of that memory (not given: half of memory)")
	f.Float(&in.zipf, "zipf-exponent", "zipf: exponent of the popularity law")
	f.File(&in.curve, "curve", "curve: CSV with seconds,bytes: unique bytes dirtied within that time")
}

func (in *input) linkFlags(f *study.Flags) {
	l := &in.cfg.Link
	f.Rate(&l.Bandwidth, "bandwidth", "bandwidth while the guest runs: the cap, or the wire")
	f.Rate(&l.SwitchOver, "switchover-bandwidth", "bandwidth while it stands still and of post-copy (not given: the same)")
	f.Duration(&l.RTT, "rtt", "round trip time")
	f.Fraction(&l.Efficiency, "efficiency", "share of the bandwidth that is payload")
	f.Int(&l.Share, "share", "equal migrations that share the link")
	f.Choice(&in.storage, "storage", "the disk: on both hosts, mirrored in one pass, or copied in passes", "shared", "mirror", "iterate")
	f.Bytes(&in.cfg.Storage.Disk, "disk", "size of the disk")
	f.Rate(&in.cfg.Storage.WriteRate, "disk-write-rate", "data written to the disk a second")
	f.Bytes(&in.cfg.Storage.WriteSet, "disk-write-set", "iterate: part of the disk that is written")
}

func (in *input) methodFlags(f *study.Flags) {
	m := &in.cfg.Method
	f.Choice(&in.preset, "preset", "the hypervisor's rules", presetNames()...)
	f.Choice(&in.strategy, "strategy", "when the guest changes hosts", "precopy", "postcopy", "hybrid", "offline")
	f.Duration(&in.limit, "downtime-limit", "longest pause that pre-copy aims at (not given: the preset's)")
	f.Int(&in.maxRounds, "max-rounds", "live rounds after which the switch is forced (not given: the preset's)")
	f.Duration(&in.timeout, "timeout", "time after which --on-timeout happens (not given: the preset's)")
	f.Choice(&in.onTimeout, "on-timeout", "what happens then", "abort", "force", "postcopy")
	f.Choice(&in.converge, "auto-converge", "throttling of the guest: off, modern, two-strike (QEMU 7.2), legacy, dirty-limit or proportional (not given: the preset's)",
		"off", "modern", "two-strike", "legacy", "dirty-limit", "proportional")
	f.Rate(&m.AssumedBandwidth, "assumed-bandwidth", "bandwidth by which the limit is judged (0: as measured)")
}

func (in *input) costFlags(f *study.Flags) {
	m := &in.cfg.Method
	f.Bytes(&m.PageHeader, "page-header", "bytes on the wire with every page (not given: the preset's)")
	f.Rate(&m.ZeroScan, "zero-scan", "memory searched for zero pages a second (0: takes no time)")
	f.Float(&m.Compression.Ratio, "compression", "compression ratio of full pages")
	f.Rate(&m.Compression.Throughput, "compression-throughput", "memory compressed a second (0: never the bottleneck)")
	f.Fraction(&m.XBZRLE.HitRate, "xbzrle-hit-rate", "re-sent pages that go as a difference")
	f.Fraction(&m.XBZRLE.Ratio, "xbzrle-ratio", "size of such a difference")
	f.Bool(&m.ClearOnSend, "clear-on-send", "re-arm the dirty log just before a page goes out")
	f.Bool(&m.SkipRedirtied, "skip-redirtied", "leave out pages that are dirty again when their turn comes")
	f.Duration(&m.Setup, "setup", "time before the first page")
	f.Duration(&m.StopLatency, "stop-latency", "from the decision until the guest stands still")
	f.Duration(&m.Resume, "resume", "fixed part of the downtime")
}

func (in *input) postFlags(f *study.Flags) {
	p := &in.cfg.Method.PostCopy
	f.Int(&p.AfterRounds, "postcopy-after", "hybrid: live rounds before the switch")
	f.Bool(&p.Preempt, "postcopy-preempt", "requested pages have a channel of their own")
	f.Bytes(&p.Queue, "postcopy-queue", "bytes ahead of a requested page without that")
	f.Duration(&p.Service, "postcopy-service", "handling of a fault on both hosts")
	f.Float(&p.Touches, "postcopy-touches", "pages touched for each page written")
	f.Float(&p.Locality, "postcopy-locality", "pages that one fault brings in")
	f.Bool(&p.Feedback, "postcopy-feedback", "faults stall the guest, so that it touches less")
}

// config is the configuration that the flags ask for: the preset, changed by
// what was given.
func (in *input) config(seed uint64) (lm.Config, error) {
	c := in.cfg
	c.Seed = seed
	if !in.set("nonzero") {
		c.VM.NonZero = c.VM.Memory
	}
	if !in.set("switchover-bandwidth") {
		c.Link.SwitchOver = c.Link.Bandwidth
	}
	method, err := in.method(c.VM.Memory)
	if err != nil {
		return c, err
	}
	c.Method = method
	workload, err := in.dirtyCurve(c.VM)
	if err == nil {
		c.VM.Workload = workload
	}
	c.Storage.Mode = map[string]lm.StorageMode{"shared": lm.Shared, "mirror": lm.Mirror, "iterate": lm.Iterate}[in.storage]
	return c, errors.Join(err, c.Validate())
}

// dirtyCurve is the workload.
func (in *input) dirtyCurve(vm lm.VM) (lm.DirtyCurve, error) {
	set := in.workingSet
	if !in.set("working-set") {
		set = vm.Memory / 8
	}
	switch in.workload {
	case "constant":
		if !in.set("working-set") {
			set = vm.Memory
		}
		return lm.ConstantRate{Rate: in.rate, WorkingSet: set}, nil
	case "sequential":
		return lm.Sequential{Rate: in.rate, WorkingSet: set}, nil
	case "zipf":
		return lm.Zipf{Rate: in.rate, WorkingSet: set, Exponent: in.zipf}, nil
	case "hotcold":
		cold := in.coldSet
		if !in.set("cold-set") {
			cold = vm.Memory / 2
		}
		return lm.Mixture{lm.Uniform{Rate: in.rate, WorkingSet: set}, lm.Uniform{Rate: in.coldRate, WorkingSet: cold}}, nil
	case "curve":
		return readCurve(in.curve, vm.NonZero)
	}
	return lm.Uniform{Rate: in.rate, WorkingSet: set}, nil
}

func readCurve(path string, limit int64) (lm.DirtyCurve, error) {
	if path == "" {
		return nil, fmt.Errorf("%w: --workload curve needs --curve FILE with lines of seconds,bytes", lm.ErrInvalidConfig)
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("--curve: %w", err)
	}
	defer file.Close()
	curve, err := lm.ReadCurve(file, limit)
	if err != nil {
		return nil, fmt.Errorf("--curve %s: %w", path, err)
	}
	return curve, nil
}
