package container

import "errors"

// ErrInvalidConfig is wrapped by every error about a configuration.
var ErrInvalidConfig = errors.New("container: invalid config")

// ErrUnstable is wrapped by the warning of a run in which more came than the tasks could do.
var ErrUnstable = errors.New("container: overload")
