package livemigration

import (
	"fmt"
	"math"
	"time"
)

// Schedule is a downtime limit, which an orchestrator may raise while the
// migration runs.
type Schedule interface {
	// Starts is the number of rounds after which the schedule's clock starts.
	Starts() int
	// At is the limit in force when its clock shows elapsed (negative before
	// it starts) and the remaining memory grew in so many polls, one a second.
	At(elapsed time.Duration, grown int) time.Duration
	// Next is the clock's time when the limit can change next by the clock
	// alone; 0 = never.
	Next(elapsed time.Duration) time.Duration
	// Highest is the largest limit that the schedule can ever set.
	Highest() time.Duration
	// String names the schedule, for a legend.
	String() string
}

// FixedLimit is a downtime limit that never changes, in [0, 2000 s] (the upper
// end is QEMU's).
type FixedLimit time.Duration

// At implements Schedule.
func (l FixedLimit) At(time.Duration, int) time.Duration { return time.Duration(l) }

// Starts implements Schedule.
func (FixedLimit) Starts() int { return 0 }

// Next implements Schedule.
func (l FixedLimit) Next(time.Duration) time.Duration { return 0 }

// Highest implements Schedule.
func (l FixedLimit) Highest() time.Duration { return time.Duration(l) }

// String is the limit.
func (l FixedLimit) String() string { return time.Duration(l).String() }

// NovaRamp raises the limit in equal steps, as OpenStack Nova does: it starts
// at Max/Steps and rises linearly to Max in Steps further steps, one every
// DelayPerGiB for each GiB of memory. Nova's defaults: 500 ms, 10 steps, 75 s
// (nova/conf/libvirt.py, live_migration_downtime*).
type NovaRamp struct {
	Max         time.Duration `json:"max_ns"`           // [100 ms, 2000 s]
	Steps       int           `json:"steps"`            // [3, 1000]
	DelayPerGiB time.Duration `json:"delay_per_gib_ns"` // [3 s, 1 h]
	GiB         int64         `json:"gib"`              // guest memory, GiB, [1, 65536]; Nova takes at least 2
}

// At implements Schedule.
func (r NovaRamp) At(elapsed time.Duration, _ int) time.Duration {
	base := r.Max / time.Duration(r.Steps)
	offset := (r.Max - base) / time.Duration(r.Steps)
	step := max(0, min(int64(elapsed/r.delay()), int64(r.Steps)))
	return base + time.Duration(step)*offset
}

// Starts implements Schedule.
func (NovaRamp) Starts() int { return 0 }

// Next implements Schedule.
func (r NovaRamp) Next(elapsed time.Duration) time.Duration {
	step := int64(elapsed/r.delay()) + 1
	if step > int64(r.Steps) {
		return 0
	}
	return time.Duration(step) * r.delay()
}

// Highest implements Schedule.
func (r NovaRamp) Highest() time.Duration { return r.Max }

func (r NovaRamp) delay() time.Duration { return r.DelayPerGiB * time.Duration(r.GiB) }

// String names the schedule.
func (r NovaRamp) String() string { return fmt.Sprintf("Nova ramp to %v", r.Max) }

// KubeVirtRamp starts at Start and, from the end of round AfterRounds on, adds
// Step every Every, up to Ceiling: KubeVirt's enhancement 291 with 150 ms,
// 150 ms every 10 s after iteration 3, ceiling 1050 ms.
type KubeVirtRamp struct {
	Start       time.Duration `json:"start_ns"`     // [1 ms, 2000 s]
	Step        time.Duration `json:"step_ns"`      // [1 ms, 2000 s]
	Ceiling     time.Duration `json:"ceiling_ns"`   // [1 ms, 2000 s]
	Every       time.Duration `json:"every_ns"`     // [1 s, 1 h]
	AfterRounds int           `json:"after_rounds"` // [0, 1000]
}

// At implements Schedule.
func (r KubeVirtRamp) At(elapsed time.Duration, _ int) time.Duration {
	if elapsed < 0 {
		return r.Start
	}
	return min(r.Ceiling, r.Start+r.Step*time.Duration(elapsed/r.Every))
}

// Starts implements Schedule.
func (r KubeVirtRamp) Starts() int { return r.AfterRounds }

// Next implements Schedule.
func (r KubeVirtRamp) Next(elapsed time.Duration) time.Duration {
	if elapsed < 0 {
		return 0
	}
	return (elapsed/r.Every + 1) * r.Every
}

// Highest implements Schedule.
func (r KubeVirtRamp) Highest() time.Duration { return r.Ceiling }

// String names the schedule.
func (r KubeVirtRamp) String() string {
	return fmt.Sprintf("KubeVirt ramp %v to %v", r.Start, r.Ceiling)
}

// ProxmoxDoubling starts at Start and doubles whenever the remaining memory
// has grown in more than Polls polls since the last doubling: Proxmox VE's
// QemuMigrate.pm, with 100 ms and 5 polls.
type ProxmoxDoubling struct {
	Start time.Duration `json:"start_ns"` // [1 ms, 2000 s]
	Polls int           `json:"polls"`    // [1, 1000]
}

// At implements Schedule.
func (d ProxmoxDoubling) At(_ time.Duration, grown int) time.Duration {
	doublings := min(grown/(d.Polls+1), 62)
	return time.Duration(math.Min(float64(d.Start)*math.Exp2(float64(doublings)), float64(d.Highest())))
}

// Starts implements Schedule.
func (ProxmoxDoubling) Starts() int { return 0 }

// Next implements Schedule: Proxmox polls every second.
func (d ProxmoxDoubling) Next(elapsed time.Duration) time.Duration {
	return (elapsed/time.Second + 1) * time.Second
}

// Highest implements Schedule: QEMU's upper limit.
func (d ProxmoxDoubling) Highest() time.Duration { return 2000 * time.Second }

// String names the schedule.
func (d ProxmoxDoubling) String() string { return fmt.Sprintf("Proxmox doubling from %v", d.Start) }
