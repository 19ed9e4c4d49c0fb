package queue

import "errors"

// ErrInvalidConfig is what every error of Validate wraps.
var ErrInvalidConfig = errors.New("queue: invalid config")

// ErrUnstable is wrapped by the warnings of a result whose queue has no steady
// state: more work arrives than the servers can do. It is never returned as an
// error: an unstable queue is an answer, with means of +Inf.
var ErrUnstable = errors.New("queue: no steady state")

// ErrPrecision is wrapped by warnings that a number rests on too few messages.
var ErrPrecision = errors.New("queue: too few messages")

// Bounds of a Config.
const (
	MaxServers  = 1_000_000 // servers of one queue
	MaxCapacity = 1_000_000 // places of a bounded queue, those in service included
)
