package store

import (
	"math/rand/v2"
	"testing"
	"time"

	"cloudconcepts/internal/law"
	"cloudconcepts/replication/quorum"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// invariants hold for every store.
func invariants(t *testing.T, r Result) {
	t.Helper()
	c := r.Config
	assert.Equal(t, r.Writes, r.WritesAcked+r.WritesFailed+r.WritesRefused+r.WritesPending)
	assert.Equal(t, r.Reads, r.ReadsDone+r.ReadsFailed+r.ReadsRefused+r.ReadsPending)
	assert.Equal(t, r.HintsStored, r.HintsReplayed+r.HintsPending+r.HintsLost)
	assert.LessOrEqual(t, r.StaleReads, r.ReadsDone)
	assert.LessOrEqual(t, r.InFlightInversions, r.Inversions)
	assert.LessOrEqual(t, r.Inversions, r.InFlightInversions+r.StaleReads)
	assert.LessOrEqual(t, r.Events, c.MaxEvents)
	if r.Events < c.MaxEvents {
		assert.Zero(t, r.WritesPending+r.ReadsPending)
	}
	if c.R+c.W > c.N && c.Spares == 0 && !c.Wipe {
		assert.Zero(t, r.StaleReads, "overlapping quorums")
		assert.Zero(t, r.LostWrites)
		if c.ReadRepair == BlockingRepair {
			assert.Zero(t, r.Inversions, "atomic")
		}
	}
	if c.HintWindow == 0 {
		assert.Zero(t, r.HintsStored)
	}
	if c.ReadRepair == NoRepair {
		assert.Zero(t, r.RepairsSent)
	}
}

// Conservation and the guarantees of quorums over random histories of failures.
func TestStoreInvariants(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	runs := 300
	if testing.Short() {
		runs = 60
	}
	models := []quorum.Model{quorum.LinkedInSSD(), quorum.LinkedInDisk(), quorum.Yammer(), quorum.WAN(), quorum.Exponentials(.1, .05), quorum.Propagation(.1)}
	for range runs {
		c := Default()
		c.N = 1 + r.IntN(6)
		c.R, c.W = 1+r.IntN(c.N), 1+r.IntN(c.N)
		c.Keys = 1 + r.IntN(3)
		c.Latency = models[r.IntN(len(models))]
		c.ReadFanOut = quorum.FanOut(r.IntN(2))
		c.ReadRepair = Repair(r.IntN(3))
		c.HintWindow = time.Duration(r.IntN(2)) * time.Second
		c.Spares = r.IntN(2) * r.IntN(4)
		c.AntiEntropy = time.Duration(r.IntN(2)) * 100 * time.Millisecond
		c.Up, c.Down = law.Exp(time.Duration(r.IntN(3))*200*time.Millisecond), law.Exp(time.Duration(r.IntN(3))*100*time.Millisecond)
		c.Wipe = r.IntN(4) == 0
		c.Timeout = 50 * time.Millisecond
		c.Duration = time.Second
		c.MaxEvents = []int64{100, 5000, 1e9}[r.IntN(3)]
		c.Seed = r.Uint64()
		got := runStore(t, c)
		invariants(t, got)
		if t.Failed() {
			t.Fatalf("%+v", got)
		}
		assert.Equal(t, got, runStore(t, c))
	}
}

func TestEveryFieldAtOnce(t *testing.T) {
	c := Default()
	c.Outages = []Outage{{0, 5 * time.Second, 2 * time.Second}, {0, 6 * time.Second, 1}, {1, time.Second, 1}, {9, 7 * time.Second, 0}}
	c.AntiEntropy, c.Timeout, c.ReadRepair, c.WriteRate = 1, 0, 4, -1
	err := c.Validate()
	for _, field := range []string{"Outages[1].At = 6s, want at least 7s", "Outages[2].At = 1s, want at least 6s", "Outages[3].Replica = 9", "Outages[3].For", "AntiEntropy", "Timeout", "ReadRepair", "WriteRate"} {
		assert.ErrorContains(t, err, field)
	}
	require.NoError(t, Default().Validate())
}
