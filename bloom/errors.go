package bloom

import "errors"

// ErrInvalidConfig is wrapped by every error about a value that is out of
// range.
var ErrInvalidConfig = errors.New("bloom: invalid config")
