package fleet

import "errors"

// ErrInvalidConfig is what every error of Validate wraps, and those about a list of functions.
var ErrInvalidConfig = errors.New("fleet: invalid config")
