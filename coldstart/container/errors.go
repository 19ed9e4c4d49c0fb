package container

import "errors"

// ErrInvalidConfig is what every error of Validate wraps.
var ErrInvalidConfig = errors.New("container: invalid config")

// ErrUnstable is wrapped by the warning of a run in which more came than the tasks could do.
var ErrUnstable = errors.New("container: no steady state")
