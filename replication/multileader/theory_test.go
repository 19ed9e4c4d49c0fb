package multileader

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestClosedForms(t *testing.T) {
	assert.InDelta(t, 2*10*10*0.05, ConflictRate(2, 10, .05), 1e-12)
	assert.InDelta(t, 3*2*10*10*0.05, ConflictRate(3, 10, .05), 1e-12)
	assert.Equal(t, 0.0, ConflictRate(1, 10, 1))
	assert.InDelta(t, 1-math.Exp(-1), ConflictProbability(2, 10, .05), 1e-15)
	assert.InDelta(t, 1-math.Exp(-3), ConflictProbability(4, 10, .05), 1e-15)
	assert.InDelta(t, 10*20*9, PartitionConflicts(10, 20, 3), 1e-12)
	assert.InDelta(t, 1-math.Exp(-.5), Inverted(10, .05), 1e-15)
	assert.Equal(t, 0.0, Inverted(10, -1))
	assert.InDelta(t, 1-math.Exp(-.3), Swallowed(10, .05, .02), 1e-15)
	assert.Equal(t, 0.0, Swallowed(10, .01, .02))
	for _, x := range []float64{
		ConflictRate(0, 1, 1), ConflictRate(2, -1, 1), ConflictRate(2, 1, math.NaN()), ConflictProbability(0, 1, 1), ConflictProbability(2, 1, -1),
		PartitionConflicts(1, 1, -1), Inverted(-1, 1), Inverted(1, math.NaN()), Swallowed(1, 1, -1),
	} {
		assert.True(t, math.IsNaN(x))
	}
}

// long is a length of time, a tenth of it in short mode.
func long(d time.Duration) time.Duration {
	if testing.Short() {
		return d / 10
	}
	return d
}

// pair is two leaders that write one key at 10/s each, 50 ms apart.
func pair() Config {
	c := Default()
	c.Keys, c.WriteRate, c.Duration = 1, 10, long(12_000*time.Second)
	return c
}

func simulate(t *testing.T, c Config) Result {
	t.Helper()
	r, err := Simulate(c)
	require.NoError(t, err)
	return r
}

// within wants the mean of several runs at a target: |z| <= 4, and a standard error of at most 0.5 % of it (4 % in short mode).
func within(t *testing.T, name string, target float64, c Config, what func(Result) float64) {
	t.Helper()
	runs, most := 10, 0.005
	if testing.Short() {
		runs, most = 4, 0.04
	}
	var sum, squares float64
	for seed := range runs {
		c.Seed = uint64(seed) + 1
		x := what(simulate(t, c))
		sum += x
		squares += x * x
	}
	n := float64(runs)
	mean := sum / n
	deviation := math.Sqrt(max(squares/n-mean*mean, 0) / (n - 1))
	assert.LessOrEqual(t, deviation, most*target, name)
	assert.LessOrEqual(t, math.Abs(mean-target), 4*deviation+1e-12*target, "%s: mean %g, standard error %g, want %g", name, mean, deviation, target)
	t.Logf("%s: %.6g, want %.6g, z = %.2f, standard error %.2f %%", name, mean, target, (mean-target)/deviation, 100*deviation/target)
}

func TestConflicts(t *testing.T) {
	pairs := func(r Result) float64 { return r.PairsPerSecond }
	share := func(r Result) float64 { return r.ConflictFraction }
	within(t, "pairs of two", ConflictRate(2, 10, .05), pair(), pairs)
	within(t, "share of two", ConflictProbability(2, 10, .05), pair(), share)
	c := pair()
	c.Leaders, c.Duration = 4, long(2000*time.Second)
	within(t, "pairs of four", ConflictRate(4, 10, .05), c, pairs)
	within(t, "share of four", ConflictProbability(4, 10, .05), c, share)
	c = pair()
	c.Keys, c.Zipf, c.WriteRate, c.Duration = 3, 1, 55, long(2500*time.Second) // 30, 15, 10 writes/s
	within(t, "pairs of three keys", ConflictRate(2, 30, .05)+ConflictRate(2, 15, .05)+ConflictRate(2, 10, .05), c, pairs)
}

// A partition of 60 s adds lambda^2 length^2 = 576 million pairs to the 1.6 million of the rest.
func TestPartition(t *testing.T) {
	c := pair()
	c.WriteRate, c.Duration = 400, 100*time.Second
	if testing.Short() {
		c.WriteRate = 100
	}
	rate := c.WriteRate
	c.Partitions = []Partition{{Leader: 1, From: 20 * time.Second, Until: 80 * time.Second}}
	within(t, "pairs", 100*ConflictRate(2, rate, .05)+PartitionConflicts(rate, rate, 60), c, func(r Result) float64 { return float64(r.ConflictPairs) })
	r := simulate(t, c)
	assert.Greater(t, r.Lost, int64(50*rate), "one side's minute")
	assert.True(t, r.Converged)
}

// Leader 1 is ahead by 80 ms: of leader 0's writes those lose that follow one of leader 1 by less.
func TestSkewedClocks(t *testing.T) {
	c := pair()
	c.Skews[1] = 80 * time.Millisecond
	within(t, "inverted", Inverted(10, .08)/2, c, func(r Result) float64 { return float64(r.Inverted) / float64(r.Writes) })
	within(t, "swallowed", Swallowed(10, .08, .05)/2, c, func(r Result) float64 { return float64(r.Swallowed) / float64(r.Writes) })
	c.Policy = HybridClock
	r := simulate(t, c)
	assert.Zero(t, r.Swallowed)
	assert.Positive(t, r.Lost, "conflicts still lose")
}

// With few conflicts, last-writer-wins loses one increment for each: at lambda d = 0.005 pairs that touch one another are rare.
func TestOneIncrementLostAConflict(t *testing.T) {
	c := pair()
	c.Delay, c.Duration = Const(500*time.Microsecond), long(40_000*time.Second)
	r := simulate(t, c)
	assert.InEpsilon(t, r.ConflictPairs, r.Lost, 0.02)
	assert.Equal(t, r.Lost, r.CounterError)
}
