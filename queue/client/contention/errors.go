package contention

import "errors"

// ErrInvalidConfig is what every error of Validate wraps.
var ErrInvalidConfig = errors.New("contention: invalid config")
