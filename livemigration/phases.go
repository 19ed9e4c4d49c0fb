package livemigration

import (
	"fmt"
	"time"
)

// Phase is a stretch of a workload with a constant intensity.
type Phase struct {
	Length    time.Duration `json:"length_ns"` // (0, 100 h]
	Intensity float64       `json:"intensity"` // factor on the write rate of the base curve, [0, 1e6]
}

// Phased is a workload that varies in time: the base curve, sped up or slowed
// down by the intensity of each phase, in guest time from the start of the
// migration. After the last phase it starts over. After a switch to post-copy it
// goes on at intensity 1.
type Phased struct {
	Base   DirtyCurve `json:"base"`
	Phases []Phase    `json:"phases"`
}

// Unique implements DirtyCurve: the bytes dirtied in the first t seconds.
func (p Phased) Unique(t float64) float64 { return p.Base.Unique(p.work(t)) }

// Max implements DirtyCurve.
func (p Phased) Max() float64 { return p.Base.Max() }

// String names the workload for a legend.
func (p Phased) String() string { return fmt.Sprintf("%v in %d phases", p.Base, len(p.Phases)) }

// work is the integral of the intensity over the first t seconds.
func (p Phased) work(t float64) float64 {
	period, perPeriod := 0.0, 0.0
	for _, ph := range p.Phases {
		period += ph.Length.Seconds()
		perPeriod += ph.Length.Seconds() * ph.Intensity
	}
	if period <= 0 {
		return t
	}
	whole := float64(int64(t / period))
	sum, rest := whole*perPeriod, t-whole*period
	for _, ph := range p.Phases {
		d := min(rest, ph.Length.Seconds())
		sum += d * ph.Intensity
		rest -= d
	}
	return sum
}

// Replay dirties a given number of bytes in each round, whatever the round's
// length: the record of a real migration, played back. Rounds after the last
// entry dirty as much as the last.
type Replay []int64

// Unique implements DirtyCurve: the largest entry, since a record has no
// notion of time.
func (r Replay) Unique(float64) float64 { return r.Max() }

// Max implements DirtyCurve.
func (r Replay) Max() float64 {
	largest := int64(0)
	for _, b := range r {
		largest = max(largest, b)
	}
	return float64(largest)
}

// String names the workload for a legend.
func (r Replay) String() string { return fmt.Sprintf("replay of %d rounds", len(r)) }

func (r Replay) round(i int) float64 { return float64(r[min(i, len(r)-1)]) }
