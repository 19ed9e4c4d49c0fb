package lsm

import (
	"math"
	"time"

	"cloudconcepts/bloom"
	"cloudconcepts/internal/check"
)

// Medium is where a block comes from when it is not in the cache.
type Medium struct {
	Name string        `json:"name"`
	Mean time.Duration `json:"mean_ns"` // of one read of a block, [1 ns, 1 h]
	Law  ServiceLaw    `json:"law"`
	// Sigma is the standard deviation of ln(time) for LognormalTime, [0.01, 3];
	// the other laws ignore it. At 1 the 99th percentile is 6.2 times the mean.
	Sigma float64 `json:"sigma"`
}

// The media below are assumptions, not measurements: the order of magnitude of
// one random read of a few KiB, as engineers quote it. Override what you know.

// DRAM is a block that lies in memory but not in a CPU cache: 100 ns.
func DRAM() Medium { return Medium{Name: "DRAM", Mean: 100 * time.Nanosecond} }

// NVMe is a flash drive on PCIe: 100 us.
func NVMe() Medium { return Medium{Name: "NVMe", Mean: 100 * time.Microsecond} }

// SATASSD is a flash drive on SATA: 250 us, of a range of 150 to 500 us.
func SATASSD() Medium { return Medium{Name: "SATA SSD", Mean: 250 * time.Microsecond} }

// HDD is a spinning disk: 10 ms, a seek and half a turn.
func HDD() Medium { return Medium{Name: "HDD", Mean: 10 * time.Millisecond} }

// ObjectStore is a GET from an object store: 30 ms, of a range of 10 to 50 ms,
// with a tail.
func ObjectStore() Medium {
	return Medium{Name: "object store", Mean: 30 * time.Millisecond, Law: LognormalTime, Sigma: 0.5}
}

// Media lists the presets, fastest first.
func Media() []Medium { return []Medium{DRAM(), NVMe(), SATASSD(), HDD(), ObjectStore()} }

func checkMedium(v *check.List, m Medium) {
	v.Span("Medium.Mean", m.Mean, 1, time.Hour)
	if m.Law < FixedTime || m.Law > LognormalTime {
		v.Add("Medium.Law = %d, want fixed, exponential or lognormal", m.Law)
	}
	if m.Law == LognormalTime {
		v.Between("Medium.Sigma", m.Sigma, 0.01, 3, "")
	}
}

// CPU is what filters cost in processor time. The presets are assumptions that
// agree with the speeds in RocksDB's pull request 6007 (26 ns a query on one hot
// filter, 150 ns on a random one of a 200 MB set; 10 bits per key).
type CPU struct {
	Hash  time.Duration `json:"hash_ns"`  // hashing the key, once a lookup, [0, 1 s]
	Probe time.Duration `json:"probe_ns"` // one bit test in a cached line, [0, 1 s]
	Miss  time.Duration `json:"miss_ns"`  // one filter line from DRAM, [0, 1 s]; 0 = filters fit the processor's cache
	Block time.Duration `json:"block_ns"` // finding the key in a block already in memory, index included, [0, 1 s]
	// Blocked filters keep all bits of a key in one line and miss once; others
	// miss with every probe.
	Blocked bool `json:"blocked"`
}

// ColdFilters is a set of blocked filters larger than the processor's cache. For
// filters within it set Miss to 0.
func ColdFilters() CPU {
	return CPU{Hash: 10, Probe: 2, Miss: 100, Block: time.Microsecond, Blocked: true}
}

func checkCPU(v *check.List, c CPU) {
	v.Span("CPU.Hash", c.Hash, 0, time.Second)
	v.Span("CPU.Probe", c.Probe, 0, time.Second)
	v.Span("CPU.Miss", c.Miss, 0, time.Second)
	v.Span("CPU.Block", c.Block, 0, time.Second)
}

// FilterSeconds is the expected processor time of asking one filter, without the
// hash, in seconds: all hashes of a key that passes; of one that does not,
// (1-fill^k)/(1-fill) given that probing stops at the first unset bit. fill and
// pass (the share of keys that pass) are in [0, 1], hashes in [0, 1e6]; 0 is no
// filter.
func (c CPU) FilterSeconds(hashes int, fill, pass float64) (float64, error) {
	v := check.Of(ErrInvalidConfig)
	checkCPU(&v, c)
	v.Between("Hashes", float64(hashes), 0, 1e6, "")
	v.Between("Fill", fill, 0, 1, "")
	v.Between("Pass", pass, 0, 1, "")
	if !v.OK() {
		return 0, v.Err()
	}
	if hashes == 0 {
		return 0, nil
	}
	k, probes := float64(hashes), bloom.ProbesAbsent(fill, hashes)
	// The geometric sum is over all absent keys, false positives included.
	if p := math.Pow(fill, k); pass > p {
		probes += (k - probes) * (pass - p) / (1 - p)
	}
	misses := probes
	if c.Blocked {
		misses = 1
	}
	return probes*c.Probe.Seconds() + misses*c.Miss.Seconds(), nil
}
