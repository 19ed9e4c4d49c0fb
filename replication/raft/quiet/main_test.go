package quiet

import (
	"testing"

	"cloudconcepts/internal/validation"
)

func TestMain(m *testing.M) { validation.Main(m) }

// theory is a claim of a closed form or an exact computation.
func theory(name, formula, unit string) validation.Claim {
	return validation.Claim{Kind: validation.Theory, Name: name, Source: formula, Unit: unit}
}

// few is n heartbeats, fewer if time is short.
func few(n int) int {
	if testing.Short() {
		return n / 5
	}
	return n
}
