package coldstart

import "cloudconcepts/internal/enum"

// Selection is which of several idle environments serves a request.
type Selection uint8

// The selections.
const (
	MRU    Selection = iota // the one that served last
	Newest                  // the one that was created last
	LRU                     // the one that has been idle longest
	Random                  // any
)

func selectionNames() []string { return []string{"mru", "newest", "lru", "random"} }

// String is the name, as a flag takes it.
func (s Selection) String() string { return enum.Name(s, selectionNames()) }

// MarshalText writes the name.
func (s Selection) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (s *Selection) UnmarshalText(text []byte) error {
	return enum.Parse(s, text, "coldstart: selection", selectionNames())
}

// Scaling is how fast new environments may come.
type Scaling uint8

// The kinds of scaling.
const (
	NoScaling     Scaling = iota // at once
	AWSScaling                   // a bucket of Burst tokens that refills evenly by Refill a second; every new environment takes one
	LegacyScaling                // Burst concurrent ones, and Refill more each minute from the time on at which they were all in use
)

func scalingNames() []string { return []string{"none", "aws", "aws-legacy"} }

// String is the name, as a flag takes it.
func (s Scaling) String() string { return enum.Name(s, scalingNames()) }

// MarshalText writes the name.
func (s Scaling) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (s *Scaling) UnmarshalText(text []byte) error {
	return enum.Parse(s, text, "coldstart: scaling", scalingNames())
}

// RetryKind is who tries again.
type RetryKind uint8

// The kinds of retries.
const (
	NoRetry    RetryKind = iota // nobody: a throttled request is lost
	SyncRetry                   // the caller
	AsyncRetry                  // the service's queue; it also retries function errors, twice, after 1 and 2 min
)

func retryNames() []string { return []string{"none", "sync", "async"} }

// String is the name, as a flag takes it.
func (k RetryKind) String() string { return enum.Name(k, retryNames()) }

// MarshalText writes the name.
func (k RetryKind) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (k *RetryKind) UnmarshalText(text []byte) error {
	return enum.Parse(k, text, "coldstart: retry", retryNames())
}

// ColdKind is how the time of a cold request is drawn.
type ColdKind uint8

// The kinds of cold starts.
const (
	Whole  ColdKind = iota // the cold response in one, handler included
	Phases                 // phase by phase, before the handler
)

func coldNames() []string { return []string{"whole", "phases"} }

// String is the name, as a flag takes it.
func (k ColdKind) String() string { return enum.Name(k, coldNames()) }

// MarshalText writes the name.
func (k ColdKind) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (k *ColdKind) UnmarshalText(text []byte) error {
	return enum.Parse(k, text, "coldstart: cold", coldNames())
}

// Engine is how a run is computed. Where both can do it they give the same result to the last bit.
type Engine uint8

// The engines.
const (
	Auto   Engine = iota // the stack where it can do it
	Events               // event by event
	Stack                // a sorted list of the busy and a stack of the idle: MRU, one request each, fixed keep-alive, no more limit than a concurrency
)

func engineNames() []string { return []string{"auto", "events", "stack"} }

// String is the name, as a flag takes it.
func (e Engine) String() string { return enum.Name(e, engineNames()) }

// MarshalText writes the name.
func (e Engine) MarshalText() ([]byte, error) { return []byte(e.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (e *Engine) UnmarshalText(text []byte) error {
	return enum.Parse(e, text, "coldstart: engine", engineNames())
}
