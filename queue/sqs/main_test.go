package sqs

import (
	"testing"

	"cloudconcepts/internal/validation"
)

func TestMain(m *testing.M) { validation.Main(m) }

// formula is a claim of a formula or of an exact computation.
func formula(name, source, unit string) validation.Claim {
	return validation.Claim{Kind: validation.Theory, Name: name, Source: source, Unit: unit}
}

// published is a claim of a paper, a manual or a source text.
func published(name, source, unit string) validation.Claim {
	return validation.Claim{Kind: validation.Published, Name: name, Source: source, Unit: unit}
}

// onSystem is a claim of what was measured on a real system.
func onSystem(name, source, unit string) validation.Claim {
	return validation.Claim{Kind: validation.Measured, Name: name, Source: source, Unit: unit}
}
