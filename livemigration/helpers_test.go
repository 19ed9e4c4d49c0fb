package livemigration

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// guestOf is a guest of the given memory, none of it zero.
func guestOf(memory int64, w DirtyCurve) VM {
	return VM{Memory: memory, NonZero: memory, VCPUs: 1, DirtyPage: PageBytes, Workload: w}
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
