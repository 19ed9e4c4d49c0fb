package line

import (
	"fmt"
	"time"

	"cloudconcepts/internal/enum"
)

// Discipline is the order in which a line serves, and whom it throws out.
type Discipline uint8

// The disciplines.
const (
	FIFO          Discipline = iota // first in, first out
	LIFO                            // last in, first out
	AdaptiveLIFO                    // FIFO while at most Policy.Threshold items wait, then LIFO
	Priority                        // lowest class number first, FIFO within it; a started service is not interrupted
	Expire                          // FIFO; what has waited longer than the deadline is thrown out when its turn comes
	CoDel                           // controlled delay, for packets (RFC 8289)
	CoDelFacebook                   // its form for requests in the folly library: drops all that waited over twice the target while overloaded
	CoDelTimeout                    // its form in Maurer's "Fail at Scale": a wait of at most Target while the line has not been empty for Interval, else of at most Interval
	RED                             // random early detection: drops at arrival, the more the longer the line is on average
)

func disciplineNames() []string {
	return []string{"fifo", "lifo", "adaptive-lifo", "priority", "expire", "codel", "codel-facebook", "codel-timeout", "red"}
}

// Disciplines are all there are, in order.
func Disciplines() []Discipline {
	return []Discipline{FIFO, LIFO, AdaptiveLIFO, Priority, Expire, CoDel, CoDelFacebook, CoDelTimeout, RED}
}

// Known tells whether d is one of the disciplines.
func (d Discipline) Known() bool { return d <= RED }

// String is the name, as a flag takes it.
func (d Discipline) String() string { return enum.Name(d, disciplineNames()) }

// MarshalText writes the name.
func (d Discipline) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (d *Discipline) UnmarshalText(text []byte) error {
	return enum.Parse(d, text, "queue: discipline", disciplineNames())
}

// Full is what happens to an item that finds no place.
type Full uint8

// The rules of a full line.
const (
	RejectNewest Full = iota // it is refused
	DropOldest               // the oldest of the lowest class is thrown out for it, unless all that wait come before it
	Block                    // whoever brings it must hold it and wait
)

func fullNames() []string { return []string{"reject-newest", "drop-oldest", "block"} }

// Known tells whether f is one of the rules.
func (f Full) Known() bool { return f <= Block }

// String is the name, as a flag takes it.
func (f Full) String() string { return enum.Name(f, fullNames()) }

// MarshalText writes the name.
func (f Full) MarshalText() ([]byte, error) { return []byte(f.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (f *Full) UnmarshalText(text []byte) error {
	return enum.Parse(f, text, "queue: full-queue rule", fullNames())
}

// Policy are the numbers of the disciplines that have some; the others do not look at them.
type Policy struct {
	Threshold  int           `json:"threshold"`            // adaptive-lifo: the longest line that is still FIFO, [0, 1e9]
	Target     time.Duration `json:"target_ns"`            // codel...: the wait that is fine, [1 ns, 1 h]
	Interval   time.Duration `json:"interval_ns"`          // codel...: how long a line may stay above it, [Target, 24 h]
	MinQueue   float64       `json:"min_queue"`            // red: mean line below which nothing is dropped, [0, 1e9]
	MaxQueue   float64       `json:"max_queue"`            // red: mean line from which everything is dropped, (MinQueue, 1e9]
	MaxDrop    float64       `json:"max_drop_fraction"`    // red: share dropped just below MaxQueue, (0, 1]
	MeanWeight float64       `json:"mean_weight_fraction"` // red: weight of the newest length in the moving mean, (0, 1]
}

// DefaultPolicy has folly's defaults for the CoDel family (5 ms in 100 ms, facebook/folly, folly/executors/Codel.cpp),
// for RED the numbers of Floyd and Jacobson (1993: weight 0.002, thresholds 5 and 15, share 1/50), and a LIFO that
// starts as soon as more than 100 items wait.
func DefaultPolicy() Policy {
	return Policy{
		Threshold: 100, Target: 5 * time.Millisecond, Interval: 100 * time.Millisecond,
		MinQueue: 5, MaxQueue: 15, MaxDrop: 0.02, MeanWeight: 0.002,
	}
}

// Check lists what discipline d cannot use of the policy, each as "Field = value, want ...".
func (p Policy) Check(d Discipline) []string {
	var bad []string
	check := func(ok bool, format string, args ...any) {
		if !ok {
			bad = append(bad, fmt.Sprintf(format, args...))
		}
	}
	switch d {
	case AdaptiveLIFO:
		check(p.Threshold >= 0 && p.Threshold <= 1e9, "Policy.Threshold = %d, want in [0, 1e9]", p.Threshold)
	case CoDel, CoDelFacebook, CoDelTimeout:
		check(p.Target > 0 && p.Target <= time.Hour, "Policy.Target = %v, want in [1ns, 1h]", p.Target)
		check(p.Interval >= p.Target && p.Interval > 0 && p.Interval <= 24*time.Hour,
			"Policy.Interval = %v, want in [Policy.Target, 24h]", p.Interval)
	case RED:
		check(p.MinQueue >= 0 && p.MinQueue <= 1e9, "Policy.MinQueue = %g, want in [0, 1e9]", p.MinQueue)
		check(p.MaxQueue > p.MinQueue && p.MaxQueue <= 1e9, "Policy.MaxQueue = %g, want in (Policy.MinQueue, 1e9]", p.MaxQueue)
		check(p.MaxDrop > 0 && p.MaxDrop <= 1, "Policy.MaxDrop = %g, want in (0, 1]", p.MaxDrop)
		check(p.MeanWeight > 0 && p.MeanWeight <= 1, "Policy.MeanWeight = %g, want in (0, 1]", p.MeanWeight)
	}
	return bad
}
