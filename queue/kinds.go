package queue

import "cloudconcepts/internal/enum"

// Engine is how a run is computed. Where both can do it they give the same result to the last bit.
type Engine uint8

// The engines.
const (
	Auto      Engine = iota // the recursion where it is exact and fast
	Events                  // event by event
	Recursion               // Lindley's for one server, Kiefer and Wolfowitz's for more: FIFO without losses, classes and rows
)

func engineNames() []string { return []string{"auto", "events", "recursion"} }

// String is the name, as a flag takes it.
func (e Engine) String() string { return enum.Name(e, engineNames()) }

// MarshalText writes the name.
func (e Engine) MarshalText() ([]byte, error) { return []byte(e.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (e *Engine) UnmarshalText(text []byte) error {
	return enum.Parse(e, text, "queue: engine", engineNames())
}
