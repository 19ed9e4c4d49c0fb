package studies

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"cloudconcepts/internal/study"
)

// Every flag of log is one that some system takes or refuses.
func TestLogFlagNames(t *testing.T) {
	o, err := Program().Do(t.Context(), "log", study.Env{Quick: true, Seed: 1})
	require.NoError(t, err)
	known := append(logFlagNames(), "preset", "fan-out", "poll", "poison", "silent", "lock", "delivery-limit")
	var flags []string
	for _, p := range o.Parameters {
		flags = append(flags, p.Flag)
	}
	assert.ElementsMatch(t, known, flags)
}
