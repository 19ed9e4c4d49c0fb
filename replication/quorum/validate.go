package quorum

import (
	"errors"
	"fmt"
	"math"
	"time"
)

// ErrInvalidConfig is wrapped by every error of Validate.
var ErrInvalidConfig = errors.New("quorum: invalid config")

const (
	mostReplicas = 100
	mostTrials   = 4_000_000_000
)

// Validate reports every field that is out of range, all in one error that wraps ErrInvalidConfig. It changes nothing.
func (c Config) Validate() error {
	var v checks
	v.quorums(c.N, c.R, c.W)
	v.model("Latency", c.Latency)
	if c.ReadFanOut != ToAll && c.ReadFanOut != ToQuorum {
		v.add("ReadFanOut = %d, want all or quorum", c.ReadFanOut)
	}
	v.count("Trials", c.Trials, 1, mostTrials)
	return joined(v)
}

func joined(v checks) error { return errors.Join(v...) }

// checks collects what is wrong.
type checks []error

func (v *checks) add(format string, args ...any) {
	*v = append(*v, fmt.Errorf("%w: "+format, append([]any{ErrInvalidConfig}, args...)...))
}

// between wants low <= x <= high; unit is "" or begins with a space.
func (v *checks) between(name string, x, low, high float64, unit string) {
	if !(x >= low && x <= high) {
		v.add("%s = %g, want in [%g, %g]%s", name, x, low, high, unit)
	}
}

func (v *checks) count(name string, x, low, high int) {
	if x < low || x > high {
		v.add("%s = %d, want in [%d, %d]", name, x, low, high)
	}
}

func (v *checks) span(name string, x, low, high time.Duration) {
	if x < low || x > high {
		v.add("%s = %v, want in [%v, %v]", name, x, low, high)
	}
}

func (v *checks) quorums(n, r, w int) {
	v.count("N", n, 1, mostReplicas)
	n = min(max(n, 1), mostReplicas)
	v.count("R", r, 1, n)
	v.count("W", w, 1, n)
}

func (v *checks) model(name string, m Model) {
	v.latency(name+".Write", m.Write)
	v.latency(name+".Ack", m.Ack)
	v.latency(name+".Read", m.Read)
	v.latency(name+".Response", m.Response)
	v.span(name+".Remote", m.Remote, 0, time.Hour)
}

func (v *checks) latency(name string, l Latency) {
	if l.count == 0 {
		if err := l.law.Validate(); err != nil {
			v.add("%s = %v: %w", name, l.law, err)
		}
		return
	}
	if l.count > mostParts {
		v.add("%s has %d parts, want in [1, %d]", name, l.count, mostParts)
		return
	}
	var sum float64
	for i, p := range l.parts[:l.count] {
		v.part(fmt.Sprintf("%s.Part[%d]", name, i), p)
		sum += p.Weight
	}
	if !(math.Abs(sum-1) <= 1e-9) {
		v.add("%s: weights add up to %g, want 1", name, sum)
	}
}

func (v *checks) part(name string, p Part) {
	if !(p.Weight > 0 && p.Weight <= 1) {
		v.add("%s.Weight = %g, want in (0, 1]", name, p.Weight)
	}
	if p.Alpha == 0 && p.Xm == 0 {
		v.between(name+".Rate", p.Rate, 1e-9, 1e9, " per ms")
		return
	}
	v.between(name+".Alpha", p.Alpha, 0.1, 1000, "")
	v.between(name+".Xm", p.Xm, 1e-9, 1e9, " ms")
	if p.Rate != 0 {
		v.add("%s.Rate = %g, want 0: a part is Pareto or exponential", name, p.Rate)
	}
}
