package kinesis

import "errors"

// ErrInvalidConfig is what every error of Validate wraps.
var ErrInvalidConfig = errors.New("kinesis: invalid config")
