package commit

import (
	"fmt"
	"testing"

	"cloudconcepts/internal/validation"

	"github.com/stretchr/testify/require"
)

func TestMain(m *testing.M) { validation.Main(m) }

// theory is a claim of a closed form or an exact computation.
func theory(name, formula, unit string) validation.Claim {
	return validation.Claim{Kind: validation.Theory, Name: name, Source: formula, Unit: unit}
}

// onLibrary is a claim of what an unmodified library was measured to do on a virtual clock.
func onLibrary(library, name, unit string) validation.Claim {
	source := library + ", unmodified, on a virtual clock"
	if unit == "T" {
		source += "; T is the least election timeout"
	}
	return validation.Claim{Kind: validation.Measured, Name: name, Source: source, Unit: unit}
}

// alive names the case of so many servers that answer.
func alive(alive, servers int) string { return fmt.Sprintf("%d of %d alive", alive, servers) }

// few is n elections, fewer if time is short.
func few(n int) int {
	if testing.Short() {
		return n / 5
	}
	return n
}

func commits(t testing.TB, c Config) Result {
	t.Helper()
	r, err := Simulate(c)
	require.NoError(t, err)
	return r
}
