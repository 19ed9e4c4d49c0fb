package multileader

import (
	"math"
	"testing"
	"time"

	"cloudconcepts/internal/validation"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestClosedForms(t *testing.T) {
	c := theory("pairs of writes in conflict a second", "n(n-1)/2 lambda^2 2d", "/s")
	c.Within(t, "2 leaders, 10 writes/s each, 50 ms apart", 2*10*10*0.05, ConflictRate(2, 10, .05), 1e-12)
	c.Within(t, "3 leaders, 10 writes/s each, 50 ms apart", 3*2*10*10*0.05, ConflictRate(3, 10, .05), 1e-12)
	c.Within(t, "1 leader", 0, ConflictRate(1, 10, 1), 0)
	c = theory("share of writes in conflict", "1 - e^(-2(n-1) lambda d)", "")
	c.Within(t, "2 leaders, 10 writes/s each, 50 ms apart", 1-math.Exp(-1), ConflictProbability(2, 10, .05), 1e-15)
	c.Within(t, "4 leaders, 10 writes/s each, 50 ms apart", 1-math.Exp(-3), ConflictProbability(4, 10, .05), 1e-15)
	theory("pairs in conflict that a partition adds", "lambda_a lambda_b length^2", "").
		Within(t, "10 and 20 writes/s, 3 s", 10*20*9, PartitionConflicts(10, 20, 3), 1e-12)
	c = theory("share of writes with a timestamp below an earlier one's", "1 - e^(-lambda skew)", "")
	c.Within(t, "10 writes/s, clock 50 ms ahead", 1-math.Exp(-.5), Inverted(10, .05), 1e-15)
	c.Within(t, "10 writes/s, clock 1 s behind", 0, Inverted(10, -1), 0)
	c = theory("share of writes that lose to one their leader had", "1 - e^(-lambda (skew - delay))", "")
	c.Within(t, "10 writes/s, clock 50 ms ahead, delay 20 ms", 1-math.Exp(-.3), Swallowed(10, .05, .02), 1e-15)
	c.Within(t, "10 writes/s, clock 10 ms ahead, delay 20 ms", 0, Swallowed(10, .01, .02), 0)
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
func within(t *testing.T, claim validation.Claim, name string, target float64, c Config, what func(Result) float64) {
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
	claim.Within(t, name, target, mean, 4*deviation+1e-12*target)
	t.Logf("%s: %.6g, want %.6g, z = %.2f, standard error %.2f %%", name, mean, target, (mean-target)/deviation, 100*deviation/target)
}

func TestConflicts(t *testing.T) {
	pairs := func(r Result) float64 { return r.PairsPerSecond }
	share := func(r Result) float64 { return r.ConflictFraction }
	rate := theory("simulated pairs of writes in conflict a second", "n(n-1)/2 lambda^2 2d", "/s")
	writes := theory("simulated share of writes in conflict", "1 - e^(-2(n-1) lambda d)", "")
	within(t, rate, "2 leaders, 10 writes/s each, 50 ms apart", ConflictRate(2, 10, .05), pair(), pairs)
	within(t, writes, "2 leaders, 10 writes/s each, 50 ms apart", ConflictProbability(2, 10, .05), pair(), share)
	c := pair()
	c.Leaders, c.Duration = 4, long(2000*time.Second)
	within(t, rate, "4 leaders, 10 writes/s each, 50 ms apart", ConflictRate(4, 10, .05), c, pairs)
	within(t, writes, "4 leaders, 10 writes/s each, 50 ms apart", ConflictProbability(4, 10, .05), c, share)
	c = pair()
	c.Keys, c.Zipf, c.WriteRate, c.Duration = 3, 1, 55, long(2500*time.Second) // 30, 15, 10 writes/s
	within(t, rate, "2 leaders, three keys with 30, 15 and 10 writes/s at each, 50 ms apart", ConflictRate(2, 30, .05)+ConflictRate(2, 15, .05)+ConflictRate(2, 10, .05), c, pairs)
}

// A partition of 60 s adds lambda^2 length^2 = 576 million pairs to the 1.6 million of the rest.
func TestPartition(t *testing.T) {
	c := pair()
	c.WriteRate, c.Duration = 400, 100*time.Second
	if testing.Short() {
		c.WriteRate = 100
	}
	rate := c.WriteRate
	c.Partitions = []Partition{{Leader: 1, At: 20 * time.Second, For: 60 * time.Second}}
	pairs := theory("simulated pairs in conflict of a run with a partition", "n(n-1)/2 lambda^2 2d length + lambda_a lambda_b cut^2", "")
	within(t, pairs, "400 writes/s each, 50 ms apart, 100 s of which 60 s cut off", 100*ConflictRate(2, rate, .05)+PartitionConflicts(rate, rate, 60), c, func(r Result) float64 { return float64(r.ConflictPairs) })
	r := simulate(t, c)
	assert.Greater(t, r.Lost, int64(50*rate), "one side's minute")
	assert.True(t, r.Converged)
}

// Leader 1 is ahead by 80 ms: of leader 0's writes those lose that follow one of leader 1 by less.
func TestSkewedClocks(t *testing.T) {
	c := pair()
	c.Skews[1] = 80 * time.Millisecond
	inverted := theory("simulated share of all writes with a timestamp below an earlier one's", "half of 1 - e^(-lambda skew)", "")
	swallowed := theory("simulated share of all writes that lose to one their leader had", "half of 1 - e^(-lambda (skew - delay))", "")
	within(t, inverted, "2 leaders, 10 writes/s each, one clock 80 ms ahead", Inverted(10, .08)/2, c, func(r Result) float64 { return float64(r.Inverted) / float64(r.Writes) })
	within(t, swallowed, "2 leaders, 10 writes/s each, one clock 80 ms ahead, delay 50 ms", Swallowed(10, .08, .05)/2, c, func(r Result) float64 { return float64(r.Swallowed) / float64(r.Writes) })
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
	theory("increments lost by last-writer-wins", "one a pair in conflict, when pairs that touch one another are rare", "").
		Relative(t, "2 leaders, 10 writes/s each, 0.5 ms apart", float64(r.ConflictPairs), float64(r.Lost), 0.02)
	assert.Equal(t, r.Lost, r.CounterError)
}
