package theory

import (
	"testing"

	"cloudconcepts/internal/validation"
)

func TestMain(m *testing.M) { validation.Main(m) }

// theory is a claim of a closed form or an exact computation.
func theory(name, formula, unit string) validation.Claim {
	return validation.Claim{Kind: validation.Theory, Name: name, Source: formula, Unit: unit}
}

// measured is a claim of what PostgreSQL was measured to do.
func measured(name, unit string) validation.Claim {
	source := "streaming replication of PostgreSQL 15.18 on one host, delays by a FIFO TCP relay, measured for this package"
	return validation.Claim{Kind: validation.Measured, Name: name, Source: source, Unit: unit}
}

// semisync is a claim of a benchmark from whose means the model's round trip is taken.
func semisync(name string) validation.Claim {
	source := "published benchmark of MySQL semi-sync, one thread, rows of 136 bytes on one switch; the round trip is inferred from the same means: a check of consistency"
	return validation.Claim{Kind: validation.Measured, Name: name, Source: source, Unit: "/s"}
}
