package replication

import (
	"fmt"
	"strconv"
	"strings"

	"cloudconcepts/internal/enum"
)

// Rule is how standbys are chosen whose answers count (PostgreSQL's synchronous_standby_names, and the commit that brought
// ANY k to it).
type Rule int

// The two rules.
const (
	Any   Rule = iota // any K of the listed standbys
	First             // the first K of the list that are connected
)

// Acks says whose answers a commit waits for. Its text is any:2, first:1 or, with a list of replicas, first:2(1,3).
type Acks struct {
	Rule Rule
	K    int    // [1, number of listed replicas]
	List uint32 // bit r for replica r in 1..Replicas; 0 = all. The order of priority is that of their numbers.
}

// AnyOf waits for any k of the listed replicas, or of all.
func AnyOf(k int, replicas ...int) Acks { return Acks{Any, k, bits(replicas)} }

// FirstOf waits for the k connected replicas of the lowest numbers among the listed, or among all.
func FirstOf(k int, replicas ...int) Acks { return Acks{First, k, bits(replicas)} }

func bits(nodes []int) (set uint32) {
	for _, n := range nodes {
		if n >= 0 && n < 32 {
			set |= 1 << n
		}
	}
	return set
}

func (a Acks) listed(node int) bool { return a.List == 0 || a.List>>node&1 != 0 }

// String is the text that ParseAcks reads.
func (a Acks) String() string {
	name := enum.Name(a.Rule, []string{"any", "first"})
	text := name + ":" + strconv.Itoa(a.K)
	if a.List == 0 {
		return text
	}
	var list []string
	for n := range 32 {
		if a.List>>n&1 != 0 {
			list = append(list, strconv.Itoa(n))
		}
	}
	return text + "(" + strings.Join(list, ",") + ")"
}

// ParseAcks reads any:K or first:K, with an optional list of replicas.
func ParseAcks(text string) (Acks, error) {
	bad := fmt.Errorf("replication: acks %q, want any:K or first:K, K a number of replicas, optionally with a list: first:2(1,3)", text)
	name, rest, found := strings.Cut(text, ":")
	if !found || name != "any" && name != "first" {
		return Acks{}, bad
	}
	var a Acks
	if name == "first" {
		a.Rule = First
	}
	number, list, found := strings.Cut(rest, "(")
	var err error
	if a.K, err = strconv.Atoi(number); err != nil {
		return Acks{}, bad
	}
	if !found {
		return a, nil
	}
	list, closed := strings.CutSuffix(list, ")")
	for word := range strings.SplitSeq(list, ",") {
		n, err := strconv.Atoi(word)
		if err != nil || !closed || n < 1 || n > mostReplicas {
			return Acks{}, bad
		}
		a.List |= 1 << n
	}
	return a, nil
}

// MarshalText writes what String returns.
func (a Acks) MarshalText() ([]byte, error) { return []byte(a.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (a *Acks) UnmarshalText(text []byte) error {
	parsed, err := ParseAcks(string(text))
	if err == nil {
		*a = parsed
	}
	return err
}
