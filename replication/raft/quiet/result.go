package quiet

import "fmt"

// Result is how often followers lost patience with a living leader.
type Result struct {
	Config Config `json:"config"`
	// End is the time that went by, s.
	End float64 `json:"watched_s"`
	// Needless counts intervals between heartbeats in which one follower or more timed out, and so the elections that
	// it starts. A pre-vote turns most of them down again, where the others still hear the leader.
	Needless         uint64  `json:"needless"`
	PerHour          float64 `json:"needless_per_hour"`
	NeedlessFraction float64 `json:"needless_share"` // of the intervals
	NeedlessLow      float64 `json:"needless_share_low"`
	NeedlessHigh     float64 `json:"needless_share_high"` // interval of 95 %, as if they were independent
	Pauses           uint64  `json:"pauses"`
}

// String is the result in one line.
func (r Result) String() string {
	return fmt.Sprintf("%d needless elections in %.4g s: %.4g per hour", r.Needless, r.End, r.PerHour)
}
