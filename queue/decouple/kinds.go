package decouple

import "cloudconcepts/internal/enum"

// Kind is what is wrong in a window.
type Kind int

// The kinds.
const (
	Slow Kind = iota // work takes Factor times as long, calls under way included
	Hang             // nothing moves until the window ends
	Fail             // calls that begin are refused after ErrorLatency; those under way go on
)

func kindNames() []string { return []string{"slow", "hang", "fail"} }

// String is the name, as a flag takes it.
func (k Kind) String() string { return enum.Name(k, kindNames()) }

// MarshalText writes the name.
func (k Kind) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (k *Kind) UnmarshalText(text []byte) error {
	return enum.Parse(k, text, "decouple: window", kindNames())
}
