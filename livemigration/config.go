package livemigration

import "time"

// Config describes one migration: the machine that moves, the link that it
// moves over, and the method by which its hypervisor moves it. It is a plain
// value: copy it, change a field, simulate again.
type Config struct {
	VM      VM      `json:"vm"`
	Link    Link    `json:"link"`
	Method  Method  `json:"method"`
	Storage Storage `json:"storage"`
	// Seed selects the random writes of SimulatePages. Simulate draws nothing.
	Seed uint64 `json:"seed"`
	// Trace asks for Result.Rows and, after a switch to post-copy,
	// Result.Faults. Without it a round-based run allocates nothing.
	Trace bool `json:"trace"`
}

// VM is the guest.
type VM struct {
	Memory      int64      `json:"memory_bytes"`       // bytes of RAM, [4096, 64 TiB]
	NonZero     int64      `json:"non_zero_bytes"`     // bytes of it that are not zero and so go in full in the first pass, [0, Memory]; a zero page costs one page header
	DeviceState int64      `json:"device_state_bytes"` // bytes of device and CPU state, sent while the guest stands still, [0, Memory]
	VCPUs       int        `json:"vcpus"`              // [1, 4096]
	Workload    DirtyCurve `json:"workload"`           // what the guest writes
	// DirtyPage is the size in bytes of the pages in which writes are tracked:
	// a power of two in [4096, 1 GiB]. One write makes all of it dirty.
	// Workload speaks of 4096-byte pages and is amplified accordingly.
	DirtyPage int64 `json:"dirty_page_bytes"`
}

// Link is the path between the two hosts.
type Link struct {
	Bandwidth  float64       `json:"bandwidth_bytes_per_s"`   // bytes/s while the guest runs: the migration's cap or, without one, the wire; (0, 1e15]
	SwitchOver float64       `json:"switch_over_bytes_per_s"` // bytes/s while the guest stands still, and of post-copy: usually the wire; (0, 1e15]
	RTT        time.Duration `json:"rtt_ns"`                  // round trip, [0, 1 min]; once in every downtime and in every post-copy fault
	Efficiency float64       `json:"efficiency"`              // share of both rates that is payload, (0, 1]; 1500-byte Ethernet frames with TCP/IPv4 timestamps leave 1448/1538 = 0.941
	Share      int           `json:"share"`                   // equal migrations that share the link, [1, 1000]
	Profile    []Step        `json:"profile"`                 // bandwidth over time, or nil; times strictly rising
}

// Step changes the live bandwidth at a time.
type Step struct {
	At   time.Duration `json:"at_ns"`                 // since the start of the migration
	Rate float64       `json:"bandwidth_bytes_per_s"` // bytes/s, (0, 1e15]
}

// Method is how a hypervisor migrates. Package hypervisor has those of real systems.
type Method struct {
	Name       string     `json:"name"` // for legends
	Strategy   Strategy   `json:"strategy"`
	SwitchOver SwitchOver `json:"switch_over"`

	Limit     Schedule `json:"downtime_limit"` // downtime limit, or nil for none
	Stop      StopRule `json:"stop"`           // what else ends pre-copy, or nil for nothing
	MinRounds int      `json:"min_rounds"`     // live rounds before the first check of the limit, [0, 1]
	// AssumedBandwidth replaces the measured bandwidth where the limit is
	// turned into bytes (QEMU's avail-switchover-bandwidth); bytes/s, 0 = measured.
	AssumedBandwidth float64 `json:"assumed_bandwidth_bytes_per_s"`

	Throttle Throttle    `json:"throttle"` // slows the guest down, or nil
	Rate     RateControl `json:"rate"`     // changes the bandwidth from round to round, or nil

	PageHeader  int64       `json:"page_header_bytes"`     // bytes on the wire with every page, zero pages too, [0, 4096]
	ZeroScan    float64     `json:"zero_scan_bytes_per_s"` // bytes/s at which zero pages are found, (0, 1e15], 0 = no time
	Compression Compression `json:"compression"`           // of whole pages
	XBZRLE      XBZRLE      `json:"xbzrle"`                // delta compression of re-sent pages
	// ClearOnSend re-arms the dirty log just before a page goes out, not when
	// the log is fetched, so writes before that moment cost nothing (KVM's
	// manual dirty-log protection).
	ClearOnSend bool `json:"clear_on_send"`
	// SkipRedirtied leaves out, in live rounds, pages that are dirty again when
	// their turn comes (Xen's peek at the log).
	SkipRedirtied bool `json:"skip_redirtied"`

	Setup       time.Duration `json:"setup_ns"`        // before the first page, guest running, [0, 1 h]
	StopLatency time.Duration `json:"stop_latency_ns"` // from the decision until the guest stands still, [0, 1 min]
	Resume      time.Duration `json:"resume_ns"`       // fixed part of the downtime: stop, start, network, [0, 1 min]

	PostCopy PostCopyMethod `json:"post_copy"`
	Announce Announce       `json:"announce"`

	MaxRounds int           `json:"max_rounds"`  // a run that has not switched by then is diverged, [1, 1e6]
	MaxTime   time.Duration `json:"max_time_ns"` // likewise, (0, 10 years]
}

// Compression shrinks every full page.
type Compression struct {
	Ratio      float64 `json:"ratio"`                  // bytes in per byte out, [1, 1000]; 1 = none
	Throughput float64 `json:"throughput_bytes_per_s"` // bytes/s in, (0, 1e15], 0 = never the bottleneck
}

// XBZRLE replaces a re-sent page by its difference from the cached last copy.
type XBZRLE struct {
	HitRate float64 `json:"hit_rate"` // re-sent pages whose old copy is cached, [0, 1]
	Ratio   float64 `json:"ratio"`    // bytes on the wire per byte of such a page, [0, 1]
}

// PostCopyMethod is how pages arrive after a switch to post-copy.
type PostCopyMethod struct {
	AfterRounds int  `json:"after_rounds"` // Hybrid: live rounds before the switch, [0, 1e6]
	Preempt     bool `json:"preempt"`      // requested pages have a channel of their own and do not queue behind the push
	// Queue is what stands in the socket buffers ahead of a requested page
	// when Preempt is off, bytes, [0, 1 GiB].
	Queue   int64         `json:"queue_bytes"`
	Service time.Duration `json:"service_ns"` // handling of a fault on both hosts, [0, 1 s]
	// Discard is the list of pages sent but dirtied again, that goes out
	// before the guest starts on the destination; bytes, [0, 1 GiB].
	Discard int64 `json:"discard_bytes"`
	// Touches is the number of pages that the guest touches (reads and writes)
	// for each page that the workload writes, [1, 1000].
	Touches float64 `json:"touches"`
	// Locality is the number of missing pages that one fault brings in
	// before the guest asks for them (pre-paging), [1, 1000]; 1 = none.
	Locality float64 `json:"locality"`
	// Feedback lets faults stall the guest, so that it touches less while
	// it waits. Without it the guest is taken to go on at full speed.
	Feedback bool `json:"feedback"`
}

// Announce is the schedule of gratuitous RARP or ARP packets by which the
// destination tells the network where the guest now is. Packet 0 leaves at
// once; the gap before packet k is Initial + (k-1) Step, at most Max.
type Announce struct {
	Initial time.Duration `json:"initial_ns"` // [0, 1 h]
	Step    time.Duration `json:"step_ns"`    // [0, 1 h]
	Max     time.Duration `json:"max_ns"`     // [0, 1 h]
	Rounds  int           `json:"rounds"`     // packets, [0, 1000]; 0 = the guest is reachable as soon as it runs
	// PortDelay is how long after the guest starts the network drops its
	// packets (a switch port that is still learning), [0, 1 h].
	PortDelay time.Duration `json:"port_delay_ns"`
	// Fallback is how long after the guest starts the network finds it without
	// an announcement, for the case that all are dropped, [0, 1 h].
	Fallback time.Duration `json:"fallback_ns"`
}

// Default is a migration to start from: a guest of 8 GiB, none of it zero, that writes 100 MB/s
// uniformly over 1 GiB, on a link of 1 Gbit/s, by rounds to a downtime of 300 ms.
func Default() Config {
	return Config{
		VM: VM{
			Memory: 8 * GiB, NonZero: 8 * GiB, VCPUs: 1, DirtyPage: PageBytes,
			Workload: Uniform{Rate: 100 * MB, WorkingSet: 1 * GiB},
		},
		Link: Wire(1 * Gbps), Method: Plain(300 * time.Millisecond),
	}
}

// Wire is a link of one speed (bytes/s) with nothing else on it.
func Wire(bandwidth float64) Link {
	return Link{Bandwidth: bandwidth, SwitchOver: bandwidth, Efficiency: 1, Share: 1}
}

// CappedWire is a wire (bytes/s) on which live passes are limited to limit.
func CappedWire(limit, wire float64) Link {
	return Link{Bandwidth: limit, SwitchOver: wire, Efficiency: 1, Share: 1}
}

// Plain is the method of the textbooks: rounds until the next one fits the
// downtime limit, nothing else. That last round is the downtime.
func Plain(limit time.Duration) Method {
	return Method{
		Name: "rounds", SwitchOver: RoundBased, Limit: FixedLimit(limit),
		Compression: Compression{Ratio: 1}, PostCopy: PostCopyMethod{AfterRounds: 1, Touches: 1, Locality: 1},
		MaxRounds: 100_000, MaxTime: 30 * 24 * time.Hour,
	}
}
