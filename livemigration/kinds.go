package livemigration

import "cloudconcepts/internal/enum"

// Strategy is when the guest changes hosts.
type Strategy int

// The four strategies.
const (
	PreCopy  Strategy = iota // copy while it runs on the source, then switch
	PostCopy                 // switch at once, then copy on demand and in the background
	Hybrid                   // one or more rounds of pre-copy, then post-copy
	Offline                  // stop, copy, start
)

func strategyNames() []string {
	return []string{"precopy", "postcopy", "hybrid", "offline"}
}

// String is the name, as a flag takes it.
func (s Strategy) String() string { return enum.Name(s, strategyNames()) }

// MarshalText writes the name.
func (s Strategy) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (s *Strategy) UnmarshalText(text []byte) error {
	return enum.Parse(s, text, "livemigration: strategy", strategyNames())
}

// SwitchOver is when pre-copy looks whether the rest fits the downtime limit.
type SwitchOver int

// The two semantics.
const (
	// RoundBased sends all that was dirty, then looks at all that has become
	// dirty meanwhile: Xen, Cloud Hypervisor, SimGrid and the papers.
	RoundBased SwitchOver = iota
	// Drain sends until what is left fits the limit, then fetches the dirty
	// log and looks again: QEMU. Near the boundary of convergence it can settle
	// in a cycle of one burst a sync or of two; real noise moves a guest between
	// them, and can let one converge that the model holds for diverged.
	Drain
)

func switchOverNames() []string {
	return []string{"rounds", "drain"}
}

// String is the name.
func (s SwitchOver) String() string { return enum.Name(s, switchOverNames()) }

// MarshalText writes the name.
func (s SwitchOver) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (s *SwitchOver) UnmarshalText(text []byte) error {
	return enum.Parse(s, text, "livemigration: switch-over", switchOverNames())
}

// Outcome is how a migration ended.
type Outcome int

// The outcomes.
const (
	Converged      Outcome = iota // the rest fitted the downtime limit, or a rule's own terms
	Forced                        // a rule switched over, however much was left
	SwitchedToPost                // the rest went by post-copy
	Aborted                       // a rule gave up; the guest stays on the source
	Diverged                      // it would never have ended; see Result.PlateauBytes
)

func outcomeNames() []string {
	return []string{"converged", "forced", "postcopy", "aborted", "diverged"}
}

// String is the name, as --json prints it.
func (o Outcome) String() string { return enum.Name(o, outcomeNames()) }

// MarshalText writes the name.
func (o Outcome) MarshalText() ([]byte, error) { return []byte(o.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (o *Outcome) UnmarshalText(text []byte) error {
	return enum.Parse(o, text, "livemigration: outcome", outcomeNames())
}

// StorageMode is what happens to the guest's disk. In JSON it is its number.
type StorageMode int

// The storage modes.
const (
	Shared  StorageMode = iota // both hosts see the disk: nothing moves
	Mirror                     // one pass over the disk; writes behind the cursor go to both sides
	Iterate                    // passes over dirty blocks, as pre-copy does for memory
)

func storageModeNames() []string {
	return []string{"shared", "mirror", "iterate"}
}

// String is the name, as a flag takes it.
func (s StorageMode) String() string { return enum.Name(s, storageModeNames()) }

// Decision is what a stop rule wants. In JSON it is its number.
type Decision int

// The decisions of a rule.
const (
	GoOn       Decision = iota // no opinion
	LastRound                  // send this round live, then switch
	Switch                     // switch now: converged in the rule's own terms
	Force                      // switch now, however long the downtime
	ToPostCopy                 // go on in post-copy
	Abort                      // give up, the guest stays on the source
)

func decisionNames() []string {
	return []string{"go on", "last round", "switch", "force", "post-copy", "abort"}
}

// String is the name.
func (d Decision) String() string { return enum.Name(d, decisionNames()) }
