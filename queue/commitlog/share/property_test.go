package share

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"cloudconcepts/internal/law"
	"cloudconcepts/internal/rng"
)

func checkInvariants(t testing.TB, r Result) {
	t.Helper()
	c := r.Config
	require.Equal(t, r.Produced, r.Accepted+r.Rejected+r.Archived+r.Left)
	require.GreaterOrEqual(t, min(r.Left, r.Repeated, r.DoneDead, r.LateAcks), int64(0))
	require.LessOrEqual(t, r.Deliveries, r.Produced*int64(c.DeliveryLimit))
	require.LessOrEqual(t, r.PerRecord, float64(c.DeliveryLimit))
	require.LessOrEqual(t, r.DoneDead, r.Archived)
	require.LessOrEqual(t, r.LatencyMax, c.Duration.Seconds())
}

func anyConfig(seed uint64) Config {
	r := rng.New(seed)
	c := KIP932()
	c.Seed, c.MaxRecords = seed, 2000
	c.Members, c.MaxPollRecords = r.IntN(4), 1
	if c.Members > 0 {
		c.MaxPollRecords = 1 + r.IntN(20)
	}
	c.Release, c.Reject, c.Silent = r.Float64()/3, r.Float64()/3, r.Float64()/3
	c.Poison, c.DeliveryLimit = r.Float64()/10, 1+r.IntN(6)
	c.Lock, c.Sweep = time.Duration(1+r.IntN(2000))*time.Millisecond, time.Duration(r.IntN(2))*time.Second
	c.MaxLocks = 1 + r.IntN(50)
	return c
}

func TestInvariants(t *testing.T) {
	for seed := range uint64(200) {
		c := anyConfig(seed)
		assert.Equal(t, simulate(t, c), simulate(t, c))
	}
}

func TestEveryBadFieldAtOnce(t *testing.T) {
	err := Config{Release: 2, Poison: math.NaN(), Sweep: -1, Service: law.Const(-1)}.Validate()
	require.ErrorIs(t, err, ErrInvalidConfig)
	for _, field := range []string{
		"Rate", "MaxRecords", "MaxPollRecords", "Release", "Release + Reject + Silent", "Poison", "Lock", "Sweep", "DeliveryLimit",
		"MaxLocks", "Duration", "Service",
	} {
		assert.ErrorContains(t, err, "share: invalid config: "+field+" = ")
	}
}
