package coldstart

import "errors"

var (
	// ErrInvalidConfig is what every error of Validate wraps.
	ErrInvalidConfig = errors.New("coldstart: invalid config")
	// ErrPrecision is what a warning wraps if a number is known badly.
	ErrPrecision = errors.New("coldstart: imprecise")
)
