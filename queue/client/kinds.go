package client

import "cloudconcepts/internal/enum"

// OutageKind is what an outage does.
type OutageKind int

// The kinds.
const (
	Stall  OutageKind = iota // nothing is served: services stand still and go on afterwards, the line grows
	Refuse                   // new attempts are rejected; what is in the server goes on
)

func outageNames() []string { return []string{"stall", "refuse"} }

// String is the name, as a flag takes it.
func (k OutageKind) String() string { return enum.Name(k, outageNames()) }

// MarshalText writes the name.
func (k OutageKind) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (k *OutageKind) UnmarshalText(text []byte) error {
	return enum.Parse(k, text, "client: outage", outageNames())
}

// BreakerState is that of a circuit breaker.
type BreakerState int

// The states.
const (
	Closed BreakerState = iota
	Open
	HalfOpen
)

func breakerNames() []string { return []string{"closed", "open", "half-open"} }

// String is the name, as a flag takes it.
func (s BreakerState) String() string { return enum.Name(s, breakerNames()) }

// MarshalText writes the name.
func (s BreakerState) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (s *BreakerState) UnmarshalText(text []byte) error {
	return enum.Parse(s, text, "client: breaker state", breakerNames())
}

// Jitter is the shape of a backoff law.
type Jitter int

// The five laws of the article "Exponential Backoff And Jitter" on the AWS
// Architecture Blog, in the form of its simulator. n counts the retries from
// 1, b is the base and C the cap.
const (
	None         Jitter = iota // no wait
	Exponential                // min(C, b 2^n)
	FullJitter                 // uniform in [0, min(C, b 2^n)]
	EqualJitter                // half of min(C, b 2^n), and uniform in [0, that half]
	Decorrelated               // s <- min(C, uniform in [b, 3 s]), from s = b
)

func jitterNames() []string {
	return []string{"none", "exponential", "full-jitter", "equal-jitter", "decorrelated"}
}

// String is the name, as a flag takes it.
func (j Jitter) String() string { return enum.Name(j, jitterNames()) }

// MarshalText writes the name.
func (j Jitter) MarshalText() ([]byte, error) { return []byte(j.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (j *Jitter) UnmarshalText(text []byte) error {
	return enum.Parse(j, text, "client: backoff", jitterNames())
}
