package sqs

import "cloudconcepts/internal/enum"

// Kind is the kind of queue: in which order messages go out.
//
// Standard: oldest first, those that came back before new ones; after AgeReceives receives they go to the back and the age
// metric leaves them out. FIFO: a group is locked while any of its messages is in flight, a receive takes as many of one
// group as possible and then turns to the next, and groups are looked for in the oldest LookAhead messages, those in flight
// included. Which group comes first is undocumented: here the one with the oldest message. Fair: quiet tenants go first,
// oldest message first; among noisy ones that with the fewest in flight. The rules are those of the Amazon SQS Developer
// Guide: "Amazon SQS visibility timeout", "How Amazon SQS fair queues work", "Amazon SQS FIFO queue quotas", "Avoid large
// message backlogs with the same message group ID in Amazon SQS", "Setting-up dead-letter queue retention in Amazon SQS",
// "Available CloudWatch metrics for Amazon SQS".
type Kind int

// The three kinds.
const (
	Standard Kind = iota // any order, at least once
	FIFO                 // in order within a message group, deduplicated
	Fair                 // a standard queue whose message groups are tenants
)

func kindNames() []string { return []string{"standard", "fifo", "fair"} }

// String is the name, as a flag takes it.
func (k Kind) String() string { return enum.Name(k, kindNames()) }

// MarshalText writes the name.
func (k Kind) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (k *Kind) UnmarshalText(text []byte) error {
	return enum.Parse(k, text, "sqs: kind", kindNames())
}

// LateDelete is what happens to a delete whose delivery has timed out.
type LateDelete int

// The four answers.
const (
	// LateDeleteWorks: any handle deletes, as an ack of JetStream does; SQS standard says it may.
	LateDeleteWorks LateDelete = iota
	// LateDeleteFails: the handle has expired with the visibility timeout, SQS FIFO.
	LateDeleteFails
	// LateDeleteFenced: fails once the message was delivered again, as an ack fenced by the delivery count.
	LateDeleteFenced
	// LateDeleteChance: an old handle works with a probability, SQS standard taken by its word.
	LateDeleteChance
)

func lateNames() []string { return []string{"works", "fails", "fenced", "chance"} }

// String is the name, as a flag takes it.
func (l LateDelete) String() string { return enum.Name(l, lateNames()) }

// MarshalText writes the name.
func (l LateDelete) MarshalText() ([]byte, error) { return []byte(l.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (l *LateDelete) UnmarshalText(text []byte) error {
	return enum.Parse(l, text, "sqs: late delete", lateNames())
}

// MaxTested is when the maximum of deliveries is tested.
type MaxTested int

// The two moments.
const (
	AtReceive MaxTested = iota // at the receive after the last allowed one, which does not see the message
	AtExpiry                   // when the last allowed delivery comes back
)

func testedNames() []string { return []string{"at-receive", "at-expiry"} }

// String is the name, as a flag takes it.
func (m MaxTested) String() string { return enum.Name(m, testedNames()) }

// MarshalText writes the name.
func (m MaxTested) MarshalText() ([]byte, error) { return []byte(m.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (m *MaxTested) UnmarshalText(text []byte) error {
	return enum.Parse(m, text, "sqs: moment", testedNames())
}

// Scope is where a deduplication ID is known.
type Scope int

// The two scopes.
const (
	PerQueue Scope = iota
	PerGroup
)

func scopeNames() []string { return []string{"queue", "group"} }

// String is the name, as a flag takes it.
func (s Scope) String() string { return enum.Name(s, scopeNames()) }

// MarshalText writes the name.
func (s Scope) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (s *Scope) UnmarshalText(text []byte) error {
	return enum.Parse(s, text, "sqs: scope", scopeNames())
}

// Arrivals is how messages are spread over time.
type Arrivals int

// The three ways.
const (
	AtOnce  Arrivals = iota // all at the start
	Poisson                 // a Poisson process
	Regular                 // evenly, the first one after a whole gap
)

func arrivalNames() []string { return []string{"at-once", "poisson", "regular"} }

// String is the name, as a flag takes it.
func (a Arrivals) String() string { return enum.Name(a, arrivalNames()) }

// MarshalText writes the name.
func (a Arrivals) MarshalText() ([]byte, error) { return []byte(a.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (a *Arrivals) UnmarshalText(text []byte) error {
	return enum.Parse(a, text, "sqs: arrivals", arrivalNames())
}

// Failure is what a worker does about an attempt that failed.
type Failure int

// The two ways.
const (
	Silent Failure = iota // nothing: the message comes back when its visibility timeout has run out
	Nack                  // set its visibility to NackDelay
)

func failureNames() []string { return []string{"silent", "nack"} }

// String is the name, as a flag takes it.
func (f Failure) String() string { return enum.Name(f, failureNames()) }

// MarshalText writes the name.
func (f Failure) MarshalText() ([]byte, error) { return []byte(f.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (f *Failure) UnmarshalText(text []byte) error {
	return enum.Parse(f, text, "sqs: failure", failureNames())
}
