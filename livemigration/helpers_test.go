package livemigration

import (
	"testing"

	"github.com/stretchr/testify/require"
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
