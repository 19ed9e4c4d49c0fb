package fleet

import "cloudconcepts/internal/enum"

// KeepAliveKind is a kind of keep-alive policy.
type KeepAliveKind uint8

// The kinds.
const (
	FixedTime       KeepAliveKind = iota // Time after it became idle an instance goes
	ExponentialTime                      // after an exponential time of mean Time
	NoEnd                                // never
	Halves                               // at each multiple of Time with probability 1/2
	HybridHistogram                      // as Hybrid says
)

func kindNames() []string { return []string{"fixed", "exponential", "never", "halving", "hybrid"} }

// String is the name.
func (k KeepAliveKind) String() string { return enum.Name(k, kindNames()) }

// MarshalText writes the name.
func (k KeepAliveKind) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (k *KeepAliveKind) UnmarshalText(text []byte) error {
	return enum.Parse(k, text, "fleet: keep-alive", kindNames())
}

// Unit is whose requests share instances.
type Unit uint8

// The units.
const (
	PerFunction Unit = iota // a function
	PerApp                  // all functions of an application, as on Azure; its first function says memory and init time
)

func unitNames() []string { return []string{"function", "app"} }

// String is the name.
func (u Unit) String() string { return enum.Name(u, unitNames()) }

// MarshalText writes the name.
func (u Unit) MarshalText() ([]byte, error) { return []byte(u.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (u *Unit) UnmarshalText(text []byte) error {
	return enum.Parse(u, text, "fleet: unit", unitNames())
}

// Eviction is which idle instance goes first when memory is short: the one of least priority, and of equal ones the one that
// was used longest ago. A priority is set at each use.
//
//	clock  priority of the last victim
//	freq   uses of the unit's instances that are still there
//	cost   init time, ms
//	size   memory, MB
type Eviction uint8

// The orders of eviction.
const (
	GreedyDual Eviction = iota // clock + freq cost/size
	LRU                        // time of the last use
	Freq                       // clock + freq cost
	Size                       // clock + freq/size
	Landlord                   // clock + cost/size: the credit that is left when all pay rent by size until one has none
)

func evictionNames() []string { return []string{"greedy-dual", "lru", "freq", "size", "landlord"} }

// String is the name.
func (e Eviction) String() string { return enum.Name(e, evictionNames()) }

// MarshalText writes the name.
func (e Eviction) MarshalText() ([]byte, error) { return []byte(e.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (e *Eviction) UnmarshalText(text []byte) error {
	return enum.Parse(e, text, "fleet: eviction", evictionNames())
}

// Priority is that of an instance just used; cost in ms, size in MB, now in ns.
func (e Eviction) Priority(clock float64, freq int64, cost, size float64, now int64) float64 {
	switch e {
	case LRU:
		return float64(now)
	case Freq:
		return clock + float64(freq)*cost
	case Size:
		return clock + float64(freq)/size
	case Landlord:
		return clock + cost/size
	}
	return clock + float64(freq)*(cost/size)
}
