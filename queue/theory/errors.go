package theory

import (
	"errors"
	"fmt"
)

// ErrInvalidConfig is what every error of Validate and Solve wraps.
var ErrInvalidConfig = errors.New("theory: invalid config")

// Bounds of what the closed forms accept.
const (
	MaxServers  = 1_000_000 // servers of one queue
	MaxCapacity = 1_000_000 // places of a bounded queue, those in service included

	leastRate = 1e-12 // 1/s; and s for times
	mostRate  = 1e12  // 1/s; and s for times
)

// domain collects what is wrong with the arguments of a closed form.
type domain struct{ errs []error }

// within wants low <= value <= high.
func (d *domain) within(name string, value, low, high float64, unit string) {
	if value >= low && value <= high {
		return
	}
	if unit != "" {
		unit = " " + unit
	}
	d.errs = append(d.errs, fmt.Errorf("%w: %s = %v, want in [%g, %g]%s", ErrInvalidConfig, name, value, low, high, unit))
}

// arrival is a rate that may be 0.
func (d *domain) arrival(name string, value float64) { d.within(name, value, 0, mostRate, "1/s") }

// rate is a rate that a time is made of.
func (d *domain) rate(name string, value float64) { d.within(name, value, leastRate, mostRate, "1/s") }

// duration is a time that may be 0.
func (d *domain) duration(name string, value float64) { d.within(name, value, 0, mostRate, "s") }

// count wants low <= value <= high.
func (d *domain) count(name string, value, low, high int) {
	if value < low || value > high {
		d.errs = append(d.errs, fmt.Errorf("%w: %s = %d, want in [%d, %d]", ErrInvalidConfig, name, value, low, high))
	}
}

func (d *domain) err() error { return errors.Join(d.errs...) }
