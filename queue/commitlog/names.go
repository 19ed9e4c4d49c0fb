package commitlog

import (
	"fmt"
	"slices"
	"strings"
)

func arrivalNames() []string     { return []string{"poisson", "regular"} }
func partitionerNames() []string { return []string{"by-key", "round-robin", "at-random"} }
func orderNames() []string       { return []string{"key-order", "unordered"} }
func commitNames() []string      { return []string{"auto", "after", "before", "transactional"} }
func changeNames() []string      { return []string{"crash", "join", "leave"} }
func assignorNames() []string    { return []string{"range", "round-robin", "cooperative-sticky"} }

func nameOf(i int, names []string) string {
	if i < 0 || i >= len(names) {
		return fmt.Sprintf("unknown(%d)", i)
	}
	return names[i]
}

func textOf(i int, names []string) ([]byte, error) {
	if i < 0 || i >= len(names) {
		return nil, fmt.Errorf("%w: %d, want one of %s", ErrInvalidConfig, i, strings.Join(names, ", "))
	}
	return []byte(names[i]), nil
}

func parse(text []byte, names []string) (int, error) {
	i := slices.Index(names, string(text))
	if i < 0 {
		return 0, fmt.Errorf("%w: %.40q, want one of %s", ErrInvalidConfig, text, strings.Join(names, ", "))
	}
	return i, nil
}

// String is the name, as a flag takes it.
func (a Arrivals) String() string { return nameOf(int(a), arrivalNames()) }

// MarshalText writes the name.
func (a Arrivals) MarshalText() ([]byte, error) { return textOf(int(a), arrivalNames()) }

// UnmarshalText reads what MarshalText writes.
func (a *Arrivals) UnmarshalText(text []byte) error {
	i, err := parse(text, arrivalNames())
	*a = Arrivals(i)
	return err
}

// String is the name, as a flag takes it.
func (p Partitioner) String() string { return nameOf(int(p), partitionerNames()) }

// MarshalText writes the name.
func (p Partitioner) MarshalText() ([]byte, error) { return textOf(int(p), partitionerNames()) }

// UnmarshalText reads what MarshalText writes.
func (p *Partitioner) UnmarshalText(text []byte) error {
	i, err := parse(text, partitionerNames())
	*p = Partitioner(i)
	return err
}

// String is the name, as a flag takes it.
func (o Order) String() string { return nameOf(int(o), orderNames()) }

// MarshalText writes the name.
func (o Order) MarshalText() ([]byte, error) { return textOf(int(o), orderNames()) }

// UnmarshalText reads what MarshalText writes.
func (o *Order) UnmarshalText(text []byte) error {
	i, err := parse(text, orderNames())
	*o = Order(i)
	return err
}

// String is the name, as a flag takes it.
func (c Commit) String() string { return nameOf(int(c), commitNames()) }

// MarshalText writes the name.
func (c Commit) MarshalText() ([]byte, error) { return textOf(int(c), commitNames()) }

// UnmarshalText reads what MarshalText writes.
func (c *Commit) UnmarshalText(text []byte) error {
	i, err := parse(text, commitNames())
	*c = Commit(i)
	return err
}

// String is the name, as a flag takes it.
func (k ChangeKind) String() string { return nameOf(int(k), changeNames()) }

// MarshalText writes the name.
func (k ChangeKind) MarshalText() ([]byte, error) { return textOf(int(k), changeNames()) }

// UnmarshalText reads what MarshalText writes.
func (k *ChangeKind) UnmarshalText(text []byte) error {
	i, err := parse(text, changeNames())
	*k = ChangeKind(i)
	return err
}

// String is the name, as a flag takes it.
func (a Assignor) String() string { return nameOf(int(a), assignorNames()) }

// MarshalText writes the name.
func (a Assignor) MarshalText() ([]byte, error) { return textOf(int(a), assignorNames()) }

// UnmarshalText reads what MarshalText writes.
func (a *Assignor) UnmarshalText(text []byte) error {
	i, err := parse(text, assignorNames())
	*a = Assignor(i)
	return err
}
