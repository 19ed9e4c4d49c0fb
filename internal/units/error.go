package units

import "fmt"

// An Error says which text could not be read as a quantity, why, what is allowed, and how it is written correctly.
type Error struct {
	Kind    string // what was expected: "size", "rate", "duration", ...
	Value   string // the text that was given
	Problem string // what is wrong with it
	Allowed string // what would be right
	Example string // one correct value
}

// Error implements error.
func (e *Error) Error() string {
	return fmt.Sprintf("%s %q: %s", e.Kind, e.Value, e.Reason())
}

// Reason is the message without the value, for callers that have named the value already.
func (e *Error) Reason() string {
	return fmt.Sprintf("%s; want %s, for example %s", e.Problem, e.Allowed, e.Example)
}
