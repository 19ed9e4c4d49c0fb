package hypervisor

import (
	"testing"

	"github.com/stretchr/testify/require"

	lm "cloudconcepts/livemigration"
)

// guestOf is a guest of the given memory, none of it zero.
func guestOf(memory int64, w lm.DirtyCurve) lm.VM {
	return lm.VM{Memory: memory, NonZero: memory, VCPUs: 1, DirtyPage: lm.PageBytes, Workload: w}
}

// bare is a method without page headers, for closed forms.
func bare(m lm.Method) lm.Method {
	m.PageHeader = 0
	m.Announce = lm.Announce{}
	return m
}

func simulate(t testing.TB, c lm.Config) lm.Result {
	t.Helper()
	r, err := lm.Simulate(c)
	require.NoError(t, err)
	return r
}

func traced(c lm.Config) lm.Config {
	c.Trace = true
	return c
}

// quotaWindow is the time in seconds over which QEMU limits the bandwidth.
const quotaWindow = 0.1
