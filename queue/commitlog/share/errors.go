package share

import "errors"

// ErrInvalidConfig is what every error of Validate wraps.
var ErrInvalidConfig = errors.New("share: invalid config")
