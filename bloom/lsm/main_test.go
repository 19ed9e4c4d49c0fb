package lsm

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"

	"cloudconcepts/internal/validation"
)

// TestMain keeps what the tests compare in testdata/validation.csv.
func TestMain(m *testing.M) { validation.Main(m) }

func theory(name, source, unit string) validation.Claim {
	return validation.Claim{Kind: validation.Theory, Name: name, Source: source, Unit: unit}
}

func published(name, source, unit string) validation.Claim {
	return validation.Claim{Kind: validation.Published, Name: name, Source: source, Unit: unit}
}

func measured(name, source, unit string) validation.Claim {
	return validation.Claim{Kind: validation.Measured, Name: name, Source: source, Unit: unit}
}

// blockedExact is the claim of several tests.
var blockedExact = theory("exact rate of a blocked filter", "sum over i of Poisson(i; B/b) exact(B, i, k), computed independently", "")

// nowhere wants values from outside of a formula's domain: not a number.
func nowhere(t *testing.T, values ...float64) {
	t.Helper()
	for i, x := range values {
		assert.True(t, math.IsNaN(x), "value %d is %g", i, x)
	}
}
