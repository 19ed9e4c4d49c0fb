package lsm

import (
	"fmt"

	"cloudconcepts/internal/enum"
)

// Policy is how an LSM tree merges its runs.
type Policy int

// The three policies. For any other tree write the runs down.
const (
	Levelling     Policy = iota // one run a level
	Tiering                     // SizeRatio-1 runs a level, the worst case before a merge
	LazyLevelling               // tiering, but one run on the last level (Dayan and Idreos, Dostoevsky, SIGMOD 2018)
)

// String is the name, as a flag takes it.
func (p Policy) String() string { return enum.Name(p, policyNames()) }

// MarshalText writes the name.
func (p Policy) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (p *Policy) UnmarshalText(text []byte) error {
	return parse(p, text, "policy", policyNames())
}

func policyNames() []string { return []string{"levelling", "tiering", "lazy"} }

// Sharing is the rule by which Allocate divides filter memory among runs.
type Sharing int

// The three rules.
const (
	// EqualBits gives every key the same number of bits.
	EqualBits Sharing = iota
	// MonkeyBits minimises the false positives of an absent key: p ~ Keys.
	MonkeyBits
	// WeightedBits minimises their cost: p ~ Keys / (Rate (1-CacheHit) ReadSeconds).
	WeightedBits
)

// String is the name, as in JSON.
func (s Sharing) String() string { return enum.Name(s, sharingNames()) }

// MarshalText writes the name.
func (s Sharing) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (s *Sharing) UnmarshalText(text []byte) error {
	return parse(s, text, "sharing", sharingNames())
}

func sharingNames() []string { return []string{"uniform", "monkey", "weighted"} }

// HashRule is how an engine gets the number of hashes from the bits per key.
type HashRule int

// The four rules.
const (
	RuleNearest HashRule = iota // the best whole number
	RuleLevelDB                 // bloom.LevelDBHashes of the whole bits per key
	RuleRocksDB                 // bloom.RocksDBHashes
	RuleEight                   // always 8
)

// String is the name, as in JSON.
func (r HashRule) String() string { return enum.Name(r, ruleNames()) }

// MarshalText writes the name.
func (r HashRule) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (r *HashRule) UnmarshalText(text []byte) error {
	return parse(r, text, "hash rule", ruleNames())
}

func ruleNames() []string { return []string{"nearest", "leveldb", "rocksdb", "eight"} }

// ServiceLaw is the shape of the time that one read takes.
type ServiceLaw int

// The three shapes.
const (
	FixedTime       ServiceLaw = iota // every read takes the mean
	ExponentialTime                   // coefficient of variation 1
	LognormalTime                     // Medium.Sigma is the standard deviation of its logarithm
)

// String is the name, as in JSON.
func (l ServiceLaw) String() string { return enum.Name(l, lawNames()) }

// MarshalText writes the name.
func (l ServiceLaw) MarshalText() ([]byte, error) { return []byte(l.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (l *ServiceLaw) UnmarshalText(text []byte) error {
	return parse(l, text, "service law", lawNames())
}

func lawNames() []string { return []string{"fixed", "exponential", "lognormal"} }

// parse is enum.Parse with this package's error.
func parse[T enum.Whole](i *T, text []byte, what string, names []string) error {
	if err := enum.Parse(i, text, what, names); err != nil {
		return fmt.Errorf("%w: %w", ErrInvalidConfig, err)
	}
	return nil
}
