package client

import (
	"errors"

	"cloudconcepts/internal/check"
)

// ErrInvalidConfig is what every error of Validate wraps.
var ErrInvalidConfig = errors.New("client: invalid config")

// checks collects what is wrong.
type checks struct{ check.List }
