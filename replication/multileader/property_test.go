package multileader

import (
	"encoding/json"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func invariants(t *testing.T, r Result) {
	t.Helper()
	c := r.Config
	assert.True(t, r.Converged)
	assert.Equal(t, r.Writes*int64(c.Leaders-1), r.Delivered, "each write reaches all others")
	assert.LessOrEqual(t, r.Writes, c.MaxWrites)
	assert.LessOrEqual(t, r.Span, c.Duration.Seconds())
	assert.LessOrEqual(t, r.Conflicting, min(r.Writes, 2*r.ConflictPairs))
	assert.Equal(t, r.Writes, r.Sum+r.CounterError)
	assert.GreaterOrEqual(t, r.CounterError, int64(0))
	assert.LessOrEqual(t, r.Swallowed, r.Inverted)
	switch c.Policy {
	case LastWriterWins, HybridClock:
		assert.Equal(t, r.CounterError, r.Lost)
		assert.LessOrEqual(t, r.Lost, r.ConflictPairs+r.Swallowed)
		assert.Zero(t, r.Merges+int64(r.SiblingsMax+r.Unmerged))
	case VersionVectors:
		assert.Zero(t, r.Lost)
		assert.LessOrEqual(t, r.SiblingsMax, c.Leaders)
		assert.LessOrEqual(t, r.Merges, r.Conflicting)
	case Counter:
		assert.Zero(t, r.Lost+r.CounterError)
	}
	for _, x := range []float64{r.PairsPerSecond, r.ConflictFraction, r.LostFraction, r.SiblingsMean} {
		assert.False(t, math.IsNaN(x) || math.IsInf(x, 0) || x < 0, "%g", x)
	}
	_, err := json.Marshal(r)
	assert.NoError(t, err)
}

func variety() []Config {
	var list []Config
	for leaders := 2; leaders <= 8; leaders += 3 {
		for _, delay := range []Law{Const(0), Const(50 * time.Millisecond), Exp(50 * time.Millisecond)} {
			c := Default()
			c.Leaders, c.Delay, c.Keys, c.WriteRate, c.Zipf, c.Duration = leaders, delay, 20, 50, 1, 6*time.Second
			c.Skews[1] = 30 * time.Millisecond
			c.Partitions = []Partition{{0, time.Second, 2 * time.Second}, {1, 2 * time.Second, 2 * time.Second}, {0, 3 * time.Second, 2 * time.Second}}
			list = append(list, c)
		}
	}
	return list
}

// All policies meet the same writes and delays, so the same conflicts.
func TestPoliciesMeetTheSameConflicts(t *testing.T) {
	for _, c := range variety() {
		var first Result
		for i, policy := range Policies() {
			c.Policy = policy
			r := simulate(t, c)
			invariants(t, r)
			assert.Equal(t, r, simulate(t, c), "the same Config gives the same Result")
			if i == 0 {
				first = r
			}
			assert.Equal(t, [...]int64{first.Writes, first.ConflictPairs, first.Conflicting}, [...]int64{r.Writes, r.ConflictPairs, r.Conflicting})
		}
	}
}

// Without delay nothing is in conflict, and nothing is lost.
func TestNoDelay(t *testing.T) {
	c := Default()
	c.Delay, c.Duration = Const(0), time.Second
	for _, policy := range Policies() {
		c.Policy = policy
		r := simulate(t, c)
		assert.Zero(t, r.ConflictPairs+r.CounterError+r.Merges)
	}
}

// What is sent while one of the two ends is cut off arrives after both can be reached again, and no sooner.
func TestPartitionsDelay(t *testing.T) {
	c := Default()
	c.WriteRate = 200
	c.Partitions = []Partition{{0, 10 * time.Second, 10 * time.Second}, {1, 15 * time.Second, 15 * time.Second}, {0, 30 * time.Second, 40 * time.Second}}
	r := simulate(t, c)
	assert.InDelta(t, 70.05, r.End, .001)
	c.Partitions = c.Partitions[:1]
	c.Leaders = 3
	c.Partitions[0].Leader = 2
	r = simulate(t, c)
	invariants(t, r)
	assert.Less(t, r.End, 61.)
}

// Siblings never outnumber leaders, are merged by the next writer, and what stays unmerged are the last conflicts.
func TestSiblingsAreMerged(t *testing.T) {
	c := pair()
	c.Policy, c.Duration = VersionVectors, 500*time.Second
	r := simulate(t, c)
	assert.Equal(t, 2, r.SiblingsMax)
	assert.Greater(t, r.SiblingsMean, 1.1)
	assert.Positive(t, r.Merges)
	assert.Positive(t, r.CounterError, "the greatest of two counts is not their union")
}

// Times scale: everything ten times as slow has the same conflicts.
func TestScaling(t *testing.T) {
	c := Default()
	c.Duration = 4 * time.Second
	fast := simulate(t, c)
	c.WriteRate, c.Delay, c.Duration = c.WriteRate/10, Const(500*time.Millisecond), 40*time.Second
	slow := simulate(t, c)
	assert.Equal(t, fast.Writes, slow.Writes)
	assert.Equal(t, fast.ConflictPairs, slow.ConflictPairs)
	assert.Equal(t, fast.Lost, slow.Lost)
}

func TestMaxWrites(t *testing.T) {
	c := Default()
	c.MaxWrites = 100
	r := simulate(t, c)
	assert.Equal(t, int64(100), r.Writes)
	assert.Len(t, r.Warnings, 1)
	assert.Less(t, r.Span, 1.)
}

func TestValidateNamesEveryField(t *testing.T) {
	c := Config{Zipf: math.NaN(), Delay: Const(-1), Policy: 9, MaxWrites: -1}
	c.Skews[7] = 1
	c.Partitions = []Partition{{Leader: 5, At: 10, For: -5}, {Leader: 0, At: -1}}
	err := c.Validate()
	require.ErrorIs(t, err, ErrInvalidConfig)
	for _, field := range []string{
		"Leaders", "Keys", "Zipf", "WriteRate", "Delay", "Policy", "Skews[7]", "Partitions[0].Leader", "Partitions[0].For",
		"Partitions[1].At", "Partitions[1].For", "Duration", "MaxWrites",
	} {
		assert.ErrorContains(t, err, "multileader: invalid config: "+field)
	}
	_, err = Simulate(c)
	require.ErrorIs(t, err, ErrInvalidConfig)
	c = Default()
	c.Partitions = []Partition{{0, 10, 10}, {0, 15, 15}}
	require.ErrorContains(t, c.Validate(), "Partitions[1].At = 15ns, want at least 20ns, where the leader's partition before it ends")
	c.Partitions = []Partition{{0, 10, 10}, {1, 5, 25}}
	require.ErrorContains(t, c.Validate(), "Partitions[1].At = 5ns, want at least 10ns, where the one before it begins")
	c.Partitions = make([]Partition, 1001)
	require.ErrorContains(t, c.Validate(), "len(Partitions) = 1001")
	c = Default()
	c.WriteRate, c.MaxWrites = 1e9, 1e10
	require.ErrorContains(t, c.Validate(), "under way at once")
	c.Delay = Const(2 * year)
	require.ErrorContains(t, c.Validate(), "Delay = const:730d, want a mean in")
	c.Skews[0] = 2 * time.Hour
	require.ErrorContains(t, c.Validate(), "Skews[0] = 2h0m0s, want in [-1h0m0s, 1h0m0s]")
}

func TestText(t *testing.T) {
	c := Default()
	c.Policy, c.Partitions = VersionVectors, []Partition{{1, 2, 3}}
	text, err := json.Marshal(c)
	require.NoError(t, err)
	var back Config
	require.NoError(t, json.Unmarshal(text, &back))
	assert.Equal(t, c, back)
	var p Policy
	assert.ErrorContains(t, p.UnmarshalText([]byte("x")), `multileader: policy "x", want one of last-writer-wins, `)
	assert.Equal(t, "invalid", Policy(-1).String())
	l, err := ParseLaw("exp:1ms")
	require.NoError(t, err)
	assert.Equal(t, Exp(time.Millisecond), l)
}
