package client

import (
	"errors"

	"cloudconcepts/internal/check"
)

// ErrInvalidConfig is wrapped by every error of Validate.
var ErrInvalidConfig = errors.New("client: invalid config")

// checks collects what is wrong.
type checks struct{ check.List }
