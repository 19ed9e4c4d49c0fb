package livemigration_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"cloudconcepts/internal/validation"
	. "cloudconcepts/livemigration"
)

// guestOf is a guest of the given memory, none of it zero.
func guestOf(memory int64, w DirtyCurve) VM {
	return VM{Memory: memory, NonZero: memory, VCPUs: 1, DirtyPage: PageBytes, Workload: w}
}

// shorter is n, or a tenth of it where tests are asked to be short, as under the race detector.
func shorter(n int) int {
	if testing.Short() {
		return n / 10
	}
	return n
}

// bare is a method without page headers, for closed forms.
func bare(m Method) Method {
	m.PageHeader = 0
	m.Announce = Announce{}
	return m
}

func simulate(t testing.TB, c Config) Result {
	t.Helper()
	r, err := Simulate(c)
	require.NoError(t, err)
	return r
}

func traced(c Config) Config {
	c.Trace = true
	return c
}

// stopped is a link's bandwidth with the guest stopped, in bytes/s.
func stopped(l Link) float64 { return l.SwitchOver * l.Efficiency / float64(l.Share) }

// live is a link's bandwidth while the guest runs, in bytes/s.
func live(l Link) float64 { return l.Bandwidth * l.Efficiency / float64(l.Share) }

// iterateTime is how long QEMU sends between two looks, in seconds.
const iterateTime = 0.05

// computed is a claim about a closed form or an exact computation.
func computed(name, source, unit string) validation.Claim {
	return validation.Claim{Kind: validation.Theory, Name: name, Source: source, Unit: unit}
}

// measured is a claim about what a real system did.
func measured(name, source, unit string) validation.Claim {
	return validation.Claim{Kind: validation.Measured, Name: name, Source: source, Unit: unit}
}
