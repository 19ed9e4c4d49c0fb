package load

import (
	"errors"
	"fmt"
	"math"
	"sort"
	"time"
)

// Process is how arrivals follow the rate.
type Process int

// The two processes.
const (
	Poisson Process = iota // independent: exponential gaps while the rate is constant
	Even                   // as evenly spaced as the rate allows; nothing random
)

// String is the process's name.
func (p Process) String() string {
	if p < 0 || p > Even {
		return "invalid"
	}
	return [...]string{"poisson", "even"}[p]
}

// MarshalText makes a process its name in JSON.
func (p Process) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// UnmarshalText reads it back.
func (p *Process) UnmarshalText(text []byte) error {
	for i := Poisson; i <= Even; i++ {
		if i.String() == string(text) {
			*p = i
			return nil
		}
	}
	return fmt.Errorf("load: unknown process %q, want poisson or even", text)
}

// Profile is an arrival rate over time. Before the first segment nothing arrives.
type Profile struct {
	Process  Process       `json:"process"`
	Segments []Segment     `json:"segments"`  // in order of time, 1 to 1000 of them
	Swing    float64       `json:"swing"`     // amplitude of the sine as a share of the segments' rate, [0, 1]; 0 = no sine
	Period   time.Duration `json:"period_ns"` // of the sine, [1 ms, 10 years]; any value if Swing is 0
	Phase    float64       `json:"phase"`     // of the sine at time 0 as a share of the period, [0, 1); 0 = at the mean and rising
}

// Segment is the rate from a time on, until the next segment begins.
type Segment struct {
	At   time.Duration `json:"at_ns"`      // from the start of the run, [0, 10 years]
	Rate float64       `json:"rate_per_s"` // arrivals/s, [0, 1e9]
	Ramp bool          `json:"ramp"`       // the rate runs in a straight line to that of the next segment
}

const (
	maxSegments = 1000
	maxRate     = 1e9
	tenYears    = 10 * 365 * 24 * time.Hour
	lines       = 360 // straight lines in one period of the sine
)

// Constant is one rate for ever, in arrivals/s.
func Constant(rate float64) Profile { return Profile{Segments: []Segment{{Rate: rate}}} }

// Steps is a rate that jumps at each of the given segments.
func Steps(segments ...Segment) Profile { return Profile{Segments: segments} }

// Ramp runs from one rate to another between start and start+over, and stays there.
func Ramp(from, to float64, start, over time.Duration) Profile {
	p := Profile{Segments: []Segment{{At: start, Rate: from, Ramp: true}, {At: start + over, Rate: to}}}
	if start > 0 {
		p.Segments = append([]Segment{{Rate: from}}, p.Segments...)
	}
	return p
}

// Burst is a base rate with a peak of the given length: a flash sale.
func Burst(base, peak float64, at, length time.Duration) Profile {
	p := Profile{Segments: []Segment{{At: at, Rate: peak}, {At: at + length, Rate: base}}}
	if at > 0 {
		p.Segments = append([]Segment{{Rate: base}}, p.Segments...)
	}
	return p
}

// Diurnal is a sine around a mean rate; swing is its amplitude as a share of the mean.
func Diurnal(mean, swing float64, period time.Duration) Profile {
	return Profile{Segments: []Segment{{Rate: mean}}, Swing: swing, Period: period}
}

// Evenly is the same profile without randomness.
func (p Profile) Evenly() Profile {
	p.Process = Even
	return p
}

// Problems are all fields that are out of range, each in the form "Field = value, want in [a, b] unit".
func (p Profile) Problems() []error {
	var list []error
	add := func(format string, args ...any) { list = append(list, fmt.Errorf(format, args...)) }
	if p.Process < 0 || p.Process > Even {
		add("Process = %d, want poisson or even", int(p.Process))
	}
	if n := len(p.Segments); n < 1 || n > maxSegments {
		add("Segments = %d of them, want in [1, %d]", n, maxSegments)
		return list
	}
	last := time.Duration(-1)
	for i, s := range p.Segments {
		if s.At <= last || s.At > tenYears {
			add("Segments[%d].At = %v, want in (%v, %v]: rising times", i, s.At, last, tenYears)
		}
		if !(s.Rate >= 0 && s.Rate <= maxRate) {
			add("Segments[%d].Rate = %g, want in [0, %g] 1/s", i, s.Rate, maxRate)
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

// Validate joins the Problems.
func (p Profile) Validate() error { return errors.Join(p.Problems()...) }

// Pieces is about how many straight lines the profile has until the horizon: the work of Mean and of a Source beside
// the arrivals.
func (p Profile) Pieces(horizon time.Duration) float64 {
	n := float64(len(p.Segments))
	if p.Swing != 0 && p.Period > 0 {
		n += lines * float64(horizon) / float64(p.Period)
	}
	return n
}

// Rate is the rate at a time, in arrivals/s.
func (p Profile) Rate(at time.Duration) float64 {
	return p.rate(p.segment(int64(at)), int64(at))
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

// segment is the index of the segment in effect at a time, -1 before the first.
func (p Profile) segment(at int64) int {
	return sort.Search(len(p.Segments), func(i int) bool { return int64(p.Segments[i].At) > at }) - 1
}

// rate is that of segment i, with the sine.
func (p Profile) rate(i int, at int64) float64 {
	if i < 0 || i >= len(p.Segments) {
		return 0
	}
	s := p.Segments[i]
	r := s.Rate
	if s.Ramp && i+1 < len(p.Segments) {
		next := p.Segments[i+1]
		r += (next.Rate - r) * float64(at-int64(s.At)) / float64(next.At-s.At)
	}
	if p.Swing != 0 && p.Period > 0 {
		turns := float64(at%int64(p.Period))/float64(p.Period) + p.Phase
		r *= 1 + p.Swing*math.Sin(2*math.Pi*turns)
	}
	return max(r, 0)
}

func seconds(ns int64) float64 { return float64(ns) / 1e9 }
