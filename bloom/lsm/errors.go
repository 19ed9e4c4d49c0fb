package lsm

import "errors"

// ErrInvalidConfig is what every error of Validate wraps, and every other error about a value out of range.
var ErrInvalidConfig = errors.New("lsm: invalid config")
