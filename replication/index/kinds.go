package index

import "cloudconcepts/internal/enum"

// Throttle is which writes the table refuses while a partition of the index has too many waiting.
type Throttle int

// The two ways.
const (
	ThrottleKey   Throttle = iota // those that would go to that partition
	ThrottleTable                 // all
)

func throttles() []string { return []string{"key", "table"} }

// String is the name, as a flag takes it.
func (t Throttle) String() string { return enum.Name(t, throttles()) }

// MarshalText writes the name.
func (t Throttle) MarshalText() ([]byte, error) { return []byte(t.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (t *Throttle) UnmarshalText(text []byte) error {
	return enum.Parse(t, text, "index: throttle", throttles())
}
