package queue

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// both runs a configuration on both engines, which must agree to the last bit.
func both(t *testing.T, c Config) Result {
	t.Helper()
	c.Engine = Events
	events, err := Simulate(c)
	require.NoError(t, err)
	c.Engine = Recursion
	r, err := Simulate(c)
	require.NoError(t, err)
	require.Equal(t, Events, events.Engine)
	require.Equal(t, Recursion, r.Engine)
	require.True(t, assert.ObjectsAreEqual(events.wait, r.wait), "waits")
	require.True(t, assert.ObjectsAreEqual(events.sojourn, r.sojourn), "sojourns")
	events.Engine, events.Config.Engine, events.wait, events.sojourn = r.Engine, r.Config.Engine, r.wait, r.sojourn
	assert.Equal(t, events, r)
	return r
}

func TestEnginesAgree(t *testing.T) {
	for _, servers := range []int{1, 2, 3, 4, 7, 30} {
		c := Default()
		c.Messages, c.Warmup = 20_000, 1234
		c.Servers = servers
		for _, load := range []float64{0.3, 0.8, 1.4} {
			c.Arrivals = Poisson(load * float64(servers))
			both(t, c)
		}
	}
}
