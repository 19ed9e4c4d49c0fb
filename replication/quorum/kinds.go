package quorum

import "cloudconcepts/internal/enum"

// FanOut is whom a read asks.
type FanOut int

// The two ways of partial quorums.
const (
	ToAll    FanOut = iota // all N replicas, and the first R answers count: Dynamo, Cassandra, Riak
	ToQuorum               // R replicas chosen at random: Voldemort
)

func fanOuts() []string { return []string{"all", "quorum"} }

// String is the name, as a flag takes it.
func (f FanOut) String() string { return enum.Name(f, fanOuts()) }

// MarshalText writes the name.
func (f FanOut) MarshalText() ([]byte, error) { return []byte(f.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (f *FanOut) UnmarshalText(text []byte) error {
	return enum.Parse(f, text, "quorum: read fan-out", fanOuts())
}
