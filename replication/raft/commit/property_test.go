package commit

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestNoMajorityIsBlocked(t *testing.T) {
	r, err := Simulate(Config{Servers: 5, Alive: 2, Proposals: 1})
	require.NoError(t, err)
	assert.True(t, r.Blocked)
	assert.Equal(t, "blocked: 2 of 5 servers are alive, and a majority is 3", r.String())
}

func TestValidateNamesEveryField(t *testing.T) {
	c := Config{Alive: 9, OneWay: Law{}.After(-1), Disk: Law{}.After(-1), LeaderDisk: Law{}.After(-1), Rate: -1}
	err := c.Validate()
	require.ErrorIs(t, err, ErrInvalidConfig)
	for _, field := range []string{"Servers", "Alive", "OneWay", "Disk", "LeaderDisk", "Rate", "Proposals"} {
		assert.ErrorContains(t, err, "commit: invalid config: "+field)
	}
	_, err = Simulate(c)
	require.ErrorIs(t, err, ErrInvalidConfig)
}
