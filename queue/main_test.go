package queue

import (
	"testing"

	"cloudconcepts/internal/validation"
)

func TestMain(m *testing.M) { validation.Main(m) }

// formula is a claim of a formula or of an exact computation.
func formula(name, source, unit string) validation.Claim {
	return validation.Claim{Kind: validation.Theory, Name: name, Source: source, Unit: unit}
}
