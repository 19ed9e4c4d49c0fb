// Package arrival says when messages or requests come: laws of arrivals, their texts, and the times that they make.
package arrival

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"time"

	"cloudconcepts/internal/law"
	"cloudconcepts/internal/units"
)

// Arrivals is when messages (or requests) come, or batches of them. It is comparable, and a text in JSON; the zero value is invalid.
type Arrivals struct {
	kind      kind
	law       law.Law // of the gaps
	rate, off float64 // 1/s
	meanOn    time.Duration
	meanOff   time.Duration
	period    time.Duration
	steps     string  // of a changing rate, as text
	batch     float64 // mean messages per arrival; 0 = 1
	geometric bool    // the batch's size is random
}

type kind uint8

const (
	noArrivals kind = iota
	poisson
	every
	renewal
	onOff
	steps
	paced
	fromTrace
	diurnal
)

// Step is a rate from a time on.
type Step struct {
	At   time.Duration
	Rate float64 // 1/s, [0, 1e8]
}

// Year is the longest time of most settings.
const Year = 365 * 24 * time.Hour

const (
	leastArrivals = 1e-7 // 1/s
	mostArrivals  = 1e8  // 1/s
	mostBatch     = 1e6
	mostSteps     = 10_000
)

// Poisson arrivals come independently of one another at a rate (1/s), in [1e-7, 1e8].
func Poisson(rate float64) Arrivals { return Arrivals{kind: poisson, rate: rate} }

// Every gap comes one, the first after one gap; gap in [10 ns, 1 year].
func Every(gap time.Duration) Arrivals { return Arrivals{kind: every, law: law.Const(gap)} }

// Renewal arrivals have independent gaps of one law, of mean in [10 ns, 1 year].
func Renewal(gaps law.Law) Arrivals { return Arrivals{kind: renewal, law: gaps} }

// OnOff arrivals are Poisson with a rate (1/s) that switches between two values; the times at each are exponential
// with the given means. This is a Markov-modulated Poisson process of two states; it starts in its steady state.
// A cycle must bring at least 0.001 arrivals on average.
func OnOff(on, off float64, meanOn, meanOff time.Duration) Arrivals {
	return Arrivals{kind: onOff, rate: on, off: off, meanOn: meanOn, meanOff: meanOff}
}

// Steps arrivals are Poisson with a rate that changes at given times, of which the first is 0. The last rate stays.
func Steps(list ...Step) Arrivals { return Arrivals{kind: steps, steps: stepText(list)} }

// Paced arrivals come evenly, 1/rate apart, at a rate that changes at given times.
func Paced(list ...Step) Arrivals { return Arrivals{kind: paced, steps: stepText(list)} }

// Diurnal arrivals are Poisson with a rate (1/s) of mean x (1 + swing x sin(2 pi t/period)), swing in [0, 1], period in
// [1 s, 1 year].
func Diurnal(mean, swing float64, period time.Duration) Arrivals {
	return Arrivals{kind: diurnal, rate: mean, off: swing, period: period}
}

// FromTrace takes times that stand elsewhere: those given to NewSource.
func FromTrace() Arrivals { return Arrivals{kind: fromTrace} }

// InBatches makes every arrival one of n messages, n in [1, 1e6]. Rates then count batches.
func (a Arrivals) InBatches(n int) Arrivals {
	a.batch, a.geometric = float64(n), false
	return a
}

// InGeometricBatches makes every arrival one of a geometric number of messages, from 1 up, mean in [1, 1e6].
func (a Arrivals) InGeometricBatches(mean float64) Arrivals {
	a.batch, a.geometric = mean, true
	return a
}

func stepText(list []Step) string {
	parts := make([]string, len(list))
	for i, s := range list {
		parts[i] = units.DurationText(s.At) + "=" + units.FrequencyText(s.Rate)
	}
	return strings.Join(parts, ",")
}

func parseSteps(text string) ([]Step, error) {
	var list []Step
	for part := range strings.SplitSeq(text, ",") {
		at, rate, ok := strings.Cut(part, "=")
		if !ok {
			return nil, fmt.Errorf("step %q, want TIME=RATE", part)
		}
		d, err := units.ParseDuration(at)
		if err != nil {
			return nil, err
		}
		f, err := units.ParseFrequency(rate)
		if err != nil {
			return nil, err
		}
		list = append(list, Step{d, f})
	}
	return list, nil
}

// Rate is the long-run rate of messages (not batches) in 1/s; of steps, the last one; NaN for a trace.
func (a Arrivals) Rate() float64 {
	rate := math.NaN()
	switch a.kind {
	case poisson, diurnal:
		rate = a.rate
	case every, renewal:
		rate = 1 / a.law.Mean()
	case onOff:
		on, off := a.meanOn.Seconds(), a.meanOff.Seconds()
		rate = (a.rate*on + a.off*off) / (on + off)
	case steps, paced:
		if list, err := parseSteps(a.steps); err == nil {
			rate = list[len(list)-1].Rate
		}
	}
	return rate * max(a.batch, 1)
}

// Poisson says whether they are single arrivals of a Poisson process of one rate.
func (a Arrivals) Poisson() bool { return a.kind == poisson && a.batch <= 1 }

// Traced says whether the times stand elsewhere.
func (a Arrivals) Traced() bool { return a.kind == fromTrace }

// Most is the greatest rate of messages, in 1/s.
func (a Arrivals) Most() float64 {
	size := max(a.batch, 1)
	if a.kind == diurnal {
		return a.rate * (1 + a.off) * size
	}
	rate := max(a.Rate(), max(a.rate, a.off)*size)
	list, _ := parseSteps(a.steps)
	for _, s := range list {
		rate = max(rate, s.Rate*size)
	}
	return rate
}

// Validate says what is wrong with the arrivals, or nothing.
func (a Arrivals) Validate() error {
	if a.batch != 0 && !(a.batch >= 1 && a.batch <= mostBatch) {
		return fmt.Errorf("batch = %g, want in [1, %g]", a.batch, mostBatch)
	}
	switch a.kind {
	case poisson:
		return rateIn(a.rate, leastArrivals)
	case every, renewal:
		if err := a.law.Validate(); err != nil {
			return err
		}
		if m := a.law.Mean(); !(m >= 1/mostArrivals && m <= Year.Seconds()) {
			return fmt.Errorf("mean gap %g s, want in [%g, %g] s", m, 1/mostArrivals, Year.Seconds())
		}
	case onOff:
		return a.checkOnOff()
	case diurnal:
		return a.checkDiurnal()
	case steps, paced:
		return a.checkSteps()
	case fromTrace:
		if a.batch > 0 {
			return errors.New("a trace has no batches")
		}
	default:
		return errors.New("no arrivals")
	}
	return nil
}

func rateIn(rate, least float64) error {
	if !(rate >= least && rate <= mostArrivals) {
		return fmt.Errorf("rate = %g/s, want in [%g, %g]/s", rate, least, mostArrivals)
	}
	return nil
}

func (a Arrivals) checkDiurnal() error {
	if !(a.off >= 0 && a.off <= 1) {
		return fmt.Errorf("swing = %g, want in [0, 1]", a.off)
	}
	if a.period < time.Second || a.period > Year {
		return fmt.Errorf("period %v, want in [1s, %v]", a.period, Year)
	}
	return rateIn(a.rate, leastArrivals)
}

func (a Arrivals) checkOnOff() error {
	if err := errors.Join(rateIn(a.rate, 0), rateIn(a.off, 0)); err != nil {
		return err
	}
	for _, d := range []time.Duration{a.meanOn, a.meanOff} {
		if d < time.Microsecond || d > Year {
			return fmt.Errorf("mean time %v, want in [1us, %v]", d, Year)
		}
	}
	if cycle := a.rate*a.meanOn.Seconds() + a.off*a.meanOff.Seconds(); cycle < 1e-3 {
		return fmt.Errorf("%g arrivals in a cycle, want at least 0.001", cycle)
	}
	return nil
}

func (a Arrivals) checkSteps() error {
	list, err := parseSteps(a.steps)
	if err != nil {
		return err
	}
	if len(list) > mostSteps {
		return fmt.Errorf("%d steps, want at most %d", len(list), mostSteps)
	}
	least, any := mostArrivals+1.0, false
	for i, s := range list {
		switch {
		case i == 0 && s.At != 0:
			return fmt.Errorf("the first step is at %v, want 0s", s.At)
		case i > 0 && s.At <= list[i-1].At:
			return fmt.Errorf("step at %v after %v, want rising times", s.At, list[i-1].At)
		case s.Rate != 0:
			any = true
			least = min(least, s.Rate)
			err = errors.Join(err, rateIn(s.Rate, leastArrivals))
		}
	}
	if !any {
		return errors.New("no step has a rate above 0")
	}
	return err
}
