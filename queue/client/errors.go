package client

import (
	"errors"
	"fmt"
	"time"
)

// ErrInvalidConfig is wrapped by every error of Validate.
var ErrInvalidConfig = errors.New("client: invalid config")

// checks collects what is wrong.
type checks []error

func (v *checks) add(format string, args ...any) {
	*v = append(*v, fmt.Errorf("%w: "+format, append([]any{ErrInvalidConfig}, args...)...))
}

func (v checks) err() error { return errors.Join(v...) }

// between wants low <= x <= high; unit is "" or begins with a space.
func (v *checks) between(name string, x, low, high float64, unit string) {
	if !(x >= low && x <= high) {
		v.add("%s = %g, want in [%g, %g]%s", name, x, low, high, unit)
	}
}

// above wants low < x <= high.
func (v *checks) above(name string, x, low, high float64, unit string) {
	if !(x > low && x <= high) {
		v.add("%s = %g, want in (%g, %g]%s", name, x, low, high, unit)
	}
}

func (v *checks) count(name string, x, low, high int64) {
	if x < low || x > high {
		v.add("%s = %d, want in [%d, %d]", name, x, low, high)
	}
}

func (v *checks) span(name string, x, low, high time.Duration) {
	if x < low || x > high {
		v.add("%s = %v, want in [%v, %v]", name, x, low, high)
	}
}
