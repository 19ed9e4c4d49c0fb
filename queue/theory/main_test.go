package theory

import (
	"fmt"
	"math"
	"testing"

	"cloudconcepts/internal/validation"
)

func TestMain(m *testing.M) { validation.Main(m) }

// theory is a claim of a formula or of an exact computation.
func theory(name, source, unit string) validation.Claim {
	return validation.Claim{Kind: validation.Theory, Name: name, Source: source, Unit: unit}
}

// digits wants got within so many significant digits of want.
func digits(t *testing.T, claim validation.Claim, cell string, want, got float64, digits int) {
	t.Helper()
	claim.Relative(t, cell, want, got, math.Pow(10, float64(1-digits)))
}

// counted is "1 server", "2 servers".
func counted(servers int) string {
	if servers == 1 {
		return "1 server"
	}
	return fmt.Sprintf("%d servers", servers)
}
