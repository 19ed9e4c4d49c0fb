package replicationplot

import (
	"testing"

	"cloudconcepts/replication"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestLawTextIsWords(t *testing.T) {
	for text, want := range map[string]string{
		"const:500us":           "500 µs",
		"const:0s":              "0",
		"exp:2ms":               "exponential 2 ms",
		"4ms+exp:2ms":           "4 ms + exponential 2 ms",
		"lognormal:1s,cv=2":     "log-normal 1 s, cv 2",
		"hyper:cv2=4,1s":        "hyperexponential cv2 4, 1 s",
		"erlang:4,1s":           "erlang 4, 1 s",
		"uniform:1s,2s":         "uniform 1 s, 2 s",
		"pareto:alpha=2.5,1s":   "pareto alpha 2.5, 1 s",
		"empirical:1ms,2ms,5ms": "empirical 1 ms, 2 ms, 5 ms",
	} {
		law, err := replication.ParseLaw(text)
		require.NoError(t, err)
		assert.Equal(t, want, LawText(law), text)
	}
}

func TestWaitTextIsWords(t *testing.T) {
	assert.Equal(t, "ANY 2", waitText(replication.AnyOf(2)))
	assert.Equal(t, "FIRST 1 (standby 2)", waitText(replication.FirstOf(1, 2)))
}
