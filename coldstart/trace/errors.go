package trace

import "errors"

// ErrInvalidConfig is what every error of Validate wraps.
var ErrInvalidConfig = errors.New("trace: invalid config")

// ErrInvalidTrace is wrapped by every error about the contents of a file.
var ErrInvalidTrace = errors.New("trace: invalid trace")
