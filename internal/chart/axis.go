package chart

import (
	"errors"
	"fmt"
	"math"

	"gonum.org/v1/plot"
)

// Axis describes one axis of a panel.
type Axis struct {
	// Name is written below an x axis, with its unit. The y axis takes its
	// name from Panel.Name; a name given here is used if that is empty.
	Name string

	// Min and Max bound the axis; both 0 means from the data. A Max of 0 above
	// a Min is taken from the data, and so is each bound of 0 on a log axis.
	Min, Max float64

	Log     bool      // logarithmic; values of 0 and less sit on the lower bound
	Zero    bool      // a range from the data includes 0 (not on a log axis)
	Reverse bool      // runs from right to left, or from top to bottom
	Format  Format    // text of the ticks, nil = Thousands
	Ticks   []float64 // the labelled ticks; nil = chosen by range and room
	Labels  []string  // names of categories, which stand at 0, 1, 2, ...
}

func (a Axis) check() error {
	var errs []error
	if !finite(a.Min, a.Max) {
		errs = append(errs, fmt.Errorf("range %g to %g is not finite", a.Min, a.Max))
	}
	if finite(a.Min, a.Max) && !finite(a.Max-a.Min) {
		errs = append(errs, fmt.Errorf("range %g to %g is too wide", a.Min, a.Max))
	}
	if a.Max < a.Min && a.Max != 0 {
		errs = append(errs, fmt.Errorf("Max = %g is below Min = %g (use Reverse to turn an axis)", a.Max, a.Min))
	}
	if a.Max == a.Min && a.Max != 0 {
		errs = append(errs, fmt.Errorf("Min and Max are both %g", a.Min))
	}
	if a.Log && (a.Min < 0 || a.Max < 0) {
		errs = append(errs, fmt.Errorf("log axis from %g to %g, want positive bounds", a.Min, a.Max))
	}
	if a.Log && len(a.Labels) > 0 {
		errs = append(errs, errors.New("categories on a log axis"))
	}
	if !finite(a.Ticks...) {
		errs = append(errs, errors.New("a tick is not finite"))
	}
	return errors.Join(errs...)
}

func (a Axis) format() Format {
	if a.Format == nil {
		return Thousands
	}
	return a.Format
}

// span is the range of the data on one axis.
type span struct {
	lo, hi float64
	log    bool
	base   bool // the marks stand on 0: bars, areas
	loose  bool // the marks need room around them: dots, bars
	words  bool // words stand beyond the ends of the marks
	tight  bool // the marks fill their range: heat maps
}

func newSpan(log bool) span {
	return span{lo: math.Inf(1), hi: math.Inf(-1), log: log}
}

// add takes values into the range; values without a place on the axis, such
// as NaN, or 0 on a log axis, do not count.
func (s *span) add(vs ...float64) {
	for _, v := range vs {
		if !finite(v) || (s.log && v <= 0) {
			continue
		}
		s.lo, s.hi = math.Min(s.lo, v), math.Max(s.hi, v)
	}
}

func (s *span) join(o span) {
	s.add(o.lo, o.hi)
	s.base = s.base || o.base
	s.loose = s.loose || o.loose
	s.words = s.words || o.words
	s.tight = s.tight || o.tight
}

// extent is the range of the data of a panel.
type extent struct {
	x, y span
}

// limits returns the bounds of the axis for the given data.
func (a Axis) limits(s span, vertical bool) (lo, hi float64, err error) {
	if n := len(a.Labels); n > 0 && a.Min == a.Max {
		return -0.5, float64(n) - 0.5, nil
	}
	autoLo, autoHi := a.Min == 0 && (a.Max == 0 || a.Log), a.Max == 0 && (a.Min >= 0 || a.Log)
	if a.Min < 0 && a.Max == 0 {
		autoHi = false
	}
	if !autoLo && !autoHi {
		return a.Min, a.Max, nil
	}
	if s.lo > s.hi && !autoLo {
		s.lo, s.hi = a.Min, a.Min
	}
	if s.lo > s.hi && !autoHi {
		s.lo, s.hi = a.Max, a.Max
	}
	if s.lo > s.hi {
		if a.Log {
			return 0, 0, errors.New("log axis without a positive value")
		}
		return 0, 0, errors.New("no finite value to take the range from")
	}
	s.base = s.base || a.Zero
	if a.Log {
		lo, hi = logLimits(s, vertical)
	} else {
		lo, hi = linearLimits(s, vertical)
	}
	if !autoLo {
		lo = a.Min
	}
	if !autoHi {
		hi = a.Max
	}
	if !(lo < hi) || !finite(lo, hi, hi-lo) || (a.Log && lo <= 0) {
		return 0, 0, fmt.Errorf("no range from %g to %g", lo, hi)
	}
	return lo, hi, nil
}

func linearLimits(s span, vertical bool) (lo, hi float64) {
	lo, hi = s.lo, s.hi
	if s.base || (vertical && !s.tight && lo > 0 && lo < 0.35*hi) {
		lo, hi = math.Min(lo, 0), math.Max(hi, 0)
	}
	if lo == hi {
		d := math.Max(math.Abs(lo)*0.1, 1e-9)
		if lo == 0 {
			d = 1
		}
		return lo - d, hi + d
	}
	if s.tight || (!vertical && !s.loose && !s.base) {
		return lo, hi
	}
	room := 0.05 * (hi - lo)
	if s.words {
		room *= 2
	}
	if lo != 0 {
		lo -= room
	}
	if hi != 0 {
		hi += room
	}
	step := niceStep((hi - lo) / 4)
	if top := math.Ceil(hi/step-1e-9) * step; top-hi < 0.6*step {
		hi = top
	}
	return lo, hi
}

func logLimits(s span, vertical bool) (lo, hi float64) {
	lo, hi = s.lo, s.hi
	if lo == hi {
		return lo / 2, hi * 2
	}
	if s.tight || (!vertical && !s.loose) {
		return lo, hi
	}
	if !vertical {
		room := math.Exp(0.03 * (math.Log(hi) - math.Log(lo)))
		return lo / room, hi * room
	}
	down, up := niceBelow(lo*1.0000001), niceBelow(hi*0.9999999)
	for up < hi*0.9999999 {
		up = niceBelow(up * 2.6)
	}
	return down, up
}

// niceStep returns the smallest of 1, 2, 5, 10, ... times a power of ten that
// is not below v.
func niceStep(v float64) float64 {
	p := math.Pow(10, math.Floor(math.Log10(v)))
	for _, m := range []float64{1, 2, 5} {
		if m*p >= v*(1-1e-9) {
			return m * p
		}
	}
	return 10 * p
}

// niceBelow returns the largest of 1, 2, 5 times a power of ten that is not
// above v.
func niceBelow(v float64) float64 {
	p := math.Pow(10, math.Floor(math.Log10(v)))
	for _, m := range []float64{5, 2} {
		if m*p <= v {
			return m * p
		}
	}
	return p
}

// logScale places values logarithmically; what has no logarithm sits on the
// lower bound.
type logScale struct{}

// Normalize returns the share of the way from lo to hi at which v stands.
func (logScale) Normalize(lo, hi, v float64) float64 {
	if lo <= 0 || hi <= 0 {
		return 0
	}
	a, b := math.Log(lo), math.Log(hi)
	if !(v > 0) {
		v = math.Min(lo, hi)
	}
	return (math.Log(v) - a) / (b - a)
}

// scale returns the way in which the axis places values.
func (a Axis) scale() plot.Normalizer {
	var n plot.Normalizer = plot.LinearScale{}
	if a.Log {
		n = logScale{}
	}
	if a.Reverse {
		n = plot.InvertedScale{Normalizer: n}
	}
	return n
}
