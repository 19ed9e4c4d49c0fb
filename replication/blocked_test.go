package replication

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

// A write that is under way at the end is not blocked if enough standbys are left to answer.
func TestBlockedNeedsTooFewStandbys(t *testing.T) {
	c := Group(3, Const(10*time.Millisecond), 500)
	c.Mode, c.Duration = Sync, 5*time.Second
	c.Faults = []Fault{{At: time.Second, Kind: Crash, Nodes: []int{3}}}
	for k, blocked := range []bool{1: false, 2: false, 3: true} {
		if k == 0 {
			continue
		}
		c.Acks = AnyOf(k)
		assert.Equal(t, blocked, groupRun(t, c).Cause != "", k)
	}
	c.Mode = Majority
	assert.Empty(t, groupRun(t, c).Cause)
}
