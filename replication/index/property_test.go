package index

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
	assert.Equal(t, r.Offered, r.Accepted+r.Throttled)
	assert.LessOrEqual(t, r.Offered, r.Config.MaxWrites)
	assert.LessOrEqual(t, r.StaleReads, r.Reads)
	assert.LessOrEqual(t, r.Span, r.Config.Duration.Seconds())
	var accepted, throttled int64
	var share, lag float64
	for _, p := range r.Partitions {
		accepted += p.Accepted
		throttled += p.Throttled
		share += p.Share
		lag += p.LagMean * float64(p.Accepted)
		assert.Equal(t, p.Accepted > 0, p.BacklogMax > 0)
		assert.True(t, p.Throttled == 0 || p.BacklogMax == r.Config.MaxBacklog || r.Config.Throttle == ThrottleTable)
		assert.LessOrEqual(t, p.BacklogMax, r.Config.MaxBacklog)
	}
	assert.Equal(t, r.Accepted, accepted)
	assert.Equal(t, r.Throttled, throttled)
	assert.InDelta(t, 1, share, 1e-9)
	assert.InDelta(t, r.LagMean*float64(r.Accepted), lag, 1e-6*lag+1e-12)
	assert.LessOrEqual(t, r.LagMax, r.End+1e-9)
	if r.Accepted > 0 {
		assert.LessOrEqual(t, r.End, r.Span+r.LagMax+2e-9)
		assert.Positive(t, r.End)
	}
	lags := []float64{0, r.LagP50, r.LagP99, r.LagP999, r.LagMax}
	for i := range lags[1:] {
		assert.LessOrEqual(t, lags[i], lags[i+1], "%v", lags)
	}
	for _, x := range []float64{r.LagMean, r.LagMax, r.ThrottledFraction, r.StaleFraction, r.Throughput} {
		assert.False(t, math.IsNaN(x) || math.IsInf(x, 0) || x < 0, "%g", x)
	}
	_, err := json.Marshal(r)
	assert.NoError(t, err)
}

func TestInvariants(t *testing.T) {
	for _, throttle := range []Throttle{ThrottleKey, ThrottleTable} {
		for _, zipf := range []float64{0, 1, 3} {
			c := DynamoDB()
			c.Zipf, c.Throttle, c.WriteRate, c.Duration, c.MaxBacklog = zipf, throttle, 6000, 5*time.Second, 200
			c.Propagation = Exp(20 * time.Millisecond)
			r := simulate(t, c)
			invariants(t, r)
			again := simulate(t, c)
			assert.Equal(t, r, again, "the same Config gives the same Result")
		}
	}
}

// Table-wide back-pressure refuses all writes while one partition is full: no less than by key, and the hot partition gets no more.
func TestTableThrottlesMore(t *testing.T) {
	c := DynamoDB()
	c.Zipf, c.WriteRate, c.Duration = 1.5, 3000, 30*time.Second
	key := simulate(t, c)
	c.Throttle = ThrottleTable
	table := simulate(t, c)
	assert.Equal(t, key.Offered, table.Offered, "the same arrivals")
	assert.Greater(t, table.ThrottledFraction, key.ThrottledFraction+0.1)
	cold := 0
	for i, p := range key.Partitions {
		if p.Load < 0.9 {
			cold++
			assert.Zero(t, p.Throttled)
			assert.Positive(t, table.Partitions[i].Throttled)
		}
	}
	assert.Positive(t, cold)
	// The whole table runs at the pace of the hot partition.
	theory("throughput of a table that refuses all writes while one partition is full", "threshold: capacity of a partition / share of the busiest", "/s").
		Relative(t, "3000 writes/s, keys by Zipf 1.5", table.Threshold, table.Throughput, 0.05)
}

// Times scale: everything ten times as slow gives lags ten times as long, exactly up to rounding.
func TestScaling(t *testing.T) {
	c := DynamoDB()
	c.Service, c.Duration = Exp(time.Millisecond), 10*time.Second
	fast := simulate(t, c)
	c.Service, c.Propagation, c.Duration = Exp(10*time.Millisecond), Const(500*time.Millisecond), 100*time.Second
	c.WriteRate, c.ReadRate = c.WriteRate/10, c.ReadRate/10
	slow := simulate(t, c)
	assert.Equal(t, fast.Accepted, slow.Accepted)
	assert.InEpsilon(t, 10*fast.LagMean, slow.LagMean, 1e-6)
	assert.InEpsilon(t, 10*fast.LagMax, slow.LagMax, 1e-6)
}

// In a partition writes do not overtake one another: with a random propagation a write waits for those before it.
func TestOrderIsKept(t *testing.T) {
	c := one(1000, PerSecond(1e9))
	c.Propagation, c.MaxWrites = Exp(50*time.Millisecond), 200_000
	r := simulate(t, c)
	// The lag is the greatest of what is left of all delays of the last writes: for lambda m = 50 its mean is m(ln 50 + gamma + ...) = .225 s.
	theory("mean lag of writes that keep their order", "m (ln(rate m) + Euler's constant + ...), exponential propagation of mean m", "s").
		Within(t, "1000 writes/s, mean propagation 50 ms", 0.05*(math.Log(50)+0.5772+0.004), r.LagMean, 0.006)
}

func TestValidateNamesEveryField(t *testing.T) {
	c := Config{WriteRate: math.NaN(), ReadRate: -1, Zipf: 5, Propagation: Const(-1), Service: Const(0), MaxBacklog: -1, Throttle: 7, MaxWrites: -1}
	err := c.Validate()
	require.ErrorIs(t, err, ErrInvalidConfig)
	for _, field := range []string{"WriteRate", "ReadRate", "Keys", "Zipf", "Partitions", "Propagation", "Service", "MaxBacklog", "Throttle", "Duration", "MaxWrites"} {
		assert.ErrorContains(t, err, "index: invalid config: "+field)
	}
	_, err = Simulate(c)
	assert.ErrorIs(t, err, ErrInvalidConfig)
	c = DynamoDB()
	c.ReadRate, c.Duration = 1e9, time.Hour
	assert.ErrorContains(t, c.Validate(), "reads, want at most 1e10")
	c = DynamoDB()
	c.Partitions, c.MaxBacklog = 1000, 1_000_000
	assert.ErrorContains(t, c.Validate(), "MaxBacklog = 1000000, want in [1, 100000]")
	c.Service = Const(2 * year)
	assert.ErrorContains(t, c.Validate(), "Service = const:730d, want a mean in")
	assert.NoError(t, DynamoDB().Validate())
}

func TestText(t *testing.T) {
	c := DynamoDB()
	c.Throttle = ThrottleTable
	text, err := json.Marshal(c)
	require.NoError(t, err)
	var back Config
	require.NoError(t, json.Unmarshal(text, &back))
	assert.Equal(t, c, back)
	var throttle Throttle
	assert.EqualError(t, throttle.UnmarshalText([]byte("x")), `index: throttle "x", want one of key, table`)
	assert.Equal(t, "invalid", Throttle(9).String())
	l, err := ParseLaw("exp:1ms")
	require.NoError(t, err)
	assert.Equal(t, Exp(time.Millisecond), l)
	for _, rate := range []float64{0, -1, math.NaN(), math.Inf(1), 1e-300} {
		assert.GreaterOrEqual(t, PerSecond(rate).Mean(), 0.0, "%g", rate)
	}
}
