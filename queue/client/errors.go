package client

import "errors"

// ErrInvalidConfig is what every error of Validate wraps.
var ErrInvalidConfig = errors.New("client: invalid config")
