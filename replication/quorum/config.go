package quorum

import (
	"cloudconcepts/internal/enum"
)

// Config describes one write and one read of N replicas, over and over. It is a plain value: copy it, change a field,
// simulate again.
type Config struct {
	N          int    `json:"n"`            // replicas, [1, 100]
	R          int    `json:"r"`            // answers that a read waits for, [1, N]
	W          int    `json:"w"`            // acknowledgements that a write waits for, [1, N]
	Latency    Model  `json:"latency"`      // of the four legs
	ReadFanOut FanOut `json:"read_fan_out"` // whom a read asks
	Trials     int    `json:"trials"`       // pairs of a write and a read, [1, 4e9]; production models run at some millions a second
	Seed       uint64 `json:"seed"`
}

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

// Default is the Cassandra of the paper's time, N = 3 and R = W = 1, on LinkedInDisk, with a million trials.
func Default() Config {
	return Config{N: 3, R: 1, W: 1, Latency: LinkedInDisk(), Trials: 1_000_000, Seed: 1}
}
