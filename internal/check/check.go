// Package check collects everything that is wrong with a configuration, so that it can be said at once:
//
//	v := check.Of(ErrInvalidConfig)
//	v.Between("Rate", c.Rate, 0, 1e9, " 1/s")
//	v.Span("Timeout", c.Timeout, 0, time.Hour)
//	return v.Err()
//
// Every error reads "Field = value, want in [low, high] unit" and wraps the package's sentinel.
package check

import (
	"errors"
	"fmt"
	"time"

	"cloudconcepts/internal/law"
)

// List is what is wrong so far.
type List struct {
	invalid error
	found   []error
}

// Of starts a list whose errors wrap the sentinel.
func Of(invalid error) List { return List{invalid: invalid} }

// Err is all that is wrong, or nil.
func (l *List) Err() error { return errors.Join(l.found...) }

// OK tells whether nothing is wrong so far.
func (l *List) OK() bool { return len(l.found) == 0 }

// Len is how many things are wrong so far.
func (l *List) Len() int { return len(l.found) }

// Add says that something is wrong, in the manner of fmt.Errorf.
func (l *List) Add(format string, args ...any) {
	l.found = append(l.found, fmt.Errorf("%w: "+format, append([]any{l.invalid}, args...)...))
}

// Between wants low <= x <= high, and no NaN; unit is empty or begins with a space.
func (l *List) Between(name string, x, low, high float64, unit string) {
	if !(x >= low && x <= high) {
		l.Add("%s = %g, want in [%g, %g]%s", name, x, low, high, unit)
	}
}

// Above wants low < x <= high, and no NaN.
func (l *List) Above(name string, x, low, high float64, unit string) {
	if !(x > low && x <= high) {
		l.Add("%s = %g, want in (%g, %g]%s", name, x, low, high, unit)
	}
}

// Bytes wants low <= x <= high.
func (l *List) Bytes(name string, x, low, high int64) {
	if x < low || x > high {
		l.Add("%s = %d, want in [%d, %d] bytes", name, x, low, high)
	}
}

// Span wants low <= x <= high.
func (l *List) Span(name string, x, low, high time.Duration) {
	if x < low || x > high {
		l.Add("%s = %v, want in [%v, %v]", name, x, low, high)
	}
}

// Law wants a valid law whose mean is at least least and at most most.
func (l *List) Law(name string, x law.Law, least, most time.Duration) {
	if err := x.Validate(); err != nil {
		l.Add("%s = %v: %w", name, x, err)
		return
	}
	if m := x.Mean(); !(m >= least.Seconds() && m <= most.Seconds()) {
		l.Add("%s = %v, want a mean in [%v, %v]", name, x, least, most)
	}
}

// Whole is a whole number.
type Whole interface {
	~int | ~int8 | ~int16 | ~int32 | ~int64 | ~uint | ~uint8 | ~uint16 | ~uint32 | ~uint64
}

// Count wants low <= x <= high.
func Count[T Whole](l *List, name string, x, low, high T) {
	if x < low || x > high {
		l.Add("%s = %d, want in [%d, %d]", name, x, low, high)
	}
}
