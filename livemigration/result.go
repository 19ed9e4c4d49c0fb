package livemigration

import (
	"fmt"
	"math"

	"cloudconcepts/internal/stats"
)

// Result is what a migration did. Times are in seconds, sizes in bytes.
type Result struct {
	Config  Config  `json:"-"`
	Outcome Outcome `json:"outcome"`
	Reason  string  `json:"reason"` // why it ended, in words

	Rounds int `json:"rounds"`           // live rounds; the last copy, with the guest stopped, is not one
	Syncs  int `json:"dirty_sync_count"` // dirty-log fetches as QEMU counts them: one at the start and one at the end included

	Total           float64 `json:"total_s"`            // from the start until all memory is on the destination
	Downtime        float64 `json:"downtime_s"`         // the guest stands still; its parts are in Pause
	ServiceDowntime float64 `json:"service_downtime_s"` // until the network delivers to the destination
	Pause           Pause   `json:"pause"`

	SentBytes     int64 `json:"sent_bytes"`     // on the wire: FirstBytes + ResentBytes + FinalBytes + PostCopyBytes + StateBytes
	FirstBytes    int64 `json:"first_bytes"`    // first copy of memory, live
	ResentBytes   int64 `json:"resent_bytes"`   // later copies, live
	FinalBytes    int64 `json:"final_bytes"`    // copied while the guest stood still
	PostCopyBytes int64 `json:"postcopy_bytes"` // copied after the switch
	StateBytes    int64 `json:"state_bytes"`    // device state and discard list
	SkippedBytes  int64 `json:"skipped_bytes"`  // not sent because dirty again (never on the wire)
	FullPages     int64 `json:"full_pages"`     // pages sent in full, in all copies

	Amplification float64 `json:"amplification"` // SentBytes over one copy of memory
	PlateauBytes  int64   `json:"plateau_bytes"` // still dirty when it was given up
	LostCPU       float64 `json:"lost_cpu_s"`    // guest time lost to throttling, pause and faults, per vCPU
	ThrottleMax   float64 `json:"max_throttle_fraction"`

	NetworkFaults float64 `json:"network_faults"` // post-copy: pages that the guest had to wait for
	FaultStall    float64 `json:"fault_stall_s"`  // post-copy: guest time lost in them, per vCPU

	StorageSeconds float64 `json:"storage_s"`     // copying the disk, before memory; part of Total
	StorageBytes   int64   `json:"storage_bytes"` // not part of SentBytes

	Rows   []Round      `json:"round_rows,omitempty"`
	Faults []FaultPoint `json:"fault_rows,omitempty"`

	Warnings []error `json:"-"`
}

// Pause is the downtime by part, in seconds.
type Pause struct {
	Copy   float64 `json:"copy_s"`   // last copy of memory
	State  float64 `json:"state_s"`  // device state, and before post-copy the discard list
	Fixed  float64 `json:"fixed_s"`  // Method.Resume
	Signal float64 `json:"signal_s"` // one round trip
}

func (p Pause) total() float64 { return p.Copy + p.State + p.Fixed + p.Signal }

// Round is one pass of pre-copy, or the last copy.
type Round struct {
	Round     int     `json:"round"` // from 1
	Live      bool    `json:"live"`  // the guest was running
	Start     float64 `json:"start_s"`
	Duration  float64 `json:"duration_s"`
	Pending   float64 `json:"pending_bytes"`     // memory to send at its start
	Sent      float64 `json:"sent_bytes"`        // on the wire
	Skipped   float64 `json:"skipped_bytes"`     // memory
	Left      float64 `json:"left_bytes"`        // memory not yet sent when the log was fetched
	Dirtied   float64 `json:"dirtied_bytes"`     // memory that the fetched log adds
	Rate      float64 `json:"rate_bytes_per_s"`  // on the wire
	Threshold float64 `json:"threshold_bytes"`   // memory that fits the downtime limit
	Throttle  float64 `json:"throttle_fraction"` // of guest CPU withheld
}

// FaultPoint is a moment of post-copy.
type FaultPoint struct {
	At        float64 `json:"time_s"`       // since the switch
	Faults    float64 `json:"faults_per_s"` // network faults
	Speed     float64 `json:"guest_speed_fraction"`
	Remaining float64 `json:"remaining_bytes"` // not yet pushed
}

// Series is a curve: its points' X and Y. It has the methods of gonum/plot's plotter.XYer.
type Series = stats.Series

// Series is one number of the traced rounds over their starts in seconds.
func (r Result) Series(of func(Round) float64) Series {
	return stats.Column(r.Rows, func(row Round) float64 { return row.Start }, of)
}

// Remaining is the memory still dirty over time in seconds, from the traced
// rounds: it falls while a round is sent and jumps when the log is fetched.
func (r Result) Remaining() Series {
	var s Series
	for _, row := range r.Rows {
		s.X = append(s.X, row.Start, row.Start+row.Duration)
		s.Y = append(s.Y, row.Pending, row.Left)
	}
	return s
}

// finish turns the sums of a run into the integers of a result.
func (r *Result) finish(first, resent, final, post, state, skipped, full float64) {
	r.FirstBytes, r.ResentBytes = round64(first), round64(resent)
	r.FinalBytes, r.PostCopyBytes, r.StateBytes = round64(final), round64(post), round64(state)
	r.SentBytes = r.FirstBytes + r.ResentBytes + r.FinalBytes + r.PostCopyBytes + r.StateBytes
	r.SkippedBytes = round64(skipped)
	r.FullPages = round64(full / PageBytes)
}

func round64(v float64) int64 { return int64(math.Round(v)) }

// String is the outcome in one line.
func (r Result) String() string {
	return fmt.Sprintf("%v after %d rounds: total %.3f s, downtime %.1f ms, %d bytes sent",
		r.Outcome, r.Rounds, r.Total, r.Downtime*1e3, r.SentBytes)
}
