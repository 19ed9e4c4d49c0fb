package store

import "cloudconcepts/internal/enum"

// Repair is what a read does about answers that differ.
type Repair int

// The three ways.
const (
	NoRepair Repair = iota
	// AsyncRepair returns, and when all answers are in, sends the newest version to those who had an older one.
	AsyncRepair
	// BlockingRepair returns only when W replicas are known to have the version: the write-back of Attiya, Bar-Noy and
	// Dolev. With R + W > N a later read cannot then return an older one.
	BlockingRepair
)

func repairs() []string { return []string{"none", "async", "blocking"} }

// String is the name, as a flag takes it.
func (r Repair) String() string { return enum.Name(r, repairs()) }

// MarshalText writes the name.
func (r Repair) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (r *Repair) UnmarshalText(text []byte) error {
	return enum.Parse(r, text, "store: read repair", repairs())
}
