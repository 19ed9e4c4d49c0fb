package coldstart

import "errors"

// ErrInvalidConfig is wrapped by every error about a configuration.
var ErrInvalidConfig = errors.New("coldstart: invalid config")
