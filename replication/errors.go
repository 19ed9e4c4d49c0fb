package replication

import "errors"

// ErrInvalidConfig is wrapped by every error of Validate.
var ErrInvalidConfig = errors.New("replication: invalid config")
