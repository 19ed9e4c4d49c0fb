package livemigration

import (
	"fmt"
	"math"
)

// RateControl sets the live bandwidth of each round.
type RateControl interface {
	// Next is the rate in bytes/s of round (0 = the first), given the bytes
	// dirtied in the round before, its length in seconds, and its rate.
	Next(round int, dirtied, seconds, last float64) float64
	// Maximum is the highest rate, bytes/s.
	Maximum() float64
	// String names the control, for a legend.
	String() string
}

// AdaptiveRate sends each round a little faster than the last one was dirtied:
// Xen's ADAPTIVE_SAVE, in its former save code. The first round goes at
// Start; each other at the dirty rate of the one before plus Increment, within
// [Start, Max]. Xen's constants are 100, 500 and 50 Mbit/s.
type AdaptiveRate struct {
	Start     float64 `json:"start_bytes_per_s"`     // bytes/s, (0, 1e15]
	Max       float64 `json:"max_bytes_per_s"`       // bytes/s, (0, 1e15]
	Increment float64 `json:"increment_bytes_per_s"` // bytes/s, (0, 1e15]
}

// Next implements RateControl.
func (a AdaptiveRate) Next(round int, dirtied, seconds, _ float64) float64 {
	if round == 0 || seconds <= 0 {
		return a.Start
	}
	return math.Min(a.Max, math.Max(a.Start, dirtied/seconds+a.Increment))
}

// Maximum implements RateControl.
func (a AdaptiveRate) Maximum() float64 { return a.Max }

// String names the control.
func (a AdaptiveRate) String() string {
	return fmt.Sprintf("adaptive %.4g to %.4g Mbit/s", a.Start/Mbps, a.Max/Mbps)
}

// RecordedRates plays back the rates (bytes/s) of a real migration's rounds;
// the last one holds for all further rounds.
type RecordedRates []float64

// Next implements RateControl.
func (r RecordedRates) Next(round int, _, _, _ float64) float64 { return r[min(round, len(r)-1)] }

// Maximum implements RateControl.
func (r RecordedRates) Maximum() float64 {
	highest := 0.0
	for _, rate := range r {
		highest = math.Max(highest, rate)
	}
	return highest
}

// String names the control.
func (r RecordedRates) String() string { return fmt.Sprintf("recorded rates of %d rounds", len(r)) }
