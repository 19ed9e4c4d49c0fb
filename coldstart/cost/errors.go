package cost

import "errors"

// ErrInvalidConfig is wrapped by every error about a configuration.
var ErrInvalidConfig = errors.New("cost: invalid config")
