package line

import (
	"testing"

	"cloudconcepts/internal/validation"
)

func TestMain(m *testing.M) { validation.Main(m) }

// published is a claim of a paper, a manual or a source text.
func published(name, source, unit string) validation.Claim {
	return validation.Claim{Kind: validation.Published, Name: name, Source: source, Unit: unit}
}
