package store

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

// pbs is a claim of a number in "Probabilistically Bounded Staleness".
func pbs(name, where, unit string) validation.Claim {
	source := "P. Bailis, S. Venkataraman, M. Franklin, J. Hellerstein, I. Stoica: Probabilistically Bounded Staleness for Practical Partial Quorums, PVLDB 5(8), 2012, " + where
	return validation.Claim{Kind: validation.Published, Name: name, Source: source, Unit: unit}
}

// quorums names the case of a number of replicas and two quorums.
func quorums(n, r, w int) string { return fmt.Sprintf("N = %d, R = %d, W = %d", n, r, w) }
