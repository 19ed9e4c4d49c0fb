package commitlog

import "cloudconcepts/internal/enum"

// Arrivals is how the producer spaces its records.
type Arrivals int

// The two spacings; both follow Steps.
const (
	Poisson Arrivals = iota // at random
	Regular                 // evenly
)

func arrivalNames() []string { return []string{"poisson", "regular"} }

// String is the name, as a flag takes it.
func (a Arrivals) String() string { return enum.Name(a, arrivalNames()) }

// MarshalText writes the name.
func (a Arrivals) MarshalText() ([]byte, error) { return []byte(a.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (a *Arrivals) UnmarshalText(text []byte) error {
	return enum.Parse(a, text, "commitlog: arrival", arrivalNames())
}

// Partitioner chooses the partition of a record.
type Partitioner int

// The partitioners.
const (
	ByKey      Partitioner = iota // murmur2 of the key, as Kafka's producer does; without keys like RoundRobin
	RoundRobin                    // one after the other
	AtRandom                      // each equally likely
)

func partitionerNames() []string { return []string{"by-key", "round-robin", "at-random"} }

// String is the name, as a flag takes it.
func (p Partitioner) String() string { return enum.Name(p, partitionerNames()) }

// MarshalText writes the name.
func (p Partitioner) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (p *Partitioner) UnmarshalText(text []byte) error {
	return enum.Parse(p, text, "commitlog: partitioner", partitionerNames())
}

// Order is how several workers of one consumer share its records.
type Order int

// The two orders.
const (
	KeyOrder  Order = iota // records of one key always go to the same worker, so stay in order
	Unordered              // the next free worker takes the next record
)

func orderNames() []string { return []string{"key-order", "unordered"} }

// String is the name, as a flag takes it.
func (o Order) String() string { return enum.Name(o, orderNames()) }

// MarshalText writes the name.
func (o Order) MarshalText() ([]byte, error) { return []byte(o.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (o *Order) UnmarshalText(text []byte) error {
	return enum.Parse(o, text, "commitlog: order", orderNames())
}

// Commit is when offsets are committed, hence what a crash costs. AutoCommit commits positions; with several workers that
// can lose records.
type Commit int

// The four modes.
const (
	AutoCommit    Commit = iota // positions of earlier polls, at a poll, every CommitInterval
	CommitAfter                 // after processing: at least once
	CommitBefore                // before processing: at most once
	Transactional               // with the results, in one transaction: effects exactly once
)

func commitNames() []string { return []string{"auto", "after", "before", "transactional"} }

// String is the name, as a flag takes it.
func (c Commit) String() string { return enum.Name(c, commitNames()) }

// MarshalText writes the name.
func (c Commit) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (c *Commit) UnmarshalText(text []byte) error {
	return enum.Parse(c, text, "commitlog: commit", commitNames())
}

// ChangeKind is what happens to the group.
type ChangeKind int

// The kinds of changes.
const (
	Crash ChangeKind = iota // no farewell; found by the session timeout
	Join                    // a further consumer
	Leave                   // a farewell at its next poll, after a commit
)

func changeNames() []string { return []string{"crash", "join", "leave"} }

// String is the name, as a flag takes it.
func (k ChangeKind) String() string { return enum.Name(k, changeNames()) }

// MarshalText writes the name.
func (k ChangeKind) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (k *ChangeKind) UnmarshalText(text []byte) error {
	return enum.Parse(k, text, "commitlog: change", changeNames())
}

// Assignor shares the partitions out.
type Assignor int

// The assignors. With the first two a rebalance stops everybody (eager); with
// the third only partitions that move stand still.
const (
	RangeAssignor Assignor = iota
	RoundRobinAssignor
	CooperativeSticky
)

func assignorNames() []string { return []string{"range", "round-robin", "cooperative-sticky"} }

// String is the name, as a flag takes it.
func (a Assignor) String() string { return enum.Name(a, assignorNames()) }

// MarshalText writes the name.
func (a Assignor) MarshalText() ([]byte, error) { return []byte(a.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (a *Assignor) UnmarshalText(text []byte) error {
	return enum.Parse(a, text, "commitlog: assignor", assignorNames())
}
