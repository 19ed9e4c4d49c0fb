package raft

import (
	"fmt"
	"testing"

	"cloudconcepts/internal/validation"
)

func TestMain(m *testing.M) { validation.Main(m) }

// theory is a claim of a closed form or an exact computation.
func theory(name, formula, unit string) validation.Claim {
	return validation.Claim{Kind: validation.Theory, Name: name, Source: formula, Unit: unit}
}

// ongaro is a claim of a number of the dissertation.
func ongaro(name, unit string) validation.Claim {
	source := "D. Ongaro: Consensus: Bridging Theory and Practice, Stanford 2014, section 9.2"
	return validation.Claim{Kind: validation.Published, Name: name, Source: source, Unit: unit}
}

// onLibrary is a claim of what an unmodified library was measured to do on a virtual clock.
func onLibrary(library, name, unit string) validation.Claim {
	source := library + ", unmodified, on a virtual clock"
	if unit == "T" {
		source += "; T is the least election timeout"
	}
	return validation.Claim{Kind: validation.Measured, Name: name, Source: source, Unit: unit}
}

const (
	etcdRaft      = "go.etcd.io/raft v3.7.0"
	hashicorpRaft = "github.com/hashicorp/raft v1.8.0"
	splitFormula  = "P(Bin(s, l) >= s - floor(n/2)), l the delay over the range of the timeouts (Ongaro, section 9.2)"
)

// alive names the case of so many servers that answer.
func alive(alive, servers int) string { return fmt.Sprintf("%d of %d alive", alive, servers) }
