package index

import (
	"errors"
	"fmt"
	"time"
)

// ErrInvalidConfig is wrapped by every error of Validate.
var ErrInvalidConfig = errors.New("index: invalid config")

const (
	year        = 365 * 24 * time.Hour
	mostWaiting = 100_000_000
)

// Validate reports every field that is out of range, all in one error that wraps ErrInvalidConfig. It changes nothing.
func (c Config) Validate() error {
	var v checks
	v.between("WriteRate", c.WriteRate, 1e-9, 1e9, " writes/s")
	if c.ReadRate != 0 {
		v.between("ReadRate", c.ReadRate, 1e-9, 1e9, " reads/s, or 0")
	}
	v.count("Keys", int64(c.Keys), 1, 1_000_000)
	v.between("Zipf", c.Zipf, 0, 4, "")
	v.count("Partitions", int64(c.Partitions), 1, 1000)
	v.law("Propagation", c.Propagation)
	v.law("Service", c.Service)
	if c.Service.Validate() == nil && c.Service.Mean() < 1e-9 {
		v.add("Service has mean %g, want in [1e-9, %g] s", c.Service.Mean(), year.Seconds())
	}
	v.count("MaxBacklog", int64(c.MaxBacklog), 1, min(10_000_000, mostWaiting/int64(min(max(c.Partitions, 1), 1000))))
	if c.Throttle != ThrottleKey && c.Throttle != ThrottleTable {
		v.add("Throttle = %d, want key or table", int(c.Throttle))
	}
	if c.Duration < 1 || c.Duration > year {
		v.add("Duration = %v, want in [1ns, %v]", c.Duration, year)
	}
	v.count("MaxWrites", c.MaxWrites, 1, 1e10)
	if reads := c.ReadRate * c.Duration.Seconds(); reads > 1e10 {
		v.add("ReadRate and Duration make %g reads, want at most 1e10", reads)
	}
	return errors.Join(v...)
}

// checks collects what is wrong.
type checks []error

func (v *checks) add(format string, args ...any) {
	*v = append(*v, fmt.Errorf("%w: "+format, append([]any{ErrInvalidConfig}, args...)...))
}

func (v *checks) between(name string, x, low, high float64, unit string) {
	if !(x >= low && x <= high) {
		v.add("%s = %g, want in [%g, %g]%s", name, x, low, high, unit)
	}
}

func (v *checks) count(name string, x, low, high int64) {
	if x < low || x > high {
		v.add("%s = %d, want in [%d, %d]", name, x, low, high)
	}
}

func (v *checks) law(name string, l Law) {
	if err := l.Validate(); err != nil {
		v.add("%s = %v: %w", name, l, err)
	} else if l.Mean() > year.Seconds() {
		v.add("%s has mean %g, want in [0, %g] s", name, l.Mean(), year.Seconds())
	}
}
