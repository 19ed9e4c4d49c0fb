package livemigration

import (
	"math"
	"time"

	"cloudconcepts/livemigration/theory"
)

// Storage is the disk. It is copied before memory, over the same link; after
// that, mirrored writes go on and take their share of the link from memory.
type Storage struct {
	Mode      StorageMode `json:"mode"`
	Disk      int64       `json:"disk_bytes"`             // bytes, [0, 1 PiB]
	WriteRate float64     `json:"write_rate_bytes_per_s"` // bytes/s that the guest writes, uniformly over WriteSet, [0, Bandwidth)
	WriteSet  int64       `json:"write_set_bytes"`        // Iterate: bytes that are written again and again, [0, Disk]
	// Until is the length of the pass of dirty blocks that Iterate is content
	// with; the pass itself is then mirrored or done with the guest stopped.
	Until time.Duration `json:"until_ns"` // (0, 1 h]
}

type diskCopy struct{ seconds, bytes float64 }

// copy is the time and the traffic of the disk's copy.
func (s Storage) copy(l Link) diskCopy {
	bandwidth := l.live(0)
	switch s.Mode {
	case Mirror:
		seconds := theory.MirrorSeconds(float64(s.Disk), bandwidth, s.WriteRate)
		return diskCopy{seconds: seconds, bytes: seconds * bandwidth}
	case Iterate:
		return s.iterate(bandwidth)
	}
	return diskCopy{}
}

// iterate copies the disk and then, again and again, what was written meanwhile.
func (s Storage) iterate(bandwidth float64) diskCopy {
	var total diskCopy
	dirty := Uniform{Rate: s.WriteRate, WorkingSet: s.WriteSet}
	block := float64(s.Disk)
	for range 10_000 {
		seconds := block / bandwidth
		total.seconds += seconds
		total.bytes += block
		next := dirty.Unique(seconds)
		if seconds <= s.Until.Seconds() || next >= block*(1-1e-9) {
			break
		}
		block = next
	}
	return total
}

// remaining is the link that is left for memory.
func (s Storage) remaining(l Link) Link {
	if s.Mode != Mirror {
		return l
	}
	taken := s.WriteRate / l.Efficiency * float64(l.Share)
	l.Bandwidth = math.Max(l.Bandwidth-taken, l.Bandwidth*1e-6)
	return l
}
