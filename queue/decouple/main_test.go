package decouple

import (
	"fmt"
	"testing"

	"cloudconcepts/internal/validation"
)

func TestMain(m *testing.M) { validation.Main(m) }

// formula is a claim of a formula or of an exact computation.
func formula(name, source, unit string) validation.Claim {
	return validation.Claim{Kind: validation.Theory, Name: name, Source: source, Unit: unit}
}

// counted is "1 server", "2 servers".
func counted(servers int) string {
	if servers == 1 {
		return "1 server"
	}
	return fmt.Sprintf("%d servers", servers)
}
