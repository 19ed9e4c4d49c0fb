package livemigration

// Sizes in bytes and rates in bytes per second, for writing configurations:
// 8*GiB, 10*Gbps. Decimal units are powers of ten, binary units powers of two.
const (
	KiB = 1 << 10
	MiB = 1 << 20
	GiB = 1 << 30
	TiB = 1 << 40

	MB = 1e6
	GB = 1e9

	Mbps = 1e6 / 8 // one megabit a second, in bytes/s
	Gbps = 1e9 / 8 // one gigabit a second, in bytes/s

	// PageBytes is the size of a guest page on the wire, as on x86 and in every
	// hypervisor modelled here.
	PageBytes = 4096
)
