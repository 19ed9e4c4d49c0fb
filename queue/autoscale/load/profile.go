package load

import (
	"fmt"
	"math"
	"sort"
	"time"

	"cloudconcepts/internal/enum"
)

// Process is how arrivals follow the rate.
type Process int

// The two processes.
const (
	Poisson Process = iota // independent: exponential gaps while the rate is constant
	Regular                // as evenly spaced as the rate allows; nothing random
)

func processNames() []string { return []string{"poisson", "regular"} }

// String is the name, as a flag takes it.
func (p Process) String() string { return enum.Name(p, processNames()) }

// MarshalText writes the name.
func (p Process) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (p *Process) UnmarshalText(text []byte) error {
	return enum.Parse(p, text, "load: process", processNames())
}

// Profile is an arrival rate over time. Before the first step nothing arrives.
type Profile struct {
	Process Process       `json:"process"`
	Steps   []Step        `json:"segments"`  // in order of time, 1 to 1000 of them
	Swing   float64       `json:"swing"`     // amplitude of the sine as a share of the steps' rate, [0, 1]; 0 = no sine
	Period  time.Duration `json:"period_ns"` // of the sine, [1 ms, 10 years]; any value if Swing is 0
	Phase   float64       `json:"phase"`     // of the sine at time 0 as a share of the period, [0, 1); 0 = at the mean and rising
}

// Step is the rate from a time on, until the next step begins.
type Step struct {
	At   time.Duration `json:"at_ns"`      // from the start of the run, [0, 10 years]
	Rate float64       `json:"rate_per_s"` // arrivals/s, [0, 1e9]
	Ramp bool          `json:"ramp"`       // the rate runs in a straight line to that of the next step
}

const (
	maxSteps = 1000
	maxRate  = 1e9
	tenYears = 10 * 365 * 24 * time.Hour
	lines    = 360 // straight lines in one period of the sine
)

// Constant is one rate for ever, in arrivals/s.
func Constant(rate float64) Profile { return Profile{Steps: []Step{{Rate: rate}}} }

// Steps is a rate that jumps at each of the given steps.
func Steps(list ...Step) Profile { return Profile{Steps: list} }

// Ramp runs from one rate to another between start and start+over, and stays there.
func Ramp(from, to float64, start, over time.Duration) Profile {
	p := Profile{Steps: []Step{{At: start, Rate: from, Ramp: true}, {At: start + over, Rate: to}}}
	if start > 0 {
		p.Steps = append([]Step{{Rate: from}}, p.Steps...)
	}
	return p
}

// Burst is a base rate with a peak of the given length: a flash sale.
func Burst(base, peak float64, at, length time.Duration) Profile {
	p := Profile{Steps: []Step{{At: at, Rate: peak}, {At: at + length, Rate: base}}}
	if at > 0 {
		p.Steps = append([]Step{{Rate: base}}, p.Steps...)
	}
	return p
}

// Diurnal is a sine around a mean rate; swing is its amplitude as a share of the mean.
func Diurnal(mean, swing float64, period time.Duration) Profile {
	return Profile{Steps: []Step{{Rate: mean}}, Swing: swing, Period: period}
}

// Regular is the same profile without randomness.
func (p Profile) Regular() Profile {
	p.Process = Regular
	return p
}

// Problems are all fields that are out of range, each in the form "Field = value, want in [a, b] unit".
func (p Profile) Problems() []error {
	var list []error
	add := func(format string, args ...any) { list = append(list, fmt.Errorf(format, args...)) }
	if p.Process < 0 || p.Process > Regular {
		add("Process = %d, want poisson or regular", int(p.Process))
	}
	if n := len(p.Steps); n < 1 || n > maxSteps {
		add("Steps = %d of them, want in [1, %d]", n, maxSteps)
		return list
	}
	last := time.Duration(-1)
	for i, s := range p.Steps {
		if s.At <= last || s.At > tenYears {
			add("Steps[%d].At = %v, want in (%v, %v]: rising times", i, s.At, last, tenYears)
		}
		if !(s.Rate >= 0 && s.Rate <= maxRate) {
			add("Steps[%d].Rate = %g, want in [0, %g] 1/s", i, s.Rate, maxRate)
		}
		last = s.At
	}
	if !(p.Swing >= 0 && p.Swing <= 1) {
		add("Swing = %g, want in [0, 1]", p.Swing)
	}
	if p.Swing != 0 && (p.Period < time.Millisecond || p.Period > tenYears) {
		add("Period = %v, want in [1ms, %v]", p.Period, tenYears)
	}
	if !(p.Phase >= 0 && p.Phase < 1) {
		add("Phase = %g, want in [0, 1)", p.Phase)
	}
	return list
}

// Pieces is about how many straight lines the profile has until the horizon: the work of Mean and of a Source beside
// the arrivals.
func (p Profile) Pieces(horizon time.Duration) float64 {
	n := float64(len(p.Steps))
	if p.Swing != 0 && p.Period > 0 {
		n += lines * float64(horizon) / float64(p.Period)
	}
	return n
}

// Rate is the rate at a time, in arrivals/s.
func (p Profile) Rate(at time.Duration) float64 {
	return p.rate(p.step(int64(at)), int64(at))
}

// Mean is the mean rate between two times, in arrivals/s.
func (p Profile) Mean(from, to time.Duration) float64 {
	if to <= from {
		return p.Rate(from)
	}
	var sum float64
	for x := p.pieceAt(int64(from), int64(to)); x.start < x.end; x = p.pieceAt(x.end, int64(to)) {
		sum += x.mass
	}
	return sum / (to - from).Seconds()
}

// Max is the highest rate between two times, in arrivals/s.
func (p Profile) Max(from, to time.Duration) float64 {
	most := p.Rate(from)
	if p.Swing != 0 && to-from >= p.Period {
		flat := p
		flat.Swing = 0
		return flat.Max(from, to) * (1 + p.Swing)
	}
	for x := p.pieceAt(int64(from), int64(to)); x.start < x.end; x = p.pieceAt(x.end, int64(to)) {
		most = max(most, x.first, x.first+x.slope*seconds(x.end-x.start))
	}
	return most
}

// step is the index of the step in effect at a time, -1 before the first.
func (p Profile) step(at int64) int {
	return sort.Search(len(p.Steps), func(i int) bool { return int64(p.Steps[i].At) > at }) - 1
}

// rate is that of step i, with the sine.
func (p Profile) rate(i int, at int64) float64 {
	if i < 0 || i >= len(p.Steps) {
		return 0
	}
	s := p.Steps[i]
	r := s.Rate
	if s.Ramp && i+1 < len(p.Steps) {
		next := p.Steps[i+1]
		r += (next.Rate - r) * float64(at-int64(s.At)) / float64(next.At-s.At)
	}
	if p.Swing != 0 && p.Period > 0 {
		turns := float64(at%int64(p.Period))/float64(p.Period) + p.Phase
		r *= 1 + p.Swing*math.Sin(2*math.Pi*turns)
	}
	return max(r, 0)
}

func seconds(ns int64) float64 { return float64(ns) / 1e9 }
