package index

import (
	"testing"

	"cloudconcepts/internal/validation"
)

func TestMain(m *testing.M) { validation.Main(m) }

// theory is a claim of a closed form or an exact computation.
func theory(name, formula, unit string) validation.Claim {
	return validation.Claim{Kind: validation.Theory, Name: name, Source: formula, Unit: unit}
}
