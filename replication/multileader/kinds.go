package multileader

import "cloudconcepts/internal/enum"

// Policy is how a key's writes that do not know of one another are settled.
type Policy int

// The four policies.
const (
	// LastWriterWins keeps the value with the greatest timestamp, of equal ones that of the leader with the higher number. The others vanish
	// without a word. A write whose clock is behind what is stored vanishes at its own leader (Cassandra).
	LastWriterWins Policy = iota
	// HybridClock is the same with timestamps that are always greater than those that the writer has seen (hybrid logical clocks): what
	// follows a write replaces it, however wrong the clocks are.
	HybridClock
	// VersionVectors keeps values that do not know of one another side by side, as siblings, until a write has seen them (Riak,
	// Dynamo). The next writer merges them.
	VersionVectors
	// Counter is a G-counter: each leader counts its own increments, and the sum is the value.
	Counter
)

func policies() []string {
	return []string{"last-writer-wins", "hybrid-clock", "version-vectors", "counter"}
}

// Policies are all there are.
func Policies() []Policy { return []Policy{LastWriterWins, HybridClock, VersionVectors, Counter} }

// String is the name, as a flag takes it.
func (p Policy) String() string { return enum.Name(p, policies()) }

// MarshalText writes the name.
func (p Policy) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (p *Policy) UnmarshalText(text []byte) error {
	return enum.Parse(p, text, "multileader: policy", policies())
}
