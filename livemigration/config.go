package livemigration

import "time"

// Config describes one migration: the machine that moves, the link that it
// moves over, and the method by which its hypervisor moves it. It is a plain
// value: copy it, change a field, simulate again.
type Config struct {
	VM      VM
	Link    Link
	Method  Method
	Storage Storage
	// Seed selects the random writes of SimulatePages. Simulate draws nothing.
	Seed uint64
	// Trace asks for Result.Rounds and, after a switch to post-copy,
	// Result.Faults. Without it a round-based run allocates nothing.
	Trace bool
}

// VM is the guest.
type VM struct {
	Memory      int64      // bytes of RAM, [4096, 64 TiB]
	NonZero     int64      // bytes of it that are not zero and so go in full in the first pass, [0, Memory]; a zero page costs one page header
	DeviceState int64      // bytes of device and CPU state, sent while the guest stands still, [0, Memory]
	VCPUs       int        // [1, 4096]
	Workload    DirtyCurve // what the guest writes
	// DirtyPage is the size in bytes of the pages in which writes are tracked:
	// a power of two in [4096, 1 GiB]. One write makes all of it dirty.
	// Workload speaks of 4096-byte pages and is amplified accordingly.
	DirtyPage int64
}

// Link is the path between the two hosts.
type Link struct {
	Bandwidth  float64       // bytes/s while the guest runs: the migration's cap or, without one, the wire; (0, 1e15]
	SwitchOver float64       // bytes/s while the guest stands still, and of post-copy: usually the wire; (0, 1e15]
	RTT        time.Duration // round trip, [0, 1 min]; once in every downtime and in every post-copy fault
	Efficiency float64       // share of both rates that is payload, (0, 1]; 1500-byte Ethernet frames with TCP/IPv4 timestamps leave 1448/1538 = 0.941
	Share      int           // equal migrations that share the link, [1, 1000]
	Profile    []RateStep    // bandwidth over time, or nil; times strictly rising
}

// RateStep changes the live bandwidth at a time.
type RateStep struct {
	At        time.Duration // since the start of the migration
	Bandwidth float64       // bytes/s, (0, 1e15]
}

// Strategy is when the guest changes hosts.
type Strategy int

// The four strategies.
const (
	PreCopy  Strategy = iota // copy while it runs on the source, then switch
	PostCopy                 // switch at once, then copy on demand and in the background
	Hybrid                   // one or more rounds of pre-copy, then post-copy
	Offline                  // stop, copy, start
)

// String is the strategy's name on the command line.
func (s Strategy) String() string {
	return nameOf(int(s), "precopy", "postcopy", "hybrid", "offline")
}

// SwitchOver is when pre-copy looks whether the rest fits the downtime limit.
type SwitchOver int

// The two semantics.
const (
	// RoundBased sends all that was dirty, then looks at all that has become
	// dirty meanwhile: Xen, Cloud Hypervisor, SimGrid and the papers.
	RoundBased SwitchOver = iota
	// Drain sends until what is left fits the limit, then fetches the dirty
	// log and looks again: QEMU.
	Drain
)

// String is the semantics' name.
func (s SwitchOver) String() string { return nameOf(int(s), "rounds", "drain") }

func nameOf(i int, names ...string) string {
	if i < 0 || i >= len(names) {
		return "invalid"
	}
	return names[i]
}

// Method is how a hypervisor migrates. The presets fill it in.
type Method struct {
	Name       string // of the preset, for legends
	Strategy   Strategy
	SwitchOver SwitchOver

	Limit     Schedule // downtime limit, or nil for none
	Stop      StopRule // what else ends pre-copy, or nil for nothing
	MinRounds int      // live rounds before the first check of the limit, [0, 1]
	// AssumedBandwidth replaces the measured bandwidth where the limit is
	// turned into bytes (QEMU's avail-switchover-bandwidth); bytes/s, 0 = measured.
	AssumedBandwidth float64

	Throttle Throttle    // slows the guest down, or nil
	Rate     RateControl // changes the bandwidth from round to round, or nil

	PageHeader  int64       // bytes on the wire with every page, zero pages too, [0, 4096]
	ZeroScan    float64     // bytes/s at which zero pages are found, (0, 1e15], 0 = no time
	Compression Compression // of whole pages
	XBZRLE      XBZRLE      // delta compression of re-sent pages
	// ClearOnSend re-arms the dirty log just before a page goes out, not when
	// the log is fetched, so writes before that moment cost nothing (KVM's
	// manual dirty-log protection).
	ClearOnSend bool
	// SkipRedirtied leaves out, in live rounds, pages that are dirty again when
	// their turn comes (Xen's peek at the log).
	SkipRedirtied bool

	Setup       time.Duration // before the first page, guest running, [0, 1 h]
	StopLatency time.Duration // from the decision until the guest stands still, [0, 1 min]
	Resume      time.Duration // fixed part of the downtime: stop, start, network, [0, 1 min]

	PostCopy PostCopyMethod
	Announce Announce

	MaxRounds int           // a run that has not switched by then is diverged, [1, 1e6]
	MaxTime   time.Duration // likewise, (0, 10 years]
}

// Compression shrinks every full page.
type Compression struct {
	Ratio      float64 // bytes in per byte out, [1, 1000]; 1 = none
	Throughput float64 // bytes/s in, (0, 1e15], 0 = never the bottleneck
}

// XBZRLE replaces a re-sent page by its difference from the cached last copy.
type XBZRLE struct {
	HitRate float64 // re-sent pages whose old copy is cached, [0, 1]
	Ratio   float64 // bytes on the wire per byte of such a page, [0, 1]
}

// PostCopyMethod is how pages arrive after a switch to post-copy.
type PostCopyMethod struct {
	AfterRounds int  // Hybrid: live rounds before the switch, [0, 1e6]
	Preempt     bool // requested pages have a channel of their own and do not queue behind the push
	// Queue is what stands in the socket buffers ahead of a requested page
	// when Preempt is off, bytes, [0, 1 GiB].
	Queue   int64
	Service time.Duration // handling of a fault on both hosts, [0, 1 s]
	// Discard is the list of pages sent but dirtied again, that goes out
	// before the guest starts on the destination; bytes, [0, 1 GiB].
	Discard int64
	// Touches is the number of pages that the guest touches (reads and writes)
	// for each page that the workload writes, [1, 1000].
	Touches float64
	// Locality is the number of missing pages that one fault brings in
	// before the guest asks for them (pre-paging), [1, 1000]; 1 = none.
	Locality float64
	// Feedback lets faults stall the guest, so that it touches less while
	// it waits. Without it the guest is taken to go on at full speed.
	Feedback bool
}

// Announce is the schedule of gratuitous RARP or ARP packets by which the
// destination tells the network where the guest now is. Packet 0 leaves at
// once; the gap before packet k is Initial + (k-1) Step, at most Max.
type Announce struct {
	Initial time.Duration // [0, 1 h]
	Step    time.Duration // [0, 1 h]
	Max     time.Duration // [0, 1 h]
	Rounds  int           // packets, [0, 1000]; 0 = the guest is reachable as soon as it runs
	// PortDelay is how long after the guest starts the network drops its
	// packets (a switch port that is still learning), [0, 1 h].
	PortDelay time.Duration
	// Fallback is how long after the guest starts the network finds it without
	// an announcement, for the case that all are dropped, [0, 1 h].
	Fallback time.Duration
}

// DefaultVM is a guest to start from: 8 GiB, all of it non-zero, with 100 MB/s
// of uniform writes over 1 GiB.
func DefaultVM() VM {
	return VM{
		Memory: 8 * GiB, NonZero: 8 * GiB, VCPUs: 1, DirtyPage: PageBytes,
		Workload: Uniform{Rate: 100 * MB, WorkingSet: 1 * GiB},
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
