package decouple

import "errors"

// ErrInvalidConfig is what every error of Validate wraps.
var ErrInvalidConfig = errors.New("decouple: invalid config")
